// Updates of the firmware, as far as they are the device's: which key they must be signed with, for what board they must
// be, and the two slots. Over hardware/update on the ESP32, and a simulation elsewhere.

import { Digest } from "crypto-native";
import { verifyP256 } from "file-signature";
import {
	abandon,
	begin,
	confirm,
	finish,
	onTrial,
	rollBack,
	running,
	size,
	source,
	write,
} from "update-slots";
import type { RunningDigest, Slots } from "../firmware/slots.js";
import { PUBLIC_KEY_LENGTH, type VerifySignature } from "../firmware/update-file.js";
import { fromHex } from "../settings/hex.js";
import { findBoard } from "./boards/registry.js";

export interface Updates {
	/** 65 bytes; `undefined` where the build was made without one: it takes no updates. */
	readonly publicKey: Uint8Array | undefined;
	readonly board: string;
	/** As ESP-IDF writes it. */
	readonly chip: string;
	readonly slots: Slots;
	readonly verify: VerifySignature;
	startSha256(): RunningDigest;
}

/** `undefined` where there are no two slots: on a computer, which is updated otherwise. */
export function openUpdates(): Updates | undefined {
	const { key, board: name } = source();
	const board = findBoard(name);
	const slotSize = size();
	const publicKey = fromHex(key);
	if (!board || slotSize === 0) return undefined;
	return {
		publicKey: publicKey?.length === PUBLIC_KEY_LENGTH ? publicKey : undefined,
		board: board.name,
		chip: board.chip,
		slots: {
			running: running(),
			get onTrial() {
				return onTrial();
			},
			size: slotSize,
			open() {
				begin();
				return { write, finish, abandon };
			},
			confirm,
			rollBack,
		},
		verify: verifyP256,
		startSha256() {
			const digest = new Digest("SHA256");
			return { write: (bytes) => digest.write(bytes), finish: () => new Uint8Array(digest.result()) };
		},
	};
}
