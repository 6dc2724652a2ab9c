// The boards' table of docs/boards.md, from the descriptors: what the page must show.

import type { Board } from "../../../hardware/boards/board";
import { chipNamed } from "../../../hardware/boards/chips";

const PATHS = { p1: "P1", mbus: "M-Bus", any: "any" } as const;

/** A table in Markdown, one board a row; pins are GPIO numbers, `–` where there is none. */
export function boardTable(boards: readonly Board[]): string {
	const rows = boards.map(({ name, title, chip, path, pins, invertReceive, activeLow }) => {
		const pin = (gpio: number | undefined) => (gpio === undefined ? "–" : `${gpio}`);
		const output = (use: "dataRequest" | "led" | "portPower") =>
			`${pin(pins[use])}${activeLow.includes(use) ? " (on when low)" : ""}`;
		const inverted = invertReceive === undefined ? "as wired" : invertReceive ? "yes" : "no";
		const cells = [
			`\`${name}\``,
			title,
			chipNamed(chip).title,
			PATHS[path],
			`${pins.uart}`,
			`${pins.receive}`,
			pin(pins.transmit),
			output("dataRequest"),
			output("led"),
			pin(pins.button),
			output("portPower"),
			pin(pins.pulse),
			inverted,
		];
		return `| ${cells.join(" | ")} |`;
	});
	const head = [
		"name",
		"board",
		"chip",
		"path",
		"UART",
		"receive",
		"transmit",
		"data request",
		"LED",
		"button",
		"port power",
		"pulses",
		"receive inverted",
	];
	return [`| ${head.join(" | ")} |`, `|${"---|".repeat(head.length)}`, ...rows].join("\n");
}
