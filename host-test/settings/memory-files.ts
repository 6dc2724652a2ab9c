// Settings files in memory, and a storage whose power fails in the middle of a write or a removal. Runs on XS too.

import type { SettingsFiles } from "../../settings/generations.js";

export class MemoryFiles implements SettingsFiles {
	readonly files = new Map<string, Uint8Array>();

	constructor(files: Readonly<Record<string, string>> = {}) {
		for (const name of Object.keys(files))
			this.files.set(name, new Uint8Array(ArrayBuffer.fromString(files[name] ?? "")));
	}

	read(name: string): Uint8Array | undefined {
		const bytes = this.files.get(name);
		return bytes && Uint8Array.from(bytes);
	}

	write(name: string, bytes: Uint8Array): void {
		this.files.set(name, Uint8Array.from(bytes));
	}

	remove(name: string): void {
		this.files.delete(name);
	}

	/** The same files on another storage: after a restart. */
	copy(): MemoryFiles {
		const copy = new MemoryFiles();
		for (const [name, bytes] of this.files) copy.write(name, bytes);
		return copy;
	}

	/** Everything that lies in any file, one character a byte. */
	everything(): string {
		return [...this.files.values()].map((bytes) => String.fromCharCode(...bytes)).join("\n");
	}
}

/** Thrown where the power fails; nothing runs after it. */
export class PowerCut extends Error {}

type Tear = (old: Uint8Array, fresh: Uint8Array, at: number, random: () => number) => Uint8Array;

const RUBBISH_LENGTH = 40;

/** What a write that was torn `at` a byte may leave of the old bytes and the fresh ones. */
const TEARS: readonly Tear[] = [
	// Cut off.
	(_old, fresh, at) => fresh.subarray(0, at),
	// Written in place over a file that was longer, or not.
	(old, fresh, at) => joined(fresh.subarray(0, at), old.subarray(at)),
	// A block that was being programmed.
	(_old, fresh, at, random) =>
		joined(
			fresh.subarray(0, at),
			Uint8Array.from({ length: RUBBISH_LENGTH }, () => random() * 256),
		),
	// The file grew before its bytes arrived.
	(_old, fresh, at) => joined(fresh.subarray(0, at), new Uint8Array(fresh.length - at)),
	// Its blocks arrived out of order.
	(_old, fresh, at) => joined(new Uint8Array(at), fresh.subarray(at)),
	// A copy-on-write file system.
	(old) => old,
];

function joined(one: Uint8Array, other: Uint8Array): Uint8Array {
	const bytes = new Uint8Array(one.length + other.length);
	bytes.set(one);
	bytes.set(other, one.length);
	return bytes;
}

/** Files that fail after `budget` steps; each byte written is a step, and so are opening, closing and removing. */
export class FailingFiles extends MemoryFiles {
	#budget: number;
	readonly #random: () => number;

	constructor(before: MemoryFiles, budget: number, random: () => number) {
		super();
		for (const [name, bytes] of before.files) this.files.set(name, bytes);
		this.#budget = budget;
		this.#random = random;
	}

	/** Whether the power has failed. */
	get failed(): boolean {
		return this.#budget < 0;
	}

	override write(name: string, bytes: Uint8Array): void {
		const at = Math.min(this.#budget, bytes.length);
		if (this.#lasts(bytes.length + 2)) {
			super.write(name, bytes);
			return;
		}
		const tear = TEARS[Math.floor(this.#random() * TEARS.length)] as Tear;
		const old = this.files.get(name);
		const left = tear(old ?? new Uint8Array(0), bytes, at, this.#random);
		if (old || left.length > 0 || this.#random() < 0.5) super.write(name, left);
		throw new PowerCut();
	}

	override remove(name: string): void {
		if (!this.#lasts(1)) throw new PowerCut();
		super.remove(name);
	}

	#lasts(steps: number): boolean {
		if (this.failed) throw new PowerCut();
		const lasts = this.#budget >= steps;
		this.#budget = lasts ? this.#budget - steps : -1;
		return lasts;
	}
}

/** Runs until it ends or the power fails; whether that failed. */
export function cutShort(run: () => void): boolean {
	try {
		run();
		return false;
	} catch (error) {
		if (error instanceof PowerCut) return true;
		throw error;
	}
}

/** Numbers in [0, 1) that are the same in each run (a linear congruential generator, Numerical Recipes' constants). */
export function seeded(seed: number): () => number {
	let state = seed >>> 0;
	return () => {
		state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
		return state / 2 ** 32;
	};
}
