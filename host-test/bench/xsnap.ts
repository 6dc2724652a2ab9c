// The cases behind the one function that @agoric/xsnap calls: `open` makes one ready, `run` runs it so many times, and the
// engine's own metering counts. ASCII in and out. XS 13 has no AES: what is encrypted is given as it is.

import { tableChecksums } from "../../protocols/shared/checksums.js";
import { type BenchInput, type BenchRun, openCase } from "./cases.js";

type Command =
	| { readonly open: BenchInput }
	| { readonly run: number }
	/** Collects garbage; then so many bytes of chunks are used up, as garbage that stays until the next collection. */
	| { readonly collect: true; readonly fill: number }
	/** Garbage of a known size, in as many chunks. */
	| { readonly waste: number; readonly count: number };

declare function gc(): void;

const PIECE = 64;

/** ASCII. */
function textOf(buffer: ArrayBufferLike): string {
	const bytes = new Uint8Array(buffer);
	const pieces: string[] = [];
	for (let at = 0; at < bytes.length; at += PIECE)
		pieces.push(String.fromCharCode(...bytes.subarray(at, at + PIECE)));
	return pieces.join("");
}

// This build of XS lacks them. Not the text's bytes: only the room that they take counts here.
ArrayBuffer.fromString ??= (text: string) => new ArrayBuffer(text.length);
String.fromArrayBuffer ??= textOf;

let run: BenchRun = () => 0;

function answer(command: Command): number {
	if ("open" in command) {
		run = openCase(command.open, { checksums: tableChecksums() });
		return run();
	}
	if ("collect" in command) {
		gc();
		if (command.fill > 0) new ArrayBuffer(command.fill);
		return 0;
	}
	if ("waste" in command) {
		for (let count = command.count; count > 0; count--) new ArrayBuffer(command.waste);
		return 0;
	}
	let result = 0;
	for (let count = command.run; count > 0; count--) result = run();
	return result;
}

function handleCommand(message: ArrayBuffer): ArrayBuffer {
	const reply = `${answer(JSON.parse(textOf(message)) as Command)}`;
	return Uint8Array.from(reply, (character) => character.charCodeAt(0)).buffer as ArrayBuffer;
}

Object.assign(globalThis, { handleCommand });
