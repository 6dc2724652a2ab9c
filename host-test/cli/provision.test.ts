// `meterling provision` makes files that a real gateway takes: at its start, and over HTTP. Wrong usage is one line.

import "../../host/platform/globals";
import { spawnSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gatewaysOf } from "../../host/provision/gateways";
import { readTable } from "../../host/provision/table";
import { Gateway, ROOT } from "../e2e/gateway";

const COMMAND = join(ROOT, "host/cli/meterling.mjs");
const NAME = "meterling-a1b2c3";
const MINUTE = 60_000;

let folder: string;
const at = (name: string) => join(folder, name);
const text = (name: string) => readFileSync(at(name), "utf8");

function meterling(...args: string[]) {
	const { status, stdout, stderr } = spawnSync(process.execPath, [COMMAND, ...args], { encoding: "utf8" });
	return { status, stdout, stderr };
}

/** Files for one table in the folder `name`. */
function make(name: string, table: string, ...more: string[]) {
	writeFileSync(at("table.csv"), table);
	return meterling(
		"provision",
		"--key",
		at("fleet.key"),
		"--in",
		at("table.csv"),
		"--out",
		at(name),
		...more,
	);
}

beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), "meterling-provision-"));
	expect(meterling("provision", "--new-key", at("fleet.key")).status).toBe(0);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("a key is its owner's alone, and is never written over", () => {
	expect(statSync(at("fleet.key")).mode & 0o777).toBe(0o600);
	expect(text("fleet.key.pub")).toMatch(/^04[0-9a-f]{128}\n$/);
	const again = meterling("provision", "--new-key", at("fleet.key"));
	expect(again).toMatchObject({ status: 2, stderr: expect.stringMatching(/is there already\n$/) });
});

test("a key on another curve is refused, and none of it is shown", () => {
	const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-384" });
	const pem = privateKey.export({ format: "pem", type: "pkcs8" }).toString();
	writeFileSync(at("other.key"), pem);
	writeFileSync(at("table.csv"), `gateway\n${NAME}\n`);
	const files = ["--in", at("table.csv"), "--out", at("other")];
	const { status, stderr } = meterling("provision", "--key", at("other.key"), ...files);
	expect([status, stderr]).toEqual([2, expect.stringMatching(/holds no P-256 private key \(PEM\)\n$/)]);
	expect(stderr).not.toContain(pem.split("\n")[1]);
});

test("passwords are made where the table asks for them, told once, and each is another", () => {
	const rows = [1, 2, 3].map((number) => `meterling-00000${number},random,gw${number},random`);
	const made = make("many", `gateway,adminPassword,mqtt.user,mqtt.password\r\n${rows.join("\r\n")}\r\n`);
	expect(made).toMatchObject({ status: 0, stderr: "" });
	const [, ...lines] = text("many/passwords.csv").trim().split("\n");
	const passwords = lines.flatMap((line) => [line.split(",")[1], line.split(",")[3]]);
	expect(passwords).toHaveLength(6);
	expect(new Set(passwords).size).toBe(6);
	for (const password of passwords) {
		expect(password).toMatch(/^[a-z2-9]{20}$/);
		expect(made.stdout).not.toContain(password);
	}
	const file = text("many/meterling-000002.json");
	expect(JSON.parse(file).provision.settings.mqtt.password).toBe(passwords[3]);
	expect(file).not.toContain(passwords[2]);
	expect(statSync(at("many/meterling-000002.json")).mode & 0o777).toBe(0o600);
});

const WRONG: readonly (readonly [string, string, RegExp])[] = [
	["an unknown setting", "gateway,mqtt.hots\nmeterling-1,x\n", /row 2: mqtt.hots is no setting/],
	[
		"a value that does not fit",
		"gateway,mqtt.port\nmeterling-1,hunter2\n",
		/row 2: mqtt.port must be a number$/,
	],
	["a name that is none", "gateway\nmeter ling\n", /row 2: gateway must be a name/],
	["a gateway twice", "gateway\nmeterling-1\nmeterling-1\n", /row 3: that gateway was there before/],
	["a short password", "gateway,adminPassword\nmeterling-1,hunter2\n", /adminPassword must have at least 8/],
	["a row that is cut short", "gateway,mqtt.user\nmeterling-1\n", /1 cells in row 2/],
	["a file that is not there", "gateway,mqtt.ca\nmeterling-1,@none.pem\n", /mqtt.ca names a file/],
	["an open quotation mark", 'gateway\n"meterling-1\n', /quotation mark/],
	["nothing", "gateway\n", /there is no row/],
];

test.each(WRONG)("%s is told in words, without any cell's text", (_, table, words) => {
	const rows = readTable(table);
	const told = typeof rows === "string" ? rows : gatewaysOf(rows, { common: {}, file: () => undefined });
	expect(told).toMatch(words);
	expect(told).not.toContain("hunter2");
});

test("a table that is wrong is one line of the command, exit code 2, and no file", () => {
	const { status, stderr } = make("wrong", "gateway,mqtt.port\nmeterling-1,1883\nmeterling-2,hunter2\n");
	expect([status, stderr]).toEqual([
		2,
		`meterling provision: ${at("table.csv")}: row 3: mqtt.port must be a number\n`,
	]);
	expect(() => statSync(at("wrong"))).toThrow();
});

test("cells in quotation marks may hold commas, quotation marks and lines", () => {
	expect(readTable('\uFEFFa,b\r\n"x, ""y""\nz",1\r\n\r\n2,"3"')).toEqual([
		{ a: 'x, "y"\nz', b: "1" },
		{ a: "2", b: "3" },
	]);
});

test.each([
	[[], /--key, --in and --out are needed/],
	[["--key", "nowhere", "--in", "x", "--out", "y"], /cannot read nowhere: ENOENT/],
])("wrong usage: %j", (args, words) => {
	const { status, stderr } = meterling("provision", ...args);
	expect([status, stderr]).toEqual([2, expect.stringMatching(words)]);
});

test("run --provision wants a key, and files that are there", () => {
	expect(meterling("run", "--provision", at("fleet.key"))).toMatchObject({
		status: 2,
		stderr: expect.stringMatching(/needs --provision-key/),
	});
	expect(meterling("run", "--provision-key", at("fleet.key"))).toMatchObject({
		status: 2,
		stderr: expect.stringMatching(/130 hexadecimal digits/),
	});
});

test(
	"a gateway is set up at its start, and with a newer file over HTTP by its admin; its log holds no secret",
	async () => {
		const table = (host: string) =>
			`gateway,adminPassword,mqtt.host,mqtt.user,mqtt.password\n${NAME},correct horse,${host},me,broker-secret\n`;
		make("first", table("first.invalid"), "--serial", "1");
		make("second", table("second.invalid"), "--serial", "2");
		mkdirSync(at("state"), { mode: 0o700 });
		writeFileSync(at("state/id"), NAME.slice(-6));
		const gateway = await Gateway.start(
			...["--state", at("state"), "--supervised", "--provision-key", at("fleet.key.pub")],
			...["--provision", at(`first/${NAME}.json`)],
		);
		try {
			await gateway.line(/provision: file 1 is taken/);
			await gateway.line(/mqtt: first.invalid/);
			const post = (body: string, headers: Record<string, string> = {}) =>
				fetch(`${gateway.url}/api/v1/provision`, {
					method: "POST",
					body,
					headers: { "content-type": "application/json", ...headers },
				});
			const second = text(`second/${NAME}.json`);
			expect((await post(second)).status).toBe(401);
			const signIn = await fetch(`${gateway.url}/api/v1/session`, {
				method: "POST",
				body: JSON.stringify({ password: "correct horse" }),
				headers: { "content-type": "application/json" },
			});
			const { csrf } = (await signIn.json()) as { readonly csrf: string };
			const cookie = `${signIn.headers.get("set-cookie")}`.split(";")[0] as string;
			const admin = { cookie, "x-csrf-token": csrf };
			const again = await post(text(`first/${NAME}.json`), admin);
			expect([again.status, await again.json()]).toEqual([
				422,
				expect.objectContaining({
					detail: "The file was used already, or is older than the one used last.",
				}),
			]);
			expect((await post(second, admin)).status).toBe(202);
			expect(await gateway.exit).toBe(75);
			expect(gateway.lines.join("\n")).not.toMatch(/broker-secret|correct horse/);
		} finally {
			await gateway.stop("SIGKILL");
		}
	},
	MINUTE,
);
