// Takes an update file in as it comes, piece by piece: judges its head, writes the image into the slot that does not
// run, and has it started next only where all of it is what was signed. Sans I/O but for the slot. Nothing is written
// before the signature, the chip and the board fit.

import { toHex } from "../settings/hex.js";
import type { RunningDigest, Slots, SlotWriter } from "./slots.js";
import { LONGEST_HEAD, readHead, type UpdateDescription, type VerifySignature } from "./update-file.js";

/** Why an update was refused. */
export type UpdateProblem =
	| "no-key"
	| "no-update"
	| "signature"
	| "description"
	| "chip"
	| "board"
	| "size"
	| "truncated"
	| "too-long"
	| "digest"
	| "storage";

export interface ReceiverOptions {
	/** The maker's key; `undefined`: this build takes no updates. */
	readonly publicKey: Uint8Array | undefined;
	readonly verify: VerifySignature;
	startSha256(): RunningDigest;
	readonly chip: string;
	readonly board: string;
	readonly slots: Pick<Slots, "open" | "size">;
}

export class UpdateReceiver {
	readonly #options: ReceiverOptions;
	readonly #digest: RunningDigest;
	#head: Uint8Array | undefined = new Uint8Array(LONGEST_HEAD);
	#length = 0;
	#writer: SlotWriter | undefined;
	#description: UpdateDescription | undefined;
	#written = 0;
	#problem: UpdateProblem | undefined;
	#detail = "";

	constructor(options: ReceiverOptions) {
		this.#options = options;
		this.#digest = options.startSha256();
		if (!options.publicKey) this.#refuse("no-key");
	}

	/** Why it was refused; `undefined` while all is well. */
	get problem(): UpdateProblem | undefined {
		return this.#problem;
	}

	/** What the storage said, or what the file is for; empty where there is no more to say. */
	get detail(): string {
		return this.#detail;
	}

	/** What is being received, once its signature has been seen to fit. */
	get description(): UpdateDescription | undefined {
		return this.#description;
	}

	/** 0 to 1. */
	get progress(): number {
		return this.#description ? this.#written / this.#description.size : 0;
	}

	/** The file's next bytes; after a refusal they are thrown away. Never throws. */
	take(bytes: Uint8Array): void {
		if (this.#problem) return;
		const image = this.#head ? this.#takeHead(bytes) : bytes;
		if (image && image.length > 0 && !this.#problem) this.#takeImage(image);
	}

	/** The file is complete: true where the image will be started next. Never throws. */
	end(): boolean {
		if (!this.#problem) this.#conclude();
		this.#writer = undefined;
		return this.#problem === undefined;
	}

	/** The file will not be completed; `reason` in words where it is known. */
	abandon(reason = ""): void {
		this.#refuse("truncated", reason);
	}

	#conclude(): void {
		const description = this.#description;
		if (!description || this.#written < description.size) {
			this.#refuse("truncated");
			return;
		}
		if (toHex(this.#digest.finish()) !== description.sha256) {
			this.#refuse("digest");
			return;
		}
		try {
			this.#writer?.finish();
		} catch (error) {
			this.#refuse("storage", `${error}`);
		}
	}

	/** Returns what of the image came with the head. */
	#takeHead(bytes: Uint8Array): Uint8Array | undefined {
		const buffer = this.#head as Uint8Array;
		const { publicKey, verify } = this.#options;
		let used = 0;
		let needs = Math.min(buffer.length, Math.max(1, this.#length));
		for (;;) {
			const more = Math.min(bytes.length - used, Math.max(0, needs - this.#length));
			buffer.set(bytes.subarray(used, used + more), this.#length);
			this.#length += more;
			used += more;
			if (this.#length < needs) return undefined;
			const head = readHead(buffer.subarray(0, this.#length), verify, publicKey as Uint8Array);
			if ("needs" in head) {
				needs = head.needs;
				continue;
			}
			this.#head = undefined;
			if ("problem" in head) this.#refuse(head.problem);
			else this.#begin(head.description);
			return bytes.subarray(used);
		}
	}

	#begin(description: UpdateDescription): void {
		const { chip, board, slots } = this.#options;
		if (description.chip !== chip)
			this.#refuse("chip", `it is for ${description.chip}, this board has an ${chip}`);
		else if (description.board !== board)
			this.#refuse("board", `it is for ${description.board}, this is ${board}`);
		else if (description.size > slots.size) this.#refuse("size");
		else {
			this.#description = description;
			try {
				this.#writer = slots.open();
			} catch (error) {
				this.#refuse("storage", `${error}`);
			}
		}
	}

	#takeImage(bytes: Uint8Array): void {
		const { size } = this.#description as UpdateDescription;
		if (this.#written + bytes.length > size) {
			this.#refuse("too-long");
			return;
		}
		try {
			this.#digest.write(bytes);
			this.#writer?.write(bytes);
			this.#written += bytes.length;
		} catch (error) {
			this.#refuse("storage", `${error}`);
		}
	}

	#refuse(problem: UpdateProblem, detail = ""): void {
		if (this.#problem === undefined) {
			this.#problem = problem;
			this.#detail = detail;
		}
		this.#head = undefined;
		this.#writer?.abandon();
		this.#writer = undefined;
	}
}
