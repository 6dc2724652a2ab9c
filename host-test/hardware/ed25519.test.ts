// The check of signatures in C (hardware/update/ed25519.c) with AddressSanitizer: RFC 8032's own examples, Node's
// signatures, whole and altered, and what the RFC calls invalid though the equation might hold.

import { spawnSync } from "node:child_process";
import { createHash, generateKeyPairSync, randomBytes, sign, verify } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { canCompile } from "./serial/compiled";

const ROOT = resolve(__dirname, "../..");
const UPDATE = join(ROOT, "hardware/update");

interface Signed {
	readonly key: Buffer;
	readonly message: Buffer;
	readonly signature: Buffer;
}

/** RFC 8032, 7.1: TEST 1, 2, 3 and SHA(abc). */
const EXAMPLES: readonly Signed[] = [
	[
		"d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
		"",
		"e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
	],
	[
		"3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
		"72",
		"92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
	],
	[
		"fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
		"af82",
		"6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
	],
	[
		"ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
		"ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
		"dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704",
	],
].map(([key = "", message = "", signature = ""]) => ({
	key: Buffer.from(key, "hex"),
	message: Buffer.from(message, "hex"),
	signature: Buffer.from(signature, "hex"),
}));

const P = 2n ** 255n - 19n;
const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;

function bytesOf(number: bigint): Buffer {
	return Buffer.from(number.toString(16).padStart(64, "0"), "hex").reverse();
}

function numberOf(bytes: Buffer): bigint {
	return BigInt(`0x${Buffer.from(bytes).reverse().toString("hex")}`);
}

/** Signed by Node with a key of its own, and Node's opinion of what `alter` made of it. */
function signedByNode(size: number, alter?: (signature: Buffer) => void): { signed: Signed; good: boolean } {
	const { publicKey, privateKey } = generateKeyPairSync("ed25519");
	const message = randomBytes(size);
	const signature = Buffer.from(sign(null, message, privateKey));
	alter?.(signature);
	const key = Buffer.from(`${publicKey.export({ format: "jwk" }).x}`, "base64url");
	return { signed: { key, message, signature }, good: verify(null, message, publicKey, signature) };
}

(canCompile ? describe : describe.skip)("Ed25519 in C", () => {
	let folder: string;
	beforeAll(() => {
		folder = mkdtempSync(join(tmpdir(), "meterling-ed25519-"));
		const { status, stderr } = spawnSync("cc", [
			...["-std=c11", "-Wall", "-Wextra", "-Werror", "-g", "-O1"],
			...["-fsanitize=address,undefined", "-fno-sanitize-recover=all"],
			...["-I", UPDATE, "-o", join(folder, "check")],
			...[join(ROOT, "host-test/hardware/ed25519-check.c"), join(UPDATE, "ed25519.c")],
		]);
		expect(`${stderr}`).toBe("");
		expect(status).toBe(0);
	});
	afterAll(() => rmSync(folder, { recursive: true, force: true }));

	function answers(all: readonly Signed[]): boolean[] {
		const lines = all.map(({ key, message, signature }) => {
			const hash = createHash("sha512").update(signature.subarray(0, 32)).update(key).update(message);
			return [signature, key, hash.digest()].map((part) => part.toString("hex")).join(" ");
		});
		const { stdout, stderr } = spawnSync(join(folder, "check"), { input: `${lines.join("\n")}\n` });
		expect(`${stderr}`).toBe("");
		return `${stdout}`
			.trim()
			.split("\n")
			.map((line) => line === "1");
	}

	test("RFC 8032's examples hold, and not for each other's keys", () => {
		expect(answers(EXAMPLES)).toEqual(EXAMPLES.map(() => true));
		const { key } = EXAMPLES[0] as Signed;
		expect(answers(EXAMPLES.slice(1).map((example) => ({ ...example, key })))).toEqual([false, false, false]);
	});

	test("says what Node says of 120 signatures, half of them with one bit altered", () => {
		const alter = (index: number) => (signature: Buffer) => {
			const at = (index * 37) % 512;
			signature.writeUInt8(signature.readUInt8(at >> 3) ^ (1 << (at & 7)), at >> 3);
		};
		const all = Array.from({ length: 120 }, (_, index) =>
			signedByNode(index, index % 2 === 1 ? alter(index) : undefined),
		);
		expect(all.filter(({ good }) => good)).toHaveLength(60);
		expect(answers(all.map(({ signed }) => signed))).toEqual(all.map(({ good }) => good));
	});

	test("refuses a scalar that is not below the group's order (RFC 8032, 5.1.7, step 1)", () => {
		const [example] = EXAMPLES as [Signed];
		const scalar = numberOf(example.signature.subarray(32)) + ORDER;
		const signature = Buffer.concat([example.signature.subarray(0, 32), bytesOf(scalar)]);
		expect(answers([{ ...example, signature }])).toEqual([false]);
	});

	test("refuses keys that are no points (5.1.3), and never ends otherwise for any bytes", () => {
		const [example] = EXAMPLES as [Signed];
		// y = 1 is the neutral point, x = 0: with p added it is y again, and with the sign it is no point.
		const keys = [
			bytesOf(P + 1n),
			bytesOf(1n + 2n ** 255n),
			bytesOf(2n),
			bytesOf(P),
			bytesOf(2n ** 255n - 1n),
		];
		expect(answers(keys.map((key) => ({ ...example, key })))).toEqual(keys.map(() => false));
		const junk = Array.from({ length: 40 }, () => ({
			key: randomBytes(32),
			message: randomBytes(8),
			signature: randomBytes(64),
		}));
		expect(answers(junk)).toEqual(junk.map(() => false));
	});

	test("the neutral point as a key makes the equation hold for anyone: it is a point, and the maker's key is built in", () => {
		const key = bytesOf(1n);
		const signature = Buffer.concat([bytesOf(1n), bytesOf(0n)]);
		expect(answers([{ key, message: Buffer.from("any"), signature }])).toEqual([true]);
	});
});
