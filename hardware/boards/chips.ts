// What each chip allows its pins to do, and what follows for a board's wiring: in plain words, for a person who fills
// in a form. Knows no board and touches no hardware.
// Sources: ESP-IDF v6.0 docs/en/api-reference/peripherals/gpio/<chip>.inc (GPIOs that exist, strapping, flash, USB-JTAG,
// input only), components/soc/<chip>/include/soc/{soc_caps,uart_pins}.h (number of UARTs, UART0's pins).

/** As ESP-IDF calls the chip: also the SDK's ESP32_SUBCLASS. */
export type ChipName = "esp32" | "esp32c3" | "esp32s3" | "esp32c6";

/** First and last GPIO of a row, both included. */
type Row = readonly [first: number, last: number];

export interface Chip {
	readonly name: ChipName;
	/** As people write it. */
	readonly title: string;
	readonly gpios: readonly Row[];
	/** No output driver, no pull-up, no pull-down. */
	readonly inputOnly: readonly Row[];
	/** Wired to the flash chip of every module. */
	readonly flash: readonly Row[];
	/** Wired to memory in some modules only. */
	readonly sometimesMemory: readonly Row[];
	/** Read at reset to choose how the chip starts. */
	readonly strapping: readonly number[];
	/** Wired to the USB socket of many boards. */
	readonly usb: readonly number[];
	/** UART0 as the boot messages and xsbug use it: receive, transmit. */
	readonly console: readonly [receive: number, transmit: number];
	/** UARTs that the driver knows (the C6's low-power UART is none of them). */
	readonly uarts: number;
}

export const CHIPS: readonly Chip[] = Object.freeze([
	Object.freeze({
		name: "esp32",
		title: "ESP32",
		gpios: Object.freeze<Row[]>([
			[0, 19],
			[21, 23],
			[25, 27],
			[32, 39],
		]),
		inputOnly: Object.freeze<Row[]>([[34, 39]]),
		flash: Object.freeze<Row[]>([[6, 11]]),
		sometimesMemory: Object.freeze<Row[]>([[16, 17]]),
		strapping: Object.freeze([0, 2, 5, 12, 15]),
		usb: Object.freeze([]),
		console: Object.freeze<[number, number]>([3, 1]),
		uarts: 3,
	}),
	Object.freeze({
		name: "esp32c3",
		title: "ESP32-C3",
		gpios: Object.freeze<Row[]>([[0, 21]]),
		inputOnly: Object.freeze<Row[]>([]),
		flash: Object.freeze<Row[]>([[12, 17]]),
		sometimesMemory: Object.freeze<Row[]>([]),
		strapping: Object.freeze([2, 8, 9]),
		usb: Object.freeze([18, 19]),
		console: Object.freeze<[number, number]>([20, 21]),
		uarts: 2,
	}),
	Object.freeze({
		name: "esp32s3",
		title: "ESP32-S3",
		gpios: Object.freeze<Row[]>([
			[0, 21],
			[26, 48],
		]),
		inputOnly: Object.freeze<Row[]>([]),
		flash: Object.freeze<Row[]>([[26, 32]]),
		sometimesMemory: Object.freeze<Row[]>([[33, 37]]),
		strapping: Object.freeze([0, 3, 45, 46]),
		usb: Object.freeze([19, 20]),
		console: Object.freeze<[number, number]>([44, 43]),
		uarts: 3,
	}),
	Object.freeze({
		name: "esp32c6",
		title: "ESP32-C6",
		gpios: Object.freeze<Row[]>([[0, 30]]),
		inputOnly: Object.freeze<Row[]>([]),
		flash: Object.freeze<Row[]>([[24, 30]]),
		// 10 and 11 are not led out of chips with flash inside, 14 not of those without.
		sometimesMemory: Object.freeze<Row[]>([
			[10, 11],
			[14, 14],
		]),
		strapping: Object.freeze([4, 5, 8, 9, 15]),
		usb: Object.freeze([12, 13]),
		console: Object.freeze<[number, number]>([17, 16]),
		uarts: 2,
	}),
]);

export function chipNamed(name: ChipName): Chip {
	return CHIPS.find((chip) => chip.name === name) as Chip;
}

/** What a pin can be for. The keys of `BoardPins` but for `uart`. */
export type PinUse = "receive" | "transmit" | "dataRequest" | "led" | "button" | "portPower" | "pulse";

export const PIN_USES: readonly PinUse[] = Object.freeze([
	"receive",
	"transmit",
	"dataRequest",
	"led",
	"button",
	"portPower",
	"pulse",
]);

/** Outputs that are on or off. */
export type OutputUse = "dataRequest" | "led" | "portPower";

export const OUTPUT_USES: readonly OutputUse[] = Object.freeze(["dataRequest", "led", "portPower"]);

const OUTPUTS: readonly PinUse[] = Object.freeze(["transmit", "dataRequest", "led", "portPower"]);
/** Uses where something outside the board may hold the pin high or low while the chip starts. */
const HELD_FROM_OUTSIDE: readonly PinUse[] = Object.freeze([
	"receive",
	"transmit",
	"dataRequest",
	"portPower",
	"pulse",
]);

/** GPIO numbers by use, and the UART's number. */
export interface BoardPins {
	/** The UART's number; any UART reaches any GPIO. */
	readonly uart: number;
	readonly receive: number;
	readonly transmit?: number;
	/** Output: asks a P1 meter to send. */
	readonly dataRequest?: number;
	readonly led?: number;
	/** Input with pull-up, low when pressed. */
	readonly button?: number;
	/** Output: switches the supply of the meter's port. */
	readonly portPower?: number;
	/** Input: S0 or pulse output of a meter. */
	readonly pulse?: number;
}

/** What a chip says about one setting: `use` names it. */
export interface PinProblem {
	readonly use: PinUse | "uart";
	/** Continues "GPIO 7 …" or "UART 3 …" without naming the setting. */
	readonly problem: string;
}

/**
 * Why the chip cannot do it: pins that do not exist or hold the flash, outputs without a driver, a pin used twice.
 * `reserved`: GPIOs that the board itself uses.
 */
export function pinProblems(
	chip: Chip,
	pins: BoardPins,
	reserved: readonly number[] = [],
): readonly PinProblem[] {
	const problems: PinProblem[] = [];
	if (!Number.isInteger(pins.uart) || pins.uart < 0 || pins.uart >= chip.uarts)
		problems.push({ use: "uart", problem: `must be from 0 to ${chip.uarts - 1} on the ${chip.title}` });
	for (const use of PIN_USES) {
		const gpio = pins[use];
		if (gpio === undefined) continue;
		const problem =
			problemWithPin(chip, gpio, use) ??
			(reserved.includes(gpio) ? `GPIO ${gpio} is used by the board itself` : usedTwice(pins, use, gpio));
		if (problem) problems.push({ use, problem });
	}
	return problems;
}

function problemWithPin(chip: Chip, gpio: number, use: PinUse): string | undefined {
	if (gpio < 0) return "a pin is needed";
	if (!within(chip.gpios, gpio)) return `GPIO ${gpio} does not exist on the ${chip.title}`;
	if (within(chip.flash, gpio)) return `GPIO ${gpio} is wired to the flash memory`;
	if (OUTPUTS.includes(use) && within(chip.inputOnly, gpio))
		return `GPIO ${gpio} is an input only and cannot drive anything`;
	if (use === "button" && within(chip.inputOnly, gpio)) return `GPIO ${gpio} has no pull-up for a button`;
	return undefined;
}

function usedTwice(pins: BoardPins, use: PinUse, gpio: number): string | undefined {
	const first = PIN_USES.find((other) => pins[other] === gpio);
	return first === use || first === undefined ? undefined : `GPIO ${gpio} is already used for ${first}`;
}

/** What works but wants a second look: pins that choose how the chip starts, USB, the console, memory of some modules. */
export function pinCautions(chip: Chip, pins: BoardPins): readonly PinProblem[] {
	const cautions: PinProblem[] = [];
	if (pins.uart === 0)
		cautions.push({ use: "uart", problem: "UART 0 belongs to the debugger in a debug build" });
	for (const use of PIN_USES) {
		const gpio = pins[use];
		if (gpio === undefined || problemWithPin(chip, gpio, use)) continue;
		const problem = cautionAbout(chip, gpio, use);
		if (problem) cautions.push({ use, problem });
	}
	return cautions;
}

function cautionAbout(chip: Chip, gpio: number, use: PinUse): string | undefined {
	if (chip.strapping.includes(gpio) && HELD_FROM_OUTSIDE.includes(use))
		return `GPIO ${gpio} is read at reset: what is wired to it may keep the chip from starting`;
	if (chip.usb.includes(gpio)) return `GPIO ${gpio} is a USB line: USB stops working`;
	if (chip.console.includes(gpio))
		return `GPIO ${gpio} belongs to UART 0: boot messages, and the debugger in a debug build`;
	if (within(chip.sometimesMemory, gpio)) return `GPIO ${gpio} is not free on every ${chip.title} module`;
	return undefined;
}

function within(rows: readonly Row[], gpio: number): boolean {
	return rows.some(([first, last]) => gpio >= first && gpio <= last) && Number.isInteger(gpio);
}
