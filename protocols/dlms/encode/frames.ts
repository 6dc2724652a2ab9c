// Frames around an APDU as meters push them: data-notification header, ciphering, GBT blocks, LLC, HDLC, M-Bus.
// The mirror of the decoder's layers, for emulated meters.

import type { Checksums } from "../../shared/checksums.js";
import type { Cipher } from "../../shared/cipher.js";
import { joined } from "../../shared/joined.js";
import { DATA_NOTIFICATION } from "../apdu.js";
import { GENERAL_GLO_CIPHERING, TAG_BYTES } from "../ciphering.js";
import { GENERAL_BLOCK_TRANSFER } from "../gbt.js";
import { FLAG } from "../hdlc.js";
import { LONG_START } from "../mbus.js";
import { appendLength } from "./axdr-value.js";

export interface NotificationOptions {
	/** 12 COSEM bytes; absent as Aidon leaves it. */
	readonly time?: Uint8Array;
	/** Kaifa's positional lists put a tag before the time: `09 0C` for `0C`. */
	readonly taggedTime?: boolean;
	/** Four bytes. */
	readonly invokeId?: number;
}

/** A data-notification around an encoded body. */
export function notification(body: Uint8Array, options: NotificationOptions = {}): Uint8Array {
	const { time, taggedTime = false, invokeId = 0 } = options;
	const header = [DATA_NOTIFICATION, ...fourBytes(invokeId)];
	if (time && taggedTime) header.push(OCTET_STRING);
	if (time) header.push(time.length, ...time);
	else header.push(0);
	return joined(Uint8Array.from(header), body);
}

const OCTET_STRING = 0x09;

export interface Sealing {
	readonly cipher: Cipher;
	readonly encryptionKey: Uint8Array;
	/** With it the message is authenticated too (security control 30), without it encrypted only (20). */
	readonly authenticationKey?: Uint8Array;
	readonly systemTitle: Uint8Array;
	readonly invocationCounter: number;
	/** Security suite in the security control byte: 0, or 1. */
	readonly suite?: number;
}

const ENCRYPTED = 0x20;
const AUTHENTICATED = 0x10;

/** The APDU as general-glo-ciphering. */
export function sealed(apdu: Uint8Array, sealing: Sealing): Uint8Array {
	const { cipher, encryptionKey, authenticationKey, systemTitle, invocationCounter, suite = 0 } = sealing;
	const control = ENCRYPTED | (authenticationKey ? AUTHENTICATED : 0) | suite;
	const counter = Uint8Array.from(fourBytes(invocationCounter));
	const aad = authenticationKey ? joined(Uint8Array.of(control), authenticationKey) : new Uint8Array(0);
	const text = cipher.sealGcm(encryptionKey, joined(systemTitle, counter), aad, apdu);
	const payload = authenticationKey ? text : text.subarray(0, text.length - TAG_BYTES);
	const header = [GENERAL_GLO_CIPHERING, systemTitle.length, ...systemTitle];
	appendLength(header, 1 + counter.length + payload.length);
	header.push(control, ...counter);
	return joined(Uint8Array.from(header), payload);
}

/** The APDU behind the meter's LLC header. */
export function withLlc(apdu: Uint8Array): Uint8Array {
	return joined(Uint8Array.of(0xe6, 0xe7, 0x00), apdu);
}

const GBT_STREAMING = 0x40;
const GBT_LAST = 0x80;

/** The APDU in GBT blocks of at most `most` bytes, as Landis+Gyr's E450 sends it: the first with LLC, others without. */
export function gbtBlocks(apdu: Uint8Array, most: number): Uint8Array[] {
	const blocks: Uint8Array[] = [];
	for (let at = 0; at < apdu.length; at += most) {
		const data = apdu.subarray(at, at + most);
		const number = blocks.length + 1;
		const control = GBT_STREAMING | (at + most >= apdu.length ? GBT_LAST : 0);
		const header = [GENERAL_BLOCK_TRANSFER, control, number >> 8, number & 0xff, 0, 0];
		appendLength(header, data.length);
		const block = joined(Uint8Array.from(header), data);
		blocks.push(at === 0 ? withLlc(block) : block);
	}
	return blocks;
}

export interface HdlcOptions {
	/** Address bytes as on the wire: Kamstrup 2B and 21. */
	readonly destination: readonly number[];
	readonly source: readonly number[];
	readonly control?: number;
	/** Control byte of segments that are not the last (Iskraemeco 03). */
	readonly segmentControl?: number;
	/** Most bytes of an information field; longer messages are segmented. */
	readonly mostInfo?: number;
	/** One flag closes a frame and opens the next. */
	readonly sharedFlags?: boolean;
}

const UNNUMBERED = 0x13;
const FORMAT_TYPE_3 = 0xa0;
const SEGMENTED = 0x08;
const MOST_INFO = 1010;

/** The message (LLC and APDU) in one HDLC frame, or segmented in several. */
export function hdlcFrames(message: Uint8Array, checksums: Checksums, options: HdlcOptions): Uint8Array {
	const {
		mostInfo = MOST_INFO,
		control = UNNUMBERED,
		segmentControl = control,
		sharedFlags = false,
	} = options;
	const frames: Uint8Array[] = [];
	for (let at = 0; at === 0 || at < message.length; at += mostInfo) {
		const more = at + mostInfo < message.length;
		const info = message.subarray(at, at + mostInfo);
		const { destination, source } = options;
		const headerLength = 2 + destination.length + source.length + 1;
		const length = headerLength + 2 + info.length + (info.length > 0 ? 2 : 0);
		const frame = new Uint8Array(length + 2);
		frame.set([
			FLAG,
			FORMAT_TYPE_3 | (more ? SEGMENTED : 0) | (length >> 8),
			length & 0xff,
			...destination,
			...source,
			more ? segmentControl : control,
		]);
		if (info.length > 0) {
			putChecksum(frame, 1 + headerLength, checksums);
			frame.set(info, 1 + headerLength + 2);
		}
		putChecksum(frame, length - 1, checksums);
		frame[length + 1] = FLAG;
		frames.push(sharedFlags && at > 0 ? frame.subarray(1) : frame);
	}
	return joined(...frames);
}

const MBUS_CONTROL = 0x53;
const MBUS_BROADCAST = 0xff;
const MBUS_STSAP = 0x01;
const MBUS_DTSAP = 0x67;
const MBUS_LAST = 0x10;
const MBUS_STOP = 0x16;
const MBUS_HEADER = 5;
/** Longest data field of a frame whose length byte is at most FA, as Kaifa sends it. */
const MOST_MBUS_DATA = 245;

/** The APDU in M-Bus long frames. `mostData` over 250 makes the length byte wrap, as on Sagemcom's T210-D. */
export function mbusFrames(apdu: Uint8Array, mostData = MOST_MBUS_DATA): Uint8Array {
	const frames: Uint8Array[] = [];
	for (let at = 0; at === 0 || at < apdu.length; at += mostData) {
		const data = apdu.subarray(at, at + mostData);
		const last = at + mostData >= apdu.length;
		const length = (MBUS_HEADER + data.length) & 0xff;
		const ci = ((frames.length / 3) & 0x0f) | (last ? MBUS_LAST : 0);
		const body = joined(Uint8Array.of(MBUS_CONTROL, MBUS_BROADCAST, ci, MBUS_STSAP, MBUS_DTSAP), data);
		let sum = 0;
		for (const byte of body) sum += byte;
		frames.push(
			Uint8Array.of(LONG_START, length, length, LONG_START),
			body,
			Uint8Array.of(sum & 0xff, MBUS_STOP),
		);
	}
	return joined(...frames);
}

function putChecksum(frame: Uint8Array, at: number, checksums: Checksums): void {
	const crc = checksums.x25(frame, 1, at);
	frame[at] = crc & 0xff;
	frame[at + 1] = crc >> 8;
}

function fourBytes(value: number): number[] {
	return [value >>> 24, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff];
}
