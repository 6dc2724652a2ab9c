// Packets of SNTP (RFC 4330; RFC 5905, 7.3): the client's question and what a server's answer says. Bytes only.

export const NTP_PORT = 123;
const PACKET_LENGTH = 48;
/** No leap warning, version 4, client. */
const CLIENT = 0b00_100_011;
const MODE = 0b111;
const SERVER = 4;
const LEAP = 0b1100_0000;
/** Leap indicator 3: the server does not know the time itself. */
const UNSYNCHRONISED = 0b1100_0000;
const MOST_STRATUM = 15;
const ORIGINATE_AT = 24;
const RECEIVE_AT = 32;
const TRANSMIT_AT = 40;
export const NONCE_LENGTH = 8;

/** Seconds from 1900 to 1970. */
const EPOCH = 2_208_988_800;
/** Era 1 begins on 2036-02-07: seconds below 2^31 are of it (RFC 4330, 3). */
const ERA = 2 ** 32;
const HALF = 2 ** 31;

/** A question. `nonce` stands where the client's time would: the answer repeats it, which nobody else can. */
export function ntpQuestion(nonce: Uint8Array): Uint8Array {
	const packet = new Uint8Array(PACKET_LENGTH);
	packet[0] = CLIENT;
	packet.set(nonce.subarray(0, NONCE_LENGTH), TRANSMIT_AT);
	return packet;
}

/**
 * Milliseconds since 1970 when the answer left the server, and how long it had the question. `undefined` for what is
 * no answer to the question with that nonce, or says that the server is not to be trusted.
 */
export function ntpAnswer(
	packet: Uint8Array,
	nonce: Uint8Array,
): { readonly time: number; readonly heldMs: number } | undefined {
	if (packet.length < PACKET_LENGTH) return undefined;
	const first = packet[0] as number;
	const stratum = packet[1] as number;
	if ((first & MODE) !== SERVER || (first & LEAP) === UNSYNCHRONISED) return undefined;
	// Stratum 0 is a kiss of death: ask elsewhere.
	if (stratum === 0 || stratum > MOST_STRATUM) return undefined;
	for (let at = 0; at < NONCE_LENGTH; at++) if (packet[ORIGINATE_AT + at] !== nonce[at]) return undefined;
	const view = new DataView(packet.buffer, packet.byteOffset, packet.byteLength);
	const transmitted = timestamp(view, TRANSMIT_AT);
	if (transmitted === undefined) return undefined;
	const held = transmitted - (timestamp(view, RECEIVE_AT) ?? transmitted);
	return { time: transmitted, heldMs: Math.max(0, held) };
}

/** Milliseconds since 1970; `undefined` where there is none. */
function timestamp(view: DataView, at: number): number | undefined {
	const seconds = view.getUint32(at);
	if (seconds === 0) return undefined;
	const since1900 = seconds < HALF ? seconds + ERA : seconds;
	return (since1900 - EPOCH) * 1000 + (view.getUint32(at + 4) * 1000) / ERA;
}
