// Frames for the tests, made by the project's encoders from values given here; expectations stand in the tests.

import { cosemTimeBytes } from "../../../protocols/dlms/cosem-time.js";
import { hdlcFrames, notification, withLlc } from "../../../protocols/dlms/encode/frames.js";
import { kamstrupList } from "../../../protocols/dlms/encode/kamstrup-list.js";
import { checksums } from "./support.js";

export const TIME = cosemTimeBytes({
	year: 2019,
	month: 1,
	day: 31,
	weekday: 4,
	hour: 13,
	minute: 36,
	second: 10,
});

/** Kamstrup: client 21, server 16. */
export const KAMSTRUP_LINE = { destination: [0x2b], source: [0x21] } as const;

const IDENTITY = { meterId: "5706567000000000", meterType: "6841121BN243101040" };

export const KAMSTRUP_10_S = notification(
	kamstrupList({
		...IDENTITY,
		powers: [3771, 0, 12, 493],
		currents: [896, 4512, 0],
		voltages: [225, 231, 230],
	}),
	{ time: TIME },
);

export const KAMSTRUP_HOURLY = notification(
	kamstrupList({
		...IDENTITY,
		powers: [10050, 0, 0, 279],
		currents: [4512, 100, 7],
		voltages: [223, 224, 225],
		clock: TIME,
		energies: [7745250, 0, 13731, 1141587],
	}),
	{ time: TIME },
);

export const KAMSTRUP_ONE_PHASE = notification(
	kamstrupList({ ...IDENTITY, powers: [1896, 0, 0, 493], currents: [896], voltages: [225] }),
	{ time: TIME },
);

/** An APDU in one Kamstrup frame. */
export function framed(apdu: Uint8Array): Uint8Array {
	return hdlcFrames(withLlc(apdu), checksums, KAMSTRUP_LINE);
}

export const FRAME_10_S = framed(KAMSTRUP_10_S);
export const FRAME_HOURLY = framed(KAMSTRUP_HOURLY);
