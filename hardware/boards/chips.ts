// What each chip allows its pins to do, and what follows for a board's wiring: in plain words, for a person who fills
// in a form. Knows no board and touches no hardware.
// Sources: ESP-IDF v6.0 docs/en/api-reference/peripherals/gpio/<chip>.inc (GPIOs that exist, strapping, flash, USB-JTAG,
// input only), components/soc/<chip>/include/soc/{soc_caps,uart_pins}.h (number of UARTs, UART0's pins).

/** As ESP-IDF calls the chip: also the SDK's ESP32_SUBCLASS. */
export type ChipName = "esp32" | "esp32c3" | "esp32s3" | "esp32c6";

export interface Chip {
	readonly name: ChipName;
	/** As people write it. */
	readonly title: string;
	/** UARTs that the driver knows (the C6's low-power UART is none of them). */
	readonly uarts: number;
	/**
	 * What each GPIO is, from 0 on, one character each. `.` free; blank: does not exist; `f` wired to the flash chip of every
	 * module; `i` input only: no output driver, no pull-up, no pull-down. Free with a caution: `s` strapping, read at reset
	 * to choose how the chip starts; `u` wired to the USB socket of many boards; `c` receive or transmit of UART0, as the boot
	 * messages and xsbug use it; `m` wired to memory in some modules only (of the C6 10 and 11 are not led out of chips with
	 * flash inside, 14 not of those without).
	 */
	readonly gpios: string;
}

export const CHIPS: readonly Chip[] = Object.freeze<Chip[]>([
	{ name: "esp32", title: "ESP32", uarts: 3, gpios: "scsc.sffffffs..smm.. ... ...    ..iiiiii" },
	{ name: "esp32c3", title: "ESP32-C3", uarts: 2, gpios: "..s.....ss..ffffffuucc" },
	{
		name: "esp32s3",
		title: "ESP32-S3",
		uarts: 3,
		gpios: "s..s...............uu.    fffffffmmmmm.....ccss..",
	},
	{ name: "esp32c6", title: "ESP32-C6", uarts: 2, gpios: "....ss..ssmmuumscc......fffffff" },
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

function problemWithPin({ gpios, title }: Chip, gpio: number, use: PinUse): string | undefined {
	if (gpio < 0) return "a pin is needed";
	switch (gpios[gpio] ?? " ") {
		case " ":
			return `GPIO ${gpio} does not exist on the ${title}`;
		case "f":
			return `GPIO ${gpio} is wired to the flash memory`;
		case "i":
			if (use === "button") return `GPIO ${gpio} has no pull-up for a button`;
			return OUTPUTS.includes(use) ? `GPIO ${gpio} is an input only and cannot drive anything` : undefined;
		default:
			return undefined;
	}
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

function cautionAbout({ gpios, title }: Chip, gpio: number, use: PinUse): string | undefined {
	switch (gpios[gpio]) {
		case "s":
			// Something outside the board may hold the pin high or low while the chip starts.
			return use === "led" || use === "button"
				? undefined
				: `GPIO ${gpio} is read at reset: what is wired to it may keep the chip from starting`;
		case "u":
			return `GPIO ${gpio} is a USB line: USB stops working`;
		case "c":
			return `GPIO ${gpio} belongs to UART 0: boot messages, and the debugger in a debug build`;
		case "m":
			return `GPIO ${gpio} is not free on every ${title} module`;
		default:
			return undefined;
	}
}
