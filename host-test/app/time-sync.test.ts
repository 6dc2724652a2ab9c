// SNTP: packets against RFC 4330's layout, and the client against a server of the test's own, on a fake clock.

import "../../host/platform/globals";
import { ntpAnswer, ntpQuestion } from "../../app/ntp";
import { TimeSync } from "../../app/time-sync";
import type { UdpOptions } from "../../outputs/network";
import { FakeTime } from "../fake-timers";

/** 2026-11-21T12:00:00Z in seconds since 1970 and since 1900 (RFC 868's 2208988800 between them). */
const NOW = Date.UTC(2026, 10, 21, 12) / 1000;
const SINCE_1900 = 2_208_988_800;

const NONCE = Uint8Array.from([1, 2, 3, 4, 5, 6, 7, 8]);

function reply(
	seconds: number,
	fraction = 0,
	more: { first?: number; stratum?: number; nonce?: Uint8Array; held?: number } = {},
): Uint8Array {
	const { first = 0x24, stratum = 2, nonce = NONCE, held = 0 } = more;
	const packet = new Uint8Array(48);
	const view = new DataView(packet.buffer);
	packet.set([first, stratum]);
	packet.set(nonce, 24);
	view.setUint32(32, seconds + SINCE_1900 - held);
	view.setUint32(36, fraction * 2 ** 32);
	view.setUint32(40, seconds + SINCE_1900);
	view.setUint32(44, fraction * 2 ** 32);
	return packet;
}

describe("packets", () => {
	test("the question: version 4, client, the nonce for a time, 48 bytes", () => {
		const question = ntpQuestion(NONCE);
		expect(question).toHaveLength(48);
		expect(question[0]).toBe(0x23);
		expect([...question.subarray(40)]).toEqual([...NONCE]);
		expect(question.subarray(1, 40).every((byte) => byte === 0)).toBe(true);
	});

	test("the answer's time, with its fraction", () => {
		expect(ntpAnswer(reply(NOW, 0.5), NONCE)).toEqual({ time: NOW * 1000 + 500, heldMs: 0 });
		expect(ntpAnswer(reply(NOW, 0, { held: 1 }), NONCE)?.heldMs).toBe(1000);
	});

	test("after 2036 the seconds have begun anew (RFC 4330, 3)", () => {
		const later = Date.UTC(2040, 0, 1) / 1000;
		expect(ntpAnswer(reply(later), NONCE)?.time).toBe(later * 1000);
	});

	test.each([
		["another's nonce", reply(NOW, 0, { nonce: new Uint8Array(8) })],
		["a client's packet", reply(NOW, 0, { first: 0x23 })],
		["a server that does not know the time", reply(NOW, 0, { first: 0xe4 })],
		["a kiss of death", reply(NOW, 0, { stratum: 0 })],
		["stratum 16", reply(NOW, 0, { stratum: 16 })],
		["no time in it", reply(-SINCE_1900)],
		["too short", reply(NOW).slice(0, 47)],
	])("%s is no answer", (_, packet) => {
		expect(ntpAnswer(packet, NONCE)).toBeUndefined();
	});
});

/** `answers`: which addresses answer, after how many milliseconds. */
function rig(servers: string[], answers: Record<string, number>) {
	const time = new FakeTime();
	const set: { at: number; seconds: number }[] = [];
	const asked: string[] = [];
	const log: string[] = [];
	let open = 0;
	const sync = new TimeSync({
		timers: time,
		now: time.now,
		randomBytes: (count) => new Uint8Array(count).fill(asked.length + 1),
		owner: { timeServers: () => servers },
		setTime: (seconds) => set.push({ at: time.now(), seconds }),
		log: (line) => log.push(line),
		network: {
			resolve: (host, done) => void time.set(() => done(host === "nowhere.example" ? undefined : host), 10),
			openUdp: ({ onReceived }: UdpOptions) => {
				open++;
				return {
					send: (question, address, port) => {
						asked.push(`${address}:${port}`);
						const delay = answers[address];
						if (delay === undefined) return;
						const nonce = question.slice(40, 48);
						// The server's clock began at NOW when the test's stood at 0.
						const halfWay = NOW + (time.now() + delay / 2) / 1000;
						const packet = reply(Math.floor(halfWay), halfWay % 1, { nonce });
						time.set(() => onReceived?.(packet, address, port), delay);
					},
					close: () => {
						open--;
					},
				};
			},
		},
	});
	return { time, sync, set, asked, log, sockets: () => open };
}

describe("keeping the clock right", () => {
	test("the first server's time, set as a second begins, with half of the way taken into account", () => {
		const { time, sync, set, log } = rig(["10.0.0.1", "pool.ntp.org"], { "10.0.0.1": 40 });
		sync.start();
		time.advance(2000);
		expect(set).toHaveLength(1);
		expect(Math.abs((set[0]?.at ?? 0) / 1000 + NOW - (set[0]?.seconds ?? 0))).toBeLessThan(0.01);
		expect(sync.report).toMatchObject({ server: "10.0.0.1", failures: 0 });
		expect(log).toEqual(["time: from 10.0.0.1"]);
	});

	test("a router that does not know the time is asked twice, then the pool", () => {
		const { time, sync, set, asked } = rig(["10.0.0.1", "10.9.9.9"], { "10.9.9.9": 40 });
		sync.start();
		time.advance(10_000);
		expect(asked).toEqual(["10.0.0.1:123", "10.0.0.1:123", "10.9.9.9:123"]);
		expect(set).toHaveLength(1);
	});

	test("a name that nobody knows is passed over at once", () => {
		const { time, sync, set } = rig(["nowhere.example", "10.9.9.9"], { "10.9.9.9": 40 });
		sync.start();
		time.advance(1500);
		expect(set).toHaveLength(1);
	});

	test("nobody answers: rarer and rarer, one line in the log; then somebody does", () => {
		const answers: Record<string, number> = {};
		const { time, sync, set, asked, log, sockets } = rig(["10.0.0.1"], answers);
		sync.start();
		time.advance(60 * 60_000);
		expect(asked.length).toBeLessThan(16);
		expect(log).toEqual(["time: no server answers; trying on"]);
		expect(sockets()).toBe(0);
		answers["10.0.0.1"] = 20;
		time.advance(60 * 60_000);
		expect(set.length).toBeGreaterThan(0);
	});

	test("again after four hours, and no socket is held between", () => {
		const { time, sync, asked, sockets } = rig(["10.0.0.1"], { "10.0.0.1": 40 });
		sync.start();
		time.advance(4 * 3_600_000 + 5000);
		expect(asked).toHaveLength(2);
		expect(sockets()).toBe(0);
	});

	test("without a network nothing is asked, and closing leaves no timer", () => {
		const { time, sync, asked } = rig(["10.0.0.1"], {});
		sync.start();
		time.advance(1000);
		sync.stop();
		time.advance(60 * 60_000);
		expect(asked).toHaveLength(1);
		sync.close();
		expect(time.pending).toBe(0);
	});
});
