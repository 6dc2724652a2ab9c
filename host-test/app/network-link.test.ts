// The network's state machine against a radio of the test's own, on a clock that moves only when told.

import { createHmac } from "node:crypto";
import { accessPoint } from "../../app/access-point";
import { type KnownNetwork, NetworkLink, type TrialResult } from "../../app/network-link";
import { FakeTime } from "../fake-timers";
import { FakeRadio, type Place } from "./fake-radio";
import "../../host/platform/globals";

const MINUTE = 60_000;
const HOME: KnownNetwork = { ssid: "Home", password: "correct horse", hidden: false, hostName: "meterling" };
const POINT = { ssid: "Meterling-0001", password: "abcd-efgh-ijkm" };

function place(ssid: string, rssi: number, more: Partial<Place> = {}): Place {
	const password = HOME.password;
	return { ssid, rssi, bssid: "0a0000000001", channel: 6, open: false, password, ...more };
}

function rig(network: KnownNetwork, places: Place[] = [], wired = false) {
	const time = new FakeTime();
	const radio = new FakeRadio(time);
	radio.places = places;
	const log: string[] = [];
	const secrets: string[] = [];
	const events: string[] = [];
	const link = new NetworkLink({
		wifi: wired ? undefined : radio,
		network,
		accessPoint: POINT,
		timers: time,
		now: time.now,
		random: () => 0,
		log: (line) => log.push(line),
		printSecret: (line) => secrets.push(line),
		owner: {
			onOnline: () => events.push("online"),
			onOffline: () => events.push("offline"),
			onAccessPoint: (open) => events.push(open ? "access point" : "no access point"),
		},
	});
	return { time, radio, link, log, secrets, events };
}

describe("joining", () => {
	test("a known network within reach: online, with address, signal and channel in the report", () => {
		const { time, link, events, radio } = rig(HOME, [place("Home", -55)]);
		time.advance(4000);
		expect(link.report).toMatchObject({
			...{ state: "online", ssid: "Home", address: "10.0.0.7", rssi: -55, channel: 6 },
			...{ joins: 1, losses: 0, failures: 0, accessPoint: false, reason: null },
		});
		expect(events).toEqual(["online"]);
		expect(radio.accessPointOptions).toBeUndefined();
	});

	test("of equal names the strongest is joined", () => {
		const { time, radio } = rig(HOME, [
			place("Home", -80, { bssid: "0a0000000001" }),
			place("Home", -50, { bssid: "0a0000000002" }),
			place("Other", -30, { bssid: "0a0000000003" }),
		]);
		time.advance(4000);
		expect(radio.joins.map(({ bssid }) => bssid)).toEqual(["0a0000000002"]);
	});

	test("a hidden network is joined by its name, without a scan", () => {
		const { time, radio, link } = rig({ ...HOME, hidden: true }, [place("Home", -55, { hidden: true })]);
		time.advance(4000);
		expect(link.report.state).toBe("online");
		expect(radio.scans).toBe(0);
		expect(radio.joins[0]?.bssid).toBeUndefined();
	});

	test.each([
		["not-found", HOME, []],
		["wrong-password", { ...HOME, password: "wrong" }, [place("Home", -55)]],
		["no-address", HOME, [place("Home", -55, { mute: true })]],
		["not-found", { ...HOME, hidden: true }, []],
	] as const)("%s is told apart, and tried again", (reason, network, places) => {
		const { time, link, radio } = rig(network, [...places]);
		time.advance(30_000);
		expect(link.report.reason).toBe(reason);
		expect(link.report.failures).toBeGreaterThan(0);
		radio.places = [place("Home", -55, { password: network.password, hidden: network.hidden })];
		time.advance(2 * MINUTE);
		expect(link.report).toMatchObject({ state: "online", reason: null });
	});

	test("attempts become rarer, to one a minute at most", () => {
		const { time, radio } = rig(HOME, []);
		const scansIn = (milliseconds: number) => {
			const before = radio.scans;
			time.advance(milliseconds);
			return radio.scans - before;
		};
		expect(scansIn(MINUTE)).toBeLessThanOrEqual(6);
		time.advance(10 * MINUTE);
		expect(scansIn(10 * MINUTE)).toBeLessThanOrEqual(10);
	});

	test("the log names the network and the reason once, and never a password", () => {
		const { time, log } = rig({ ...HOME, ssid: "Ho\nme", password: "top secret" }, [place("Ho\nme", -55)]);
		time.advance(10 * MINUTE);
		expect(log.filter((line) => line.includes("wrong-password"))).toHaveLength(1);
		expect(log.join("")).toContain('"Ho?me"');
		expect(log.join("")).not.toContain("top secret");
		expect(log.join("")).not.toContain(POINT.password);
	});

	test("a wired device is online at once and has no access point", () => {
		const { time, link, events } = rig({ ...HOME, ssid: "" }, [], true);
		time.advance(10 * MINUTE);
		expect(link.report).toMatchObject({ state: "wired", ssid: null, accessPoint: false });
		expect(link.isOnline).toBe(true);
		expect(events).toEqual(["online"]);
	});
});

describe("losing", () => {
	test("a network that comes back within five minutes is joined again without an access point", () => {
		const { time, radio, link, events } = rig(HOME, [place("Home", -55)]);
		time.advance(5000);
		radio.places = [];
		radio.drop();
		time.advance(4 * MINUTE);
		expect(link.report).toMatchObject({ losses: 1, reason: "not-found", accessPoint: false });
		radio.places = [place("Home", -60)];
		time.advance(MINUTE + 10_000);
		expect(link.report).toMatchObject({ state: "online", joins: 2 });
		expect(events).toEqual(["online", "offline", "online"]);
	});

	test("gone for five minutes: the access point opens, it tries on, and closes a minute after success", () => {
		const { time, radio, link, events } = rig(HOME, [place("Home", -55)]);
		time.advance(5000);
		radio.places = [];
		radio.drop();
		time.advance(5 * MINUTE - 1000);
		expect(radio.accessPointOptions).toBeUndefined();
		time.advance(2000);
		expect(radio.accessPointOptions).toEqual(POINT);
		const scans = radio.scans;
		time.advance(5 * MINUTE);
		expect(radio.scans).toBeGreaterThan(scans);
		radio.places = [place("Home", -60)];
		while (link.report.state !== "online") time.advance(1000);
		expect(radio.accessPointOptions).toEqual(POINT);
		time.advance(59_000);
		expect(radio.accessPointOptions).toEqual(POINT);
		time.advance(2000);
		expect(radio.accessPointOptions).toBeUndefined();
		expect(events).toEqual(["online", "offline", "access point", "online", "no access point"]);
	});

	test("a network lost again during the time of grace keeps the access point open", () => {
		const { time, radio, link } = rig(HOME, []);
		time.advance(6 * MINUTE);
		radio.places = [place("Home", -60)];
		while (link.report.state !== "online") time.advance(1000);
		time.advance(30_000);
		radio.places = [];
		radio.drop();
		time.advance(2 * MINUTE);
		expect(radio.accessPointOptions).toEqual(POINT);
	});

	test("the password of the access point is printed once, on the console only", () => {
		const { time, radio, link, secrets } = rig(HOME, []);
		for (let round = 0; round < 2; round++) {
			time.advance(7 * MINUTE);
			radio.places = [place("Home", -60)];
			while (link.report.state !== "online") time.advance(1000);
			time.advance(2 * MINUTE);
			radio.places = [];
			radio.drop();
		}
		time.advance(7 * MINUTE);
		expect(secrets).toEqual(["network: the password of Meterling-0001 is abcd-efgh-ijkm"]);
	});
});

describe("roaming", () => {
	const weak = place("Home", -60, { bssid: "0a0000000001" });
	const other = place("Home", -85, { bssid: "0a0000000002" });

	function walked(rssi: number, otherRssi: number) {
		const made = rig(HOME, [weak, other]);
		made.time.advance(5000);
		made.radio.places = [
			{ ...weak, rssi },
			{ ...other, rssi: otherRssi },
		];
		made.time.advance(3 * MINUTE);
		return made;
	}

	test("to a transmitter of the same name that is 10 dB better", () => {
		const { link, radio } = walked(-80, -60);
		expect(link.report).toMatchObject({ state: "online", roams: 1, losses: 0, joins: 2, rssi: -60 });
		expect(radio.bssid).toBe("0a0000000002");
	});

	test.each([
		["the signal is good", -60, -40],
		["the other is hardly better", -75, -70],
	])("not where %s", (_, rssi, otherRssi) => {
		expect(walked(rssi, otherRssi).link.report).toMatchObject({ roams: 0, joins: 1, state: "online" });
	});
});

describe("set-up", () => {
	const fresh = { ...HOME, ssid: "", password: "" };

	function tried(network: KnownNetwork, places: Place[], known = fresh) {
		const made = rig(known, places);
		made.time.advance(5000);
		made.link.hold(true);
		let result: TrialResult | undefined;
		made.link.try(network, (told) => {
			result = told;
		});
		made.time.advance(60_000);
		return { ...made, result };
	}

	test("a fresh device opens its access point at once and joins nothing", () => {
		const { time, radio, link } = rig(fresh, [place("Home", -55)]);
		time.advance(1000);
		expect(link.report).toMatchObject({ state: "unset", ssid: null, accessPoint: true });
		expect(radio.joins).toEqual([]);
	});

	test("a network that is tried with success becomes the known one; the access point waits for the end", () => {
		const { result, link, radio, time } = tried(HOME, [place("Home", -55)]);
		expect(result).toEqual({ verdict: "joined", address: "10.0.0.7" });
		expect(link.report).toMatchObject({ state: "online", ssid: "Home" });
		time.advance(10 * MINUTE);
		expect(radio.accessPointOptions).toEqual(POINT);
		link.hold(false);
		time.advance(61_000);
		expect(radio.accessPointOptions).toBeUndefined();
	});

	test.each([
		["wrong-password", { ...HOME, password: "guess" }],
		["not-found", { ...HOME, ssid: "Elsewhere" }],
	] as const)("%s is the trial's verdict; the access point stays", (verdict, network) => {
		const { result, link, radio } = tried(network, [place("Home", -55)]);
		expect(result).toEqual({ verdict });
		expect(link.report).toMatchObject({ state: "unset", accessPoint: true });
		expect(radio.accessPointOptions).toEqual(POINT);
	});

	test("after a failed trial the known network is joined again", () => {
		const { result, link } = tried({ ...HOME, ssid: "Elsewhere" }, [place("Home", -55)], HOME);
		expect(result).toEqual({ verdict: "not-found" });
		expect(link.report).toMatchObject({ state: "online", ssid: "Home" });
	});

	test("an address set by hand is handed to the radio", () => {
		const fixed = { address: "10.0.0.99", netmask: "255.255.255.0", gateway: "10.0.0.1" };
		const { result } = tried({ ...HOME, fixed }, [place("Home", -55)]);
		expect(result).toEqual({ verdict: "joined", address: "10.0.0.99" });
	});

	test("a second trial beside a running one is refused", () => {
		const { time, link } = rig(fresh, [place("Home", -55)]);
		time.advance(1000);
		const results: string[] = [];
		link.try(HOME, ({ verdict }) => results.push(`first ${verdict}`));
		link.try(HOME, ({ verdict }) => results.push(`second ${verdict}`));
		time.advance(10_000);
		expect(results).toEqual(["second unusable", "first joined"]);
	});

	test("closing lets go of every timer", () => {
		const { time, link } = rig(HOME, []);
		time.advance(6 * MINUTE);
		link.close();
		time.advance(5000);
		expect(time.pending).toBe(0);
	});
});

describe("the access point's name and password", () => {
	const hmac = (key: Uint8Array, message: readonly Uint8Array[]) =>
		new Uint8Array(createHmac("sha256", key).update(Buffer.concat(message)).digest());

	function made(secret: number, files = new Map<string, Uint8Array>()) {
		const store = {
			read: (name: string) => files.get(name),
			write: (name: string, bytes: Uint8Array) => void files.set(name, bytes),
		};
		return accessPoint("meterling-a1b2c3", store, { hmacSha256: hmac }, (count) =>
			new Uint8Array(count).fill(secret),
		);
	}

	test("name from the id, password of 60 bits from the secret, as Node's own HMAC gives it", () => {
		const { ssid, password } = made(7);
		expect(ssid).toBe("Meterling-B2C3");
		const digest = createHmac("sha256", Buffer.alloc(32, 7)).update("meterling access point 1").digest();
		const letters = [...digest.subarray(0, 12)].map((byte) => "abcdefghijkmnpqrstuvwxyz23456789"[byte % 32]);
		expect(password.split("-").join("")).toBe(letters.join(""));
		expect(password).toMatch(/^[a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4}$/);
	});

	test("stays the same with the stored secret, and differs with another", () => {
		const files = new Map<string, Uint8Array>();
		const first = made(1, files).password;
		expect(made(2, files).password).toBe(first);
		expect(made(2).password).not.toBe(first);
	});
});
