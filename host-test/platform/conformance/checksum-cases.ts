// `crc` behind hardware/checksums.ts: the check values of the catalogue of parametrised CRC algorithms.

import { NativeChecksums } from "../../../hardware/checksums.js";
import { bytesOf, differs } from "./bytes.js";
import type { ConformanceCase } from "./conformance.js";

export const checksumCases: readonly ConformanceCase[] = [
	{
		name: "crc: check values of ARC, X-25 and XMODEM over a part of a buffer, twice in a row",
		run(_, done) {
			const checksums = new NativeChecksums();
			const bytes = bytesOf("xx123456789yy");
			for (let round = 0; round < 2; round++) {
				const problem =
					differs("CRC-16/ARC", checksums.arc(bytes, 2, 11), 0xbb3d) ??
					differs("CRC-16/X-25", checksums.x25(bytes, 2, 11), 0x906e) ??
					differs("CRC-16/XMODEM", checksums.xmodem(bytes, 2, 11), 0x31c3);
				if (problem) return done(problem);
			}
			done();
		},
	},
];
