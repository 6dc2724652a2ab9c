// The LLC sublayer's three bytes before a message (IEC 62056-46, 6.3): destination, source, quality.

export const LLC_BYTES = 3;
const DESTINATION = 0xe6;
const SOURCE_RESPONSE = 0xe7;
const SOURCE_COMMAND = 0xe6;

/** Whether an LLC header stands at `at`: `E6 E7 00` of a meter, or `E6 E6 00`. */
export function isLlc(bytes: Uint8Array, at: number, end: number): boolean {
	return (
		end - at >= LLC_BYTES &&
		bytes[at] === DESTINATION &&
		(bytes[at + 1] === SOURCE_RESPONSE || bytes[at + 1] === SOURCE_COMMAND) &&
		bytes[at + 2] === 0
	);
}
