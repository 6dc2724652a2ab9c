// `meter-serial` of XS on Linux: the SDK's own class, which knows 8N1 only and counts nothing. As the ESP32's, it gives so many
// bytes at once that a line which fell behind brings one reading a turn of the main loop, and outputs have theirs between.

import Serial from "embedded:io/serial";
import type { SerialOptions } from "../sdk.js";

/** As `MOST_AT_ONCE` of meter-serial.c. */
const MOST_AT_ONCE = 2048;

interface SdkSerial {
	read(count: number): ArrayBuffer | undefined;
}

const Base = Serial as unknown as new (options: SerialOptions) => SdkSerial;

export default class LinuxSerial extends Base {
	override read(): ArrayBuffer | undefined {
		return super.read(MOST_AT_ONCE);
	}
}
