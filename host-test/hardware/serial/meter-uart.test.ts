// The ESP32's UART in C, as it is, over a simulated driver: each behaviour of uart-behaviour.c in a run of its own,
// under AddressSanitizer and UndefinedBehaviorSanitizer.

import { Compiled, canCompile } from "./compiled";

const BEHAVIOURS: Readonly<Record<string, string>> = {
	"delivers-in-order": "delivers everything in order",
	"hands-on-few-bytes-after-two-characters": "hands on a few bytes after two characters of silence",
	"posts-once": "has one message on its way, however many bytes arrive",
	"tries-again": "tries again where the machine's queue is full, and loses nothing",
	"counts-while-machine-is-full": "goes on counting while the machine's queue is full",
	"counts-overflow": "counts an overflow, keeps the ring in order and takes on afterwards",
	"holds-what-it-says": "holds 4,096 bytes and the chip's 128 before anything is lost",
	"survives-full-event-queue": "tells of bytes whose event found no room",
	"counts-overflow-of-full-event-queue": "counts an overflow whose event found no room",
	"counts-damage": "counts wrong parity, missing stop bits and breaks, and passes the characters on",
	"writes-all-or-nothing": "takes all bytes of a write or none, and says when they have left",
	"writes-without-gaps": "sends long data without gaps",
	"drains-before-switch":
		"changes the speed when the last stop bit has left, at 300 baud too, and waits for nothing",
	"switches-while-receiving": "keeps what was received when settings change, and touches only what differs",
	"later-settings-replace-earlier": "lets later settings replace those that wait",
	"tells-refused-settings": "tells of settings that the chip refuses, and goes on with the old ones",
	"formats-reach-the-chip": "gives the chip 7E1, 8E1, 8N2, 8O1 and both inversions",
	"message-in-flight-is-void":
		"takes a message that arrives after closing for nothing, also after the next opening",
	"closes-while-sending": "closes while bytes and settings wait",
	"ends-stuck-task": "ends a task that is stuck, and opens again",
	"closes-with-full-event-queue": "closes with a full event queue",
	"opens-one-at-a-time": "opens one UART at a time, and says why not otherwise",
	"leaves-nothing-after-failed-opening": "leaves nothing behind wherever an opening fails",
};

const suite = canCompile ? describe : describe.skip;

suite("the ESP32's UART", () => {
	let program: Compiled;

	beforeAll(() => {
		program = new Compiled("uart-behaviour");
	}, 60_000);
	afterAll(() => program?.remove());

	test("every behaviour of the program is named here", () => {
		expect(program.run().stdout.toString().trim().split("\n")).toEqual(Object.keys(BEHAVIOURS));
	});

	test.each(Object.entries(BEHAVIOURS).map(([name, says]) => [says, name]))("%s", (_, name = "") => {
		const { status, stderr } = program.run(name);
		expect(stderr).toBe("");
		expect(status).toBe(0);
	});
});
