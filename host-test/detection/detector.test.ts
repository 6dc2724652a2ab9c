// Auto-detection against emulated meters on a wire of bits: what it finds, in what order it tries, what it never does.

import { Detector, type DetectorOptions } from "../../detection/detector";
import type { Finding, StepReport } from "../../detection/finding";
import { detectionPlan } from "../../detection/plan";
import { findingText } from "../../detection/words";
import { Aidon } from "../../host/meters/aidon";
import { Dsmr5 } from "../../host/meters/dsmr5";
import { Fluvius } from "../../host/meters/fluvius";
import { Kaifa } from "../../host/meters/kaifa";
import { Kamstrup162 } from "../../host/meters/kamstrup-162";
import { Kamstrup382 } from "../../host/meters/kamstrup-382";
import { Kamstrup685382 } from "../../host/meters/kamstrup-685-382";
import { KamstrupOmnipower } from "../../host/meters/kamstrup-omnipower";
import { KamstrupOmnipowerEncrypted } from "../../host/meters/kamstrup-omnipower-encrypted";
import { LandisGyrZmd } from "../../host/meters/landis-gyr-zmd";
import { Luxembourg } from "../../host/meters/luxembourg";
import { multical403 } from "../../host/meters/multical-403";
import { multical603 } from "../../host/meters/multical-603";
import type { MeterOptions, PushMeter } from "../../host/meters/push-meter";
import { nodeCipher } from "../../host/platform/cipher";
import type { LineSettings } from "../../protocols/protocol";
import { PROTOCOLS } from "../../protocols/registry";
import { tableChecksums } from "../../protocols/shared/checksums";
import { FakeTime } from "../fake-timers";
import { Wire, type WireOptions } from "./wired-line";

// 2026-01-15 12:00:03, in the middle of nothing.
const START = Date.UTC(2026, 0, 15, 12, 0, 3);
// Kamstrup's published test keys (protocols: docs/protocols/dlms.md).
const KEY = "00112233445566778899AABBCCDDEEFF";
const OTHER_KEY = "000102030405060708090A0B0C0D0E0F";

const METERS = {
	aidon: (options: MeterOptions) => new Aidon(options),
	dsmr5: (options: MeterOptions) => new Dsmr5(options),
	fluvius: (options: MeterOptions) => new Fluvius(options),
	kaifa: (options: MeterOptions) => new Kaifa(options),
	"kamstrup-162": (options: MeterOptions) => new Kamstrup162(options),
	"kamstrup-382": (options: MeterOptions) => new Kamstrup382(options),
	"kamstrup-685-382": (options: MeterOptions) => new Kamstrup685382(options),
	"kamstrup-omnipower": (options: MeterOptions) => new KamstrupOmnipower(options),
	"kamstrup-omnipower-encrypted": (options: MeterOptions) => new KamstrupOmnipowerEncrypted(options),
	"landis-gyr-zmd": (options: MeterOptions) => new LandisGyrZmd(options),
	luxembourg: (options: MeterOptions) => new Luxembourg(options),
	"multical-403": multical403,
	"multical-603": multical603,
} as const;
type MeterName = keyof typeof METERS;

function made(name: MeterName): PushMeter {
	return METERS[name]({ seed: 1, start: START, solarWatts: 0 });
}

interface Run {
	readonly finding: Finding;
	readonly steps: readonly StepReport[];
	readonly wire: Wire;
	readonly seconds: number;
	readonly time: FakeTime;
}

interface Arrangement extends Omit<WireOptions, "time"> {
	readonly time?: FakeTime;
	readonly meter?: MeterName;
	readonly detector?: Partial<DetectorOptions>;
	/** Happens with the wire at these milliseconds. */
	readonly events?: readonly { readonly at: number; happen(wire: Wire): void }[];
}

/** Lets a detector search a wire until it ends, or its own worst case is over. */
function search({ meter, detector = {}, events = [], time = new FakeTime(), ...wiring }: Arrangement): Run {
	const wire = new Wire({ time, start: START, ...wiring }, meter && made(meter));
	const steps: StepReport[] = [];
	const findings: Finding[] = [];
	let endedAt = 0;
	const searching = new Detector({
		port: "wire",
		protocols: PROTOCOLS,
		checksums: tableChecksums(),
		cipher: nodeCipher(),
		settings: {},
		listenOnly: false,
		canInvert: false,
		fixedLine: false,
		openLine: wire.openLine,
		timers: time,
		now: time.now,
		onStep: (step) => steps.push(step),
		onFinding: (finding) => {
			findings.push(finding);
			endedAt = time.now();
		},
		...detector,
	});
	for (const { at, happen } of events) time.set(() => happen(wire), at);
	const { mostMs } = searching.time;
	while (findings.length === 0 && time.now() < mostMs) time.advance(1000);
	time.advance(10_000);
	wire.close();
	expect(findings).toHaveLength(1);
	return { finding: findings[0] as Finding, steps, wire, seconds: endedAt / 1000, time };
}

const lineOf = (name: MeterName): LineSettings => made(name).line;
const bauds = ({ steps }: Run) => steps.filter(({ result }) => result).map(({ settings }) => settings.baud);
const ended = ({ steps }: Run) => steps.filter(({ result }) => result).map(({ result }) => result?.verdict);

describe("meters that send by themselves", () => {
	test("an Omnipower at 2400 8N1 is read in the first step", () => {
		const run = search({ meter: "kamstrup-omnipower" });
		expect(run.finding).toMatchObject({
			kind: "reading",
			asked: false,
			found: { protocol: "dlms", settings: { baud: 2400, dataBits: 8, parity: "none" } },
			reading: { protocol: "dlms", meter: { manufacturer: "Kamstrup" } },
		});
		expect(bauds(run)).toEqual([2400]);
		expect(run.wire.sent).toEqual([]);
		expect(run.seconds).toBeLessThan(13);
	});

	test("a DSMR 5 meter at 115200 is read in the second step", () => {
		const run = search({ meter: "dsmr5" });
		expect(run.finding).toMatchObject({
			kind: "reading",
			found: {
				protocol: "p1",
				settings: { baud: 115200, dataBits: 8, parity: "none", invertReceive: false },
			},
		});
		expect(bauds(run)).toEqual([2400, 115200]);
		expect(run.wire.sent).toEqual([]);
	});

	test("a Kamstrup 162 at 9600: seven bits and even parity are seen in its bytes", () => {
		const run = search({ meter: "kamstrup-162" });
		expect(run.finding).toMatchObject({
			kind: "reading",
			found: { protocol: "p1", settings: { baud: 9600, dataBits: 7, parity: "even" } },
		});
		expect(bauds(run)).toEqual([2400, 115200, 9600]);
	});

	test.each(["aidon", "kaifa", "fluvius"] as const)("%s is read", (meter) => {
		expect(search({ meter }).finding.kind).toBe("reading");
	});

	test.each(["drop", "zero", "keep"] as const)(
		"a HAN port that sends 8E1 is read, whatever the UART makes of framing errors: %s",
		(policy) => {
			const settings: LineSettings = { ...lineOf("kamstrup-omnipower"), parity: "even" };
			const run = search({ meter: "kamstrup-omnipower", settings, policy });
			expect(run.finding.kind).toBe("reading");
			// Bytes that are kept in spite of framing errors are the right ones.
			if (policy !== "keep")
				expect(run.finding).toMatchObject({ found: { settings: { baud: 2400, parity: "even" } } });
		},
	);

	test("8E1 where the UART knows no parity: the finding says what to try", () => {
		const run = search({
			meter: "kamstrup-omnipower",
			settings: { ...lineOf("kamstrup-omnipower"), parity: "even" },
			alwaysEightNone: true,
		});
		expect(run.finding).toMatchObject({ kind: "parity", suggested: { baud: 2400, parity: "even" } });
		expect(findingText(run.finding)).toContain("bytes arrive but parity is wrong: try 2400 8E1");
		expect(run.wire.sent).toEqual([]);
	});
});

describe("encrypted meters", () => {
	const meter = "kamstrup-omnipower-encrypted" as const;

	test("without a key: needed, with the system title, and nothing else is tried", () => {
		const run = search({ meter });
		expect(run.finding).toMatchObject({
			kind: "key-needed",
			systemTitle: "4B414D4501349083",
			maker: "KAM",
			found: { protocol: "dlms", settings: { baud: 2400 } },
		});
		expect(findingText(run.finding)).toContain(
			"encrypted frames from Kamstrup 4B414D4501349083: a key is needed",
		);
		expect(bauds(run)).toEqual([2400]);
	});

	test("with a wrong key: the key, not the line; and the key is in no word of it", () => {
		const run = search({ meter, detector: { settings: { encryptionKey: OTHER_KEY } } });
		expect(run.finding.kind).toBe("wrong-key");
		expect(findingText(run.finding)).toContain("key does not fit: wrong key, not a wrong line");
		expect(JSON.stringify([run.finding, run.steps]) + findingText(run.finding)).not.toContain(OTHER_KEY);
	});

	test("with a right encryption key and a wrong authentication key", () => {
		const settings = { encryptionKey: KEY, authenticationKey: OTHER_KEY };
		expect(search({ meter, detector: { settings } }).finding.kind).toBe("wrong-authentication-key");
	});

	test("with the right key it is read", () => {
		const run = search({ meter, detector: { settings: { encryptionKey: KEY } } });
		expect(run.finding).toMatchObject({ kind: "reading", found: { protocol: "dlms" } });
	});

	test("an encrypted P1 meter without a key", () => {
		expect(search({ meter: "luxembourg" }).finding).toMatchObject({
			kind: "key-needed",
			found: { protocol: "p1", settings: { baud: 115200 } },
		});
	});
});

describe("meters that must be asked", () => {
	test("a Kamstrup 382 at 300 baud", () => {
		const run = search({ meter: "kamstrup-382" });
		expect(run.finding).toMatchObject({
			kind: "reading",
			asked: true,
			found: { protocol: "iec62056", settings: { baud: 300, dataBits: 7, parity: "even" } },
		});
		expect(String.fromCharCode(...(run.wire.sent[0] ?? []))).toBe("/?!\r\n");
	});

	test("a MULTICAL that speaks KMP is asked in one request for what most have", () => {
		const run = search({ meter: "multical-403" });
		expect(run.finding).toMatchObject({
			kind: "reading",
			asked: true,
			found: { protocol: "kmp", settings: { baud: 1200, stopBits: 2 } },
		});
		// GetRegister, GetType and GetSerialNo: three requests behind IEC 62056-21's sign-ons.
		const requests = run.wire.sent.filter(([first]) => first === 0x80);
		expect(requests).toHaveLength(3);
	});

	test("a MULTICAL behind an optical head that echoes", () => {
		expect(search({ meter: "multical-603", echo: true }).finding).toMatchObject({
			kind: "reading",
			found: { protocol: "kmp" },
		});
	});

	test("a 685-382 that speaks its old protocol", () => {
		expect(search({ meter: "kamstrup-685-382" }).finding).toMatchObject({
			kind: "reading",
			found: { protocol: "kmp382", settings: { baud: 1200, parity: "even", stopBits: 2 } },
		});
	});

	test("a Landis+Gyr ZMD behind a head that carries no more than 300 baud", () => {
		expect(search({ meter: "landis-gyr-zmd" }).finding).toMatchObject({
			kind: "reading",
			found: { protocol: "iec62056", settings: { baud: 300 } },
		});
	});

	test("with listenOnly nothing is sent, and silence is the finding", () => {
		const run = search({ meter: "kamstrup-382", detector: { listenOnly: true } });
		expect(run.finding).toEqual({ kind: "silent", asked: false, echo: false });
		expect(run.wire.sent).toEqual([]);
	});

	test("nothing is sent before every usual setting has been listened to", () => {
		const run = search({ meter: "kamstrup-382" });
		const firstAsked = run.steps.findIndex(({ doing }) => doing === "ask");
		expect(run.steps.slice(0, firstAsked).filter(({ result }) => result)).toHaveLength(3);
	});
});

describe("signals that are wrong", () => {
	test("an inverted P1 signal on hardware that cannot invert", () => {
		const run = search({ meter: "dsmr5", inverted: true });
		expect(run.finding).toMatchObject({ kind: "inverted", settings: { baud: 115200, invertReceive: true } });
		expect(findingText(run.finding)).toContain("signal is inverted");
		expect(run.wire.sent).toEqual([]);
	});

	test.each(["dsmr5", "kamstrup-162"] as const)(
		"an inverted signal where the UART can invert: %s is read",
		(meter) => {
			const run = search({ meter, inverted: true, detector: { canInvert: true } });
			expect(run.finding).toMatchObject({
				kind: "reading",
				found: { protocol: "p1", settings: { invertReceive: true } },
			});
		},
	);

	test("a silent line: asked, said, in the time that was told beforehand", () => {
		const run = search({});
		expect(run.finding).toEqual({ kind: "silent", asked: true, echo: false });
		expect(ended(run)).toEqual(Array(7).fill("silent"));
		// Told beforehand: 68 s.
		expect(run.seconds).toBeGreaterThan(55);
		expect(run.seconds).toBeLessThan(69);
	});

	test("a clock that moves between two looks at it, as a real one does, ends too", () => {
		const time = new FakeTime();
		let looks = 0;
		const run = search({
			detector: { now: () => time.now() + looks++ * 1e-6 },
			time,
		});
		expect(run.finding).toEqual({ kind: "silent", asked: true, echo: false });
	});

	test("only an echo: the head works, the meter does not answer", () => {
		// At 50 baud, which nobody uses, the meter understands nothing of what it hears.
		const run = search({
			meter: "kamstrup-382",
			echo: true,
			settings: { ...lineOf("kamstrup-382"), baud: 50 },
		});
		expect(run.finding).toMatchObject({ kind: "silent", asked: true, echo: true });
	});

	test("random characters at random times are noise", () => {
		let state = 12345;
		const random = () => {
			state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
			return state / 0x7fffffff;
		};
		const events = Array.from({ length: 4000 }, (_, index) => ({
			at: 100 + index * 50,
			happen: (wire: Wire) =>
				wire.send(Uint8Array.of(Math.floor(random() * 256)), {
					...lineOf("kamstrup-omnipower"),
					baud: [300, 2400, 9600, 57600][index % 4] as number,
				}),
		}));
		const run = search({ events, settings: lineOf("kamstrup-omnipower") });
		expect(run.finding.kind).toBe("noise");
		expect(new Set(bauds(run))).toEqual(new Set([2400, 115200, 9600, 19200, 4800, 1200, 300]));
	});

	test("a line that is pulled ends with that, and lets go of everything", () => {
		const run = search({ events: [{ at: 5000, happen: (wire) => wire.unplug() }] });
		expect(run.finding).toEqual({ kind: "lost", reason: "cannot be opened: there is no such port" });
		expect(run.seconds).toBeLessThan(10);
		expect(run.time.pending).toBe(0);
	});

	test("a loose plug is opened again", () => {
		const run = search({
			meter: "kamstrup-omnipower",
			events: [{ at: 2000, happen: (wire) => wire.jolt() }],
		});
		expect(run.finding.kind).toBe("reading");
		expect(run.wire.opened).toBe(2);
	});
});

describe("the plan", () => {
	const usual = { protocols: PROTOCOLS, listenOnly: false, canInvert: true, fixedLine: false };

	test("listens before it asks, and asks last", () => {
		const doing = detectionPlan(usual).map((step) => step.doing);
		expect(doing.lastIndexOf("listen")).toBeLessThan(doing.indexOf("ask"));
	});

	test("listens at every line of the protocols that send unasked", () => {
		const steps = detectionPlan(usual).filter(({ doing }) => doing === "listen");
		for (const protocol of PROTOCOLS.filter(({ name }) => ["p1", "dlms", "iec62056"].includes(name)))
			for (const line of protocol.lines)
				expect(
					steps.some(
						({ protocols, settings }) =>
							protocols.includes(protocol) &&
							settings.baud === line.baud &&
							settings.invertReceive === line.invertReceive,
					),
				).toBe(true);
	});

	test("on a device server's line: one listening, each protocol asked once", () => {
		const steps = detectionPlan({ ...usual, fixedLine: true });
		expect(steps.map(({ doing, protocols }) => [doing, protocols.length])).toEqual([
			["listen", 6],
			["ask", 1],
			["ask", 1],
			["ask", 1],
		]);
	});
});
