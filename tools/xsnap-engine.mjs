// The XS engine of @agoric/xsnap as a child process: evaluates a script, then answers commands with bytes and with what
// they cost. Speaks the worker's own protocol (netstrings on descriptors 3 and 4), because the package's JavaScript
// side wants the whole process hardened first.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const WORKER = "xsnap-native/xsnap/build/bin/lin/release/xsnap-worker";
const OK = 0x2e;
const COLON = 0x3a;
const COMMA = 0x2c;
const SEPARATOR = 1;
const ATOM_HEAD = 8;
const SLOT_BYTES = 32;

/** The worker's program; `undefined` where the package has not been built (npm ci builds it with cc and make). */
export function xsnapWorker() {
	const main = createRequire(import.meta.url).resolve("@agoric/xsnap");
	const worker = join(dirname(dirname(main)), WORKER);
	return existsSync(worker) ? worker : undefined;
}

/** `evaluate(script)` and `command(bytes)` give `{ reply, meter }`; a thrown error or a dead engine rejects. */
export function startXsnap(worker) {
	const child = spawn(worker, ["meterling"], { stdio: ["ignore", "ignore", "inherit", "pipe", "pipe"] });
	const [, , , input, output] = child.stdio;
	const waiting = [];
	let pending = Buffer.alloc(0);
	output.on("data", (data) => {
		pending = Buffer.concat([pending, data]);
		for (let message = takeMessage(); message; message = takeMessage()) settle(waiting.shift(), message);
	});
	child.on("exit", (code, signal) => {
		for (const { reject } of waiting.splice(0)) reject(new Error(`XS ended: ${signal ?? `exit ${code}`}`));
	});
	input.on("error", () => {}); // the exit above tells why

	function takeMessage() {
		const colon = pending.indexOf(COLON);
		if (colon < 0) return undefined;
		const end = colon + 1 + Number(pending.toString("latin1", 0, colon));
		if (pending.length <= end) return undefined;
		if (pending[end] !== COMMA) throw new Error("XS answered no netstring");
		const message = pending.subarray(colon + 1, end);
		pending = pending.subarray(end + 1);
		return message;
	}

	const send = (kind, bytes) =>
		new Promise((resolve, reject) => {
			waiting.push({ resolve, reject });
			const message = Buffer.concat([Buffer.from(kind), bytes]);
			input.write(Buffer.concat([Buffer.from(`${message.length}:`), message, Buffer.from(",")]));
		});
	/** What is in use after a collection: slots, and bytes of chunks as a 64-bit computer has them. */
	async function live() {
		const folder = mkdtempSync(join(tmpdir(), "meterling-xsnap-"));
		const file = join(folder, "snapshot");
		try {
			await send("w", Buffer.from(file));
			return liveIn(readFileSync(file));
		} finally {
			rmSync(folder, { recursive: true, force: true });
		}
	}
	return {
		evaluate: (script) => send("e", Buffer.from(script)),
		command: (bytes) => send("?", bytes),
		live,
		pid: child.pid,
		close: () => child.kill(),
	};
}

/** Counts in a snapshot of the heap: atoms, each a length of itself, a name, and what is in it (the package's xsSnapshot.c). */
function liveIn(snapshot) {
	const sizes = {};
	for (let at = ATOM_HEAD; at < snapshot.length; at += snapshot.readUInt32BE(at))
		sizes[snapshot.toString("latin1", at + 4, at + ATOM_HEAD)] = snapshot.readUInt32BE(at) - ATOM_HEAD;
	return { slots: sizes.HEAP / SLOT_BYTES, chunks: sizes.BLOC };
}

function settle({ resolve, reject }, message) {
	if (message[0] !== OK) return reject(new Error(`XS: ${message.toString("utf8", 1)}`));
	const separator = message.indexOf(SEPARATOR, 1);
	const meter = separator < 0 ? {} : JSON.parse(message.toString("latin1", 1, separator));
	resolve({ reply: message.subarray(separator < 0 ? 1 : separator + 1), meter });
}
