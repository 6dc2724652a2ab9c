// A year of history on a real gateway: imported, exported again letter for letter, there after a restart and after an update of the
// firmware, and asked by day. On Node always, on the SDK's XS engine where it is built. What is expected is computed in memory.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exportLines, jsonRows, type Pieces } from "../../readings/history/text";
import { imageOf, PUBLIC_KEY, updateFile } from "../firmware/update-files";
import { MemoryFiles } from "../readings/history/storage";
import { liveYear } from "../readings/history/year-of";
import { eventually, Gateway, missingForXs } from "./gateway";

const MINUTE = 60_000;
const PASSWORD = "correct horse battery";
const YEAR = 366 * 86_400;

const textOf = (pieces: Pieces) => {
	let text = "";
	for (let piece = pieces.next(); piece !== undefined; piece = pieces.next()) text += piece;
	return text;
};

const year = liveYear(new MemoryFiles(), 6);
const exported = textOf(exportLines(year));
const to = year.latest.time;

describe.each([
	["Node", undefined],
	["XS", missingForXs()],
])("a year of history on %s", (name, why) => {
	if (why) {
		test.skip(`not run on ${name}: ${why}`, () => {});
		return;
	}

	let folder: string;
	let gateway: Gateway;
	let owner: Record<string, string>;

	const settings = { meter: { protocol: "dlms", port: "/dev/null" } };
	const start = () => {
		if (name === "XS") return Gateway.startOnXs(folder, "dlms", "/dev/null");
		writeFileSync(join(folder, "settings.json"), JSON.stringify(settings));
		return Gateway.start("--state", folder);
	};
	const got = async (path: string) => (await fetch(`${gateway.url}${path}`)).text();
	const send = (path: string, type: string, body: Uint8Array | string) =>
		fetch(`${gateway.url}${path}`, {
			method: "POST",
			headers: { ...owner, "content-type": type, origin: gateway.url },
			body: typeof body === "string" ? body : Buffer.from(body),
		});
	const signIn = async (method: string, path: string) => {
		const answer = await fetch(`${gateway.url}${path}`, {
			method,
			headers: { "content-type": "application/json", origin: gateway.url },
			body: JSON.stringify({ password: PASSWORD }),
		});
		expect(answer.status).toBe(200);
		const { csrf } = (await answer.json()) as { csrf: string };
		owner = { Cookie: `${answer.headers.get("set-cookie")}`.split(";")[0] as string, "X-CSRF-Token": csrf };
	};

	beforeAll(async () => {
		folder = mkdtempSync(join(tmpdir(), "meterling-year-"));
		const slots = { key: PUBLIC_KEY, board: "esp32-devkit", running: 0, state: "confirmed" };
		writeFileSync(join(folder, "slots.json"), JSON.stringify(slots));
		gateway = await start();
		await signIn("PUT", "/api/v1/password");
	}, MINUTE);
	afterAll(async () => {
		await gateway?.stop();
		rmSync(folder, { recursive: true, force: true });
	}, MINUTE);

	test(
		"imported and exported again it is the same file",
		async () => {
			const answer = await send("/api/v1/history/import", "text/csv", exported);
			const samples = exported.split("\n").filter((line) => /^(hour|day|month),/.test(line)).length;
			expect([answer.status, await answer.json()]).toEqual([200, { samples }]);
			expect(await got("/api/v1/history/export")).toBe(exported);
			expect(
				(await send("/api/v1/history/import", "text/csv", await got("/api/v1/history/export"))).status,
			).toBe(200);
			expect(await got("/api/v1/history/export")).toBe(exported);
		},
		3 * MINUTE,
	);

	test(
		"a year by day, and its hours, as they are computed in memory",
		async () => {
			const from = to - YEAR;
			const iso = (time: number) => new Date(time * 1000).toISOString().slice(0, 19).concat("Z");
			for (const period of ["day", "hour", "month"] as const) {
				const places = year.channels.map((_, place) => place);
				const expected = JSON.parse(
					textOf(jsonRows(year, { period, from, to: to + 1, places }, "Europe/Copenhagen")),
				);
				const path = `/api/v1/history?period=${period}&from=${iso(from)}&to=${iso(to + 1)}`;
				const { columns, rows } = JSON.parse(await got(path));
				expect(columns).toEqual(expected.columns);
				// The gateway has had no reading since the import: it knows of no period that is open.
				expect(rows.filter(({ open }: { open?: true }) => !open)).toEqual(
					expected.rows.filter(({ open }: { open?: true }) => !open),
				);
				expect(rows.length).toBeGreaterThan(period === "day" ? 364 : 11);
			}
		},
		MINUTE,
	);

	test(
		"it is there after a restart, and after an update of the firmware",
		async () => {
			await gateway.stop();
			gateway = await start();
			expect(await got("/api/v1/history/export")).toBe(exported);
			await signIn("POST", "/api/v1/session");
			expect(
				(await send("/api/v1/update", "application/octet-stream", updateFile(imageOf(200_000)))).status,
			).toBe(202);
			await eventually(
				"the new firmware",
				async () => {
					const report = (await got("/api/v1/update").then(JSON.parse, () => undefined)) as
						| { slot?: string }
						| undefined;
					return report?.slot === "ota_1" || undefined;
				},
				30_000,
			);
			expect(JSON.parse(readFileSync(join(folder, "slots.json"), "utf8"))).toMatchObject({ running: 1 });
			expect(await eventually("the export", () => got("/api/v1/history/export").catch(() => undefined))).toBe(
				exported,
			);
		},
		MINUTE,
	);
});
