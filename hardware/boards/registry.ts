// Every board that a firmware is built for. A new board is a folder here and a line in this list.

import { type Board, boardOf } from "./board.js";
import { esp32C3 } from "./esp32-c3/board.js";
import { esp32C6 } from "./esp32-c6/board.js";
import { esp32DevKit } from "./esp32-devkit/board.js";
import { esp32S3 } from "./esp32-s3/board.js";
import { hanMosquito } from "./han-mosquito/board.js";
import { layblar } from "./layblar/board.js";
import { p1DonglePro } from "./p1-dongle-pro/board.js";
import { slimmelezerMini } from "./slimmelezer-mini/board.js";
import { wt32Eth01 } from "./wt32-eth01/board.js";

const LINES: readonly string[] = Object.freeze([
	esp32DevKit,
	esp32C3,
	esp32S3,
	esp32C6,
	p1DonglePro,
	slimmelezerMini,
	layblar,
	hanMosquito,
	wt32Eth01,
]);

/** Read anew at each call. */
export function allBoards(): readonly Board[] {
	return LINES.map(boardOf);
}

export function findBoard(name: string | undefined): Board | undefined {
	const line = LINES.find((each) => each.startsWith(`${name}|`));
	return line === undefined ? undefined : boardOf(line);
}
