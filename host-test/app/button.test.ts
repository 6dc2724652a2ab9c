import { Button } from "../../app/button";
import { FakeTime } from "../fake-timers";

function bench(pressed = false) {
	const time = new FakeTime();
	const done: string[] = [];
	const say = (what: string) => done.push(`${time.now()} ${what}`);
	const button = new Button({
		timers: time,
		now: time.now,
		pressed,
		onPress: () => say("press"),
		onWarning: (near) => say(near ? "warning" : "warning ends"),
		onReset: () => say("reset"),
	});
	const hold = (milliseconds: number) => {
		button.changed(true);
		time.advance(milliseconds);
		button.changed(false);
		time.advance(100);
	};
	return { time, done, button, hold };
}

describe("button", () => {
	test.each([60, 500, 1500])("a press of %i ms counts as one", (milliseconds) => {
		const { hold, done } = bench();
		hold(milliseconds);
		expect(done).toEqual([`${milliseconds + 30} press`]);
	});

	test("bouncing contacts make one press of it", () => {
		const { time, done, button } = bench();
		for (const level of [true, false, true, false, true]) {
			button.changed(level);
			time.advance(7);
		}
		time.advance(200);
		for (const level of [false, true, false, true, false]) {
			button.changed(level);
			time.advance(7);
		}
		time.advance(200);
		expect(done.length).toBe(1);
		expect(done[0]).toMatch(/ press$/);
	});

	test("a spike shorter than the bouncing is nothing", () => {
		const { time, done, button } = bench();
		button.changed(true);
		time.advance(20);
		button.changed(false);
		time.advance(20_000);
		expect(done).toEqual([]);
	});

	test("held for two seconds it does nothing", () => {
		const { hold, done } = bench();
		hold(2000);
		expect(done).toEqual([]);
	});

	test("held for five seconds it warns and takes the warning back", () => {
		const { hold, done } = bench();
		hold(5000);
		expect(done).toEqual(["3000 warning", "5030 warning ends"]);
	});

	test("released at 9.9 s it resets nothing; held for 10 s it does, once, and its release is no press", () => {
		const short = bench();
		short.hold(9900);
		expect(short.done).toEqual(["3000 warning", "9930 warning ends"]);
		const { hold, done } = bench();
		hold(30_000);
		expect(done).toEqual(["3000 warning", "10000 warning ends", "10000 reset"]);
	});

	test("down at the start it counts only after its release: a boot pin or a short circuit erases nothing", () => {
		const { time, done, button, hold } = bench(true);
		time.advance(60_000);
		button.changed(true);
		time.advance(60_000);
		expect(done).toEqual([]);
		button.changed(false);
		time.advance(1000);
		expect(done).toEqual([]);
		hold(200);
		expect(done.length).toBe(1);
		expect(done[0]).toMatch(/ press$/);
	});

	test("works again after a press", () => {
		const { hold, done } = bench();
		hold(200);
		hold(200);
		expect(done.length).toBe(2);
	});

	test("closed, it has no timer left", () => {
		const { time, button } = bench();
		button.changed(true);
		time.advance(100);
		button.close();
		expect(time.pending).toBe(0);
	});
});
