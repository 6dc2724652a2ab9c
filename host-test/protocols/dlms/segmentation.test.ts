// Property: however a message is cut into HDLC segments, and however their bytes are cut into deliveries, it is read as
// if it had come whole. The message is written here byte by byte (PROTOCOLS.md 6 and 7.2), its numbers are the property's.

import fc from "fast-check";
import { dlms } from "../../../protocols/dlms/dlms.js";
import { hdlcFrames } from "../../../protocols/dlms/encode/frames.js";
import { checksums, hex, joined, options, readings, rejections, valueOf } from "./support.js";

/** LLC (whole in the first segment: three bytes at least), data-notification without time, array of one structure {1-0:1.7.0, u32 power, {scaler 0, W}}. */
function notification(power: number): Uint8Array {
	const number = new Uint8Array(4);
	new DataView(number.buffer).setUint32(0, power);
	return joined(
		hex("E6E700 0F 40000000 00 01 01 02 03 09 06 0100010700FF 06"),
		number,
		hex("02 02 0F 00 16 1B"),
	);
}

test("a message is read alike in segments of any size, delivered in pieces of any size", () => {
	const u32 = fc.integer({ min: 0, max: 0xffff_ffff });
	const sizes = fc.array(fc.integer({ min: 1, max: 64 }), { minLength: 1, maxLength: 8 });
	fc.assert(
		fc.property(
			u32,
			fc.integer({ min: 3, max: 60 }),
			fc.boolean(),
			sizes,
			(power, mostInfo, sharedFlags, cuts) => {
				const wire = hdlcFrames(notification(power), checksums, {
					destination: [0x41],
					source: [0x08, 0x83],
					mostInfo,
					sharedFlags,
				});
				const session = dlms.open(options());
				const actions = [];
				for (let at = 0, turn = 0; at < wire.length; turn++) {
					const end = at + (cuts[turn % cuts.length] as number);
					actions.push(...session.receive(wire.subarray(at, end), 0));
					at = end;
				}
				actions.push(...session.end(0));
				expect(rejections(actions)).toEqual([]);
				expect(readings(actions).map((reading) => valueOf(reading, "power_import"))).toEqual([`${power} W`]);
			},
		),
	);
});
