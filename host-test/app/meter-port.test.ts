// The board's pins around the meter's line: which are opened, how, for whom, and that all are let go.

import { KeptFile } from "../../app/kept-file";
import { MeterLink } from "../../app/meter-link";
import { MeterPort } from "../../app/meter-port";
import { type Board, boardOf } from "../../hardware/boards/board";
import { esp32DevKit } from "../../hardware/boards/esp32-devkit/board";
import type { LineOptions } from "../../hardware/line";
import { digitalPins } from "../../hardware/pins";
import type { PulseLineOptions } from "../../hardware/pulse-line";
import { configuration } from "../../host/platform/configuration";
import { EmulatedPins } from "../../host/platform/emulated-pins";
import { dlms } from "../../protocols/dlms/dlms";
import { p1 } from "../../protocols/p1/p1";
import type { Protocol } from "../../protocols/protocol";
import { pulse } from "../../protocols/pulse/pulse";
import { encodeRecord } from "../../protocols/pulse/record";
import { tableChecksums } from "../../protocols/shared/checksums";
import type { Cipher } from "../../protocols/shared/cipher";
import { toText } from "../../readings/decimal";
import { findQuantity, type Reading } from "../../readings/reading";
import { defaultValues, type SettingValues } from "../../settings/setting";
import { FakeTime } from "../fake-timers";

const REQUEST = 25;
const POWER = 26;
const PULSE = 27;
const LINE = { openLine: () => {} };
const checksums = tableChecksums();

function board(pins: Partial<Board["pins"]>, activeLow: Board["activeLow"] = []): Board {
	const devKit = boardOf(esp32DevKit);
	const { uart, receive } = devKit.pins;
	return { ...devKit, pins: { uart, receive, ...pins }, activeLow };
}

let pins: EmulatedPins;
beforeEach(() => {
	pins = new EmulatedPins(() => 0);
	configuration.pins = pins;
});
afterAll(() => {
	configuration.pins = undefined;
});

/** A line that a test feeds, in place of a pin's. */
function pulseLine() {
	const opened: PulseLineOptions[] = [];
	let waiting: Uint8Array | undefined;
	return {
		opened,
		record(count: number, at: number) {
			waiting = encodeRecord({ count, at }, checksums);
			opened.at(-1)?.onReadable(waiting.length);
		},
		open: (options: PulseLineOptions) => {
			opened.push(options);
			return {
				read: () => {
					const bytes = waiting;
					waiting = undefined;
					return bytes;
				},
				write: () => {},
				set: () => {},
				counters: { bytes: 0, parity: 0, overflow: 0, framing: 0 },
				close: () => {},
			};
		},
	};
}

function port(
	protocol: Protocol,
	chosen: Board | undefined,
	settings: SettingValues = {},
	meter: SettingValues = {},
) {
	const time = new FakeTime();
	const log: string[] = [];
	const line = pulseLine();
	const device = {
		pins: digitalPins,
		openPulses: line.open,
		timers: time,
		now: time.now,
		log: (text: string) => log.push(text),
	};
	const owner = { lineFacts: () => ({ counters: undefined, sent: 0, openSince: undefined }) };
	const own = { ...defaultValues(protocol.settings), ...settings };
	const made = new MeterPort({ device, board: chosen, protocol, settings: own, meter, owner });
	return { time, log, line, port: made };
}

const options = (name: string): LineOptions => ({
	port: name,
	settings: p1.lines[0],
	onReadable: () => {},
	onError: () => {},
});

describe("Data Request", () => {
	test("is high on a P1 board, and released at the end", () => {
		const { port: opened } = port(p1, board({ dataRequest: REQUEST }));
		expect(pins.driven(REQUEST)).toBe(true);
		opened.close();
		expect(pins.driven(REQUEST)).toBeUndefined();
	});

	test("is low where the board turns it round", () => {
		port(p1, board({ dataRequest: REQUEST }, ["dataRequest"]));
		expect(pins.driven(REQUEST)).toBe(false);
	});

	test("is pulsed by setting", () => {
		const { time, port: opened } = port(p1, board({ dataRequest: REQUEST }), {
			dataRequest: "pulsed",
			dataRequestPeriod: 100,
		});
		opened.reading();
		expect(pins.driven(REQUEST)).toBe(false);
		time.advance(100_000);
		expect(pins.driven(REQUEST)).toBe(true);
	});

	test("is nobody's business but P1's", () => {
		port(dlms, board({ dataRequest: REQUEST }));
		expect(pins.driven(REQUEST)).toBeUndefined();
	});
});

describe("the port's supply", () => {
	test.each([dlms, p1, pulse])("is on for every protocol ($name)", (protocol) => {
		port(protocol, board({ portPower: POWER }));
		expect(pins.driven(POWER)).toBe(true);
	});

	test("is switched when a push has stopped, unless the setting forbids it", () => {
		const stop = (meter: SettingValues) => {
			const one = port(dlms, board({ portPower: POWER }), {}, meter);
			for (let index = 0; index < 5; index++) {
				one.port.reading();
				one.time.advance(10_000);
			}
			one.time.advance(57_000);
			const level = pins.driven(POWER);
			const [warning] = one.port.warnings();
			one.port.close();
			return { level, code: warning?.code };
		};
		expect(stop({})).toEqual({ level: false, code: "stopped" });
		expect(stop({ powerCycle: false })).toEqual({ level: true, code: "stopped" });
		expect(pins.driven(POWER)).toBeUndefined();
	});
});

test("a pin that cannot be opened is told, and done without", () => {
	pins.take(REQUEST);
	const { log } = port(p1, board({ dataRequest: REQUEST }));
	expect(log).toEqual([`board: dataRequest: pin ${REQUEST}: in use`]);
	configuration.pins = undefined;
	expect(port(p1, board({ dataRequest: REQUEST })).log).toEqual([
		`board: dataRequest: pin ${REQUEST}: no pins here`,
	]);
});

describe("pulses", () => {
	test("come from the board's pin where no port is named, as the settings say", () => {
		const settings = { pull: "none", activeLow: false, debounce: 40 };
		const { port: opened, line } = port(pulse, board({ pulse: PULSE }), settings);
		opened.openLine(options(""), () => {
			throw new Error("not this one");
		});
		expect(line.opened).toMatchObject([{ pin: PULSE, pull: "none", activeLow: false, debounce: 40 }]);
	});

	test("come from the port that is named", () => {
		const { port: opened, line } = port(pulse, board({ pulse: PULSE }));
		const asked: string[] = [];
		opened.openLine(options("socket://counter:4001"), (chosen) => {
			asked.push(chosen.port);
			return line.open({} as PulseLineOptions);
		});
		expect(asked).toEqual(["socket://counter:4001"]);
	});

	test("need a pin", () => {
		const open = () => port(pulse, board({})).port.openLine(options(""), LINE.openLine as never);
		expect(open).toThrow("the board has no pulse pin");
	});
});

test("pulses through link, file and a restart: the counter goes on where it stood", () => {
	const files = new Map<string, Uint8Array>();
	const device = {
		files: {
			read: (name: string) => files.get(name),
			write: (name: string, bytes: Uint8Array) => void files.set(name, bytes),
			remove: (name: string) => void files.delete(name),
		},
		log: () => {},
	};
	/** Counts some pulses, one a minute; returns what was told last. `cut`: the power goes. */
	const run = (pulses: number, cut: boolean) => {
		const { time, port: opened, line } = port(pulse, board({ pulse: PULSE }));
		const told: Reading[] = [];
		const link = new MeterLink({
			protocol: pulse,
			session: {
				checksums,
				cipher: {} as Cipher,
				settings: { ...defaultValues(pulse.settings), start: "1000" },
			},
			port: "",
			settings: pulse.lines[0],
			file: new KeptFile(device as never, pulse.name),
			timers: time,
			now: time.now,
			random: () => 0,
			log: () => {},
			owner: {
				openLine: (chosen) => opened.openLine(chosen, LINE.openLine as never),
				onReading: (reading) => told.push(reading),
				onRejected: () => {},
			},
		});
		time.advance(0);
		line.record(0, 0);
		for (let count = 1; count <= pulses; count++) {
			time.advance(60_000);
			line.record(count, time.now());
		}
		if (!cut) link.close();
		const value = told.at(-1) && findQuantity(told.at(-1) as Reading, "energy_import")?.value;
		return value === undefined || typeof value === "string" ? "" : toText(value);
	};
	expect(run(8, false)).toBe("1000.008");
	expect(run(4, false)).toBe("1000.012");
	expect(run(3, true)).toBe("1000.015");
	// A power cut: not below what was told, and not ten minutes' pulses above.
	const after = Number(run(0, false));
	expect(after).toBeGreaterThanOrEqual(1000.015);
	expect(after).toBeLessThanOrEqual(1000.025);
});

test("storage that is full is told once", () => {
	const log: string[] = [];
	const files = {
		read: () => undefined,
		write: () => {
			throw new Error("the storage is full");
		},
		remove: () => {},
	};
	const file = new KeptFile({ files, log: (line: string) => log.push(line) } as never, "pulse");
	file.keep(Uint8Array.of(1));
	file.keep(Uint8Array.of(1));
	expect(log).toEqual(["pulse.kept could not be written: Error: the storage is full"]);
});
