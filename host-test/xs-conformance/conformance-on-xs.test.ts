// The same conformance suite against the SDK's classes, on XS for Linux, where the SDK is installed.

import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { CONFORMANCE } from "../platform/conformance/conformance";
import { makeWorld } from "../platform/surroundings";

/** The first build compiles all of XS. */
const BUILD_TIMEOUT_MS = 300_000;

const lines: string[] = [];

async function runOnXs(): Promise<void> {
	const world = await makeWorld();
	const { broker, nobody, ptys, vanish, http, tls } = world;
	const surroundings = JSON.stringify({ broker, nobody, ptys, vanish, http, tls });
	writeFileSync(join(world.folder, "surroundings.json"), surroundings);
	const child = spawn(process.execPath, [join(__dirname, "run.mjs"), world.folder], {
		stdio: ["ignore", "pipe", "inherit"],
	});
	createInterface({ input: child.stdout }).on("line", (line) => lines.push(line));
	await new Promise((resolve) => child.on("close", resolve));
	await world.close();
}

if (process.env.MODDABLE) {
	beforeAll(runOnXs, BUILD_TIMEOUT_MS);

	test("the suite runs to its end", () => {
		expect(lines).toContain("conformance done");
	});

	test.each(CONFORMANCE.filter(({ notOnXs }) => !notOnXs).map(({ name }) => name))("%s", (name) => {
		const line = lines.find((each) => /^(ok|not ok|skipped) /.test(each) && each.includes(` ${name}`));
		expect([`ok ${name}`, `skipped ${name}`]).toContain(line);
	});
} else {
	test.skip("needs the Moddable SDK: MODDABLE is not set", () => {});
}
