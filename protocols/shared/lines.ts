// How lines are set, as a short text: in memory it takes a tenth of the objects that it stands for.

import type { LineSettings } from "../protocol.js";

/** What a format such as `7E1` means: data bits, parity, stop bits. */
export function characterFormat(format: string): Pick<LineSettings, "dataBits" | "parity" | "stopBits"> {
	const parity = format[1] === "E" ? "even" : format[1] === "O" ? "odd" : "none";
	return { dataBits: format[0] === "7" ? 7 : 8, parity, stopBits: format[2] === "2" ? 2 : 1 };
}

/** `9600 7E1`; `9600 7E1 inverted` where the receive line is. */
export function lineOf(text: string): LineSettings {
	const [baud, format = "", inverted] = text.split(" ");
	return {
		baud: Number(baud),
		...characterFormat(format),
		invertReceive: inverted !== undefined,
		invertTransmit: false,
	};
}

/** Several such, with a comma and a blank between; made anew each time. */
export function linesOf(text: string): readonly [LineSettings, ...LineSettings[]] {
	const [usual = "", ...others] = text.split(", ");
	return [lineOf(usual), ...others.map(lineOf)];
}
