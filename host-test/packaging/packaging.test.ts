// What is installed on a Raspberry Pi: the files of the package, the service unit as systemd judges it, and udev's rules.

import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CRASH_STATUS, RESTART_STATUS } from "../../host/platform/configuration";
import { describeWith, ROOT } from "../e2e/gateway";

const UNIT = readFileSync(join(ROOT, "packaging/meterling.service"), "utf8");
const RULES = readFileSync(join(ROOT, "packaging/99-meterling.rules"), "utf8");
/** Where docs/raspberry-pi.md installs it. */
const COMMAND = "/opt/meterling/node_modules/.bin/meterling";
/** `systemd-analyze security`: below 2 is its "OK", of 10. */
const MOST_EXPOSURE = 2;

/** The values of a unit's setting, in order. */
function unitValues(name: string): string[] {
	return UNIT.split("\n")
		.filter((line) => line.startsWith(`${name}=`))
		.map((line) => line.slice(name.length + 1));
}

test("the package holds the built program, the page and what installs it; no sources, no state", () => {
	const { stdout } = spawnSync("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], {
		cwd: ROOT,
		encoding: "utf8",
	});
	const [packed] = JSON.parse(stdout) as [{ files: { path: string }[] }];
	const paths = packed.files.map(({ path }) => path);
	expect(paths).toEqual(
		expect.arrayContaining([
			"package.json",
			"README.md",
			"LICENSE",
			"host/cli/meterling.mjs",
			"dist/meterling.mjs",
			"web/dist/index.html.gz",
			"packaging/meterling.service",
			"packaging/99-meterling.rules",
			"docs/raspberry-pi.md",
		]),
	);
	expect(paths.filter((path) => /\.tsx?$|\.map$|^host-test|settings\.|\.key$/.test(path))).toEqual([
		"docs/settings.md",
	]);
});

describe("the unit", () => {
	test("starts again for the statuses that ask for it, and keeps its state for itself", () => {
		expect(unitValues("Restart")).toEqual(["always"]);
		expect(unitValues("SuccessExitStatus")).toEqual([`${RESTART_STATUS}`]);
		// 2: wrong options, which no restart puts right.
		expect(unitValues("RestartPreventExitStatus")).toEqual(["2"]);
		expect(unitValues("RestartPreventExitStatus")).not.toContain(`${CRASH_STATUS}`);
		expect(unitValues("ExecStart")).toEqual([`${COMMAND} run --state \${STATE_DIRECTORY} --supervised`]);
		expect(unitValues("StateDirectoryMode")).toEqual(["0700"]);
	});
});

describeWith(["systemd-analyze"], "systemd's judgement of the unit", () => {
	let folder: string;
	let unit: string;
	beforeAll(() => {
		folder = mkdtempSync(join(tmpdir(), "meterling-unit-"));
		unit = join(folder, "meterling.service");
		// The same unit with a command that is here.
		writeFileSync(unit, UNIT.replace(COMMAND, join(ROOT, "host/cli/meterling.mjs")));
	});
	afterAll(() => rmSync(folder, { recursive: true, force: true }));
	const analyze = (...args: string[]) => spawnSync("systemd-analyze", args, { encoding: "utf8" });

	test("it has no fault", () => {
		const { status, stdout, stderr } = analyze("verify", "--man=no", unit);
		// It complains of other units of this computer as well.
		const complaints = `${stdout}${stderr}`.split("\n").filter((line) => line.includes("meterling"));
		expect(complaints).toEqual([]);
		expect(status).toBe(0);
	});

	test(`its exposure is below ${MOST_EXPOSURE} of 10`, () => {
		const { stdout } = analyze("security", "--offline=true", "--no-pager", unit);
		const [, exposure = ""] = /exposure level for \S+: (\d+\.\d+)/.exec(stdout) ?? [];
		expect(Number(exposure)).toBeGreaterThan(0);
		expect(Number(exposure)).toBeLessThan(MOST_EXPOSURE);
	});
});

describe("udev's rules", () => {
	const lines = RULES.split("\n").filter((line) => line !== "" && !line.startsWith("#"));

	test("every line is a list of keys with operators and quoted values, and every jump has its label", () => {
		const term = /^[A-Z]+(\{[\w./]+\})?(==|!=|\+=|=)"[^"]*"$/;
		for (const line of lines) for (const part of line.split(/,\s*/)) expect(part).toMatch(term);
		const labels = [...RULES.matchAll(/LABEL="(\w+)"/g)].map(([, label]) => label);
		const jumps = [...RULES.matchAll(/GOTO="(\w+)"/g)].map(([, label]) => label);
		expect([...new Set(jumps)].sort()).toEqual([...labels].sort());
	});

	// Vendor and product numbers of the usual adapters, as `lsusb` prints them (the USB ID repository).
	test.each(["0403:6001", "10c4:ea60", "1a86:7523", "067b:2303"])("%s is known", (id) => {
		const [vendor, product] = id.split(":");
		const rule = lines.find((line) => line.startsWith(`ENV{ID_VENDOR_ID}=="${vendor}"`)) ?? "";
		expect(rule.split('ENV{ID_MODEL_ID}=="')[1]?.split('"')[0]?.split("|")).toContain(product);
	});
});
