// Follows the packets of MQTT 3.1.1 that come from a broker, only to see messages without payload. Pure.

const PUBLISH = 3;
const QOS = 0b0000_0110;
/** Bytes of a topic's length, and of a message's id. */
const WORD = 2;

export class PacketWatch {
	/** The first byte of the packet; 0: it comes next. */
	#first = 0;
	/** Of its remaining length (MQTT 3.1.1, 2.2.3) what is known, and what its next seven bits count; 0: all are there. */
	#length = 0;
	#unit = 0;
	/** Bytes of its topic's length that are there, and their number. */
	#topic = 0;
	#known = 0;

	/** The next bytes, in pieces of any size; true where among them a message without payload begins. */
	hasEmptyMessage(bytes: Uint8Array): boolean {
		let found = false;
		for (let at = 0; at < bytes.length; ) {
			const byte = bytes[at] as number;
			if (this.#first === 0) {
				this.#first = byte;
				this.#unit = 1;
				this.#length = this.#topic = this.#known = 0;
				at++;
				continue;
			}
			if (this.#unit > 0) {
				this.#length += (byte & 0x7f) * this.#unit;
				this.#unit = byte & 0x80 ? this.#unit * 0x80 : 0;
				at++;
			} else if (this.#first >> 4 === PUBLISH && this.#known < WORD) {
				this.#topic = this.#topic * 256 + byte;
				this.#length--;
				at++;
				const head = this.#topic + (this.#first & QOS ? WORD : 0);
				if (++this.#known === WORD && this.#length === head) found = true;
			} else {
				const skipped = Math.min(this.#length, bytes.length - at);
				this.#length -= skipped;
				at += skipped;
			}
			if (this.#unit === 0 && this.#length <= 0) this.#first = 0;
		}
		return found;
	}
}
