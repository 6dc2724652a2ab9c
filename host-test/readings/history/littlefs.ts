// The device's file system on the computer: the SDK's littlefs in a program of its own (littlefs.c), behind the SDK's
// `embedded:storage/files`, so that hardware/files.ts runs on it. Its power can fail at any byte. Needs the SDK's sources and cc.

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import {
	closeSync,
	existsSync,
	mkdtempSync,
	openSync,
	readSync,
	rmSync,
	writeFileSync,
	writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const NEVER = 0xffffffff;
const MODES: readonly string[] = ["r", "r+", "w"];
const HANDLES = 4;
const NO_SPACE = -28;
/** The names that the SDK's copy of littlefs has for C's library. */
const PLATFORM = ["memset", "memcpy", "memcmp", "strcpy", "strlen", "strspn", "strcspn", "strchr"].reduce(
	(text, name) => `${text}#define c_${name} ${name}\n`,
	"#include <string.h>\n",
);

/** Why there is none here; `undefined` where it can be had. */
export function missingForLittlefs(): string | undefined {
	if (!process.env.MODDABLE) return "MODDABLE is not set";
	return spawnSync("sh", ["-c", "command -v cc"]).status === 0 ? undefined : "there is no C compiler";
}

/** Where the power has failed, and everything else that littlefs refuses. */
export class FlashError extends Error {
	constructor(readonly code: number) {
		super(code === NO_SPACE ? "the storage is full" : `littlefs: ${code}`);
	}
}

export class Littlefs {
	/** As `embedded:storage/files` is on the ESP32. */
	readonly folder = {
		status: (path: string) => {
			const size = this.#ask("s", 0, 0, path);
			return { size, isFile: () => true };
		},
		openFile: ({ path, mode }: { readonly path: string; readonly mode: string }) => {
			const handle = this.#free.pop();
			if (handle === undefined) throw new Error("too many files are open");
			try {
				this.#ask("o", MODES.indexOf(mode), 0, path, handle);
			} catch (error) {
				this.#free.push(handle);
				throw error;
			}
			let isOpen = true;
			return {
				read: (count: number, position: number) => this.#asked("r", position, count, "", handle),
				write: (bytes: Uint8Array, position: number) =>
					void this.#ask("w", position, 0, Buffer.from(bytes), handle),
				status: () => ({ size: this.#ask("z", 0, 0, "", handle) }),
				flush: () => void this.#ask("f", 0, 0, "", handle),
				close: () => {
					if (!isOpen) return;
					isOpen = false;
					this.#free.push(handle);
					// The SDK's class does not tell what littlefs says of a close.
					try {
						this.#ask("c", 0, 0, "", handle);
					} catch {}
				},
			};
		},
		move: (from: string, to: string) => void this.#ask("v", 0, 0, `${from}\0${to}`),
		delete: (path: string) => void this.#ask("d", 0, 0, path),
	};
	readonly #free = Array.from({ length: HANDLES }, (_, handle) => handle);
	readonly #place: string;
	readonly #child: ChildProcess;
	readonly #to: number;
	readonly #from: number;
	readonly #sectors: number;

	/** A new flash of so many sectors of 4 KB, formatted. */
	constructor(sectors = 128) {
		this.#sectors = sectors;
		this.#place = mkdtempSync(join(tmpdir(), "meterling-littlefs-"));
		const [program, to, from] = ["flash", "to", "from"].map((name) => join(this.#place, name)) as [
			string,
			string,
			string,
		];
		const source = join(`${process.env.MODDABLE}`, "modules/io/files/littlefs");
		if (!existsSync(join(source, "lfs.c"))) throw new Error(`${source} has no littlefs`);
		writeFileSync(join(this.#place, "xsPlatform.h"), PLATFORM);
		const compiled = spawnSync(
			"cc",
			[
				...["-O2", `-I${this.#place}`, `-I${source}`, "-o", program],
				...[join(__dirname, "littlefs.c"), join(source, "lfs.c"), join(source, "lfs_util.c")],
			],
			{ encoding: "utf8" },
		);
		if (compiled.status !== 0) throw new Error(compiled.stderr);
		spawnSync("mkfifo", [to, from]);
		this.#child = spawn(program, [to, from], { stdio: "ignore" });
		this.#to = openSync(to, "w");
		this.#from = openSync(from, "r");
		this.powerOn();
	}

	/** Mounts what the flash holds, as after a start; true where it had to be formatted, which loses everything. */
	powerOn(): boolean {
		this.#free.length = 0;
		for (let handle = 0; handle < HANDLES; handle++) this.#free.push(handle);
		return this.#ask("m", this.#sectors, 0, "") === 1;
	}

	/** The power fails after so many bytes of writing; `seed` decides what is left of the last ones. */
	failAfter(bytes: number | undefined, seed = 1): void {
		this.#ask("b", bytes ?? NEVER, seed % 65_536, "");
	}

	/** Keeps what the flash holds now, for `restore`. */
	keep(): void {
		this.#ask("k", 0, 0, "");
	}

	/** The flash as it was kept, mounted. */
	restore(): void {
		this.powerOn();
		this.#ask("l", 0, 0, "");
		this.powerOn();
	}

	/** Whether the power has failed. */
	get dead(): boolean {
		try {
			return this.sectorsInUse < 0;
		} catch {
			return true;
		}
	}

	get sectorsInUse(): number {
		return this.#ask("u", 0, 0, "");
	}

	/** Since the beginning. */
	get wear(): { readonly erasures: number; readonly most: number; readonly bytes: number } {
		const view = new DataView(this.#asked("e", 0, 0, ""));
		return {
			erasures: view.getUint32(0, true),
			most: view.getUint32(4, true),
			bytes: view.getUint32(8, true),
		};
	}

	close(): void {
		closeSync(this.#to);
		closeSync(this.#from);
		this.#child.kill();
		rmSync(this.#place, { recursive: true, force: true });
	}

	#ask(operation: string, a: number, b: number, text: string | Uint8Array, handle = 0): number {
		this.#send(operation, a, b, text, handle);
		return this.#answer().result;
	}

	#asked(operation: string, a: number, b: number, text: string, handle = 0): ArrayBuffer {
		this.#send(operation, a, b, text, handle);
		return this.#answer().bytes;
	}

	#send(operation: string, a: number, b: number, text: string | Uint8Array, handle: number): void {
		const bytes = Buffer.from(text as string);
		const head = Buffer.alloc(14);
		head.write(operation, 0, "latin1");
		head[1] = handle;
		head.writeUInt32LE(a, 2);
		head.writeUInt32LE(b, 6);
		head.writeUInt32LE(bytes.length, 10);
		const all = Buffer.concat([head, bytes]);
		for (let sent = 0; sent < all.length; ) sent += writeSync(this.#to, all, sent);
	}

	#answer(): { readonly result: number; readonly bytes: ArrayBuffer } {
		const head = this.#take(8);
		const result = head.readInt32LE(0);
		const bytes = this.#take(head.readInt32LE(4));
		if (result < 0) throw new FlashError(result);
		return {
			result,
			bytes: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer,
		};
	}

	#take(count: number): Buffer {
		const bytes = Buffer.alloc(count);
		for (let taken = 0; taken < count; ) {
			const more = readSync(this.#from, bytes, taken, count - taken, null);
			if (more === 0) throw new Error("the flash has ended");
			taken += more;
		}
		return bytes;
	}
}
