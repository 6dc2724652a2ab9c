// AES-128-GCM in C (hardware/crypto/aes-gcm.c over the SDK's AES) under AddressSanitizer and UndefinedBehaviorSanitizer, against
// OpenSSL over messages of all sizes.

import { spawnSync } from "node:child_process";
import { createCipheriv } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import fc from "fast-check";
import { canCompile } from "../serial/compiled";

const ROOT = resolve(__dirname, "../../..");
const SDK = process.env.MODDABLE;
/** The SDK's AES shifts a byte into the sign of an int. */
const SANITIZERS = ["-fsanitize=address,undefined", "-fno-sanitize=shift-base", "-fno-sanitize-recover=all"];

const sized = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const messages = fc.record({
	key: sized(16),
	nonce: sized(12),
	aad: fc.uint8Array({ maxLength: 70 }),
	text: fc.oneof(fc.uint8Array({ maxLength: 70 }), fc.uint8Array({ minLength: 4000, maxLength: 4096 })),
	tagLength: fc.integer({ min: 12, max: 16 }),
	/** Which bit of a forged message is another, counted around its parts. */
	bit: fc.nat(),
});
type Message = typeof messages extends fc.Arbitrary<infer One> ? One : never;

const hex = (bytes: Uint8Array) => (bytes.length > 0 ? Buffer.from(bytes).toString("hex") : "-");
const line = (word: string, parts: readonly Uint8Array[]) => [word, ...parts.map(hex)].join(" ");

function sealedByOpenSsl({ key, nonce, aad, text, tagLength }: Message) {
	const cipher = createCipheriv("aes-128-gcm", key, nonce, { authTagLength: tagLength }).setAAD(aad);
	const ciphertext = Buffer.concat([cipher.update(text), cipher.final()]);
	return { ciphertext, tag: cipher.getAuthTag() };
}

/** The parts with one bit turned round, of the key, the nonce or any other. */
function forged(parts: readonly Uint8Array[], bit: number): Uint8Array[] {
	let at = bit % (8 * parts.reduce((sum, part) => sum + part.length, 0));
	return parts.map((part) => {
		const changed = Uint8Array.from(part);
		const byte = at >> 3;
		if (at >= 0 && byte < part.length) changed[byte] = (changed[byte] as number) ^ (1 << (at & 7));
		at -= 8 * part.length;
		return changed;
	});
}

if (!SDK) test.skip("needs the Moddable SDK: MODDABLE is not set", () => {});
else {
	const describeInC = canCompile ? describe : describe.skip;
	describeInC("AES-128-GCM in C (cc with sanitizers)", () => {
		let folder: string;
		const run = (lines: readonly string[]) => {
			const { stdout, stderr } = spawnSync(join(folder, "gcm"), {
				...{ input: `${lines.join("\n")}\n`, maxBuffer: 1 << 24 },
			});
			expect(`${stderr}`).toBe("");
			return `${stdout}`.split("\n").slice(0, -1);
		};

		beforeAll(() => {
			folder = mkdtempSync(join(tmpdir(), "meterling-gcm-"));
			const { status, stderr } = spawnSync("cc", [
				...["-std=gnu17", "-Wall", "-Wextra", "-Werror", "-g", ...SANITIZERS],
				...["-I", join(__dirname, "fake-xs"), "-I", join(ROOT, "hardware/crypto")],
				...["-isystem", join(SDK, "modules/crypt/digest/kcl"), "-o", join(folder, "gcm")],
				...[join(__dirname, "aes-gcm.c"), join(ROOT, "hardware/crypto/aes-gcm.c")],
			]);
			expect(`${stderr}`).toBe("");
			expect(status).toBe(0);
		});
		afterAll(() => rmSync(folder, { recursive: true, force: true }));

		const sample = fc.sample(messages, 400);

		test("seals as OpenSSL does", () => {
			const lines = sample.map(({ key, nonce, aad, text, tagLength }) =>
				line("seal", [key, nonce, aad, text, new Uint8Array(tagLength)]),
			);
			const expected = sample
				.map(sealedByOpenSsl)
				.map(({ ciphertext, tag }) => hex(Buffer.concat([ciphertext, tag])));
			expect(run(lines)).toEqual(expected);
		});

		test("opens what OpenSSL has sealed", () => {
			const lines = sample.map((message) => {
				const { ciphertext, tag } = sealedByOpenSsl(message);
				return line("open", [message.key, message.nonce, message.aad, ciphertext, tag]);
			});
			expect(run(lines)).toEqual(sample.map(({ text }) => Buffer.from(text).toString("hex")));
		});

		test("opens nothing with a bit changed", () => {
			const lines = sample.map((message) => {
				const { ciphertext, tag } = sealedByOpenSsl(message);
				const parts = [message.key, message.nonce, message.aad, ciphertext, tag];
				return line("open", forged(parts, message.bit));
			});
			expect(new Set(run(lines))).toEqual(new Set(["no"]));
		});
	});
}
