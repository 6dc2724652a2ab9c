// The release script, run as people run it, on made-up builds in a temporary folder. Hashes are computed by sha256sum,
// offsets are written out by hand, the manifest is held against ESP Web Tools' own description.

import "../../host/platform/globals.js";
import { spawnSync } from "node:child_process";
import { createHash, generateKeyPairSync } from "node:crypto";
import {
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { VERSION } from "../../app/version.js";
import { UpdateReceiver } from "../../firmware/receiver.js";
import { verifyP256 } from "../../host/platform/file-signature.js";
import { fromHex } from "../../settings/hex.js";
import { image, partitionTable, type Row } from "./esp-files.js";

const ROOT = resolve(__dirname, "../..");
const BOARD = "esp32-c3";
/** ESP Web Tools 10.4, dist/const.d.ts: `Build.chipFamily` and the keys of `Manifest` and `Build`. */
const FAMILIES =
	"ESP32 ESP32-C2 ESP32-C3 ESP32-C5 ESP32-C6 ESP32-C61 ESP32-H2 ESP32-P4 ESP32-S2 ESP32-S3 ESP8266".split(
		" ",
	);
const MANIFEST_KEYS =
	"name version home_assistant_domain funding_url new_install_skip_erase new_install_prompt_erase new_install_improv_wait_time builds".split(
		" ",
	);

const CSV = `# Name, Type, SubType, Offset, Size, Flags
nvs,      data, nvs,      0x9000,  24K,
otadata,  data, ota,      0xf000,  0x2000,
coredump, data, coredump, ,        64K,
app_a,    app,  ota_0,    ,        1M,
app_b,    app,  ota_1,    ,        0x100000,
storage,  data, littlefs, ,        512k,
`;
/** The same, by hand: the core dump follows at once, applications lie on 64 KB. */
const ROWS: readonly Row[] = [
	{ name: "nvs", type: 1, subtype: 0x02, offset: 0x9000, size: 0x6000 },
	{ name: "otadata", type: 1, subtype: 0x00, offset: 0xf000, size: 0x2000 },
	{ name: "coredump", type: 1, subtype: 0x03, offset: 0x11000, size: 0x10000 },
	{ name: "app_a", type: 0, subtype: 0x10, offset: 0x30000, size: 0x100000 },
	{ name: "app_b", type: 0, subtype: 0x11, offset: 0x130000, size: 0x100000 },
	{ name: "storage", type: 1, subtype: 0x83, offset: 0x230000, size: 0x80000 },
];
const APP_OFFSET = 0x30000;

/** An application of this version. */
function app(options: Parameters<typeof image>[0] = {}): Buffer {
	return image({ content: `${VERSION}\0`, ...options });
}

/** These make what changes a build's folder. */
function put(name: string, bytes: Buffer): (folder: string) => void {
	return (place) => writeFileSync(join(place, "build", name), bytes);
}
function remove(name: string): (folder: string) => void {
	return (place) => rmSync(join(place, "build", name));
}

function flipped(bytes: Buffer, at: number): Buffer {
	const index = at < 0 ? bytes.length + at : at;
	bytes[index] = (bytes[index] ?? 0) ^ 1;
	return bytes;
}

/** A temporary folder with a build that is fit for release. */
function goodBuild(): string {
	const place = mkdtempSync(join(tmpdir(), "meterling-release-"));
	for (const name of ["build", "web"]) mkdirSync(join(place, name));
	writeFileSync(join(place, "partitions.csv"), CSV);
	writeFileSync(join(place, "web/install-button.js"), "export {};");
	put("xs_esp32.bin", app({ size: 200_000 }))(place);
	put("bootloader.bin", image({ size: 20_000 }))(place);
	put("partition-table.bin", partitionTable(ROWS))(place);
	put("ota_data_initial.bin", Buffer.alloc(0x2000, 0xff))(place);
	return place;
}

let folder: string;
beforeEach(() => {
	folder = goodBuild();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the script; `undefined` removes an option. */
function release(changed: Record<string, string | undefined> = {}, more: readonly string[] = []) {
	const options = {
		board: BOARD,
		version: VERSION,
		build: join(folder, "build"),
		partitions: join(folder, "partitions.csv"),
		web: join(folder, "web"),
		out: join(folder, "out"),
		...changed,
	};
	const flags = Object.entries(options).flatMap(([name, value]) =>
		value === undefined ? [] : [`--${name}`, value],
	);
	const env = { ...process.env };
	delete env.IDF_PATH;
	const { status, stdout, stderr } = spawnSync(
		process.execPath,
		[join(ROOT, "tools/release.mjs"), ...flags, ...more],
		{ encoding: "utf8", env },
	);
	return { status, stdout, stderr, written: existsSync(join(folder, "out")) };
}

const out = (name: string, board = BOARD) => readFileSync(join(folder, "out", board, name));

describe("a release's update file", () => {
	/** `--new-key`, as its user runs it. */
	function newKey(name: string) {
		const file = join(folder, name);
		const made = spawnSync(process.execPath, [join(ROOT, "tools/release.mjs"), "--new-key", file], {
			encoding: "utf8",
		});
		expect([made.status, made.stderr]).toEqual([0, ""]);
		return { file, publicKey: readFileSync(`${file}.pub`, "utf8").trim() };
	}

	test("is taken by the firmware that holds its key, and by no other", () => {
		const { file, publicKey } = newKey("key.pem");
		const image = app({ size: 200_000, content: `${VERSION}\0${publicKey}\0` });
		put("xs_esp32.bin", image)(folder);
		expect(release({ key: file })).toMatchObject({ status: 0, stderr: "" });
		const update = out(`meterling-${BOARD}-${VERSION}.update`);
		const written: Buffer[] = [];
		const take = (key: string) => {
			const hash = createHash("sha256");
			const receiver = new UpdateReceiver({
				publicKey: fromHex(key),
				verify: verifyP256,
				startSha256: () => ({
					write: (bytes) => void hash.update(bytes),
					finish: () => new Uint8Array(hash.digest()),
				}),
				chip: "esp32c3",
				board: BOARD,
				slots: {
					size: 0x100000,
					open: () => ({
						write: (bytes) => void written.push(Buffer.from(bytes)),
						finish: () => {},
						abandon: () => {},
					}),
				},
			});
			receiver.take(new Uint8Array(update));
			return receiver.end() ? "taken" : receiver.problem;
		};
		expect(take(newKey("other.pem").publicKey)).toBe("signature");
		expect(take(publicKey)).toBe("taken");
		expect(Buffer.concat(written).equals(image)).toBe(true);
	});

	test("is refused where the build does not hold the key, and the key is never printed", () => {
		const { file } = newKey("key.pem");
		const secret = readFileSync(file, "utf8").split("\n")[1] as string;
		const { status, stdout, stderr, written } = release({ key: file });
		expect([status, written]).toEqual([1, false]);
		expect(stderr).toContain("METERLING_UPDATE_KEY");
		expect(stdout + stderr).not.toContain(secret);
	});

	test("an existing key is not overwritten, and something else is no key", () => {
		const { file } = newKey("key.pem");
		const again = spawnSync(process.execPath, [join(ROOT, "tools/release.mjs"), "--new-key", file]);
		expect(again.status).toBe(1);
		const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-384" });
		writeFileSync(join(folder, "other.pem"), privateKey.export({ format: "pem", type: "pkcs8" }));
		for (const name of ["partitions.csv", "other.pem"])
			expect(release({ key: join(folder, name) })).toMatchObject({
				status: 1,
				written: false,
				stderr: expect.stringContaining("holds no P-256 private key"),
			});
	});
});

describe("a release", () => {
	test("has the images, and a manifest with the partition table's offsets", () => {
		expect(release()).toMatchObject({ status: 0, stderr: "" });
		const app = `meterling-${BOARD}-${VERSION}.bin`;
		const manifest = JSON.parse(out("manifest.json").toString());
		expect(manifest.version).toBe(VERSION);
		expect(manifest.builds).toEqual([
			{
				chipFamily: "ESP32-C3",
				parts: [
					{ path: "bootloader.bin", offset: 0 },
					{ path: "partition-table.bin", offset: 0x8000 },
					{ path: "ota-data.bin", offset: 0xf000 },
					{ path: app, offset: APP_OFFSET },
				],
			},
		]);
		for (const { path } of manifest.builds[0].parts) expect(out(path).length).toBeGreaterThan(0);
		expect(out(app).equals(readFileSync(join(folder, "build/xs_esp32.bin")))).toBe(true);
	});

	test("has a manifest of the form that ESP Web Tools describes", () => {
		release();
		const manifest = JSON.parse(out("manifest.json").toString());
		expect(Object.keys(manifest).filter((key) => !MANIFEST_KEYS.includes(key))).toEqual([]);
		expect([typeof manifest.name, typeof manifest.version]).toEqual(["string", "string"]);
		for (const { chipFamily, parts, ...rest } of manifest.builds) {
			expect(FAMILIES).toContain(chipFamily);
			expect(rest).toEqual({});
			for (const { path, offset, ...other } of parts)
				expect([typeof path, Number.isInteger(offset), other]).toEqual(["string", true, {}]);
		}
	});

	test("merges everything at its offset, with FF between", () => {
		release();
		const merged = out(`meterling-${BOARD}-${VERSION}-merged.bin`);
		const app = readFileSync(join(folder, "build/xs_esp32.bin"));
		const bootloader = readFileSync(join(folder, "build/bootloader.bin"));
		expect(merged.length).toBe(APP_OFFSET + app.length);
		expect(merged.subarray(0, bootloader.length).equals(bootloader)).toBe(true);
		expect(merged.subarray(APP_OFFSET).equals(app)).toBe(true);
		expect(merged.subarray(0x8000, 0x8c00).equals(partitionTable(ROWS))).toBe(true);
		expect(new Set(merged.subarray(bootloader.length, 0x8000))).toEqual(new Set([0xff]));
	});

	test("has SHA-256 sums that sha256sum confirms, the same in release.json", () => {
		release();
		const { stdout, status } = spawnSync("sha256sum", ["--check", "SHA256SUMS"], {
			cwd: join(folder, "out", BOARD),
			encoding: "utf8",
		});
		expect(status).toBe(0);
		const names = readdirSync(join(folder, "out", BOARD)).filter((name) => name !== "SHA256SUMS");
		expect(stdout.trim().split("\n").sort()).toEqual(names.map((name) => `${name}: OK`).sort());
		const sums = out("SHA256SUMS").toString();
		for (const { name, sha256, size } of JSON.parse(out("release.json").toString()).files) {
			expect(sums).toContain(`${sha256}  ${name}\n`);
			expect(out(name).length).toBe(size);
		}
	});

	test("puts an ESP32's bootloader at 1000", () => {
		put("xs_esp32.bin", app({ chip: "esp32" }))(folder);
		put("bootloader.bin", image({ chip: "esp32" }))(folder);
		expect(release({ board: "esp32-devkit" }).status).toBe(0);
		const [build] = JSON.parse(out("manifest.json", "esp32-devkit").toString()).builds;
		expect(build.chipFamily).toBe("ESP32");
		expect(build.parts[0]).toEqual({ path: "bootloader.bin", offset: 0x1000 });
	});

	test("has a page that lists the board, names the version and asks no other server", () => {
		release();
		const page = readFileSync(join(folder, "out/index.html"), "utf8");
		expect(page).toContain(`value="${BOARD}/manifest.json"`);
		expect(page).toContain(`<h1>Meterling ${VERSION}</h1>`);
		expect(page).not.toMatch(/(src|href)="(https?:)?\/\//);
		expect(existsSync(join(folder, "out/esp-web-tools/install-button.js"))).toBe(true);
	});
});

/** What makes a build unfit, done in its folder, and words of the refusal. */
const UNFIT: readonly (readonly [what: string, spoil: (folder: string) => void, words: string])[] = [
	["a wrong chip", put("xs_esp32.bin", app({ chip: "esp32s3" })), "is for the ESP32-S3"],
	[
		"a wrong chip's bootloader",
		put("bootloader.bin", image({ chip: "esp32" })),
		"bootloader.bin is for the ESP32",
	],
	["an image larger than its slot", put("xs_esp32.bin", app({ size: 0x100000 })), "does not fit"],
	["a bootloader that reaches the table", put("bootloader.bin", image({ size: 0x8000 })), "does not fit"],
	["a file that is no image", put("xs_esp32.bin", Buffer.from("hello")), "is no ESP32 image"],
	["an image that is cut short", put("xs_esp32.bin", app().subarray(0, 3000)), "is cut short"],
	[
		"another version's image",
		put("xs_esp32.bin", image({ content: "9.9.9\0" })),
		"does not hold the version",
	],
	["a flash that is too small", put("bootloader.bin", image({ flashMegabytes: 2 })), "the flash at 0x200000"],
	["a build without its table", remove("partition-table.bin"), "no partition-table.bin"],
	["a build without OTA data", remove("ota_data_initial.bin"), "no ota_data_initial.bin"],
	["a build without a bootloader", remove("bootloader.bin"), "no bootloader.bin"],
	[
		"another partition table",
		put("partition-table.bin", partitionTable(ROWS.slice(1))),
		"another partition table",
	],
	["a damaged table", put("partition-table.bin", flipped(partitionTable(ROWS), 8)), "damaged"],
	[
		"overlapping partitions",
		put("../partitions.csv", Buffer.from(`${CSV}x, data, nvs, 0x230000, 4K,`)),
		"overlaps",
	],
	["a flipped bit in the header", put("xs_esp32.bin", flipped(app(), 5)), "its SHA-256 does not fit"],
	["a flipped bit in the content", put("xs_esp32.bin", flipped(app(), 3000)), "its checksum does not fit"],
	["a flipped bit in the hash", put("xs_esp32.bin", flipped(app(), -1)), "its SHA-256 does not fit"],
];

/** Lets one process judge a folder each for all of `UNFIT`: a process for each would take long. */
const JUDGE = `
import { existsSync, readFileSync } from "node:fs";
import { BUILT, boardRelease } from ${JSON.stringify(join(ROOT, "tools/release/board-release.mjs"))};
const [version, ...folders] = process.argv.slice(1);
const read = (file) => (existsSync(file) ? readFileSync(file) : undefined);
const said = folders.map((folder) => {
	const built = Object.fromEntries(Object.entries(BUILT).map(([key, name]) => [key, read(folder + "/build/" + name)]));
	const csv = readFileSync(folder + "/partitions.csv", "utf8");
	try {
		return boardRelease({ board: { name: "b", title: "B", chip: "esp32c3" }, version, csv, built }).length + " files";
	} catch (error) {
		return error.name + ": " + error.message;
	}
});
console.log(JSON.stringify(said));
`;

describe("a build is refused that is", () => {
	let said: readonly string[];
	beforeAll(() => {
		const places = UNFIT.map(() => goodBuild());
		for (const [index, [, spoil]] of UNFIT.entries()) spoil(places[index] ?? "");
		const flags = ["--input-type=module", "--eval", JUDGE, VERSION, ...places];
		const { stdout } = spawnSync(process.execPath, flags, { encoding: "utf8" });
		for (const place of places) rmSync(place, { recursive: true, force: true });
		said = JSON.parse(stdout);
	});

	test.each(UNFIT.map(([what, , words], index) => [what, words, index] as const))("%s", (_, words, index) => {
		expect(said[index]).toMatch(/^Error: /);
		expect(said[index]).toContain(words);
	});
});

describe("nothing is written", () => {
	test("where a build is refused", () => {
		put("xs_esp32.bin", app({ chip: "esp32s3" }))(folder);
		const { status, stderr, written } = release();
		expect({ status, written }).toEqual({ status: 1, written: false });
		expect(stderr).toBe("release: xs_esp32.bin is for the ESP32-S3, and the board has an ESP32-C3\n");
	});

	test("a version that package.json does not have", () => {
		expect(release({ version: "9.9.9" })).toMatchObject({ status: 1, written: false });
	});

	test.each([
		["no board", { board: undefined }, []],
		["a board that is not known", { board: "toaster" }, []],
		["a board and all", {}, ["--all"]],
		["no version", { version: undefined }, []],
		["an unknown option", {}, ["--fast"]],
	])("wrong usage: %s", (_, changed, more) => {
		expect(release(changed, more)).toMatchObject({ status: 2, written: false });
	});

	// A computer with ESP-IDF may have a finished build of this board lying there.
	const isBuilt = existsSync(
		join(ROOT, "build/esp32-wt32-eth01/out/bin/esp32/wt32-eth01/release/meterling/xs_esp32.bin"),
	);
	(isBuilt ? test.skip : test)("no build and no ESP-IDF: it says what cannot be made", () => {
		const { status, stderr, written } = release({ build: undefined, board: "wt32-eth01" });
		expect({ status, written }).toEqual({ status: 3, written: false });
		expect(stderr).toMatch(
			/not built, .*: wt32-eth01\..*IDF_PATH.*xs_esp32\.bin, bootloader\.bin, partition-table\.bin/,
		);
	});
});

test("page, API and package have one version", () => {
	const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
	expect(VERSION).toBe(version);
});

test("the wiring diagrams are what their descriptions give", () => {
	const { status, stderr } = spawnSync(process.execPath, [join(ROOT, "tools/wiring.mjs"), "--check"], {
		encoding: "utf8",
	});
	expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
});
