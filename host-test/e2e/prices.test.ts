// Prices from a service and by HTTP, on Node and on XS: fetched, kept over a restart, refused with a reason; a service that
// sends rubbish without an end harms nobody.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eventually, Gateway, missingForXs, outputHealth } from "./gateway";

jest.setTimeout(120_000);

const PASSWORD = "a password for prices";
const TOKEN = "token-of-the-source";

interface Prices {
	readonly now: number | null;
	readonly today: { readonly from: string; readonly step: number; readonly prices: readonly number[] } | null;
	readonly tomorrow: Prices["today"];
	readonly source: string | null;
	readonly problem: string | null;
}

/** A day by the quarter of an hour, as elprisenligenu.dk has it: 0.01 for each hour of the day. */
function day(date: string): string {
	const midnight = Date.parse(`${date}T00:00:00Z`);
	const items = Array.from({ length: 96 }, (_, index) => {
		const at = (quarter: number) =>
			`${new Date(midnight + quarter * 900_000).toISOString().slice(0, 19)}+00:00`;
		return {
			DKK_per_kWh: Math.floor(index / 4) / 100,
			EUR_per_kWh: 0.1,
			EXR: 7.46,
			time_start: at(index),
			time_end: at(index + 1),
		};
	});
	return JSON.stringify(items, undefined, 1);
}

describe.each([
	["Node", undefined],
	["XS", missingForXs()],
])("prices on %s", (name, why) => {
	if (why) {
		test.skip(`not run on ${name}: ${why}`, () => {});
		return;
	}
	let folder = "";
	let service: Server;
	let gateway: Gateway;
	let mode: "good" | "endless" = "endless";
	const asked: string[] = [];
	let cutOff = 0;

	const prices = async () => (await (await fetch(`${gateway.url}/api/v1/prices`)).json()) as Prices;
	const start = async () => {
		const cost = {
			...{
				model: "market",
				currency: "DKK",
				gridFee: "0.5",
				vat: 25,
				source: "url",
				area: "DK1",
				token: TOKEN,
			},
			url: `http://127.0.0.1:${(service.address() as AddressInfo).port}/{area}/{yyyy}-{MM}-{dd}?key={token}`,
		};
		const network = { timeZone: "UTC0" };
		if (name === "XS") return Gateway.startOnXs(folder, "dlms", "/dev/null", 0, { cost, network });
		writeFileSync(join(folder, "settings.json"), JSON.stringify({ cost, network }));
		return Gateway.start("--state", folder);
	};

	beforeAll(async () => {
		folder = mkdtempSync(join(tmpdir(), "meterling-prices-"));
		service = createServer((request, response) => {
			asked.push(`${request.url}`);
			response.writeHead(200, { "content-type": "application/json" });
			if (mode === "good") return void response.end(day(`${request.url}`.slice(5, 15)));
			response.once("close", () => void cutOff++);
			const more = () => {
				while (!response.destroyed && response.write(`{"price":"${"x".repeat(5000)}"},`));
			};
			response.on("drain", more).on("error", () => {});
			response.write("[");
			more();
		});
		await new Promise<void>((done) => service.listen(0, "127.0.0.1", done));
		gateway = await start();
	});

	afterAll(async () => {
		await gateway?.stop();
		service?.closeAllConnections();
		service?.close();
		rmSync(folder, { recursive: true, force: true });
	});

	test("a service that sends without an end is cut off, and the gateway says what is wrong", async () => {
		await eventually("the end of it", () => cutOff > 0 || undefined, 30_000);
		expect((await prices()).problem).toBe("the prices are not all numbers");
		const health = await gateway.health();
		expect(outputHealth(health, "prices")).toMatchObject({ taken: 0, refused: 1 });
		expect(JSON.stringify(health)).toContain("No price of electricity is known for now");
	});

	test("prices that are fetched: today's, with fee and VAT", async () => {
		mode = "good";
		await gateway.stop();
		gateway = await start();
		const known = await eventually(
			"today's prices",
			async () => {
				const now = await prices();
				return now.today ? now : undefined;
			},
			30_000,
		);
		expect(known).toMatchObject({ source: "url", problem: null, today: { step: 60 } });
		expect(known.today?.prices).toEqual(
			Array.from({ length: 24 }, (_, hour) => Math.round((hour / 100 + 0.5) * 1.25e6) / 1e6),
		);
		expect(known.now).toBe(known.today?.prices[new Date().getUTCHours()]);
		expect(asked.at(-1)).toMatch(/^\/DK1\/\d{4}-\d\d-\d\d\?key=token-of-the-source$/);
	});

	test("by HTTP: tomorrow's are taken, rubbish is not; all of it is there after a restart, and no token is told", async () => {
		const origin = gateway.url;
		const send = (path: string, body: string, headers: Record<string, string>) =>
			fetch(`${gateway.url}${path}`, {
				method: "PUT",
				headers: { "content-type": "application/json", origin, ...headers },
				body,
			});
		expect((await send("/api/v1/prices", "[]", {})).status).toBe(401);
		const answer = await send("/api/v1/password", JSON.stringify({ password: PASSWORD }), {});
		expect(answer.status).toBe(200);
		const { csrf } = (await answer.json()) as { csrf: string };
		const owner = {
			Cookie: `${answer.headers.get("set-cookie")}`.split(";")[0] as string,
			"X-CSRF-Token": csrf,
		};
		const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
		const list = { currency: "DKK", start: `${tomorrow}T00:00:00Z`, step: 60, prices: Array(24).fill(1) };
		expect((await send("/api/v1/prices", JSON.stringify(list), owner)).status).toBe(204);
		expect((await prices()).tomorrow).toMatchObject({ step: 60, prices: Array(24).fill(1.875) });
		const refused = await send("/api/v1/prices", JSON.stringify({ ...list, currency: "NOK" }), owner);
		expect([refused.status, ((await refused.json()) as { detail: string }).detail]).toEqual([
			422,
			"The prices are in another currency.",
		]);
		await gateway.stop();
		service.closeAllConnections();
		gateway = await start();
		expect((await prices()).tomorrow).toMatchObject({ prices: Array(24).fill(1.875) });
		expect((await prices()).now).not.toBeNull();
		expect(gateway.lines.join() + JSON.stringify(await gateway.health())).not.toContain(TOKEN);
	});
});
