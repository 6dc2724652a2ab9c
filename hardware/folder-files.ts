// The file store in a folder of the SDK's: littlefs on the ESP32, a folder on computers.
// A file is replaced by renaming, so that a power cut leaves the old one or the new one, never half of each.

import type { FileStore } from "./device.js";

/** What `status` and `openFile` give, on littlefs and on POSIX alike. */
interface StoredFile {
	read(count: number, position: number): ArrayBuffer;
	write(bytes: Uint8Array, position: number): void;
	status(): { readonly size: number };
	flush(): void;
	close(): void;
}

/** What `embedded:storage/files` exports. */
export interface Folder {
	status(path: string): { readonly size: number; isFile(): boolean };
	openFile(options: { path: string; mode: string }): StoredFile;
	move(from: string, to: string): void;
	delete(path: string): unknown;
}

export class FolderFiles implements FileStore {
	readonly #folder: Folder;

	constructor(folder: Folder) {
		this.#folder = folder;
	}

	read(name: string): Uint8Array | undefined {
		const size = this.size(name);
		return size === undefined ? undefined : this.readPart(name, 0, size);
	}

	readPart(name: string, at: number, count: number): Uint8Array | undefined {
		const size = this.size(name);
		if (size === undefined) return undefined;
		const length = Math.min(count, size - at);
		if (length <= 0) return new Uint8Array(0);
		let file: StoredFile | undefined;
		try {
			file = this.#folder.openFile({ path: name, mode: "r" });
			return new Uint8Array(file.read(length, at));
		} catch {
			return undefined;
		} finally {
			file?.close();
		}
	}

	size(name: string): number | undefined {
		try {
			const status = this.#folder.status(name);
			return status.isFile() ? status.size : undefined;
		} catch {
			// littlefs throws where POSIX answers "no such file".
			return undefined;
		}
	}

	append(name: string, bytes: Uint8Array, at?: number): void {
		const size = this.size(name);
		const from = at ?? size ?? 0;
		const file = this.#folder.openFile({ path: name, mode: size === undefined ? "w" : "r+" });
		try {
			file.write(bytes, from);
			file.flush();
			// The POSIX class does not tell a short write.
			if (file.status().size < from + bytes.length) throw new Error("the storage is full");
		} finally {
			file.close();
		}
	}

	write(name: string, bytes: Uint8Array): void {
		const fresh = `${name}.new`;
		const file = this.#folder.openFile({ path: fresh, mode: "w" });
		try {
			if (bytes.length > 0) file.write(bytes, 0);
			file.flush();
			// The POSIX class does not tell a short write.
			if (file.status().size !== bytes.length) throw new Error("the storage is full");
		} finally {
			file.close();
		}
		this.#folder.move(fresh, name);
	}

	remove(name: string): void {
		for (const each of [`${name}.new`, name]) if (this.size(each) !== undefined) this.#folder.delete(each);
	}
}
