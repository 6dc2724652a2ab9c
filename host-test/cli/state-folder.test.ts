// The folder that a gateway keeps its state in: whose it is, who may look into it, what lies in it before the start.

import { spawn } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isOpenToOthers, leaveReset, openStateFolder, takeReset } from "../../host/cli/state-folder";
import { laySettings, storedSettings } from "../../host/cli/stored-settings";
import { writeText } from "../../settings/generations";

const MODE = 0o777;

let parent: string;
let path: string;
beforeEach(() => {
	parent = mkdtempSync(join(tmpdir(), "meterling-state-"));
	path = join(parent, "state");
});
afterEach(() => rmSync(parent, { recursive: true, force: true }));

describe("the folder", () => {
	test("is made for its owner alone, and stays when it is released", () => {
		const folder = openStateFolder(path);
		expect(statSync(path).mode & MODE).toBe(0o700);
		expect(isOpenToOthers(folder)).toBe(false);
		folder.release();
		expect(existsSync(path)).toBe(true);
	});

	test("one that others may look into is told", () => {
		const folder = openStateFolder(path);
		chmodSync(path, 0o750);
		expect(isOpenToOthers(folder)).toBe(true);
		folder.release();
	});

	test("for one run it is gone afterwards", () => {
		const folder = openStateFolder(undefined);
		expect(statSync(folder.path).mode & MODE).toBe(0o700);
		folder.release();
		expect(existsSync(folder.path)).toBe(false);
	});

	test("a path that cannot be a folder is refused in one line", () => {
		writeFileSync(path, "a file");
		expect(() => openStateFolder(path)).toThrow(/cannot use the folder .*EEXIST/);
	});

	test("the reason for the next start is handed on once", () => {
		const folder = openStateFolder(path);
		expect(takeReset(folder)).toBeUndefined();
		leaveReset(folder, "restart");
		expect(takeReset(folder)).toBe("restart");
		expect(takeReset(folder)).toBeUndefined();
		folder.release();
	});
});

describe("one gateway to a folder", () => {
	/** A process that is somebody else's, with what Linux tells of its birth. */
	function other(): { readonly line: string; end(): Promise<void> } {
		const child = spawn("sleep", ["60"]);
		const exit = new Promise<void>((done) => child.once("exit", () => done()));
		const stat = readFileSync(`/proc/${child.pid}/stat`, "utf8");
		const run = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
		// proc_pid_stat(5): (22) starttime; `sleep` has no blank in its name.
		const line = `${child.pid} ${run}/${stat.split(" ")[21]}\n`;
		return {
			line,
			end: () => {
				child.kill("SIGKILL");
				return exit;
			},
		};
	}
	const held = (line: string) => {
		openStateFolder(path).release();
		writeFileSync(join(path, "running"), line);
	};

	if (process.platform !== "linux") {
		test.skip("not run: other systems tell less of a process", () => {});
		return;
	}

	test("is refused while another runs in it, and taken after that one was killed", async () => {
		const process = other();
		held(process.line);
		expect(() => openStateFolder(path)).toThrow(`another gateway is running in ${path}`);
		await process.end();
		openStateFolder(path).release();
		expect(existsSync(join(path, "running"))).toBe(false);
	});

	test("a process with the same number, born at another time or in another run of the computer, holds nothing", async () => {
		const process = other();
		held(process.line.replace(/\d\n$/, (digit) => `${digit[0] === "1" ? 2 : 1}\n`));
		openStateFolder(path).release();
		held(process.line.replace(/ [0-9a-f]{8}/, " 00000000"));
		openStateFolder(path).release();
		await process.end();
	});

	test("a parent that holds it shares it, and keeps it when its child gives it back", () => {
		const stat = readFileSync(`/proc/${process.ppid}/stat`, "utf8");
		const start = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
		const run = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
		const line = `${process.ppid} ${run}/${start}\n`;
		held(line);
		const shared = openStateFolder(path);
		expect(readFileSync(join(path, "running"), "utf8").split("\n")).toHaveLength(3);
		shared.release();
		expect(readFileSync(join(path, "running"), "utf8")).toBe(line);
	});

	test.each(["", "rubbish\n", "-1 x\n"])("a lock that says %j holds nothing", (text) => {
		held(text);
		openStateFolder(path).release();
	});
});

describe("settings before the start", () => {
	beforeEach(() => openStateFolder(path).release());
	/** The file that a gateway has kept: written by settings/generations.ts. */
	const stored = (settings: object) => {
		const file = (name: string) => join(path, name);
		writeText(
			{
				read: (name) => (existsSync(file(name)) ? readFileSync(file(name)) : undefined),
				write: (name, bytes) => writeFileSync(file(name), bytes),
			},
			new TextEncoder().encode(JSON.stringify({ version: 1, ...settings })),
		);
	};
	const plain = () => JSON.parse(readFileSync(join(path, "settings.json"), "utf8"));

	test("an empty folder has none", () => {
		expect(storedSettings(path)).toEqual({ settings: undefined, stopgap: {} });
	});

	test("a plain file lies over the kept ones; the version is no section", () => {
		stored({ mqtt: { host: "a", topic: "t" } });
		expect(storedSettings(path).settings).toEqual({ mqtt: { host: "a", topic: "t" } });
		writeFileSync(join(path, "settings.json"), '{"mqtt":{"host":"b"}}');
		expect(storedSettings(path).settings).toEqual({ mqtt: { host: "b", topic: "t" } });
	});

	test("a plain file that is no JSON is its owner's to mend: nothing is laid over it", () => {
		writeFileSync(join(path, "settings.json"), '{"mqtt":{"password":"hush"');
		for (const attempt of [() => storedSettings(path), () => laySettings(path, { http: { port: 1 } }, {})]) {
			expect(attempt).toThrow(/settings.json is no valid JSON/);
			expect(attempt).not.toThrow(/hush/);
		}
	});

	test("what is laid joins a person's own file, readable for nobody else", () => {
		writeFileSync(join(path, "settings.json"), '{"mqtt":{"host":"b"}}');
		laySettings(path, { mqtt: { port: 7 }, http: { port: 81 } }, {});
		expect(plain()).toEqual({ mqtt: { host: "b", port: 7 }, http: { port: 81 } });
		expect(statSync(join(path, "settings.json")).mode & MODE).toBe(0o600);
	});

	test("with nothing to lay no file is made", () => {
		laySettings(path, {}, {});
		expect(existsSync(join(path, "settings.json"))).toBe(false);
	});

	test("an emulated meter and a broker of an earlier run are no settings; what somebody put there instead is", () => {
		const emulated = { port: "socket://127.0.0.1:40000", broker: 1884 };
		laySettings(path, { meter: { port: emulated.port }, mqtt: { host: "127.0.0.1", port: 1884 } }, emulated);
		expect(storedSettings(path)).toEqual({
			settings: { meter: { port: "" }, mqtt: { host: "", port: 1884 } },
			stopgap: emulated,
		});
		laySettings(path, { meter: { port: "/dev/meter" } }, emulated);
		expect(storedSettings(path)).toMatchObject({
			settings: { meter: { port: "/dev/meter" } },
			stopgap: { broker: 1884 },
		});
	});
});
