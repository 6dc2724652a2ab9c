// Digital pins on emulated wires: levels, inversion, pulls, changes, and who may use a pin.

import { digitalPins } from "../../hardware/pins";
import { configuration } from "../../host/platform/configuration";
import { EmulatedPins } from "../../host/platform/emulated-pins";

let pins: EmulatedPins;

beforeEach(() => {
	pins = new EmulatedPins();
	configuration.pins = pins;
});
afterAll(() => {
	configuration.pins = undefined;
});

const turn = () => new Promise((next) => setImmediate(next));

describe("an output", () => {
	test("has its level from the first moment, and floats when it is closed", () => {
		expect(pins.driven(4)).toBeUndefined();
		const output = digitalPins.output(4, { initial: true });
		expect(pins.level(4)).toBe(true);
		output.write(false);
		expect(pins.driven(4)).toBe(false);
		output.close();
		output.close();
		output.write(true);
		expect(pins.driven(4)).toBeUndefined();
	});

	test("inverted: on is low", () => {
		const output = digitalPins.output(4, { invert: true });
		expect(pins.level(4)).toBe(true);
		output.write(true);
		expect(pins.level(4)).toBe(false);
	});
});

describe("an input", () => {
	test("follows its wire; a pull decides where nobody holds it", () => {
		const input = digitalPins.input(5, { pull: "up" });
		expect(input.value).toBe(true);
		pins.hold(5, false);
		expect(input.value).toBe(false);
		pins.hold(5, undefined);
		expect(input.value).toBe(true);
		expect(digitalPins.input(6).value).toBe(false);
	});

	test("inverted: a contact to ground is on", () => {
		const input = digitalPins.input(5, { pull: "up", invert: true });
		expect(input.value).toBe(false);
		pins.hold(5, false);
		expect(input.value).toBe(true);
	});

	test("tells changes later, several in one turn at once, and none after it is closed", async () => {
		const seen: boolean[] = [];
		const input = digitalPins.input(5, { pull: "up", invert: true, onChange: (on) => seen.push(on) });
		pins.hold(5, false);
		expect(seen).toEqual([]);
		await turn();
		expect(seen).toEqual([true]);
		pins.hold(5, true);
		pins.hold(5, false);
		pins.hold(5, true);
		await turn();
		expect(seen).toEqual([true, false]);
		pins.hold(5, false);
		input.close();
		await turn();
		expect(seen).toEqual([true, false]);
	});
});

test("a pin is taken once, and free again when it is closed", () => {
	const output = digitalPins.output(4);
	expect(() => digitalPins.input(4)).toThrow("pin 4: in use");
	output.close();
	expect(digitalPins.input(4).value).toBe(false);
});

test("a computer without pins says so", () => {
	configuration.pins = undefined;
	expect(() => digitalPins.output(4)).toThrow("pin 4: no pins here");
	expect(() => digitalPins.input(4)).toThrow("pin 4: no pins here");
});
