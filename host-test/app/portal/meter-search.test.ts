// The search for the meter as the portal's page sees it, and keys tried on what the meter has sent: emulated meters on
// a wire of bits, on a fake clock.

import { CAPTURE_BYTES, LineCapture } from "../../../app/portal/line-capture";
import { MeterSearch } from "../../../app/portal/meter-search";
import type { Line } from "../../../hardware/line";
import { KamstrupOmnipower } from "../../../host/meters/kamstrup-omnipower";
import { KamstrupOmnipowerEncrypted } from "../../../host/meters/kamstrup-omnipower-encrypted";
import { Luxembourg } from "../../../host/meters/luxembourg";
import { METERS } from "../../../host/meters/meters";
import type { MeterOptions, PushMeter } from "../../../host/meters/push-meter";
import { nodeCipher } from "../../../host/platform/cipher";
import { PROTOCOLS } from "../../../protocols/registry";
import { tableChecksums } from "../../../protocols/shared/checksums";
import { Wire } from "../../detection/wired-line";
import { FakeTime } from "../../fake-timers";

const START = Date.UTC(2026, 0, 15, 12, 0, 3);
const MINUTE = 60_000;
const OTHER_KEY = "f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff";

/** The example keys that the emulated meter's model is listed with. */
function keysOf(name: string): { encryptionKey: string; authenticationKey: string } {
	const { encryptionKey = "", authenticationKey = "" } = (METERS.find((model) => model.name === name)
		?.settings ?? {}) as Record<string, string>;
	return { encryptionKey, authenticationKey };
}

function rig(make: ((options: MeterOptions) => PushMeter) | undefined) {
	const time = new FakeTime();
	const options = { time, start: START };
	const settings = PROTOCOLS[0]?.lines[0];
	const wire = make
		? new Wire(options, make({ seed: 1, start: START, solarWatts: 0 }))
		: new Wire({ ...options, ...(settings ? { settings } : {}) }, undefined);
	const paused: boolean[] = [];
	const search = new MeterSearch({
		...{
			port: "wire",
			protocols: PROTOCOLS,
			configured: "dlms",
			canInvert: false,
			timers: time,
			now: time.now,
		},
		checksums: tableChecksums(),
		cipher: nodeCipher(),
		owner: {
			openPort: wire.openLine,
			pauseMeter: (now) => paused.push(now),
		},
	});
	return { time, wire, search, paused };
}

describe("the search", () => {
	test("begins idle; steps in words while it runs; a finding with what to save, and the line given back", () => {
		const { time, search, paused } = rig((options) => new KamstrupOmnipower(options));
		expect(search.report).toMatchObject({ state: "idle", steps: [], finding: null });
		search.start(false, {});
		time.advance(100);
		expect(search.report.state).toBe("running");
		expect(search.report.steps[0]).toMatchObject({ text: expect.stringContaining("2400 8N1"), result: null });
		time.advance(MINUTE);
		expect(search.report).toMatchObject({
			state: "done",
			finding: {
				kind: "reading",
				protocol: "dlms",
				baud: 2400,
				format: "8N1",
				inverted: false,
				needsKey: false,
			},
		});
		expect(search.report.seconds).toBeLessThan(30);
		expect(paused).toEqual([true, false]);
	});

	test("an encrypted meter is found and asks for its key; tried keys get a plain verdict at once", () => {
		const { time, search } = rig((options) => new KamstrupOmnipowerEncrypted(options));
		const keys = keysOf("kamstrup-omnipower-encrypted");
		expect(search.checkKey(keys)).toBe("no-frame");
		search.start(true, {});
		time.advance(MINUTE);
		expect(search.report.finding).toMatchObject({ kind: "key-needed", protocol: "dlms", needsKey: true });
		expect(search.checkKey({ ...keys, encryptionKey: OTHER_KEY })).toBe("does-not-open");
		expect(search.checkKey({ encryptionKey: "", authenticationKey: "" })).toBe("no-frame");
		expect(search.checkKey(keys)).toBe("opens");
		expect(search.checkKey({ ...keys, authenticationKey: OTHER_KEY })).toBe(
			"authentication-key-does-not-fit",
		);
	});

	test("P1 with encryption alike", () => {
		const { time, search } = rig((options) => new Luxembourg(options));
		search.start(true, {});
		time.advance(2 * MINUTE);
		expect(search.report.finding).toMatchObject({ kind: "key-needed", protocol: "p1" });
		expect(search.checkKey(keysOf("luxembourg"))).toBe("opens");
		expect(search.checkKey({ encryptionKey: OTHER_KEY, authenticationKey: OTHER_KEY })).toBe("does-not-open");
	});

	test("a meter that does not encrypt needs no key, whatever is typed", () => {
		const { time, search } = rig((options) => new KamstrupOmnipower(options));
		search.start(true, {});
		time.advance(MINUTE);
		expect(search.checkKey({ encryptionKey: OTHER_KEY, authenticationKey: "" })).toBe("not-encrypted");
	});

	test("silence is said in words; stopping gives the line back and leaves no timer", () => {
		const { time, search, paused, wire } = rig(undefined);
		search.start(true, {});
		time.advance(10 * MINUTE);
		expect(search.report.finding).toMatchObject({ kind: "silent", protocol: null });
		expect(wire.sent).toEqual([]);
		search.start(true, {});
		time.advance(5000);
		search.stop();
		expect(search.report).toMatchObject({ state: "done", finding: null });
		expect(paused).toEqual([true, false, true, false]);
		expect(time.pending).toBe(0);
	});
});

describe("the capture", () => {
	function fed(pieces: readonly Uint8Array[]) {
		const capture = new LineCapture();
		const waiting = [...pieces];
		const opener = { openPort: () => ({ read: () => waiting.shift() }) as unknown as Line };
		const line = capture.open(opener, {
			...{ port: "", settings: {} as never, onReadable: () => {}, onError: () => {} },
		});
		return { capture, line };
	}

	test("keeps nothing until it is asked to", () => {
		const { capture, line } = fed([Uint8Array.of(1, 2), Uint8Array.of(3)]);
		line.read();
		expect(capture.bytes).toHaveLength(0);
		capture.enable(true);
		line.read();
		expect([...capture.bytes]).toEqual([3]);
		capture.enable(false);
		expect(capture.bytes).toHaveLength(0);
	});

	test("keeps the last bytes in order, in whatever pieces they came", () => {
		const stream = Uint8Array.from({ length: 3 * CAPTURE_BYTES + 77 }, (_, index) => (index * 7) & 0xff);
		for (const step of [1, 100, CAPTURE_BYTES, 2 * CAPTURE_BYTES + 1]) {
			const pieces: Uint8Array[] = [];
			for (let at = 0; at < stream.length; at += step) pieces.push(stream.slice(at, at + step));
			const { capture, line } = fed(pieces);
			capture.enable(true);
			while (line.read());
			expect(Buffer.compare(capture.bytes, stream.slice(-CAPTURE_BYTES))).toBe(0);
		}
	});
});
