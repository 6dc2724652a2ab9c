// A main loop that stands still while a P1 meter sends at 115200 baud, in simulated time through the ESP32's own UART in
// C: what survives is read by P1's own session (issue 4, acceptance 2).

import { writeFileSync } from "node:fs";
import { Dsmr5 } from "../../../host/meters/dsmr5";
import { dataLine, encodeTelegram } from "../../../protocols/p1/p1-encoder";
import { tableChecksums } from "../../../protocols/shared/checksums";
import { decode } from "../../protocols/p1/support";
import { Compiled, canCompile } from "./compiled";

const START = Date.UTC(2026, 2, 12, 11, 58, 0);
/** A text message of DSMR 5.0.2 (0-0:96.13.0) has at most 1,024 characters, two digits each. */
const LONGEST_TEXT = 1024;

/** About 1 KB: a DSMR 5 meter with gas and water. */
const usual = new Dsmr5({ seed: 7, start: START, solarWatts: 0 }).telegram(START + 1000);
/** The same with text messages that fill it up. */
function filled(length: number): Uint8Array {
	const head = new TextDecoder().decode(usual).split("\r\n").slice(2, -2);
	const lines = head.filter((line) => !line.startsWith("0-0:96.13.0"));
	for (let missing = length - usual.length, text = 0; missing > 0; text++) {
		const digits = Math.min(2 * LONGEST_TEXT, Math.max(2, (missing - 16) & ~1));
		lines.push(dataLine(`0-0:96.13.${text}`, "41".repeat(digits / 2)));
		missing -= digits + 16;
	}
	return encodeTelegram({ identification: "ISK5\\2M550T-1012", lines, crc: true }, tableChecksums());
}

const suite = canCompile ? describe : describe.skip;

suite("a main loop that stands still", () => {
	let program: Compiled;
	const long = filled(2500);
	const longer = filled(5000);

	beforeAll(() => {
		program = new Compiled("uart-stall");
		writeFileSync(program.file("usual"), usual);
		writeFileSync(program.file("long"), long);
		writeFileSync(program.file("longer"), longer);
	}, 60_000);
	afterAll(() => program?.remove());

	function stall(telegram: string, seconds: number, at: number | "sweep", milliseconds: number) {
		const parts = [program.file(telegram), `${seconds}`, `${at}`, `${milliseconds}`];
		const { status, stdout, stderr } = program.run(...parts);
		expect(status).toBe(0);
		return { bytes: stdout, says: stderr.trim() };
	}

	/** Readings and rejections of P1's session from these bytes. */
	function decoded(bytes: Uint8Array): { readonly readings: number; readonly rejected: readonly string[] } {
		const { readings, rejections } = decode(bytes);
		return { readings: readings.length, rejected: rejections.map(({ code }) => code) };
	}

	test("the telegrams are of the sizes that are meant", () => {
		expect(usual.length).toBeGreaterThan(900);
		expect(Math.abs(long.length - 2500)).toBeLessThan(50);
		expect(Math.abs(longer.length - 5000)).toBeLessThan(50);
		expect(decoded(long)).toEqual({ readings: 1, rejected: [] });
	});

	test.each(["usual", "long"])("300 ms lose nothing of the %s telegram, whenever they begin", (telegram) => {
		expect(stall(telegram, 3, "sweep", 300).says).toBe("blocks 250, losing 0, uncounted 0");
	});

	test("300 ms lose nothing of telegrams without a pause between them", () => {
		// 5 KB take 434 ms: a block of 300 ms lies wholly in the traffic, 3,456 bytes of it.
		expect(stall("longer", 3, "sweep", 300).says).toBe("blocks 250, losing 0, uncounted 0");
	});

	test("every telegram around 300 ms is read", () => {
		const { bytes, says } = stall("long", 5, 1000, 300);
		expect(says).toBe(`received ${5 * long.length}, overflow 0`);
		expect(decoded(bytes)).toEqual({ readings: 5, rejected: [] });
	});

	test("a whole second loses bytes of 5 KB, counts that, and the next telegram is read", () => {
		const { bytes, says } = stall("longer", 4, 1000, 1000);
		const [, received, overflow] = /^received (\d+), overflow (\d+)$/.exec(says) ?? [];
		expect(Number(received)).toBeLessThan(4 * longer.length);
		expect(Number(overflow)).toBeGreaterThan(0);
		const { readings, rejected } = decoded(bytes);
		expect(readings).toBe(3);
		expect(rejected.length).toBeGreaterThan(0);
	});

	test("no loss goes uncounted, whenever a second's block begins", () => {
		expect(stall("longer", 2, "sweep", 1000).says).toMatch(/^blocks 250, losing [1-9]\d*, uncounted 0$/);
	});
});
