// The sessions' fuzz targets behind one function that any JavaScript engine can call: tools/fuzz-xs.mjs bundles it for the
// XS engine of @agoric/xsnap and for Node, and compares what they made of the same inputs. Lines that never end: one
// session of each protocol hears them all, so that whatever grows is seen; every so often a target is run as a whole.
// XS has no cipher here: a simple one, which is none for secrets, stands in its place on both.

import { Random } from "../../host/meters/random.js";
import type { Action, Session } from "../../protocols/protocol.js";
import type { Cipher } from "../../protocols/shared/cipher.js";
import { conversationTargets } from "./conversations.js";
import { edited, randomEdits } from "./edits.js";
import { type Arrangement, arrangements, openSession, sessionTargets, settingsOf } from "./sessions.js";
import { strictness } from "./tape.js";
import { fromHex, latin1, type Target } from "./target.js";

const TAG_BYTES = 12;
/** One in so many inputs is tried with all that a target checks. */
const WHOLE_EVERY = 64;
const LINE_MS = 2000;

strictness.parses = false;

const simpleCipher: Cipher = {
	openGcm(key, iv, aad, ciphertext, tag) {
		const plaintext = mixed(key, iv, ciphertext);
		const right = tagOf(key, aad, plaintext);
		for (let at = 0; at < TAG_BYTES; at++) if (right[at] !== tag[at]) return undefined;
		return plaintext;
	},
	decryptGcm: mixed,
	sealGcm(key, iv, aad, plaintext) {
		const sealed = new Uint8Array(plaintext.length + TAG_BYTES);
		sealed.set(mixed(key, iv, plaintext));
		sealed.set(tagOf(key, aad, plaintext), plaintext.length);
		return sealed;
	},
};

function mixed(key: Uint8Array, iv: Uint8Array, bytes: Uint8Array): Uint8Array {
	const result = new Uint8Array(bytes.length);
	for (let at = 0; at < bytes.length; at++)
		result[at] = (bytes[at] as number) ^ (key[at & 15] as number) ^ (iv[at % 12] as number) ^ at;
	return result;
}

function tagOf(key: Uint8Array, aad: Uint8Array, bytes: Uint8Array): Uint8Array {
	const tag = key.slice(0, TAG_BYTES);
	for (let at = 0; at < aad.length; at++)
		tag[at % TAG_BYTES] = (tag[at % TAG_BYTES] as number) + 3 * (aad[at] as number);
	for (let at = 0; at < bytes.length; at++)
		tag[at % TAG_BYTES] = (((tag[at % TAG_BYTES] as number) << 1) ^ (bytes[at] as number)) & 0xff;
	return tag;
}

interface Line {
	readonly name: string;
	readonly target: Target;
	/** Absent where a meter is asked: only the whole target is run then. */
	readonly arrangement: Arrangement | undefined;
	readonly words: readonly Uint8Array[];
	readonly inputs: Uint8Array[];
	/** With keys and without. */
	sessions: readonly Session[];
	now: number;
}

const all = arrangements(simpleCipher);
const lines: readonly Line[] = [...sessionTargets(simpleCipher), ...conversationTargets(simpleCipher)].map(
	(target) => {
		const arrangement = all.find(({ name }) => name === target.name);
		const opened = (options: number) =>
			arrangement ? [openSession(arrangement.protocol, simpleCipher, settingsOf(arrangement, options))] : [];
		return {
			...{ name: target.name, target, arrangement, inputs: [...target.seeds()], now: 0 },
			words: (target.words ?? []).map(latin1),
			sessions: [...opened(0), ...opened(8)],
		};
	},
);

type Question =
	| { readonly do: "names" }
	/** More inputs to begin with, in hexadecimal. */
	| { readonly do: "add"; readonly name: string; readonly inputs: readonly string[] }
	| { readonly do: "run"; readonly name: string; readonly seed: number; readonly count: number };

function answer(question: Question): unknown {
	if (question.do === "names")
		return lines.map(({ name, arrangement }) => ({ name, heard: arrangement !== undefined }));
	const line = lines.find(({ name }) => name === question.name) as Line;
	if (question.do === "add") {
		for (const text of question.inputs) line.inputs.push(fromHex(text));
		return line.inputs.length;
	}
	return run(line, question.seed, question.count);
}

/** So many inputs drawn from that seed, and a sum of all that was made of them. */
function run(line: Line, seed: number, count: number): unknown {
	const random = new Random(seed);
	const { target, arrangement, inputs, words } = line;
	const around = { longest: target.longest, words, others: inputs };
	let [readings, rejections, sum] = [0, 0, 0];
	const take = (actions: readonly Action[]) => {
		for (const action of actions) {
			sum = (Math.imul(sum, 31) + action.do.length) >>> 0;
			if (action.do === "reading") {
				readings++;
				sum =
					(sum + action.reading.quantities.length + (action.reading.quantities[0]?.name.length ?? 0)) >>> 0;
			} else if (action.do === "rejected") {
				rejections++;
				sum = (sum + action.rejection.code.length + (action.rejection.detail?.length ?? 0)) >>> 0;
			}
		}
	};
	// A chunk begins with sessions of its own, so that it can be repeated elsewhere, and alone.
	if (arrangement)
		line.sessions = [0, 8].map((options) =>
			openSession(arrangement.protocol, simpleCipher, settingsOf(arrangement, options)),
		);
	line.now = 1000;
	for (let index = 0; index < count; index++) {
		const input = edited(
			inputs[random.whole(0, inputs.length - 1)] as Uint8Array,
			randomEdits(random),
			around,
		);
		try {
			if (!arrangement || index % WHOLE_EVERY === 0) {
				target.run(input);
				continue;
			}
			const options = input[0] ?? 0;
			const session = line.sessions[options & 8 ? 1 : 0] as Session;
			take(session.receive(arrangement.wire(options, input.subarray(1)), line.now));
			line.now += LINE_MS;
			take(session.tick(line.now));
		} catch (error) {
			let text = "";
			for (const byte of input) text += byte.toString(16).padStart(2, "0");
			return { fault: `${error}`, input: text };
		}
	}
	return { readings, rejections, sum };
}

/** The call that @agoric/xsnap makes: JSON of ASCII in and out. */
function handleCommand(message: ArrayBuffer): ArrayBuffer {
	const bytes = new Uint8Array(message);
	const pieces: string[] = [];
	for (let at = 0; at < bytes.length; at += 64)
		pieces.push(String.fromCharCode(...bytes.subarray(at, at + 64)));
	return latin1(JSON.stringify(answer(JSON.parse(pieces.join("")) as Question))).buffer as ArrayBuffer;
}

Object.assign(globalThis, { handleCommand });
