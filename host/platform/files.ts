// The SDK's `embedded:storage/files`, as far as the firmware uses it, over the host's state folder.

import {
	closeSync,
	fstatSync,
	fsyncSync,
	mkdirSync,
	openSync,
	readSync,
	renameSync,
	statSync,
	unlinkSync,
	writeSync,
} from "node:fs";
import { join } from "node:path";
import { stateFolder } from "./configuration.js";

class File {
	#descriptor: number | undefined;

	constructor(descriptor: number) {
		this.#descriptor = descriptor;
	}

	read(count: number, position: number): ArrayBuffer {
		const bytes = new Uint8Array(count);
		return bytes.buffer.slice(0, readSync(this.#open(), bytes, 0, count, position));
	}

	write(bytes: Uint8Array | ArrayBuffer, position: number): void {
		writeSync(this.#open(), new Uint8Array(bytes), 0, bytes.byteLength, position);
	}

	status(): { readonly size: number } {
		return { size: fstatSync(this.#open()).size };
	}

	flush(): void {
		fsyncSync(this.#open());
	}

	close(): void {
		if (this.#descriptor !== undefined) closeSync(this.#descriptor);
		this.#descriptor = undefined;
	}

	#open(): number {
		if (this.#descriptor === undefined) throw new Error("closed");
		return this.#descriptor;
	}
}

export default {
	/** Throws where the file is not there (`r`) or cannot be made (`w`). */
	openFile({ path, mode = "r" }: { readonly path: string; readonly mode?: "r" | "r+" | "w" | "w+" }): File {
		return new File(openSync(inside(path), mode, 0o600));
	},

	/** What `path` is; neither file nor folder where there is nothing. */
	status(path: string): { readonly size: number | undefined; isFile(): boolean; isDirectory(): boolean } {
		const found = statSync(inside(path), { throwIfNoEntry: false });
		return {
			size: found?.size,
			isFile: () => found?.isFile() === true,
			isDirectory: () => found?.isDirectory() === true,
		};
	},

	/** Replaces `to` at once, whether it is there or not. */
	move(from: string, to: string): void {
		renameSync(inside(from), inside(to));
	},

	/** `false` where there was nothing. */
	delete(path: string): boolean {
		const name = inside(path);
		if (!statSync(name, { throwIfNoEntry: false })) return false;
		unlinkSync(name);
		return true;
	},
};

/** The path below the state folder, which is made where it is missing; the SDK refuses to climb out, too. */
function inside(path: string): string {
	if (path.split("/").some((part) => part === ".." || part === "." || part === ""))
		throw new Error("bad path");
	const folder = stateFolder();
	mkdirSync(folder, { recursive: true, mode: 0o700 });
	return join(folder, path);
}
