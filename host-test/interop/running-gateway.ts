// A gateway that runs and reads an emulated meter: on Node, and on the SDK's XS engine where it is built. Not a test.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { METERS } from "../../host/meters/meters";
import { Gateway, missingForXs, Program } from "../e2e/gateway";
import { hasSocat } from "./programs";

export interface Stage {
	readonly gateway: Gateway;
	stop(): Promise<void>;
}

type Sections = Readonly<Record<string, object>>;

/** Starts it with that emulated meter and those settings besides. */
export type Start = (meter: string, settings?: Sections) => Promise<Stage>;

async function onNode(meter: string, settings: Sections = {}): Promise<Stage> {
	const folder = mkdtempSync(join(tmpdir(), "meterling-running-"));
	const config = join(folder, "config.json");
	writeFileSync(config, JSON.stringify(settings));
	const gateway = await Gateway.start("--meter", meter, "--config", config, "--seed", "3");
	return {
		gateway,
		stop: async () => {
			await gateway.stop();
			rmSync(folder, { recursive: true, force: true });
		},
	};
}

/** The emulated meter is a program of its own, and ptys of socat's lie between. */
async function onXs(meter: string, settings: Sections = {}): Promise<Stage> {
	const folder = mkdtempSync(join(tmpdir(), "meterling-running-"));
	const [near, far] = [join(folder, "gateway"), join(folder, "meter")];
	const cable = new Program("socat", ["-d", "-d", `pty,rawer,link=${far}`, `pty,rawer,link=${near}`]);
	await cable.line(/starting data transfer loop/);
	const emulator = new Program(process.execPath, [
		...["host/cli/meterling.mjs", "emulate", "--meter", meter, "--port", far, "--seed", "3"],
	]);
	const protocol = METERS.find(({ name }) => name === meter)?.protocol ?? "";
	const gateway = await Gateway.startOnXs(folder, protocol, near, 0, settings);
	return {
		gateway,
		stop: async () => {
			await gateway.stop();
			await emulator.stop();
			await cable.stop();
			rmSync(folder, { recursive: true, force: true });
		},
	};
}

/** Name of the engine, how to start on it, and why not where that cannot be. */
export const ENGINES: readonly (readonly [engine: string, start: Start, missing: string | undefined])[] = [
	["Node", onNode, undefined],
	["XS", onXs, missingForXs() ?? (hasSocat ? undefined : "socat is not installed")],
];
