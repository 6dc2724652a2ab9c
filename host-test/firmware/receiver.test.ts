// What is taken in as an update, and above all what is not. Files are signed by an independent implementation.

import "../../host/platform/globals";
import { createHash } from "node:crypto";
import { UpdateReceiver } from "../../firmware/receiver";
import type { SlotWriter } from "../../firmware/slots";
import { verifyP256 } from "../../host/platform/file-signature";
import { fromHex } from "../../settings/hex";
import { imageOf, PUBLIC_KEY, type Told, updateFile } from "./update-files";

/** A slot that keeps what is written. */
class Slot implements SlotWriter {
	readonly written: number[] = [];
	opened = 0;
	finished = false;
	abandoned = false;
	failAt = Number.POSITIVE_INFINITY;
	readonly size = 100_000;

	open(): SlotWriter {
		this.opened++;
		return this;
	}
	write(bytes: Uint8Array): void {
		if (this.written.length + bytes.length > this.failAt) throw new Error("flash could not be written");
		this.written.push(...bytes);
	}
	finish(): void {
		this.finished = true;
	}
	abandon(): void {
		this.abandoned = true;
	}
}

function receiver(slot: Slot, publicKey: Uint8Array | undefined) {
	const startSha256 = () => {
		const hash = createHash("sha256");
		return {
			write: (bytes: Uint8Array) => void hash.update(bytes),
			finish: () => new Uint8Array(hash.digest()),
		};
	};
	return new UpdateReceiver({
		...{ publicKey, verify: verifyP256, startSha256, slots: slot },
		chip: "esp32",
		board: "esp32-devkit",
	});
}

/** Gives a file in pieces, as a network does. */
function give(file: Uint8Array, slot = new Slot(), piece = 1000) {
	const taking = receiver(slot, fromHex(PUBLIC_KEY));
	for (let at = 0; at < file.length; at += piece) taking.take(file.subarray(at, at + piece));
	return { started: taking.end(), problem: taking.problem, detail: taking.detail, slot, taking };
}

test.each([1, 7, 64, 1000, 1_000_000])(
	"a good file in pieces of %d is written whole and started",
	(piece) => {
		const image = imageOf(5000);
		const { started, problem, slot, taking } = give(updateFile(image), new Slot(), piece);
		expect({ started, problem }).toEqual({ started: true, problem: undefined });
		expect(slot.finished).toBe(true);
		expect(slot.written).toEqual([...image]);
		expect(taking.progress).toBe(1);
		expect(taking.description?.version).toBe("9.9.9");
	},
);

test("no byte of the head may be changed, and nothing is written before it fits", () => {
	const file = updateFile(imageOf(100));
	const head = file.length - 100;
	for (let at = 0; at < head; at++) {
		const changed = file.slice();
		changed[at] = (changed[at] as number) ^ 0x01;
		const { started, problem, slot } = give(changed);
		expect([at, started]).toEqual([at, false]);
		expect(["no-update", "signature", "truncated"]).toContain(problem);
		expect([slot.opened, slot.finished]).toEqual([0, false]);
	}
});

test("a changed image is not started", () => {
	const file = updateFile(imageOf(100));
	file[file.length - 50] = (file[file.length - 50] as number) ^ 0x80;
	const { started, problem, slot } = give(file);
	expect([started, problem, slot.finished, slot.abandoned]).toEqual([false, "digest", false, true]);
});

test("another signer's file is refused", () => {
	const { problem, slot } = give(updateFile(imageOf(100), {}, "11".repeat(32)));
	expect([problem, slot.opened]).toEqual(["signature", 0]);
});

test.each<[string, Told, string]>([
	["another chip's", { chip: "esp32c3" }, "chip"],
	["another board's", { board: "esp32-c3" }, "board"],
	["a larger one than the slot", { size: 100_001 }, "size"],
	["one with a wrong sum", { sha256: "00".repeat(32) }, "digest"],
	["one without a sum", { sha256: "no" }, "description"],
])("%s image is refused though it is signed", (_, told, expected) => {
	const { started, problem, slot } = give(updateFile(imageOf(100), told));
	expect([started, problem, slot.finished]).toEqual([false, expected, false]);
});

test("a file that is cut anywhere is not started, and one that goes on is not either", () => {
	const file = updateFile(imageOf(300));
	for (let length = 0; length < file.length; length += 13) {
		const { started, problem, slot } = give(file.subarray(0, length));
		expect([length, started, problem, slot.finished]).toEqual([length, false, "truncated", false]);
	}
	const longer = give(Uint8Array.from([...file, 0]));
	expect([longer.problem, longer.slot.finished]).toEqual(["too-long", false]);
});

test("an upload that breaks off lets go of the slot", () => {
	const slot = new Slot();
	const taking = receiver(slot, fromHex(PUBLIC_KEY));
	taking.take(updateFile(imageOf(5000)).subarray(0, 3000));
	taking.abandon();
	expect([taking.problem, slot.abandoned, slot.finished]).toEqual(["truncated", true, false]);
	taking.take(new Uint8Array(10));
	expect(taking.end()).toBe(false);
});

test("flash that fails is told, and what follows is thrown away", () => {
	const slot = new Slot();
	slot.failAt = 2000;
	const { started, problem, detail } = give(updateFile(imageOf(5000)), slot);
	expect([started, problem]).toEqual([false, "storage"]);
	expect(detail).toContain("flash could not be written");
});

test("a build without a key takes nothing", () => {
	const slot = new Slot();
	const taking = receiver(slot, undefined);
	taking.take(updateFile(imageOf(10)));
	expect([taking.end(), taking.problem, slot.opened]).toEqual([false, "no-key", 0]);
});
