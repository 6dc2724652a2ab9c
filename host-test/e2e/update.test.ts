// A firmware update as its owner does it, and as others would like to: on a simulated flash, on Node always, on the SDK's
// XS engine where it is built.

import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { imageOf, PUBLIC_KEY, updateFile } from "../firmware/update-files";
import { eventually, Gateway, missingForXs } from "./gateway";

const MINUTE = 60_000;
const PASSWORD = "correct horse battery";
/** As large as a real one. */
const IMAGE = imageOf(1_400_000);

interface Report {
	readonly state: string;
	readonly slot: string;
	readonly takesUpdates: boolean;
	readonly problem: { readonly code: string; readonly text: string } | null;
	readonly trial: { readonly secondsLeft: number } | null;
	readonly last: { readonly version: string; readonly outcome: string } | null;
}

describe.each([
	["Node", undefined],
	["XS", missingForXs()],
])("updates of the firmware on %s", (name, why) => {
	if (why) {
		test.skip(`not run on ${name}: ${why}`, () => {});
		return;
	}

	let folder: string;
	let gateway: Gateway;
	let server: Server;
	let owner: Record<string, string>;

	const flash = (change: object) => {
		const board = { key: PUBLIC_KEY, board: "esp32-devkit", running: 0, state: "confirmed" };
		writeFileSync(join(folder, "slots.json"), JSON.stringify({ ...board, ...change }));
	};
	// Meters of the XS build are elsewhere: what is tested here needs none.
	const start = () =>
		name === "XS"
			? Gateway.startOnXs(folder, "dlms", "/dev/null")
			: Gateway.start("--state", folder, "--speed", "20");
	const report = async () => (await (await fetch(`${gateway.url}/api/v1/update`)).json()) as Report;
	const send = (path: string, type: string, body: Uint8Array | string, headers = owner) =>
		fetch(`${gateway.url}${path}`, {
			method: "POST",
			headers: { ...headers, "content-type": type, origin: gateway.url },
			body: typeof body === "string" ? body : Buffer.from(body),
		});
	const upload = (file: Uint8Array, headers = owner) =>
		send("/api/v1/update", "application/octet-stream", file, headers);
	const fetchFrom = (url: string) =>
		send("/api/v1/update/fetch", "application/json", JSON.stringify({ url }));
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
		folder = mkdtempSync(join(tmpdir(), "meterling-update-"));
		flash({});
		server = createServer((request, response) => {
			if (request.url !== "/good.update") response.writeHead(404).end();
			else response.end(Buffer.from(updateFile(IMAGE, { version: "9.9.8" })));
		});
		await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
		gateway = await start();
		await signIn("PUT", "/api/v1/password");
	}, MINUTE);
	afterAll(async () => {
		await gateway?.stop();
		server?.close();
		rmSync(folder, { recursive: true, force: true });
	}, MINUTE);

	test("a board with two slots and a key takes updates", async () => {
		expect(await report()).toMatchObject({
			...{ state: "idle", slot: "ota_0", takesUpdates: true },
			...{ problem: null, trial: null, last: null },
		});
	});

	test("nobody but the owner may send one", async () => {
		expect((await upload(updateFile(IMAGE), {})).status).toBe(401);
		const { Cookie = "" } = owner;
		expect((await upload(updateFile(IMAGE), { Cookie })).status).toBe(403);
		expect((await report()).state).toBe("idle");
	});

	test.each<[string, () => Uint8Array, number, string]>([
		["that is no update", () => IMAGE.subarray(0, 5000), 422, "no-update"],
		["that somebody else signed", () => updateFile(IMAGE, {}, "22".repeat(32)), 422, "signature"],
		["for another board", () => updateFile(IMAGE, { board: "esp32-c3", chip: "esp32" }), 422, "board"],
		["that is cut short", () => updateFile(IMAGE).subarray(0, 700_000), 400, "truncated"],
		[
			"whose image was changed",
			() => updateFile(IMAGE).map((byte, at) => (at === 900_000 ? byte ^ 1 : byte)),
			422,
			"digest",
		],
	])(
		"a file %s is refused in words, and the slot stays",
		async (_, file, status, code) => {
			const answer = await upload(file());
			expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([status, code]);
			expect(await report()).toMatchObject({ state: "refused", slot: "ota_0", problem: { code } });
		},
		MINUTE,
	);

	test("an address that has no update is told", async () => {
		const { port } = server.address() as AddressInfo;
		expect((await fetchFrom("https://example.org/x")).status).toBe(422);
		expect((await fetchFrom(`http://127.0.0.1:${port}/none`)).status).toBe(202);
		const refused = await eventually("the refusal", async () => {
			const now = await report();
			return now.state === "refused" && now.problem?.text.includes("404") ? now : undefined;
		});
		expect(refused.problem?.code).toBe("truncated");
	});

	test(
		"a good one is written while readings go on, started on trial, and stays",
		async () => {
			const answer = await upload(updateFile(IMAGE));
			expect([answer.status, await answer.json()]).toEqual([202, { version: "9.9.9", restarts: true }]);
			const written = createHash("sha256")
				.update(readFileSync(join(folder, "slot-1.bin")))
				.digest("hex");
			expect(written).toBe(createHash("sha256").update(IMAGE).digest("hex"));
			const after = await eventually(
				"the trial's end",
				async () => {
					const now = await report().catch(() => undefined);
					return now?.slot === "ota_1" && now.last?.outcome === "installed" ? now : undefined;
				},
				30_000,
			);
			expect(after).toMatchObject({ state: "idle", trial: null, last: { version: "9.9.9" } });
			// What the bootloader would find.
			expect(JSON.parse(readFileSync(join(folder, "slots.json"), "utf8"))).toMatchObject({
				...{ running: 1, state: "confirmed" },
			});
		},
		MINUTE,
	);

	test(
		"one can be fetched from an address",
		async () => {
			const { port } = server.address() as AddressInfo;
			await signIn("POST", "/api/v1/session");
			expect((await fetchFrom(`http://127.0.0.1:${port}/good.update`)).status).toBe(202);
			const after = await eventually(
				"the trial's end",
				async () => {
					const now = await report().catch(() => undefined);
					return now?.slot === "ota_0" && now.last?.outcome === "installed" ? now : undefined;
				},
				30_000,
			);
			expect(after.last?.version).toBe("9.9.8");
		},
		MINUTE,
	);

	test(
		"a firmware that crashed on its trial is gone at the next start, and that is told",
		async () => {
			await gateway.stop();
			flash({ running: 1, state: "trial" });
			const record = { version: "10.0.0", from: "ota_0", readings: true };
			writeFileSync(join(folder, "update.json"), JSON.stringify(record));
			gateway = await start();
			expect(await report()).toMatchObject({
				...{ slot: "ota_0", trial: null },
				last: { version: "10.0.0", outcome: "rolled back" },
			});
		},
		MINUTE,
	);
});
