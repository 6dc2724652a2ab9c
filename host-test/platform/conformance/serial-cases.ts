// The serial line as the app sees it (hardware/serial-line.ts), over a pty pair. A pty carries eight bits without
// parity: 7E1 shows as bit 7 = even parity. The last case makes the pair vanish.

import TCP from "embedded:io/socket/tcp";
import { timers } from "../../../hardware/clock.js";
import type { Line, LineOptions } from "../../../hardware/line.js";
import type { TcpClass } from "../../../hardware/sdk.js";
import { openSerialLine } from "../../../hardware/serial-line.js";
import type { LineSettings } from "../../../protocols/protocol.js";
import { differs, fromHex, hex, mustThrow } from "./bytes.js";
import type { ConformanceCase } from "./conformance.js";

const Socket = TCP as unknown as TcpClass;

const EIGHT_NONE: LineSettings = {
	baud: 9600,
	dataBits: 8,
	parity: "none",
	stopBits: 1,
	invertReceive: false,
	invertTransmit: false,
};
/** Both ends are open by then, also where other tests take the processors: what comes before a port is open is lost. */
const OPENED_MS = 500;
const SEVEN_EVEN: LineSettings = { ...EIGHT_NONE, dataBits: 7, parity: "even" };

function open(port: string | undefined, settings: LineSettings, callbacks: Partial<LineOptions> = {}): Line {
	return openSerialLine({ port: `${port}`, settings, onReadable: () => {}, onError: () => {}, ...callbacks });
}

export const serialCases: readonly ConformanceCase[] = [
	{
		name: "serial: a port that does not exist is refused with a reason",
		run(_, done) {
			let message = "";
			try {
				open("/dev/there-is-no-such-port", EIGHT_NONE);
			} catch (error) {
				message = error instanceof Error ? error.message : "";
			}
			done(differs("the reason", message.startsWith("cannot be opened: "), true));
		},
	},
	{
		name: "serial: all 256 byte values pass in both directions, unchanged",
		serial: true,
		run({ ptys }, done) {
			const all = Uint8Array.from({ length: 256 }, (_, value) => value);
			let there = "";
			let back = "";
			const meter = open(ptys?.[0], EIGHT_NONE, {
				onReadable: () => {
					const bytes = meter.read();
					if (!bytes) return;
					there += hex(bytes);
					meter.write(bytes.slice());
				},
			});
			const line = open(ptys?.[1], EIGHT_NONE, {
				onReadable: () => {
					back += hex(line.read() ?? new Uint8Array(0));
					if (back.length < 512) return;
					const counted = line.counters.bytes;
					line.close();
					line.close();
					meter.close();
					done(
						differs("there", there, hex(all)) ??
							differs("back", back, hex(all)) ??
							differs("counted", counted, 256),
					);
				},
			});
			timers.set(() => line.write(all), OPENED_MS);
		},
	},
	{
		name: "serial: 7E1 adds parity in bit 7, strips it, and has NUL for characters that have it wrong, and counts them",
		serial: true,
		run({ ptys }, done) {
			let wire = "";
			let heard = "";
			const line = open(ptys?.[0], SEVEN_EVEN, {
				onReadable: () => {
					heard += hex(line.read() ?? new Uint8Array(0));
					if (heard.length < 6) return;
					const wrong = line.counters.parity;
					line.close();
					raw.close();
					// '/' 2F has five ones, '?' 3F six, '!' 21 two (ISO 646 with even parity). NUL: POSIX, termios, INPCK.
					done(
						differs("on the wire", wire, "af3f21") ??
							differs("heard", heard, "2f0021") ??
							differs("wrong parity", wrong, 1),
					);
				},
			});
			const raw = open(ptys?.[1], EIGHT_NONE, {
				onReadable: () => {
					wire += hex(raw.read() ?? new Uint8Array(0));
					// The first comes back right, the second with its parity wrong, the third right.
					if (wire.length >= 6) raw.write(fromHex("afbf21"));
				},
			});
			timers.set(() => line.write(fromHex("2f3f21")), OPENED_MS);
		},
	},
	{
		name: "serial: new settings wait for what was written before, and precede what is written after",
		serial: true,
		run({ ptys }, done) {
			let wire = "";
			const raw = open(ptys?.[1], EIGHT_NONE, {
				onReadable: () => {
					wire += hex(raw.read() ?? new Uint8Array(0));
					if (wire.length < 12) return;
					line.close();
					raw.close();
					done(differs("on the wire", wire, "afafaf2f2f2f"));
				},
			});
			const line = open(ptys?.[0], SEVEN_EVEN);
			timers.set(() => {
				line.write(fromHex("2f2f2f"));
				line.set({ ...EIGHT_NONE, baud: 2400 });
				line.write(fromHex("2f2f2f"));
			}, OPENED_MS);
		},
	},
	{
		name: "serial: writes are all or nothing, and a closed line throws",
		serial: true,
		run({ ptys }, done) {
			const line = open(ptys?.[0], EIGHT_NONE);
			const problem = mustThrow("100,000 bytes", () => line.write(new Uint8Array(100_000)));
			line.close();
			done(problem ?? mustThrow("a closed line", () => line.write(new Uint8Array(1))));
		},
	},
	{
		name: "serial: a port that vanishes is told once, and the line is closed then",
		serial: true,
		run({ ptys, vanish }, done) {
			let told = 0;
			const line = open(ptys?.[0], EIGHT_NONE, {
				onError: () => {
					told++;
					const problem = mustThrow("writing", () => line.write(new Uint8Array(1)));
					line.close();
					if (told === 1) timers.set(() => done(problem ?? differs("told", told, 1)), 100);
				},
			});
			timers.set(() => {
				const socket = new Socket({
					address: "127.0.0.1",
					port: vanish,
					onWritable: () => socket.close(),
				});
			}, OPENED_MS);
		},
	},
];
