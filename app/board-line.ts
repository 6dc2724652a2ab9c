// The meter's line as settings and board make it: how it speaks, and on which pins. What is doubtful about them goes to health.

import type { Board } from "../hardware/boards/board.js";
import type { BoardChoice } from "../hardware/boards/choice.js";
import type { LineOptions } from "../hardware/line.js";
import { chooseLine } from "../protocols/line-choice.js";
import type { LineSettings, Protocol } from "../protocols/protocol.js";
import { type Settings, USUAL_FORMAT } from "../settings/schema.js";

/** The line that the settings choose; 0 and "usual" choose nothing. Whether it is inverted is the board's fact. */
export function lineSettings(
	protocol: Protocol,
	{ meter }: Settings,
	board: Board | undefined,
): LineSettings {
	const baud = Number(meter?.baud ?? 0);
	const format = `${meter?.format ?? USUAL_FORMAT}`;
	const chosen = chooseLine(
		protocol,
		baud === 0 ? undefined : baud,
		format === USUAL_FORMAT ? undefined : format,
	);
	const { invertReceive = chosen.invertReceive, invertTransmit = chosen.invertTransmit } = board ?? {};
	return { ...chosen, invertReceive, invertTransmit };
}

/** The line on the board's pins where no port is named; throws where its pins cannot be. */
export function onBoard(options: LineOptions, { board, lineProblem }: BoardChoice): LineOptions {
	if (options.port !== "" || (!board && !lineProblem)) return options;
	if (!board || lineProblem) throw new Error(`the pins cannot be used: ${lineProblem}`);
	const { uart, receive, transmit } = board.pins;
	return { ...options, pins: { port: uart, receive, ...(transmit === undefined ? {} : { transmit }) } };
}

/** What is wrong or doubtful about the board's pins, for health. */
export function boardWarnings({ problems, cautions }: BoardChoice): readonly string[] {
	return [...problems, ...cautions].map(({ setting, problem }) => `${setting}: ${problem}`);
}
