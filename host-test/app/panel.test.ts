import { Panel, type PanelFacts, patternOf } from "../../app/panel";
import type { InputOptions, OutputOptions } from "../../hardware/pins";
import { FakeTime } from "../fake-timers";

const WELL: PanelFacts = { portal: false, offline: false, safeMode: false, line: "open", readingAge: 1000 };

describe("what the light says", () => {
	test.each<[string, Partial<PanelFacts>]>([
		["reading", {}],
		["searching", { readingAge: undefined }],
		["searching", { readingAge: 3_600_000 }],
		["searching", { line: "opening", readingAge: undefined }],
		["error", { line: "waiting" }],
		["error", { offline: true }],
		["error", { safeMode: true }],
		["portal", { portal: true }],
		["portal", { portal: true, offline: true, line: "waiting", readingAge: undefined }],
	])("%s for %j", (pattern, facts) => {
		expect(patternOf({ ...WELL, ...facts })).toBe(pattern);
	});
});

describe("panel", () => {
	function bench(wiring: { led?: number; button?: number }, broken = false) {
		const time = new FakeTime();
		const done: string[] = [];
		let facts = WELL;
		let lit = false;
		let pressed: ((on: boolean) => void) | undefined;
		const opened: string[] = [];
		const panel = new Panel({
			pins: {
				output: (pin: number, options?: OutputOptions) => {
					if (broken) throw new Error(`pin ${pin}: in use`);
					opened.push(`output ${pin} ${options?.invert}`);
					return { write: (on) => (lit = on), close: () => done.push("LED closed") };
				},
				input: (pin: number, options?: InputOptions) => {
					if (broken) throw new Error(`pin ${pin}: in use`);
					opened.push(`input ${pin} ${options?.pull} ${options?.invert}`);
					pressed = options?.onChange;
					return { value: false, close: () => done.push("button closed") };
				},
			},
			wiring: { led: wiring.led, ledActiveLow: true, button: wiring.button },
			timers: time,
			now: time.now,
			log: (line, level) => done.push(`${level}: ${line}`),
			owner: {
				panelFacts: () => facts,
				onFactoryReset: () => done.push("factory reset"),
			},
		});
		/** Changes of the light in the next `milliseconds`. */
		const changes = (milliseconds: number) => {
			let count = 0;
			for (let passed = 0; passed < milliseconds; passed += 10) {
				const before = lit;
				time.advance(10);
				if (lit !== before) count++;
			}
			return count;
		};
		const set = (more: Partial<PanelFacts>) => {
			facts = { ...facts, ...more };
		};
		return { panel, time, done, opened, changes, set, press: (on: boolean) => pressed?.(on) };
	}

	test("opens the board's pins: the LED as it is wired, the button against ground", () => {
		expect(bench({ led: 2, button: 0 }).opened).toEqual(["output 2 true", "input 0 up true"]);
	});

	test("without pins it does nothing, and leaves no timer", () => {
		const { opened, time, panel } = bench({});
		panel.reading();
		panel.identify();
		expect(opened).toEqual([]);
		expect(time.pending).toBe(0);
	});

	test("the light follows the facts", () => {
		const { changes, set } = bench({ led: 2 });
		changes(1000);
		expect(changes(5000)).toBeLessThanOrEqual(4);
		set({ line: "waiting" });
		changes(1000);
		expect(changes(3000)).toBeGreaterThanOrEqual(10);
	});

	test("a short press makes it blink fast", () => {
		const { changes, press, time } = bench({ led: 2, button: 0 });
		changes(1000);
		press(true);
		time.advance(200);
		press(false);
		time.advance(100);
		expect(changes(1000)).toBeGreaterThanOrEqual(18);
	});

	test("held for ten seconds it asks for a factory reset", () => {
		const { press, time, done } = bench({ button: 0 });
		press(true);
		time.advance(9_900);
		expect(done).toEqual([]);
		time.advance(200);
		expect(done).toEqual(["factory reset"]);
	});

	test("a pin that cannot be had is told and costs nothing else", () => {
		const { done, panel } = bench({ led: 99, button: 98 }, true);
		expect(done).toEqual(["warning: LED: pin 99: in use", "warning: button: pin 98: in use"]);
		panel.reading();
		panel.close();
	});

	test("closed, it lets go of pins and timers", () => {
		const { panel, time, done } = bench({ led: 2, button: 0 });
		panel.close();
		expect(done).toEqual(["LED closed", "button closed"]);
		expect(time.pending).toBe(0);
	});
});
