// What is measured, the same on Node and on both XS engines: bytes go through the real session, in pieces as a UART's
// driver gives them, and readings through the real encoders. No clock and no counting here. Inputs come as JSON, so that an
// engine without emulated meters takes them too.

import { Announced } from "../../outputs/mqtt/home-assistant/announced.js";
import { sectionParts } from "../../outputs/mqtt/home-assistant/discovery.js";
import type { OutputContext } from "../../outputs/output.js";
import { lengthOf, readingParts } from "../../outputs/shared/parts.js";
import { synthesise } from "../../protocols/p1/synthesis.js";
import type { Action, Protocol, Session } from "../../protocols/protocol.js";
import { findProtocol } from "../../protocols/registry.js";
import type { Checksums } from "../../protocols/shared/checksums.js";
import type { Cipher } from "../../protocols/shared/cipher.js";
import { History } from "../../readings/history/recorder.js";
import { jsonRows } from "../../readings/history/text.js";
import type { Reading } from "../../readings/reading.js";
import { ReadingStore } from "../../readings/store.js";
import { crc32 } from "../../settings/crc32.js";
import { zoneOffsets } from "../../settings/posix-time-zone.js";
import { defaultValues, type SettingValues } from "../../settings/setting.js";

/** One line of the table. Bytes are hexadecimal text. */
export interface BenchInput {
	readonly name: string;
	/** `noise`: as `decode`, but nothing is to be found. */
	readonly do: "decode" | "noise" | "json" | "discovery" | "synthesis" | "history" | "reference";
	readonly protocol: string;
	readonly settings?: SettingValues;
	/** What the meter sends; a reading is made of it where one is to be encoded. */
	readonly frame: string;
	/** What it sends hours later: runs take turns, as what a frame has in common with the one before costs less. */
	readonly later?: string;
	/** In how many pieces the frame comes; otherwise each has as many bytes as the driver gives. */
	readonly pieces?: number;
	/** What the frame's cipher hides, for engines that have no AES. */
	readonly plaintext?: string;
	/** Files of the history, by name. */
	readonly files?: Readonly<Record<string, string>>;
}

/** What an engine brings along. */
export interface BenchTools {
	readonly checksums: Checksums;
	/** Absent: what was hidden is given as it is. */
	readonly cipher?: Cipher;
}

/** One run of a case: returns how many quantities or bytes it made, the same on every engine. */
export type BenchRun = () => number;

/** The driver's interrupt comes with 120 bytes in the UART's FIFO (ESP-IDF's default), or with the line's silence. */
export const PIECE = 120;

/** Makes a case ready; throws where its frame gives no reading. */
export function openCase(input: BenchInput, tools: BenchTools): BenchRun {
	switch (input.do) {
		case "decode":
		case "noise":
			return decoding(input, tools);
		case "history":
			return historyQuery(input.files ?? {});
		case "reference":
			return reference(bytesOf(input.frame));
	}
	const reading = firstReading(input, tools);
	const store = new ReadingStore();
	store.add(reading, 0);
	if (input.do === "json") {
		// Not the store's own, which is made once for all outputs.
		const other = { ...reading };
		return () => lengthOf(readingParts(store, other));
	}
	if (input.do === "discovery") {
		const context = discoveryContext(store);
		const announced = new Announced(context);
		const section = announced.meter();
		section.identity = reading.meter;
		announced.learn(section, reading.quantities);
		return () => lengthOf(sectionParts(context, "meterling/bench", section));
	}
	const { meter, quantities: known, devices } = reading;
	const source = { meter, known, devices, time: "250320120000W", readAt: () => "250320120000W" };
	return () => synthesise(source, tools.checksums).length;
}

function decoding(input: BenchInput, tools: BenchTools): BenchRun {
	const session = openSession(input, tools);
	const [even, odd] = [input.frame, input.later ?? input.frame].map((frame) => {
		const bytes = bytesOf(frame);
		return piecesOf(bytes, input.pieces === undefined ? PIECE : Math.ceil(bytes.length / input.pieces));
	}) as [Uint8Array[], Uint8Array[]];
	let now = 0;
	let turn = 0;
	const run = () => {
		let quantities = 0;
		turn ^= 1;
		// By index: iterators would be slots of the benchmark's own.
		const pieces = turn === 1 ? even : odd;
		for (let index = 0; index < pieces.length; index++) {
			const actions = session.receive(pieces[index] as Uint8Array, now++);
			for (let place = 0; place < actions.length; place++) {
				const action = actions[place] as Action;
				if (action.do === "reading") quantities += action.reading.quantities.length;
			}
		}
		return quantities;
	};
	if (input.do === "decode" && (run() === 0 || run() === 0)) throw new Error(`${input.name}: no reading`);
	return run;
}

function piecesOf(bytes: Uint8Array, length: number): Uint8Array[] {
	const pieces: Uint8Array[] = [];
	for (let at = 0; at < bytes.length; at += length) pieces.push(bytes.slice(at, at + length));
	return pieces;
}

function firstReading(input: BenchInput, tools: BenchTools): Reading {
	for (const action of openSession(input, tools).receive(bytesOf(input.frame), 0))
		if (action.do === "reading") return action.reading;
	throw new Error(`${input.name}: no reading`);
}

function openSession(input: BenchInput, { checksums, cipher }: BenchTools): Session {
	const protocol = findProtocol(input.protocol) as Protocol;
	// Period 0: what asks only listens; the frame is an answer that passes by.
	const settings = { ...defaultValues(protocol.settings), period: 0, ...input.settings };
	return protocol.open({ checksums, settings, cipher: cipher ?? unhidden(bytesOf(input.plaintext ?? "")) });
}

function unhidden(plaintext: Uint8Array): Cipher {
	return { openGcm: () => plaintext, decryptGcm: () => plaintext, sealGcm: () => plaintext };
}

function discoveryContext(store: ReadingStore): OutputContext {
	const context = {
		gatewayId: "meterling-bench",
		version: "0.0.0",
		model: "bench",
		store,
		settings: {},
		now: () => 0,
		log: () => {},
		files: { read: () => undefined, write: () => {}, remove: () => {} },
	};
	return context as unknown as OutputContext;
}

const DAYS = 31;
const DAY = 86_400;

/** A month of days, as the page asks for it. */
function historyQuery(contents: Readonly<Record<string, string>>): BenchRun {
	const files = new Map<string, Uint8Array>();
	for (const name of Object.keys(contents)) files.set(name, bytesOf(contents[name] ?? ""));
	const history = new History({
		files: {
			read: (name) => files.get(name)?.slice(),
			readPart: (name, at, count) => files.get(name)?.slice(at, at + count),
			append: () => {},
			write: () => {},
			remove: () => {},
		},
		crc32,
		zone: zoneOffsets("CET-1CEST,M3.5.0,M10.5.0/3"),
		log: () => {},
		bytesOf: (text) => new Uint8Array(ArrayBuffer.fromString(text)),
	});
	const places = history.channels.map((_, place) => place);
	const to = history.latest.time + 1;
	return () => {
		const pieces = jsonRows(
			history,
			{ period: "day", from: to - DAYS * DAY, to, places },
			"Europe/Copenhagen",
		);
		let length = 0;
		for (let piece = pieces.next(); piece !== undefined; piece = pieces.next()) length += piece.length;
		return length;
	};
}

/** What everything else is compared with: a bitwise CRC of some bytes, nothing but the engine's own integers. */
function reference(bytes: Uint8Array): BenchRun {
	return () => {
		let crc = 0;
		for (let at = 0; at < bytes.length; at++) {
			crc ^= bytes[at] as number;
			for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >> 1) ^ 0xa001 : crc >> 1;
		}
		return crc;
	};
}

function bytesOf(hex: string): Uint8Array {
	const bytes = new Uint8Array(hex.length >> 1);
	// A text is walked from its beginning for each character on XS: in pieces.
	for (let from = 0; from < hex.length; from += 64) {
		const piece = hex.slice(from, from + 64);
		for (let at = 0; at < piece.length; at += 2)
			bytes[(from + at) >> 1] = Number.parseInt(piece.slice(at, at + 2), 16);
	}
	return bytes;
}
