// SHA-1 and SHA-256 for ESP-IDF's Mbed TLS (hardware/esp-idf/hashes.c over the SDK's code) under AddressSanitizer and
// UndefinedBehaviorSanitizer: NIST's examples, at every place of a cut, and OpenSSL over messages of all sizes.

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import fc from "fast-check";
import { canCompile } from "../serial/compiled";

const ROOT = resolve(__dirname, "../../..");
const SDK = process.env.MODDABLE;
const HASHES = ["sha1", "sha256"] as const;
/** The SDK's SHA shifts a byte into the sign of an int. */
const SANITIZERS = ["-fsanitize=address,undefined", "-fno-sanitize=shift-base", "-fno-sanitize-recover=all"];

/** NIST, "Examples with Intermediate Values" for FIPS 180-4: SHA1.pdf, SHA256.pdf, SHA2_Additional.pdf, and FIPS 180-2, A.3 and B.3. */
const EXAMPLES = [
	{
		message: "abc",
		times: 1,
		sha1: "a9993e364706816aba3e25717850c26c9cd0d89d",
		sha256: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
	},
	{
		message: "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
		times: 1,
		sha1: "84983e441c3bd26ebaae4aa1f95129e5e54670f1",
		sha256: "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
	},
	{
		message: "a",
		times: 1_000_000,
		sha1: "34aa973cd4c4daa4f61eeb2bdbad27316534016f",
		sha256: "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0",
	},
];

interface Cut {
	readonly bytes: Uint8Array;
	readonly times?: number;
	readonly first: number;
	readonly second: number;
}

const line = (hash: string, { bytes, times = 1, first, second }: Cut) =>
	[hash, times, first, second, bytes.length > 0 ? Buffer.from(bytes).toString("hex") : "-"].join(" ");

if (!SDK) test.skip("needs the Moddable SDK: MODDABLE is not set", () => {});
else {
	const describeInC = canCompile ? describe : describe.skip;
	describeInC("hashes for ESP-IDF in C (cc with sanitizers)", () => {
		let folder: string;
		const run = (lines: readonly string[]) => {
			const { stdout, stderr } = spawnSync(join(folder, "hashes"), {
				...{ input: `${lines.join("\n")}\n`, maxBuffer: 1 << 24 },
			});
			expect(`${stderr}`).toBe("");
			return `${stdout}`.split("\n").slice(0, -1);
		};

		beforeAll(() => {
			folder = mkdtempSync(join(tmpdir(), "meterling-hashes-"));
			const { status, stderr } = spawnSync("cc", [
				...["-std=gnu17", "-Wall", "-Wextra", "-Werror", "-g", "-O1", ...SANITIZERS],
				...["-I", join(__dirname, "fake-mbedtls"), "-I", join(__dirname, "fake-xs")],
				...["-isystem", join(SDK, "modules/crypt/digest/kcl"), "-o", join(folder, "hashes")],
				...[join(__dirname, "hashes.c"), join(ROOT, "hardware/esp-idf/hashes.c")],
				join(SDK, "modules/crypt/digest/kcl/fips180.c"),
			]);
			expect(`${stderr}`).toBe("");
			expect(status).toBe(0);
		});
		afterAll(() => rmSync(folder, { recursive: true, force: true }));

		test.each(HASHES)("%s gives NIST's digests, wherever the message is cut", (hash) => {
			for (const { message, times, [hash]: digest } of EXAMPLES) {
				const bytes = Buffer.from(message);
				const size = Math.min(bytes.length * times, 130);
				const cuts = Array.from({ length: size + 1 }, (_, first) => ({
					...{ bytes, times, first, second: (first * 7) % (size - first + 1) },
				}));
				// A million bytes take a tenth of a second under the sanitizers.
				const chosen = times > 1 ? cuts.filter(({ first }) => first % 32 < 2) : cuts;
				expect(new Set(run(chosen.map((cut) => line(hash, cut))))).toEqual(new Set([digest]));
			}
		});

		test.each(HASHES)("%s gives OpenSSL's digests", (hash) => {
			const messages = fc
				.tuple(fc.uint8Array({ maxLength: 300 }), fc.nat(), fc.nat())
				.map(([bytes, one, two]) => {
					const first = one % (bytes.length + 1);
					return { bytes, first, second: two % (bytes.length - first + 1) };
				});
			const sample = fc.sample(messages, 500);
			const expected = sample.map(({ bytes }) => createHash(hash).update(bytes).digest("hex"));
			expect(run(sample.map((cut) => line(hash, cut)))).toEqual(expected);
		});

		test("SHA-224 is refused", () => {
			expect(run(["sha224 1 0 0 -"])).toEqual(["no"]);
		});
	});
}
