// The debouncing of the ESP32's interrupt, in C with AddressSanitizer: against the rule said another way here (from the
// whole list of edges at once), and against Node's twin of it.

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import fc from "fast-check";
import { configuration } from "../../host/platform/configuration";
import { EmulatedPins } from "../../host/platform/emulated-pins";
import PulseCounter from "../../host/platform/pulse-native";
import { installed } from "../e2e/gateway";

const ROOT = resolve(__dirname, "../..");
const PIN = 3;
const describeInC = installed("cc") ? describe : describe.skip;

/** Alternating edges by their distances in ms; the first one rises. */
interface Signal {
	readonly debounce: number;
	readonly distances: readonly number[];
	/** From the last edge to the look. */
	readonly rest: number;
}

interface Counted {
	readonly count: number;
	readonly at: number;
}

/** The rule, from all edges: levels that stood long enough, neighbours of the same level joined, and of these the high ones. */
function counted({ debounce, distances, rest }: Signal): Counted {
	let time = 0;
	const steady: { level: boolean; since: number }[] = [{ level: false, since: 0 }];
	distances.forEach((distance, index) => {
		time += distance;
		const stood = distances[index + 1] ?? rest;
		if (stood >= debounce) steady.push({ level: index % 2 === 0, since: time });
	});
	const pulses = steady.filter(({ level }, index) => level && steady[index - 1]?.level === false);
	return { count: pulses.length, at: pulses.at(-1)?.since ?? 0 };
}

function onNode({ debounce, distances, rest }: Signal): Counted {
	let now = 0;
	const pins = new EmulatedPins(() => now);
	configuration.pins = pins;
	const counter = new PulseCounter({ pin: PIN, pull: 0, activeLow: false, debounce });
	distances.forEach((distance, index) => {
		now += distance;
		pins.hold(PIN, index % 2 === 0);
	});
	now += rest;
	const result = { count: counter.count(), at: counter.at() };
	configuration.pins = undefined;
	return result;
}

const milliseconds = fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 3000 }));
const signals: fc.Arbitrary<Signal> = fc.record({
	debounce: fc.integer({ min: 0, max: 60 }),
	distances: fc.array(milliseconds, { maxLength: 60 }),
	rest: milliseconds,
});

test("Node's twin follows the rule", () => {
	fc.assert(fc.property(signals, (signal) => expect(onNode(signal)).toEqual(counted(signal))));
});

describeInC("the interrupt's C (cc with AddressSanitizer)", () => {
	let folder: string;
	beforeAll(() => {
		folder = mkdtempSync(join(tmpdir(), "meterling-pulses-"));
		const { status, stderr } = spawnSync("cc", [
			...["-std=c11", "-Wall", "-Wextra", "-Werror", "-fsanitize=address,undefined", "-g"],
			...["-I", join(ROOT, "hardware/pulses"), "-o", join(folder, "pulses")],
			join(ROOT, "host-test/hardware/pulse-debounce.c"),
		]);
		expect(`${stderr}`).toBe("");
		expect(status).toBe(0);
	});
	afterAll(() => rmSync(folder, { recursive: true, force: true }));

	test("follows the rule", () => {
		const sample = fc.sample(signals, 500);
		const lines: string[] = [];
		for (const { debounce, distances, rest } of sample) {
			let time = 5_000_000_123;
			lines.push(`open 0 ${debounce * 1000} ${time}`);
			distances.forEach((distance, index) => {
				time += distance * 1000;
				lines.push(`edge ${index % 2 === 0 ? 1 : 0} ${time}`);
			});
			lines.push(`look ${time + rest * 1000}`);
		}
		const { stdout, stderr } = spawnSync(join(folder, "pulses"), { input: `${lines.join("\n")}\n` });
		expect(`${stderr}`).toBe("");
		const answers = `${stdout}`.trim().split("\n");
		expect(answers).toEqual(sample.map(counted).map(({ count, at }) => `${count} ${at}`));
	});

	test("two edges that came as one interrupt begin the time anew", () => {
		const script = ["open 0 15000 0", "edge 1 1000000", "edge 1 1010000", "look 1020000", "look 1025000"];
		const { stdout } = spawnSync(join(folder, "pulses"), { input: `${script.join("\n")}\n` });
		expect(`${stdout}`.trim().split("\n")).toEqual(["0 0", "1 1010"]);
	});
});
