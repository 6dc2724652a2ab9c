// What the session makes of blocks and tables that come: errors in plain text, the bytes of a reading, parts that are lost.
// From IEC 62056-21:2002 (6.3.14, 6.4) and docs/protocols/iec62056.md.

import { iec62056 } from "../../../protocols/iec62056/iec62056.js";
import { commandMessage, dataBlock } from "../../../protocols/iec62056/messages.js";
import { dialogueSettings, readCommand } from "../../../protocols/iec62056/settings.js";
import type { Action } from "../../../protocols/protocol.js";
import { ascii, FakeLine, join, lines, open, outcome } from "../asking.js";

describe("errors that a meter tells", () => {
	const rejected = (data: string) => {
		const { rejections, readings } = outcome(
			open(iec62056, { dialogue: "listen" }).receive(dataBlock(data), 0),
		);
		return [rejections.map(({ code, detail }) => `${code} ${detail}`).join(), readings.length];
	};
	test.each(["(ERROR)", "(ER01)", "(error)", "(Err)"])("%s", (data) =>
		expect(rejected(data)).toEqual([`meter-error ${data.slice(1, -1)}`, 0]),
	);
	test.each(["(OVER)", "()", "X1(ERROR)", "(ERROR)(1)", "(ERROR)X1(1)"])("%s is none", (data) =>
		expect(rejected(data)).toEqual(["", 1]),
	);
});

describe("tables", () => {
	test("one that nobody asked for is told, with its place", () => {
		const session = open(iec62056, { dialogue: "listen" });
		const { rejections } = outcome(session.receive(ascii("xx0012345 0045678 0030710 0008123\r"), 0));
		expect(rejections).toEqual([{ rejected: true, layer: "iec62056", code: "table-unasked", offset: 2 }]);
	});

	test("a meter that gives none is told after three attempts", () => {
		const fake = new FakeLine(open(iec62056, { dialogue: "tables", tables: "1 2" }), () => []);
		fake.run(20_000);
		expect(fake.sent.map(({ bytes }) => bytes)).toEqual(Array(3).fill(ascii("/#1")));
		expect(fake.rejections.map(({ code }) => code)).toEqual(["no-answer"]);
	});
});

describe("what a reading came in", () => {
	const frames = (actions: readonly Action[]) =>
		actions.flatMap((action) => (action.do === "reading" ? [action.frame] : []));
	const IDENT = ascii("/LGZ5X\r\n");
	test("is its message from the identification on, or all its parts", () => {
		const whole = join(IDENT, dataBlock("1.8.0(1)\r\n!\r\n"));
		const session = open(iec62056, { dialogue: "listen" });
		expect(frames(session.receive(whole, 0))).toEqual([whole]);
		const [first, second] = [join(IDENT, dataBlock("1.8.0(1)", "xor", true)), dataBlock("2.8.0(1)\r\n!\r\n")];
		expect(frames(session.receive(join(first, second), 0))).toEqual([join(first, second)]);
		expect(frames(session.receive(whole, 0))).toEqual([whole]);
	});

	test("a part whose end never comes is not told with the next reading", () => {
		const session = open(iec62056, { dialogue: "listen" });
		session.receive(join(IDENT, dataBlock("1.8.0(1)", "xor", true)), 0);
		const whole = join(IDENT, dataBlock("2.8.0(1)\r\n!\r\n"));
		const actions = session.receive(whole, 9000);
		expect(frames(actions)).toEqual([whole]);
		expect(lines(outcome(actions).readings[0])).toEqual(["energy_export 1"]);
	});

	test("a telegram that may go on is taken 0.3 s later", () => {
		const session = open(iec62056, { dialogue: "listen" });
		const telegram = ascii("/EMH5X\r\n1.8.0(1)\r\n!\r\n");
		expect(session.receive(telegram, 1000)).toEqual([{ do: "wakeAt", time: 1300 }]);
		expect(outcome(session.tick(1300)).readings).toHaveLength(1);
	});
});

describe("cut short", () => {
	test("what was read in programming mode is a reading", () => {
		const settings = { dialogue: "programming", registers: "1.8.0 2.8.0", highestBaud: "300" };
		const answers = [ascii("/SIE0TD\r\n"), commandMessage("P0", "(1)"), dataBlock("1.8.0(000285.4*kWh)")];
		const fake = new FakeLine(open(iec62056, settings), (_request, { sent }) => {
			const answer = answers[sent.length - 1];
			return answer ? [[300, answer]] : [];
		});
		fake.run(2000);
		expect(fake.sent).toHaveLength(4);
		expect(outcome(fake.session.end(2000)).readings.map(lines)).toEqual([["energy_import 285.4 kWh"]]);
	});

	test("a readout's parts are none", () => {
		const session = open(iec62056);
		session.tick(0);
		session.receive(ascii("/LGZ5X\r\n"), 400);
		expect(outcome(session.receive(dataBlock("1.8.0(1)", "xor", true), 500)).readings).toEqual([]);
		expect(outcome(session.end(600)).readings).toEqual([]);
	});
});

describe("settings", () => {
	test.each([
		["1.8.0", "R1", "1.8.0", "1.8.0()"],
		["R2:F001", "R2", "F001", "F001()"],
		["R1:1.8.0(7)", "R1", "1.8.0", "1.8.0(7)"],
		["1.8.0(7)", "R1", "1.8.0", "1.8.0(7)"],
		["(7)", "R1", "", "(7)"],
		// Commands that write are no way of reading.
		["W1:1.8.0", "R1", "1.8.0", "1.8.0()"],
		["E2:1.8.0", "R1", "E2:1.8.0", "E2:1.8.0()"],
		["R2:", "R1", "R2:", "R2:()"],
		["R:F001", "R1", "R:F001", "R:F001()"],
		["RX:F001", "R1", "RX:F001", "RX:F001()"],
	])("%s asks with %s for %s", (word, command, address, data) =>
		expect(readCommand(word)).toEqual({ command, address, data }),
	);

	test("that are none are the usual ones", () => {
		const usual = {
			dialogue: "readout",
			periodMs: 60_000,
			address: "",
			wakeUp: false,
			startBaud: 300,
			highestBaud: 19_200,
			commands: [],
			password: "",
			tables: ["1"],
			scaling: { energyUnit: "", energyDecimals: 2, volumeDecimals: 2 },
		};
		expect(dialogueSettings({})).toEqual(usual);
		expect(
			dialogueSettings({ dialogue: "shout", period: "5", address: 7, tables: 7, energyDecimals: "3" }),
		).toEqual(usual);
		expect(
			dialogueSettings({
				address: " 12 ",
				tables: "1 c2",
				period: 5,
				volumeDecimals: 3,
				registers: "1.8.0 R2:F001",
			}),
		).toMatchObject({
			address: "12",
			tables: ["1", "C"],
			periodMs: 5000,
			scaling: { volumeDecimals: 3 },
			commands: { length: 2 },
		});
		for (const dialogue of ["programming", "tables", "listen"])
			expect(dialogueSettings({ dialogue }).dialogue).toBe(dialogue);
	});
});
