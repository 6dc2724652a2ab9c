import "../../host/platform/globals";
import { openLifecycle } from "../../hardware/lifecycle";
import { configuration } from "../../host/platform/configuration";

const { restart } = configuration;
afterEach(() => {
	configuration.restart = restart;
	delete process.env.METERLING_RESET;
	delete (globalThis as { abort?: unknown }).abort;
});

describe("the reason for the start", () => {
	test.each([
		[undefined, "power-on"],
		["restart", "restart"],
		["crash", "crash"],
		["something new", "unknown"],
	])("%p is told as %s", (word, reason) => {
		if (word !== undefined) process.env.METERLING_RESET = word;
		expect(openLifecycle().resetReason).toBe(reason);
	});
});

test("only a restart for a crash is not orderly", () => {
	const asked: boolean[] = [];
	configuration.restart = (orderly) => asked.push(orderly);
	openLifecycle().restart("settings changed");
	openLifecycle().restart("crash");
	expect(asked).toEqual([true, false]);
});

test.each([
	["goes on with exactly false where it is in hand", true, false],
	["ends where it is not", false, undefined],
])("XS's abort hook %s", (_, inHand, answer) => {
	const heard: unknown[] = [];
	openLifecycle().onAbort((message, exception) => {
		heard.push(message, exception);
		return inHand;
	});
	const { abort } = globalThis as unknown as { abort(message: string, exception: unknown): unknown };
	expect(abort("unhandled exception", "thrown")).toBe(answer);
	expect(heard).toEqual(["unhandled exception", "thrown"]);
});

test("memory is told in bytes, and null where it is not known", () => {
	const { free, lowest, largest, slots, chunks } = openLifecycle().memory();
	expect(free).toBeGreaterThan(0);
	expect([lowest, largest, slots.used, slots.total]).toEqual([null, null, null, null]);
	expect(chunks.total).toBeGreaterThan(Number(chunks.used));
});
