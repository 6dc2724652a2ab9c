// KMP's application layer as bytes: requests, and the replies that an emulated meter gives.
// Contents only (destination, CID, data): frame.ts puts them on the wire. Source: Kamstrup 5512-447 chapter 6.

/** Destinations (chapter 3.2). */
export const METER = 0x3f;
export const TOP_MODULE = 0x7f;
export const BASE_MODULE = 0xbf;

export const GET_TYPE = 0x01;
export const GET_SERIAL_NO = 0x02;
export const SET_CLOCK = 0x09;
export const GET_REGISTER = 0x10;
export const GET_EVENT_STATUS = 0x9b;
export const GET_LOG_TIME_PRESENT = 0xa0;
export const GET_LOG_LAST_PRESENT = 0xa1;
export const GET_LOG_ID_PRESENT = 0xa2;
export const GET_LOG_TIME_PAST = 0xa3;

/** Registers in one GetRegister request, and in one log request. */
export const MOST_IN_REQUEST = 8;

/** A calendar time as the meter keeps it: local, no zone. `year` has four digits. */
export interface ClockTime {
	readonly year: number;
	readonly month: number;
	readonly day: number;
	readonly hour: number;
	readonly minute: number;
	readonly second: number;
}

export function getType(destination: number): Uint8Array {
	return Uint8Array.of(destination, GET_TYPE);
}

export function getSerialNo(destination: number): Uint8Array {
	return Uint8Array.of(destination, GET_SERIAL_NO);
}

export function getEventStatus(destination: number): Uint8Array {
	return Uint8Array.of(destination, GET_EVENT_STATUS);
}

/** Throws for none or more than eight registers. */
export function getRegister(destination: number, registers: readonly number[]): Uint8Array {
	return Uint8Array.of(destination, GET_REGISTER, ...registerList(registers));
}

/** Date and time are decimal digits in 32-bit numbers: 2007-07-30 is 70730. The meter answers with a lone 06. */
export function setClock(destination: number, time: ClockTime): Uint8Array {
	const date = (time.year % 100) * 10000 + time.month * 100 + time.day;
	const clock = time.hour * 10000 + time.minute * 100 + time.second;
	return Uint8Array.of(destination, SET_CLOCK, ...long(date), ...long(clock));
}

/** What all log requests share (chapter 6.3). `longest`: most bytes of the reply's application layer. */
export interface LogRequest {
	readonly log: number;
	readonly registers: readonly number[];
	readonly records: number;
	readonly longest: number;
}

/** A0: from that time towards now. */
export function getLogTimePresent(destination: number, request: LogRequest, time: ClockTime): Uint8Array {
	return Uint8Array.of(destination, GET_LOG_TIME_PRESENT, ...logHead(request), ...timeStamp(time));
}

/** A1: what was not read out yet, towards now. */
export function getLogLastPresent(destination: number, request: LogRequest): Uint8Array {
	return Uint8Array.of(destination, GET_LOG_LAST_PRESENT, ...logHead(request));
}

/** A2: from that record towards now. */
export function getLogIdPresent(destination: number, request: LogRequest, record: number): Uint8Array {
	return Uint8Array.of(destination, GET_LOG_ID_PRESENT, ...logHead(request), ...word(record));
}

/** A3: from that time towards the past, `skip` records left out. */
export function getLogTimePast(
	destination: number,
	request: LogRequest,
	time: ClockTime,
	skip: number,
): Uint8Array {
	return Uint8Array.of(
		destination,
		GET_LOG_TIME_PAST,
		...logHead(request),
		...timeStamp(time),
		...word(skip),
	);
}

/** Reply of an emulated meter to GetType: type, and software as letter (1 = A) and number. */
export function typeReply(destination: number, type: number, letter: number, revision: number): Uint8Array {
	return Uint8Array.of(destination, GET_TYPE, ...word(type), letter, revision);
}

export function serialNoReply(destination: number, serial: number): Uint8Array {
	return Uint8Array.of(destination, GET_SERIAL_NO, ...long(serial));
}

export function eventStatusReply(destination: number, status: readonly number[]): Uint8Array {
	return Uint8Array.of(destination, GET_EVENT_STATUS, ...status);
}

/** Reply to GetRegister; `value` is what `encodeValue` made. Registers that the meter lacks are just left out. */
export function registerReply(
	destination: number,
	registers: readonly { readonly register: number; readonly value: Uint8Array }[],
): Uint8Array {
	const bytes = [destination, GET_REGISTER];
	for (const { register, value } of registers) bytes.push(...word(register), ...value);
	return Uint8Array.from(bytes);
}

/** Registers that a GetRegister request (destination, CID, data) asks for; `undefined` where its length is wrong. */
export function requestedRegisters(bytes: Uint8Array, length: number): readonly number[] | undefined {
	const count = bytes[2] ?? 0;
	if (bytes[1] !== GET_REGISTER || count < 1 || length !== 3 + 2 * count) return undefined;
	const registers: number[] = [];
	for (let at = 3; at < length; at += 2)
		registers.push(((bytes[at] as number) << 8) | (bytes[at + 1] as number));
	return registers;
}

function logHead({ log, registers, records, longest }: LogRequest): readonly number[] {
	return [log, ...registerList(registers), records, longest];
}

function registerList(registers: readonly number[]): readonly number[] {
	if (registers.length < 1 || registers.length > MOST_IN_REQUEST)
		throw new RangeError(`a request has 1 to ${MOST_IN_REQUEST} registers`);
	return [registers.length, ...registers.flatMap(word)];
}

/** YY MM DD hh mm ss and two unused bytes (chapter 4.3). */
function timeStamp({ year, month, day, hour, minute, second }: ClockTime): readonly number[] {
	return [year % 100, month, day, hour, minute, second, 0, 0];
}

function word(value: number): number[] {
	return [(value >> 8) & 0xff, value & 0xff];
}

function long(value: number): number[] {
	return [(value >>> 24) & 0xff, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff];
}
