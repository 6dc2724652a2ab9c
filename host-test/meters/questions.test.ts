// Questions of somebody's own to emulated meters: put when the meter may be asked, answered to who asked, and the poll goes
// on as if nothing had been. Expected numbers are the load model's at the second in which the meter heard the request.

import { HeatUse } from "../../host/meters/heat-use";
import { Household } from "../../host/meters/household";
import { Kamstrup685382 } from "../../host/meters/kamstrup-685-382";
import { LandisGyrZmd, ZMD_PASSWORD } from "../../host/meters/landis-gyr-zmd";
import { multical403 } from "../../host/meters/multical-403";
import { iec62056 } from "../../protocols/iec62056/iec62056";
import { kmp } from "../../protocols/kmp/kmp";
import { kmp382 } from "../../protocols/kmp382/kmp382";
import { Dialogue } from "./asked-dialogue";
import { fixed, valuesOf } from "./readings";

const START = Date.UTC(2026, 2, 12, 12, 0, 30);
const SECOND = START / 1000;
const OPTIONS = { seed: 5, start: START, solarWatts: 0 };
const HOUR = 3_600_000;
const MINUTE = 60_000;

/** The second in which the meter had heard that request. */
function heardAt({ sent }: Dialogue, index: number, bits: number): number {
	const { bytes, at, baud } = sent[index] as Dialogue["sent"][number];
	return SECOND + Math.floor((at + (bytes.length * bits * 1000) / baud) / 1000);
}

function text({ sent }: Dialogue, from = 0): readonly string[] {
	return sent.slice(from).map(({ bytes }) => String.fromCharCode(...bytes));
}

describe("a KMP meter", () => {
	const multical = (settings = {}) =>
		new Dialogue({ protocol: kmp, meter: multical403(OPTIONS), start: START, settings });

	test("gives the one register that is asked for, between two polls", () => {
		const dialogue = multical();
		dialogue.advance(10 * MINUTE);
		const before = dialogue.sent.length;
		expect(dialogue.ask("86")).toBeUndefined();
		dialogue.advance(5000);
		expect(dialogue.sent).toHaveLength(before + 1);
		const { supply } = new HeatUse(5, SECOND).stepTo(heardAt(dialogue, before, 11));
		const [answer] = dialogue.answers;
		expect(answer?.reading && valuesOf(answer.reading)).toEqual({
			temperature_supply: `${fixed(supply, 2)} °C`,
		});
		expect(dialogue.readings).toHaveLength(1);
		dialogue.advance(HOUR);
		expect(dialogue.readings).toHaveLength(2);
		const firsts = dialogue.sent.filter(({ bytes }) => bytes[2] === 0x10 && bytes[3] === 8);
		expect(firsts.map(({ at }) => at)).toEqual([0, HOUR]);
	});

	test("is never asked for a register by itself", () => {
		const dialogue = multical();
		dialogue.advance(3 * HOUR + MINUTE);
		expect(dialogue.answers).toEqual([]);
		expect(dialogue.readings).toHaveLength(4);
	});

	test("answers a question during a poll when the poll is over", () => {
		const dialogue = multical();
		dialogue.advance(100);
		expect(dialogue.ask("60")).toBeUndefined();
		expect(dialogue.ask("68")).toBe("another question is under way");
		dialogue.advance(30_000);
		expect(dialogue.readings).toHaveLength(1);
		expect(dialogue.readings[0]?.reading.quantities.length).toBeGreaterThan(6);
		expect(dialogue.answers.map(({ reading }) => reading?.quantities.map(({ name }) => name))).toEqual([
			["heat_energy"],
		]);
		const [poll, question] = [dialogue.readings[0]?.at ?? 0, dialogue.sent.at(-1)?.at ?? 0];
		expect(Math.round(question - poll)).toBeGreaterThanOrEqual(1600);
	});

	test("says that it has no such register", () => {
		const dialogue = multical();
		dialogue.advance(MINUTE);
		dialogue.ask("1");
		dialogue.advance(20_000);
		expect(dialogue.answers).toEqual([{ do: "answer", problem: "the meter has no such value" }]);
	});

	test("is polled at once where that is asked for, and an hour later again", () => {
		const dialogue = multical();
		dialogue.advance(20 * MINUTE);
		dialogue.ask("");
		dialogue.advance(10_000);
		expect(dialogue.readings).toHaveLength(2);
		dialogue.advance(HOUR - 20_000);
		expect(dialogue.readings).toHaveLength(2);
		dialogue.advance(20_000);
		expect(dialogue.readings).toHaveLength(3);
	});

	test("that is only listened to is not asked, not even by a person", () => {
		const dialogue = multical({ period: 0 });
		expect(dialogue.ask("60")).toBe("the meter is only listened to");
		expect(dialogue.ask("")).toBe("the meter is only listened to");
		dialogue.advance(HOUR);
		expect(dialogue.sent).toEqual([]);
	});

	test.each(["", "60 68", "-1", "65536", "0x3c", "sixty"].slice(1))("refuses %j as a register", (what) => {
		expect(multical().ask(what)).toMatch(/a register is a number/);
	});

	test("that is gone is told after the usual repetitions, and the poll goes on", () => {
		const meter = Object.assign(multical403(OPTIONS), { heard: () => [] });
		const deaf = new Dialogue({ protocol: kmp, meter, start: START });
		deaf.advance(30_000);
		deaf.ask("60");
		deaf.advance(29_000);
		expect(deaf.sent).toHaveLength(6);
		expect(deaf.answers).toEqual([{ do: "answer", problem: "the meter does not answer" }]);
		deaf.advance(10_000);
		expect(deaf.sent).toHaveLength(9);
	});
});

describe("a 685-382", () => {
	test("gives the registers of its tariffs, between two polls", () => {
		const dialogue = new Dialogue({ protocol: kmp382, meter: new Kamstrup685382(OPTIONS), start: START });
		dialogue.advance(20_000);
		const before = dialogue.sent.length;
		expect(dialogue.ask("95")).toBeUndefined();
		dialogue.advance(5000);
		const { counters } = new Household({
			seed: 5,
			start: SECOND,
			heatPump: false,
			solarWatts: 0,
		}).stepTo(heardAt(dialogue, before, 10));
		const kWh = (wattSeconds: number) => `${Math.floor(wattSeconds / 3_600_000)} kWh`;
		const [answer] = dialogue.answers;
		expect(answer?.reading && valuesOf(answer.reading)).toMatchObject({
			energy_import: kWh(counters.imported),
		});
		expect(answer?.reading?.quantities).toHaveLength(3);
		expect(dialogue.readings).toHaveLength(1);
		dialogue.advance(MINUTE);
		expect(dialogue.readings).toHaveLength(2);
		expect(dialogue.ask("60")).toBe("this meter knows 90 and 95");
	});
});

describe("an IEC 62056-21 meter", () => {
	const zmd = (settings = {}) =>
		new Dialogue({
			protocol: iec62056,
			meter: new LandisGyrZmd(OPTIONS),
			start: START,
			settings: { period: 600, password: ZMD_PASSWORD, ...settings },
		});

	test("gives one value by programming mode, though its polls are readouts", () => {
		const dialogue = zmd();
		dialogue.advance(3 * MINUTE);
		expect(dialogue.readings).toHaveLength(1);
		const before = dialogue.sent.length;
		expect(dialogue.ask("1.8.0")).toBeUndefined();
		expect(dialogue.ask("2.8.0")).toBe("another question is under way");
		dialogue.advance(30_000);
		const said = text(dialogue, before);
		expect(said.map((message) => message.slice(0, 3))).toEqual([
			"/?!",
			"\x0605",
			"\x01P1",
			"\x01R1",
			"\x01B0",
		]);
		const { counters } = new Household({
			seed: 5,
			start: SECOND,
			heatPump: false,
			solarWatts: 0,
		}).stepTo(heardAt(dialogue, before + 3, 10));
		const [answer] = dialogue.answers;
		expect(answer?.reading && valuesOf(answer.reading)).toEqual({
			// The meter answers without an id: it is called as it was asked for.
			"1.8.0": `${fixed(Math.floor(counters.imported / 3600), 3)} kWh`,
		});
		expect(dialogue.readings).toHaveLength(1);
		dialogue.advance(10 * MINUTE);
		expect(dialogue.readings).toHaveLength(2);
		const readouts = text(dialogue).filter((message) => /^\x060\d0/.test(message));
		expect(readouts).toHaveLength(2);
	});

	test("refuses what would end a message or a data set", () => {
		const dialogue = zmd();
		for (const what of ["1.8.0)", "a\r\n", "\x01B0", "x".repeat(33)])
			expect(dialogue.ask(what)).toMatch(/an address has/);
	});

	test("a wrong password is told to who asked", () => {
		const dialogue = zmd({ password: "wrong" });
		dialogue.advance(3 * MINUTE);
		dialogue.ask("1.8.0");
		dialogue.advance(30_000);
		expect(dialogue.answers).toEqual([{ do: "answer", problem: "the meter refuses the password" }]);
	});
});
