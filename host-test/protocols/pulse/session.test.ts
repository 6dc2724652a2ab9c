// Pulses to readings. Expected values are worked out by hand: 1000 imp/kWh are 3.6 MJ a thousand, so a pulse each
// 3.6 s is 1000 W.

import type { Action } from "../../../protocols/protocol";
import { pulse } from "../../../protocols/pulse/pulse";
import { encodeRecord } from "../../../protocols/pulse/record";
import { tableChecksums } from "../../../protocols/shared/checksums";
import type { Cipher } from "../../../protocols/shared/cipher";
import { toText } from "../../../readings/decimal";
import { defaultValues, type SettingValues } from "../../../settings/setting";

const checksums = tableChecksums();

/** A counter on a line, with a clock of its own that begins with the session. */
class Counter {
	readonly session;
	now = 0;
	count = 0;
	kept: Uint8Array | undefined;
	readonly keeps: { readonly at: number; readonly bytes: Uint8Array }[] = [];
	readonly rejections: string[] = [];
	readonly readings: (Record<string, string> & { readonly at: string })[] = [];
	#wake = 0;

	constructor(settings: SettingValues = {}, kept?: Uint8Array) {
		this.kept = kept;
		this.session = pulse.open({
			checksums,
			cipher: {} as Cipher,
			settings: { ...defaultValues(pulse.settings), ...settings },
			kept,
		});
		this.#act(this.session.tick(0));
		this.record(0, 0);
	}

	/** Lets time pass with its ticks. */
	advance(milliseconds: number): void {
		const until = this.now + milliseconds;
		while (this.#wake <= until && this.#wake > this.now) {
			this.now = this.#wake;
			this.#act(this.session.tick(this.now));
		}
		this.now = until;
	}

	/** A pulse after `milliseconds`. */
	pulse(milliseconds: number, pulses = 1): void {
		this.advance(milliseconds);
		this.count += pulses;
		this.record(this.count, this.now);
	}

	record(count: number, at: number): void {
		this.bytes(encodeRecord({ count: count >>> 0, at: at >>> 0 }, checksums));
	}

	bytes(bytes: Uint8Array): void {
		this.#act(this.session.receive(bytes, this.now));
	}

	end(): void {
		this.#act(this.session.end(this.now));
	}

	get last(): Record<string, string> {
		return this.readings.at(-1) ?? {};
	}

	#act(actions: readonly Action[]): void {
		for (const action of actions) {
			if (action.do === "wakeAt") this.#wake = action.time;
			else if (action.do === "keep") {
				this.kept = action.bytes;
				this.keeps.push({ at: this.now, bytes: action.bytes });
			} else if (action.do === "rejected") this.rejections.push(action.rejection.code);
			else if (action.do === "reading") {
				const values: Record<string, string> & { at: string } = { at: `${this.now}` };
				for (const { name, value, unit } of action.reading.quantities)
					values[name] = `${typeof value === "string" ? value : toText(value)}${unit ? ` ${unit}` : ""}`;
				this.readings.push(values);
			}
		}
	}
}

describe("the counter's value", () => {
	test("1000 imp/kWh: start and pulses, to the last digit", () => {
		const counter = new Counter({ start: "12345.6" });
		expect(counter.last).toMatchObject({ energy_import: "12345.600 kWh", pulse_count: "0" });
		for (let index = 0; index < 7; index++) counter.pulse(20_000);
		expect(counter.last).toMatchObject({ energy_import: "12345.607 kWh", pulse_count: "7" });
	});

	test.each([
		[1, 3, "3"],
		[100, 3, "0.03"],
		[800, 3, "0.00375"],
		[10_000, 12_345, "1.2345"],
		// 1/375 does not end: three digits tell pulses apart, rounded down, and 375 pulses are one to the digit.
		[375, 1, "0.002"],
		[375, 374, "0.997"],
		[375, 375, "1.000"],
		[375, 375_000, "1000.000"],
		[1_000_000, 1, "0.000001"],
	])("%i a unit, %i pulses: %s", (pulses, count, text) => {
		const counter = new Counter({ pulses, mostRate: 1000 });
		counter.pulse(400_000, count);
		expect(counter.last.energy_import).toBe(`${text} kWh`);
	});

	test("never drifts and never falls, whatever the pulses for a kWh", () => {
		const counter = new Counter({ pulses: 96, start: "0.05" });
		let before = 0;
		for (let index = 1; index <= 960; index++) {
			counter.pulse(11_000);
			const value = Number.parseFloat(`${counter.last.energy_import}`);
			expect(value).toBeGreaterThanOrEqual(before);
			before = value;
		}
		expect(counter.last.energy_import).toBe("10.05 kWh");
	});

	test.each([
		["gas", 100, "gas_volume", "0.02 m³", "flow", "120 L/h"],
		["water", 1000, "water_volume", "0.002 m³", "flow", "12 L/h"],
		["electricity_export", 1000, "energy_export", "0.002 kWh", "power_export", "12 W"],
	])("%s has its names and units", (medium, pulses, counterName, value, rateName, rate) => {
		const counter = new Counter({ medium, pulses });
		counter.pulse(1000);
		counter.pulse(300_000);
		expect(counter.last).toMatchObject({ [counterName]: value, [rateName]: rate });
	});

	test("a start that is no number is said, and counts from 0", () => {
		expect(pulse.warnings?.({ start: "12 kWh" })).toHaveLength(1);
		expect(pulse.warnings?.({ start: "12.5" })).toEqual([]);
		expect(new Counter({ start: "12 kWh" }).last.energy_import).toBe("0.000 kWh");
	});
});

describe("power", () => {
	test("comes from the time between pulses: none before the second", () => {
		const counter = new Counter();
		counter.pulse(5000);
		expect(counter.last).not.toHaveProperty("power_import");
		counter.pulse(3600);
		expect(counter.last).toMatchObject({ power_import: "1000 W" });
	});

	test("is the mean over all pulses of an interval", () => {
		const counter = new Counter({ interval: 10 });
		counter.pulse(1000);
		counter.pulse(3600);
		// Ten pulses until the next reading, in 9 s, which are 4 kW however they fall.
		for (let index = 0; index < 12; index++) counter.pulse(index % 2 === 0 ? 1000 : 800);
		const told = counter.readings.map(({ power_import }) => power_import);
		expect(told).toContain("4000 W");
	});

	test("falls when pulses stop: never more than the silence allows, and in the end 0", () => {
		const counter = new Counter();
		counter.pulse(1000);
		counter.pulse(3600);
		const from = counter.now;
		counter.advance(3 * 3_600_000);
		const after = counter.readings.filter(({ at }) => Number(at) > from + 1000);
		for (const { at, power_import } of after) {
			const silence = Number(at) - from;
			expect(Number.parseInt(`${power_import}`, 10)).toBeLessThanOrEqual(
				Math.ceil(3_600_000 / (silence - 500)) + 1,
			);
		}
		expect(counter.last).toMatchObject({ power_import: "0 W", pulse_count: "2" });
	});

	test("does not fall between two pulses that come in time, or are told a little late", () => {
		const counter = new Counter();
		for (let index = 0; index < 200; index++) {
			// 18 kW: five a second, of which each second one is told a tenth of a second late.
			counter.advance(200);
			counter.count++;
			const at = counter.now;
			if (index % 5 === 0) counter.advance(100);
			counter.record(counter.count, at);
			if (index % 5 === 0) counter.now -= 100;
		}
		const powers = counter.readings.slice(3).map(({ power_import }) => power_import);
		expect(powers.length).toBeGreaterThan(2);
		expect(new Set(powers)).toEqual(new Set(["18000 W"]));
	});

	test("rises at once with the first pulse after a pause", () => {
		const counter = new Counter();
		counter.pulse(1000);
		counter.pulse(3600);
		counter.advance(60_500);
		const before = counter.readings.length;
		counter.pulse(100);
		expect(counter.readings).toHaveLength(before + 1);
		expect(counter.last).toMatchObject({ power_import: "59 W" });
	});

	test("readings come each interval, also without a pulse", () => {
		const counter = new Counter({ interval: 10 });
		counter.advance(60_000);
		expect(counter.readings.map(({ at }) => at)).toEqual([
			"0",
			"10000",
			"20000",
			"30000",
			"40000",
			"50000",
			"60000",
		]);
	});

	test("16 pulses a second for a minute do not flood: a reading each 10 s", () => {
		const counter = new Counter();
		for (let index = 0; index < 960; index++) counter.pulse(62.5);
		// The two that find out how fast they come, then one in ten seconds or a little less.
		expect(counter.readings.length).toBeLessThanOrEqual(3 + 12);
		expect(counter.last).toMatchObject({ power_import: "57600 W" });
	});
});

describe("what is not counted", () => {
	test("more pulses than can be: a disturbance", () => {
		const counter = new Counter({ mostRate: 10 });
		counter.pulse(1000);
		counter.pulse(1000, 500);
		expect(counter.rejections).toEqual(["rate"]);
		counter.pulse(1000);
		counter.end();
		expect(counter.last).toMatchObject({ pulse_count: "2" });
	});

	test("a counter that began anew goes on from what is known", () => {
		const counter = new Counter();
		for (let index = 0; index < 9; index++) counter.pulse(5000);
		// Its own count and clock begin at 0; two pulses have come since.
		counter.advance(10_000);
		counter.record(2, 8000);
		expect(counter.rejections).toEqual(["restart"]);
		counter.record(3, 12_000);
		counter.end();
		expect(counter.last).toMatchObject({ pulse_count: "12" });
	});

	test("the run-over of count and clock is none of these", () => {
		const counter = new Counter();
		counter.record(0xffff_fffe, 0xffff_ff00);
		const before = Number(counter.last.pulse_count);
		counter.record(1, 3000);
		counter.end();
		expect(counter.rejections.filter((code) => code === "restart")).toEqual([]);
		expect(Number(counter.last.pulse_count) - before).toBe(3);
	});

	test("a damaged record, and rubbish between records, which is told once a stretch", () => {
		const counter = new Counter();
		const damaged = encodeRecord({ count: 9, at: 5 }, checksums);
		damaged[7] = 8;
		counter.bytes(damaged);
		counter.bytes(Uint8Array.of(1, 2, 3, 0xf5, 0x53, 0, 0xf5));
		counter.pulse(1000);
		counter.pulse(4000);
		expect(counter.last.pulse_count).toBe("2");
		expect(counter.rejections).toEqual(["crc", "noise"]);
	});

	test("records in pieces of any size, behind any false start", () => {
		const bytes = [0xf5, 0xf5, 0x53, 0xf5, ...encodeRecord({ count: 1, at: 900 }, checksums)];
		const counter = new Counter();
		counter.advance(900);
		for (const byte of bytes) counter.bytes(Uint8Array.of(byte));
		expect(counter.last.pulse_count).toBe("1");
	});
});

describe("over a restart", () => {
	test("a proper end keeps the exact count", () => {
		const counter = new Counter({ start: "100" });
		for (let index = 0; index < 12; index++) counter.pulse(4000);
		counter.end();
		expect(new Counter({ start: "100" }, counter.kept).last).toMatchObject({
			energy_import: "100.012 kWh",
			pulse_count: "12",
		});
	});

	test("a power cut at any moment: the counter never goes back, and at most ten minutes' pulses are too many", () => {
		const counter = new Counter();
		for (let index = 0; index < 1200; index++) {
			// 1000 W, 10 kW, 100 W by turns.
			counter.pulse([3600, 360, 36_000][Math.floor(index / 100) % 3] ?? 0);
			const told = Number(counter.last.pulse_count);
			const again = Number(new Counter({}, counter.kept).last.pulse_count);
			expect(again).toBeGreaterThanOrEqual(told);
			expect(again - told).toBeLessThanOrEqual(10_000 / 6 + 5);
		}
	});

	test("flash is written a few times an hour, not with each pulse", () => {
		const counter = new Counter();
		for (let index = 0; index < 24_000; index++) counter.pulse(3600);
		// A day of 1 kW: 144 pieces of ten minutes.
		expect(counter.keeps.length).toBeGreaterThan(100);
		expect(counter.keeps.length).toBeLessThan(160);
	});

	test("nothing is written while nothing is counted", () => {
		const counter = new Counter();
		counter.advance(86_400_000);
		expect(counter.keeps).toEqual([]);
	});

	test.each([
		["another start", { start: "7" }],
		["other pulses", { pulses: 500 }],
	])("%s begins a new count", (_, changed) => {
		const counter = new Counter();
		for (let index = 0; index < 12; index++) counter.pulse(4000);
		counter.end();
		expect(new Counter(changed, counter.kept).last.pulse_count).toBe("0");
	});

	test("what is damaged or foreign is passed over", () => {
		const counter = new Counter();
		for (let index = 0; index < 12; index++) counter.pulse(4000);
		counter.end();
		const kept = counter.kept ?? new Uint8Array(0);
		for (let index = 0; index < kept.length; index++) {
			const damaged = kept.slice();
			damaged[index] = (damaged[index] ?? 0) ^ 0x10;
			expect(new Counter({}, damaged).last.pulse_count).toBe("0");
			expect(new Counter({}, kept.slice(0, index)).last.pulse_count).toBe("0");
		}
	});
});
