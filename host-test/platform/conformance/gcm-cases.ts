// AES-128-GCM of `crypto-native` itself: tags of every size, texts and additional data around the borders of blocks, forged
// messages, and what is refused.

import { decryptGcm, openGcm, sealGcm } from "crypto-native";
import { differs, fromHex, hex } from "./bytes.js";
import { GCM_LENGTHS, GCM_VECTORS } from "./cipher-vectors.js";
import type { ConformanceCase } from "./conformance.js";

const TAG = 16;
const SHORTEST_TAG = 12;
const UNTOUCHED = 0xa5;

interface Message {
	readonly key: string;
	readonly nonce: string;
	readonly aad: string;
	readonly plain: string;
	readonly sealed: string;
	readonly tag: string;
}

/** Of 60 bytes, with additional data. */
const LONG = GCM_VECTORS[3];

function sealedAs({ key, nonce, aad, plain }: Message, tagLength: number): string {
	const text = fromHex(plain);
	const sealed = new Uint8Array(text.length + tagLength);
	sealGcm(fromHex(key), fromHex(nonce), fromHex(aad), text, sealed);
	return hex(sealed);
}

/** The plaintext; `undefined` where it is refused, "touched" where bytes were handed out all the same. */
function openedAs({ key, nonce, aad, sealed }: Message, tag: Uint8Array): string | undefined {
	const text = fromHex(sealed);
	const plain = new Uint8Array(text.length).fill(UNTOUCHED);
	if (openGcm(fromHex(key), fromHex(nonce), fromHex(aad), text, tag, plain)) return hex(plain);
	return plain.every((byte) => byte === UNTOUCHED) ? undefined : "touched";
}

function bothWays(message: Message): string | undefined {
	const whole = fromHex(message.tag);
	for (let length = SHORTEST_TAG; length <= TAG; length++) {
		const tag = whole.subarray(0, length);
		const problem =
			differs(`sealed, ${length} bytes of tag,`, sealedAs(message, length), message.sealed + hex(tag)) ??
			differs(`opened, ${length} bytes of tag,`, openedAs(message, tag), message.plain);
		if (problem) return problem;
	}
	return undefined;
}

/** The message whose text has that many of the 40 bytes, and whose additional data has the others. */
function ofLength(length: number): Message {
	const { key, nonce, aad, plain, sealed, tags } = GCM_LENGTHS;
	return {
		...{ key, nonce, aad: aad.slice(0, aad.length - 2 * length), plain: plain.slice(0, 2 * length) },
		...{ sealed: sealed.slice(0, 2 * length), tag: tags[length] as string },
	};
}

/** Each of the message's bits but those of its plaintext turned round, one at a time. */
function forged(message: Message): string | undefined {
	for (const part of ["key", "nonce", "aad", "sealed", "tag"] as const) {
		const bytes = fromHex(message[part]);
		for (let bit = 0; bit < bytes.length * 8; bit++) {
			const wrong = bytes.slice();
			wrong[bit >> 3] = (wrong[bit >> 3] as number) ^ (1 << (bit & 7));
			const changed = { ...message, [part]: hex(wrong) };
			const opened = openedAs(changed, fromHex(changed.tag));
			if (opened !== undefined) return `with bit ${bit} of ${part} changed it gives ${opened}`;
		}
	}
	return undefined;
}

/** The problem, where the call throws no RangeError, or one that tells bytes of the key. */
function mustRefuse(what: string, key: Uint8Array, call: () => void): string | undefined {
	try {
		call();
	} catch (error) {
		const { message } = error as Error;
		if (!(error instanceof RangeError)) return `${what}: ${error}`;
		return key.length > 0 && message.includes(hex(key.subarray(0, 2))) ? `${what}: tells the key` : undefined;
	}
	return `${what} throws nothing`;
}

export const gcmCases: readonly ConformanceCase[] = [
	...GCM_VECTORS.map((vector) => ({
		name: `gcm: ${vector.name} of McGrew and Viega, with tags of 12 to 16 bytes`,
		run: (_: unknown, done: (problem?: string) => void) => done(bothWays(vector)),
	})),
	{
		name: "gcm: texts of 0 to 40 bytes with additional data of 40 to 0",
		run(_, done) {
			for (let length = 0; length < GCM_LENGTHS.tags.length; length++) {
				const problem = bothWays(ofLength(length));
				if (problem) return done(`${length} bytes: ${problem}`);
			}
			done();
		},
	},
	{
		name: "gcm: nothing opens with one bit changed, in key, nonce, additional data, ciphertext or tag",
		run(_, done) {
			done(forged(LONG) ?? forged(ofLength(0)) ?? forged(ofLength(40)));
		},
	},
	{
		name: "gcm: a tag of fewer than 12 bytes or of more than 16 does not fit",
		run(_, done) {
			const whole = fromHex(`${LONG.tag}00`);
			for (let length = 0; length < SHORTEST_TAG; length++)
				if (openedAs(LONG, whole.subarray(0, length)) !== undefined) return done(`${length} bytes fit`);
			done(differs("with 17 bytes", openedAs(LONG, whole), undefined));
		},
	},
	{
		name: "gcm: a message is opened and sealed in its own place, in the middle of a buffer",
		run(_, done) {
			const { key, nonce, aad, plain, sealed, tag } = LONG;
			// At odd places, as records and frames lie.
			const buffer = fromHex(`000000${sealed}${tag}ffff`);
			const text = buffer.subarray(3, 63);
			const around = fromHex(`0102${key}${nonce}${aad}`);
			const given = [around.subarray(2, 18), around.subarray(18, 30), around.subarray(30)] as const;
			if (!openGcm(...given, text, buffer.subarray(63, 79), text)) return done("it does not open");
			const opened = hex(buffer);
			sealGcm(...given, text, buffer.subarray(3, 79));
			done(
				differs("opened", opened, `000000${plain}${tag}ffff`) ??
					differs("sealed", hex(buffer), `000000${sealed}${tag}ffff`),
			);
		},
	},
	{
		name: "gcm: whole buffers are taken as well as views",
		run(_, done) {
			const buffer = (text: string) => fromHex(text).buffer as ArrayBuffer;
			const sealed = buffer(LONG.sealed);
			const given = [buffer(LONG.key), buffer(LONG.nonce), buffer(LONG.aad)] as const;
			if (!openGcm(...given, sealed, buffer(LONG.tag), sealed)) return done("it does not open");
			done(differs("opened", hex(sealed), LONG.plain));
		},
	},
	{
		name: "gcm: decrypts without a tag",
		run(_, done) {
			const text = fromHex(LONG.sealed);
			decryptGcm(fromHex(LONG.key), fromHex(LONG.nonce), text, text);
			done(differs("the plaintext", hex(text), LONG.plain));
		},
	},
	{
		name: "gcm: keys and nonces of other sizes are refused, and results of another size",
		run(_, done) {
			const [nonce, aad, text] = [fromHex(LONG.nonce), new Uint8Array(0), new Uint8Array(5)];
			const tag = new Uint8Array(TAG);
			const tries = (key: Uint8Array, by: Uint8Array, out: Uint8Array, sealed: Uint8Array) => {
				const what = `key ${key.length}, nonce ${by.length}, results ${out.length} and ${sealed.length}`;
				return (
					mustRefuse(`seal, ${what},`, key, () => sealGcm(key, by, aad, text, sealed)) ??
					mustRefuse(`open, ${what},`, key, () => openGcm(key, by, aad, text, tag, out)) ??
					mustRefuse(`decrypt, ${what},`, key, () => decryptGcm(key, by, text, out))
				);
			};
			const key = fromHex(LONG.key);
			const sealed = new Uint8Array(text.length + TAG);
			for (const length of [0, 15, 17, 24, 32]) {
				const problem = tries(new Uint8Array(length).fill(0xfe), nonce, text, sealed);
				if (problem) return done(problem);
			}
			done(
				tries(key, nonce.subarray(1), text, sealed) ??
					tries(key, new Uint8Array(16), text, sealed) ??
					tries(key, nonce, new Uint8Array(4), sealed.subarray(0, 16)) ??
					tries(key, nonce, new Uint8Array(6), new Uint8Array(22)),
			);
		},
	},
];
