import "../../host/platform/globals";
import { LONGEST_LINE, Log, MOST_LINES } from "../../app/log";

/** 2026-03-01T12:00:00Z. */
const NOON = Date.UTC(2026, 2, 1, 12);

function bench() {
	const printed: string[] = [];
	const clock = { now: 5000, wall: undefined as number | undefined };
	const log = new Log({
		now: () => clock.now,
		wallTime: () => clock.wall,
		print: (line) => printed.push(line),
	});
	const lines = () =>
		JSON.parse(log.json()).lines as {
			number: number;
			level: string;
			uptime: number;
			time: string | null;
			text: string;
		}[];
	return { log, printed, clock, lines };
}

describe("log", () => {
	test("tells level, uptime in seconds and, once it is known, the time of day; newest last", () => {
		const { log, clock, lines, printed } = bench();
		clock.now = 6540;
		log.write("hello");
		clock.wall = NOON;
		log.write("trouble", "error");
		expect(lines()).toEqual([
			{ number: 1, level: "info", uptime: 1.5, time: null, text: "hello" },
			{ number: 2, level: "error", uptime: 1.5, time: "2026-03-01T12:00:00.000Z", text: "trouble" },
		]);
		expect(printed).toEqual(["hello", "trouble"]);
	});

	test("keeps the newest lines, however many are written", () => {
		const { log, lines } = bench();
		const written = 3 * MOST_LINES + 7;
		for (let number = 1; number <= written; number++) log.write(`line ${number}`);
		expect(lines().map(({ number, text }) => [number, text])).toEqual(
			Array.from({ length: MOST_LINES }, (_, index) => {
				const number = written - MOST_LINES + 1 + index;
				return [number, `line ${number}`];
			}),
		);
		expect(log.line(written - MOST_LINES)).toBeUndefined();
		expect(log.line(written + 1)).toBeUndefined();
		expect(log.line(0)).toBeUndefined();
	});

	test("long lines are cut; control characters cannot forge a second line", () => {
		const { log, lines } = bench();
		log.write("x".repeat(5000));
		log.write("name\n<11>1 - forged\u001b[2J");
		const [long, forged] = lines();
		expect(long?.text.length).toBe(LONGEST_LINE);
		expect(forged?.text).toBe("name <11>1 - forged [2J");
	});

	test("secrets reach neither the ring nor the console", () => {
		const { log, printed } = bench();
		log.keepSecret(["correct horse"]);
		log.write("mqtt: password 'Correct Horse' refused");
		expect(log.json()).not.toMatch(/correct horse/i);
		expect(printed).toEqual(["mqtt: password '(secret)' refused"]);
	});

	test("tells its listener of each line", () => {
		const { log } = bench();
		let heard = 0;
		log.onLine(() => heard++);
		log.write("one");
		log.write("two");
		expect(heard).toBe(2);
	});
});
