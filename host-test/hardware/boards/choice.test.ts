// The board as settings: what the section offers, what is refused, and which pins come out.

import { boardSection, chooseBoard } from "../../../hardware/boards/choice";
import { findBoard } from "../../../hardware/boards/registry";
import { readSettings } from "../../../settings/schema";
import type { SettingValues } from "../../../settings/setting";

const c3 = findBoard("esp32-c3");
const defaults = (built = c3): SettingValues => readSettings([boardSection(built)], {}).settings.board ?? {};
const choose = (values: SettingValues, built = c3) => chooseBoard({ ...defaults(built), ...values }, built);

describe("choosing a board", () => {
	test("without settings it is the board that the firmware was built for", () => {
		expect(choose({})).toMatchObject({ board: c3, problems: [], lineProblem: undefined });
	});

	test("another board with the same chip brings its pins and its inversion", () => {
		const { board, problems } = choose({ board: "slimmelezer-mini" });
		expect(problems).toEqual([]);
		expect(board).toMatchObject({ pins: { uart: 1, receive: 20 }, invertReceive: true, activeLow: ["led"] });
	});

	test("the form offers boards with this chip only, and wiring of one's own", () => {
		const setting = boardSection(c3).settings.find(({ key }) => key === "board");
		const values = setting?.type === "choice" ? setting.choices.map(({ value }) => value) : [];
		expect(values).toEqual(expect.arrayContaining(["built", "esp32-c3", "han-mosquito", "custom"]));
		expect(values).not.toContain("wt32-eth01");
	});

	test("a board with another chip is a problem, and the line stays shut", () => {
		const { board, problems, lineProblem } = choose({ board: "wt32-eth01" });
		expect(board).toBeUndefined();
		expect(problems).toEqual([
			{ setting: "board.board", problem: "is a board with another chip: this firmware is for the ESP32-C3" },
		]);
		expect(lineProblem).toContain("another chip");
	});

	test("own wiring begins with the built board's pins", () => {
		expect(choose({ board: "custom" }).board?.pins).toEqual(c3?.pins);
	});

	test("own wiring takes the form's pins, -1 for none", () => {
		const { board, problems } = choose({
			board: "custom",
			uart: 0,
			receive: 20,
			transmit: -1,
			dataRequest: 3,
			dataRequestActiveLow: true,
			led: -1,
			button: -1,
			portPower: -1,
			pulse: -1,
			invertReceive: "yes",
			invertTransmit: "no",
		});
		expect(problems).toEqual([]);
		expect(board).toMatchObject({
			pins: { uart: 0, receive: 20, dataRequest: 3 },
			invertReceive: true,
			invertTransmit: false,
			activeLow: ["dataRequest"],
		});
		expect(board?.pins.transmit).toBeUndefined();
	});

	test("a pin that the chip forbids on the line keeps it shut and is named", () => {
		const { problems, lineProblem } = choose({ board: "custom", receive: 12 });
		expect(problems).toEqual([{ setting: "board.receive", problem: "GPIO 12 is wired to the flash memory" }]);
		expect(lineProblem).toBe("board.receive: GPIO 12 is wired to the flash memory");
	});

	test("own wiring without a receive pin cannot read", () => {
		expect(choose({ board: "custom", receive: -1 }).lineProblem).toBe("board.receive: a pin is needed");
	});

	test("a forbidden pin beside the line is left out; the meter is read all the same", () => {
		const { board, problems, lineProblem } = choose({ board: "custom", led: 99, pulse: 4 });
		expect(lineProblem).toBeUndefined();
		expect(problems.map(({ setting }) => setting)).toEqual(["board.led", "board.pulse"]);
		expect(board?.pins).toEqual({
			uart: 1,
			receive: 4,
			transmit: 5,
			dataRequest: 6,
			button: 9,
			portPower: 7,
		});
	});

	test("pins that Ethernet uses are refused on a board with Ethernet", () => {
		const wt32 = findBoard("wt32-eth01");
		expect(choose({ board: "custom", receive: 21 }, wt32).problems).toEqual([
			{ setting: "board.receive", problem: "GPIO 21 is used by the board itself" },
		]);
	});

	test("doubtful pins are cautions, not problems", () => {
		const { problems, cautions } = choose({ board: "custom", receive: 2 });
		expect(problems).toEqual([]);
		expect(cautions.map(({ setting }) => setting)).toEqual(["board.receive"]);
	});

	test("on a computer nothing is chosen, whatever the file says", () => {
		const { settings, problems } = readSettings([boardSection(undefined)], {
			board: { board: "wt32-eth01", receive: 12 },
		});
		expect(problems).toEqual([]);
		expect(chooseBoard(settings.board ?? {}, undefined)).toEqual({
			board: undefined,
			problems: [],
			cautions: [],
			lineProblem: undefined,
		});
	});
});
