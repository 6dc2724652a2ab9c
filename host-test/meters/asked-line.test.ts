// The line of a meter that is asked, on a clock that only the test moves: delays, deafness, echo, the answer that is
// given only to silence, and that the same seed answers the same.

import { AskedLine } from "../../host/meters/asked-line";
import { type Answer, AskedMeter } from "../../host/meters/asked-meter";
import { Kamstrup382 } from "../../host/meters/kamstrup-382";
import { Kamstrup685382 } from "../../host/meters/kamstrup-685-382";
import { LandisGyrZmd } from "../../host/meters/landis-gyr-zmd";
import { multical403 } from "../../host/meters/multical-403";
import { multical603 } from "../../host/meters/multical-603";
import { FakeTime } from "../fake-timers";

const START = Date.UTC(2026, 2, 12, 12, 0, 30);
const SIGN_ON = Uint8Array.from(Buffer.from("/?!\r\n"));
const STX = 0x02;

function connect(meter: AskedMeter, options: { readonly echo?: boolean; readonly speed?: number } = {}) {
	const time = new FakeTime();
	const heard: { readonly text: string; readonly at: number }[] = [];
	const line = new AskedLine({
		speed: 1,
		...options,
		meter,
		start: START,
		timers: time,
		now: time.now,
		sink: {
			write: (bytes) => {
				for (const byte of bytes) heard.push({ text: String.fromCharCode(byte & 0x7f), at: time.now() });
			},
		},
	});
	return { time, line, heard, text: () => heard.map(({ text }) => text).join("") };
}

const zmd = (seed = 1) => new LandisGyrZmd({ seed, start: START, solarWatts: 0 });

test("a mode C meter reads out at 300 Bd when nobody chooses a speed", () => {
	const { time, line, heard, text } = connect(zmd());
	line.receive(SIGN_ON);
	time.advance(60_000);
	expect(text()).toMatch(/^\/LGZ5ZMD3104407\.B32\r\n\x02F\.F\(00000000\)\r\n[\s\S]+!\r\n\x03.$/);
	const stx = heard.findIndex(({ text }) => text.charCodeAt(0) === STX);
	const character = 10_000 / 300;
	// 200 ms to react, the identification, 1.5 s for a choice, and the first character.
	expect(heard[stx]?.at).toBeCloseTo(200 + stx * character + 1500 + character, 0);
	expect(((heard.at(-1)?.at ?? 0) - (heard[stx]?.at ?? 0)) / (heard.length - 1 - stx)).toBeCloseTo(
		character,
		0,
	);
});

test("whatever is heard meanwhile takes the readout's place", () => {
	const { time, line, text } = connect(zmd());
	line.receive(SIGN_ON);
	time.advance(1600);
	line.receive(Uint8Array.of(0x06));
	time.advance(60_000);
	expect(text()).toBe("/LGZ5ZMD3104407.B32\r\n");
});

test("it is deaf while it answers", () => {
	const { time, line, text } = connect(new Kamstrup382({ seed: 1, start: START, solarWatts: 0 }));
	line.receive(SIGN_ON);
	time.advance(1000);
	line.receive(SIGN_ON);
	time.advance(60_000);
	expect(text().match(/\/KAM/g)).toHaveLength(1);
	line.receive(SIGN_ON);
	time.advance(60_000);
	expect(text().match(/\/KAM/g)).toHaveLength(2);
});

test("an optical head gives back at once what is sent through it", () => {
	const { line, text } = connect(zmd(), { echo: true });
	line.receive(SIGN_ON);
	expect(text()).toBe("/?!\r\n");
});

test("at ten times the speed delays and characters take a tenth", () => {
	const { time, line, text } = connect(new Kamstrup382({ seed: 1, start: START, solarWatts: 0 }), {
		speed: 10,
	});
	line.receive(SIGN_ON);
	time.advance(20);
	expect(text()).toBe("");
	// 3.3 ms a character, written in pieces of 10 ms.
	time.advance(10);
	expect(text()).toBe("/KA");
});

test("a line that is closed falls silent and leaves no timer", () => {
	const { time, line, heard } = connect(zmd());
	line.receive(SIGN_ON);
	time.advance(300);
	line.close();
	const count = heard.length;
	time.advance(60_000);
	expect(heard).toHaveLength(count);
	expect(time.pending).toBe(0);
});

test("rubbish is not answered, and the next request is", () => {
	const meter = zmd();
	const rubbish = Uint8Array.from({ length: 5000 }, (_, index) => (index * 37 + (index >> 3)) & 0xff);
	expect(meter.heard(rubbish, START)).toEqual([]);
	expect(meter.heard(SIGN_ON, START)).toHaveLength(2);
});

const KMP_ENERGY = Uint8Array.from(Buffer.from("803f1001003cb25f0d", "hex"));
const KMP382_ACTUAL = Uint8Array.from(Buffer.from("@FE9072\r"));

test.each([
	["kamstrup-382", (seed: number) => new Kamstrup382({ seed, start: START, solarWatts: 0 }), SIGN_ON],
	["landis-gyr-zmd", zmd, SIGN_ON],
	[
		"kamstrup-685-382",
		(seed: number) => new Kamstrup685382({ seed, start: START, solarWatts: 0 }),
		KMP382_ACTUAL,
	],
	["multical-403", (seed: number) => multical403({ seed, start: START, solarWatts: 0 }), KMP_ENERGY],
	["multical-603", (seed: number) => multical603({ seed, start: START, solarWatts: 0 }), KMP_ENERGY],
] as const)("%s: same seed and time, same answer; another seed, another", (_name, make, request) => {
	const answer = (seed: number): readonly Answer[] => make(seed).heard(request, START + 60_000);
	expect(answer(3).length).toBeGreaterThan(0);
	expect(answer(3)).toEqual(answer(3));
	expect(answer(4)).not.toEqual(answer(3));
	const meter: AskedMeter = make(3);
	expect(meter).toBeInstanceOf(AskedMeter);
	expect(meter.telegram(meter.nextSend(START))).toHaveLength(0);
});
