import { LED_PATTERNS, Led, type LedPattern } from "../../app/led";
import { FakeTime } from "../fake-timers";

/** The light as a list of changes: `[milliseconds, lit]`. */
function bench() {
	const time = new FakeTime();
	const seen: [number, boolean][] = [];
	const led = new Led({
		write: (lit) => {
			if (seen.at(-1)?.[1] !== lit) seen.push([time.now(), lit]);
		},
		timers: time,
	});
	return { time, seen, led };
}

describe("LED", () => {
	test("searches at first: half a second light, half a second dark", () => {
		const { time, seen } = bench();
		time.advance(2000);
		expect(seen).toEqual([
			[0, true],
			[500, false],
			[1000, true],
			[1500, false],
			[2000, true],
		]);
	});

	test("every pattern can be told from every other by its rhythm", () => {
		const rhythms = Object.values(LED_PATTERNS).map((pattern) => pattern.join(" "));
		expect(new Set(rhythms).size).toBe(rhythms.length);
		for (const pattern of Object.values(LED_PATTERNS)) expect(pattern.length % 2).toBe(0);
	});

	test("the portal shows as double flashes", () => {
		const { time, seen, led } = bench();
		led.show("portal");
		seen.length = 0;
		time.advance(1600);
		expect(seen).toEqual([
			[100, false],
			[250, true],
			[350, false],
			[1500, true],
			[1600, false],
		]);
	});

	test("the same state again does not disturb the rhythm", () => {
		const { time, seen, led } = bench();
		for (let step = 0; step < 20; step++) {
			time.advance(100);
			led.show("searching");
		}
		expect(seen.map(([at]) => at)).toEqual([0, 500, 1000, 1500, 2000]);
	});

	test("a reading flashes once, then the dark goes on", () => {
		const { time, seen, led } = bench();
		led.show("reading");
		time.advance(1000);
		seen.length = 0;
		led.flash();
		led.flash();
		time.advance(1000);
		expect(seen).toEqual([
			[1000, true],
			[1080, false],
		]);
	});

	test.each<LedPattern>(["searching", "error", "portal"])("a reading does not disturb %s", (pattern) => {
		const { time, seen, led } = bench();
		led.show(pattern);
		time.advance(10);
		const before = seen.length;
		led.flash();
		expect(seen.length).toBe(before);
	});

	test("identifies for ten seconds, whatever the state becomes, then shows the state", () => {
		const { time, led } = bench();
		led.identify();
		expect(led.shown).toBe("identify");
		time.advance(5000);
		led.show("error");
		expect(led.shown).toBe("identify");
		time.advance(4999);
		expect(led.shown).toBe("identify");
		time.advance(1);
		expect(led.shown).toBe("error");
	});

	test("asked again it identifies ten seconds from then", () => {
		const { time, led } = bench();
		led.identify();
		time.advance(9000);
		led.identify();
		time.advance(9000);
		expect(led.shown).toBe("identify");
		time.advance(1000);
		expect(led.shown).toBe("searching");
	});

	test("the warning of a reset comes before everything and ends where it was", () => {
		const { time, led } = bench();
		led.identify();
		led.warnOfReset(true);
		expect(led.shown).toBe("reset");
		time.advance(2000);
		led.warnOfReset(false);
		expect(led.shown).toBe("identify");
		led.warnOfReset(true);
		time.advance(20_000);
		led.warnOfReset(false);
		expect(led.shown).toBe("searching");
	});

	test("closed, it is dark and has no timer left", () => {
		const { time, seen, led } = bench();
		led.identify();
		led.close();
		time.advance(60_000);
		expect(seen.at(-1)?.[1]).toBe(false);
		expect(time.pending).toBe(0);
	});
});
