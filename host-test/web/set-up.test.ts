// The pure parts of the set-up: order of steps, addresses as typed, time zones as picked, places in the address bar.
import { replyOf } from "../../web/api.js";
import { failure, sentence } from "../../web/failure.js";
import { barsOf } from "../../web/health.js";
import { placeOf } from "../../web/route.js";
import { type AddressEntry, addressPatch, wrongKeys } from "../../web/setup/address-form.js";
import { isPortal, neighbour, stepNamed, stepsFor } from "../../web/setup/steps.js";
import { grouped, timeIn } from "../../web/zones.js";

describe("steps", () => {
	test("the password comes in its turn, first where nothing else may be done before, never where there is one", () => {
		expect(stepsFor("usual").join()).toBe("welcome,network,meter,keys,broker,password,zone,summary");
		expect(stepsFor("first").join()).toBe("welcome,password,network,meter,keys,broker,zone,summary");
		expect(stepsFor("kept").join()).toBe("welcome,network,meter,keys,broker,zone,summary");
	});

	test("on and back, and no further than the ends", () => {
		const steps = stepsFor("usual");
		expect(neighbour(steps, "keys", 1)).toBe("broker");
		expect(neighbour(steps, "keys", -1)).toBe("meter");
		expect(neighbour(steps, "welcome", -1)).toBe("welcome");
		expect(neighbour(steps, "summary", 1)).toBe("summary");
	});

	test("an address names its step; one that is not in this flow is the beginning", () => {
		expect(stepNamed(stepsFor("usual"), "keys")).toBe("keys");
		expect(stepNamed(stepsFor("kept"), "password")).toBe("welcome");
		expect(stepNamed(stepsFor("usual"), "")).toBe("welcome");
	});

	test("the page opens with the set-up where it is reached through the gateway's own Wi-Fi", () => {
		const summary = { gateway: "m", needed: true, finished: false, password: false, wireless: true };
		expect(isPortal({ ...summary, accessPoint: true })).toBe(true);
		expect(isPortal({ ...summary, accessPoint: false })).toBe(false);
		expect(isPortal(undefined)).toBe(false);
	});
});

describe("address and host name", () => {
	const entry: AddressEntry = {
		...{ hostName: "meter-1", fixed: true, address: "192.168.1.50", netmask: "255.255.255.0" },
		...{ gateway: "192.168.1.1", nameServer: "" },
	};

	test.each([
		[{}, []],
		[{ hostName: "" }, []],
		[{ hostName: "my meter" }, ["hostName"]],
		[{ hostName: "-meter" }, ["hostName"]],
		[{ address: "192.168.1" }, ["address"]],
		[{ address: "192.168.1.256" }, ["address"]],
		[{ address: "192.168.01.5" }, ["address"]],
		[{ gateway: "", netmask: "" }, ["netmask", "gateway"]],
		[{ nameServer: "one.one.one.one" }, ["nameServer"]],
		[{ fixed: false, address: "nonsense", nameServer: "nonsense" }, []],
	] as const)("%j: wrong are %j", (change, wrong) => {
		expect(wrongKeys({ ...entry, ...change })).toEqual(wrong);
	});

	test("without a fixed address its parts are taken back", () => {
		expect(addressPatch({ ...entry, fixed: false })).toEqual({
			...{ hostName: "meter-1", address: "", netmask: null, gateway: "", nameServer: "" },
		});
		expect(addressPatch(entry)).toMatchObject({ address: "192.168.1.50", gateway: "192.168.1.1" });
	});
});

describe("time zones", () => {
	test("stand under their part of the world, and read as names", () => {
		expect(grouped(["America/Argentina/Buenos_Aires", "Europe/Copenhagen", "Europe/Oslo", "UTC"])).toEqual([
			{
				label: "America",
				choices: [{ value: "America/Argentina/Buenos_Aires", label: "Argentina/Buenos Aires" }],
			},
			{
				label: "Europe",
				choices: [
					{ value: "Europe/Copenhagen", label: "Copenhagen" },
					{ value: "Europe/Oslo", label: "Oslo" },
				],
			},
			{ label: "UTC", choices: [{ value: "UTC", label: "UTC" }] },
		]);
	});

	test("the time there; none for a zone that the browser does not know", () => {
		const noon = new Date("2026-07-01T12:00:00Z");
		expect(timeIn("Europe/Copenhagen", noon)).toBe("14:00");
		expect(timeIn("CET-1CEST,M3.5.0,M10.5.0/3", noon)).toBeUndefined();
	});
});

test.each([
	["", undefined, ""],
	["#", undefined, ""],
	["#now", "now", ""],
	["#setup/meter", "setup", "meter"],
	["#/settings", "settings", ""],
	["#nonsense", undefined, ""],
])("the hash %j is the page %s, part %j", (hash, page, part) => {
	expect(placeOf(hash)).toEqual({ page, part });
});

test.each([
	[-40, 4],
	[-55, 4],
	[-60, 3],
	[-75, 2],
	[-80, 1],
	[-90, 0],
])("%i dBm are %i bars", (rssi, bars) => {
	expect(barsOf(rssi)).toBe(bars);
});

describe("answers", () => {
	test("a problem's own words; without any, plain ones", () => {
		const slowed = replyOf(429, '{"status":429,"title":"Slowed down","detail":"Try again in 8 s."}');
		expect(failure(slowed)).toBe("Try again in 8 s.");
		expect(failure(replyOf(502, "<html>Bad gateway</html>"))).toBe("The gateway refused that.");
		expect(failure(replyOf(0, ""))).toBe("The gateway does not answer. Is this device still in its network?");
	});

	test("an answer without a body is one that went well", () => {
		expect(replyOf(204, "")).toEqual({ ok: true, status: 204, data: undefined, problem: undefined });
	});

	test("a setting's problem is a sentence", () => {
		expect(sentence("must be a number")).toBe("Must be a number.");
		expect(sentence("Is it on?")).toBe("Is it on?");
	});
});
