// The portal's name server (RFC 1035): every name has the access point's address, so that whatever a phone asks for
// leads to the portal. Query bytes in, answer bytes out; no socket.

const HEADER_LENGTH = 12;
/** RFC 1035, 2.3.4: the longest message over UDP, and the longest name. */
const LONGEST_MESSAGE = 512;
const LONGEST_NAME = 255;
const LONGEST_LABEL = 63;
const FIXED_QUESTION = 4;
const ANSWER_LENGTH = 16;

const FLAGS_AT = 2;
const QUESTIONS_AT = 4;
const ANSWERS_AT = 6;

const RESPONSE = 0b1000_0000;
const OPCODE = 0b0111_1000;
const AUTHORITATIVE = 0b0000_0100;
const RECURSION_DESIRED = 0b0000_0001;
const RECURSION_AVAILABLE = 0b1000_0000;
const NOT_IMPLEMENTED = 4;

const TYPE_A = 1;
const TYPE_ANY = 255;
const CLASS_IN = 1;
const CLASS_ANY = 255;

/** A pointer to the question's name (RFC 1035, 4.1.4). */
const POINTER = 0xc000 | HEADER_LENGTH;
/** Seconds: when the phone is back in the house, the names are to lead to their owners again. */
const TIME_TO_LIVE = 5;
const ADDRESS_LENGTH = 4;

/**
 * The answer to one query: `address` (four numbers) for A and ANY, none for all other types, so that a phone takes
 * the address it gets for A. `undefined` for what is no query, or a damaged one. Never longer than the query and 16 bytes.
 */
export function portalAnswer(query: Uint8Array, address: readonly number[]): Uint8Array | undefined {
	if (query.length < HEADER_LENGTH || query.length > LONGEST_MESSAGE) return undefined;
	const flags = query[FLAGS_AT] as number;
	if (flags & RESPONSE) return undefined;
	if (flags & OPCODE) return header(query, HEADER_LENGTH, 0, NOT_IMPLEMENTED);
	if (number16(query, QUESTIONS_AT) !== 1) return undefined;
	const nameEnd = endOfName(query);
	if (nameEnd === undefined || nameEnd + FIXED_QUESTION > query.length) return undefined;
	const type = number16(query, nameEnd);
	const kind = number16(query, nameEnd + 2);
	const known = (type === TYPE_A || type === TYPE_ANY) && (kind === CLASS_IN || kind === CLASS_ANY);
	// What follows the question (EDNS and the like) is left out, and so counted as none.
	const end = nameEnd + FIXED_QUESTION;
	const answer = header(query, end + (known ? ANSWER_LENGTH : 0), 1, 0);
	answer.set(query.subarray(HEADER_LENGTH, end), HEADER_LENGTH);
	if (!known) return answer;
	answer[ANSWERS_AT + 1] = 1;
	const view = new DataView(answer.buffer, end);
	view.setUint16(0, POINTER);
	view.setUint16(2, TYPE_A);
	view.setUint16(4, CLASS_IN);
	view.setUint32(6, TIME_TO_LIVE);
	view.setUint16(10, ADDRESS_LENGTH);
	answer.set(address, end + 12);
	return answer;
}

/** `192.168.4.1` as four numbers; `undefined` where it is no such address. */
export function addressBytes(text: string): readonly number[] | undefined {
	const parts = text.split(".").map(Number);
	const fits = (part: number) => Number.isInteger(part) && part >= 0 && part <= 0xff;
	return parts.length === ADDRESS_LENGTH && parts.every(fits) ? parts : undefined;
}

function header(query: Uint8Array, length: number, questions: number, code: number): Uint8Array {
	const answer = new Uint8Array(length);
	answer[0] = query[0] as number;
	answer[1] = query[1] as number;
	const flags = query[FLAGS_AT] as number;
	answer[FLAGS_AT] = RESPONSE | (flags & (OPCODE | RECURSION_DESIRED)) | AUTHORITATIVE;
	answer[FLAGS_AT + 1] = RECURSION_AVAILABLE | code;
	answer[QUESTIONS_AT + 1] = questions;
	return answer;
}

/** The offset behind the question's name; `undefined` where it is damaged. A question's name is never a pointer. */
function endOfName(query: Uint8Array): number | undefined {
	let at = HEADER_LENGTH;
	while (at < query.length && at - HEADER_LENGTH < LONGEST_NAME) {
		const length = query[at] as number;
		if (length === 0) return at + 1;
		if (length > LONGEST_LABEL) return undefined;
		at += 1 + length;
	}
	return undefined;
}

function number16(bytes: Uint8Array, at: number): number {
	return ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
}
