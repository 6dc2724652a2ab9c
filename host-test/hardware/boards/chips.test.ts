// What each chip allows its pins. Expected facts: ESP-IDF v6.0, docs/en/api-reference/peripherals/gpio/<chip>.inc.

import {
	type BoardPins,
	type ChipName,
	chipNamed,
	pinCautions,
	pinProblems,
} from "../../../hardware/boards/chips";

const pins = (more: Partial<BoardPins>): BoardPins => ({ uart: 1, receive: 4, ...more });
const usesOf = (found: readonly { readonly use: string }[]) => found.map(({ use }) => use);

describe("chips", () => {
	test.each<[ChipName, number]>([
		["esp32", 34],
		["esp32c3", 22],
		["esp32s3", 45],
		["esp32c6", 31],
	])("the %s has %i GPIOs", (name, count) => {
		const numbers = Array.from({ length: 64 }, (_, gpio) => gpio);
		const existing = numbers.filter((gpio) =>
			pinProblems(chipNamed(name), { uart: 1, receive: gpio }).every(
				({ problem }) => !problem.includes("does not exist"),
			),
		);
		expect(existing).toHaveLength(count);
	});

	test.each<[ChipName, readonly number[]]>([
		["esp32", [6, 7, 8, 9, 10, 11]],
		["esp32c3", [12, 13, 14, 15, 16, 17]],
		["esp32s3", [26, 27, 28, 29, 30, 31, 32]],
		["esp32c6", [24, 25, 26, 27, 28, 29, 30]],
	])("the flash of the %s keeps its pins", (name, flash) => {
		for (const gpio of flash)
			expect(pinProblems(chipNamed(name), pins({ receive: gpio }))).toEqual([
				{ use: "receive", problem: `GPIO ${gpio} is wired to the flash memory` },
			]);
	});

	test("GPIO 34 to 39 of the ESP32 receive, but drive nothing and hold no button up", () => {
		const esp32 = chipNamed("esp32");
		for (let gpio = 34; gpio <= 39; gpio++) {
			expect(pinProblems(esp32, pins({ receive: gpio }))).toEqual([]);
			for (const use of ["transmit", "dataRequest", "led", "portPower", "button"] as const)
				expect(usesOf(pinProblems(esp32, pins({ [use]: gpio })))).toEqual([use]);
		}
	});

	test("a pin serves one purpose; the second is told which came first", () => {
		expect(pinProblems(chipNamed("esp32c3"), pins({ transmit: 5, led: 5 }))).toEqual([
			{ use: "led", problem: "GPIO 5 is already used for transmit" },
		]);
	});

	test("pins that the board itself uses are refused", () => {
		expect(pinProblems(chipNamed("esp32"), pins({ receive: 21 }), [21])).toEqual([
			{ use: "receive", problem: "GPIO 21 is used by the board itself" },
		]);
	});

	test.each<[ChipName, number]>([
		["esp32", 2],
		["esp32c3", 1],
		["esp32s3", 2],
		["esp32c6", 1],
	])("the %s has UARTs up to %i", (name, last) => {
		const chip = chipNamed(name);
		expect(pinProblems(chip, pins({ uart: last, receive: 21 }))).toEqual([]);
		expect(usesOf(pinProblems(chip, pins({ uart: last + 1, receive: 21 })))).toEqual(["uart"]);
		expect(usesOf(pinProblems(chip, pins({ uart: -1, receive: 21 })))).toEqual(["uart"]);
	});

	test.each<[ChipName, readonly number[]]>([
		["esp32", [0, 2, 5, 12, 15]],
		["esp32c3", [2, 8, 9]],
		["esp32s3", [0, 3, 45, 46]],
		["esp32c6", [4, 5, 8, 9, 15]],
	])("strapping pins of the %s are a caution on the line, none for LED and button", (name, strapping) => {
		const chip = chipNamed(name);
		for (const gpio of strapping) {
			expect(pinProblems(chip, { uart: 1, receive: gpio })).toEqual([]);
			expect(pinCautions(chip, { uart: 1, receive: gpio })[0]?.problem).toContain("read at reset");
			for (const use of ["led", "button"] as const)
				expect(usesOf(pinCautions(chip, { uart: 1, receive: 21, [use]: gpio }))).not.toContain(use);
		}
	});

	test.each<[ChipName, readonly number[]]>([
		["esp32c3", [18, 19]],
		["esp32s3", [19, 20]],
		["esp32c6", [12, 13]],
	])("USB lines of the %s are a caution", (name, lines) => {
		for (const gpio of lines)
			expect(pinCautions(chipNamed(name), pins({ receive: gpio }))[0]?.problem).toContain(
				"USB stops working",
			);
	});

	test.each<[ChipName, readonly number[]]>([
		["esp32", [3, 1]],
		["esp32c3", [20, 21]],
		["esp32s3", [44, 43]],
		["esp32c6", [17, 16]],
	])("the pins of UART 0 are a caution on the %s", (name, uart0) => {
		for (const gpio of uart0)
			expect(pinCautions(chipNamed(name), pins({ receive: gpio }))[0]?.problem).toContain(
				"belongs to UART 0",
			);
	});

	test("numbers that are none are refused, not crashed on", () => {
		for (const gpio of [Number.NaN, 3.5, 1e9, -7])
			expect(usesOf(pinProblems(chipNamed("esp32s3"), pins({ receive: gpio })))).toEqual(["receive"]);
	});
});
