// Starts this program again when the gateway in it asks for that, as a chip would start again: in a fresh process, so
// that nothing of what crashed is left. The first process stays and passes on signals and the last exit status.

import { spawn } from "node:child_process";
import { setTimeout as pause } from "node:timers/promises";
import { CRASH_STATUS, RESTART_STATUS } from "../platform/configuration.js";

/** Set in programs that were started again: why. `system-native` reads it; such a program exits to be restarted. */
const RESET = "METERLING_RESET";
/** The state folder of the first program, which removes it in the end where it was a passing one. */
const STATE = "METERLING_STATE";

/** The firmware waits longer after several crashes in a row; this is for those that it did not see. */
const AFTER_CRASH_MS = 500;

/** Whether a supervisor runs above this program: this file's, or a service manager (`superviseElsewhere`). */
export function isSupervised(): boolean {
	return process.env[RESET] !== undefined;
}

/** Whether the gateway itself asked for this start, orderly or by a crash; not when it was started anew. */
export function isStartedAgain(): boolean {
	return [resetReason(true), resetReason(false)].includes(process.env[RESET] ?? "");
}

/** A service manager starts this program again. `reason`: what the run before left, one word of hardware/lifecycle.ts. */
export function superviseElsewhere(reason = "power-on"): void {
	process.env[RESET] = reason;
}

/** The state folder that the supervisor hands down. */
export function supervisedState(): string | undefined {
	return isSupervised() ? process.env[STATE] : undefined;
}

/** Runs this program again, as often as it asks for it; resolves with its last exit status. `ended`: a signal came. */
export async function runAgain(orderly: boolean, stateFolder: string, ended: Promise<void>): Promise<number> {
	let reason = resetReason(orderly);
	for (;;) {
		const status = await runOnce({ [RESET]: reason, [STATE]: stateFolder }, ended);
		if (status !== RESTART_STATUS && status !== CRASH_STATUS) return status;
		const crashed = status === CRASH_STATUS;
		reason = resetReason(!crashed);
		if (crashed) await pause(AFTER_CRASH_MS);
	}
}

/** As hardware/lifecycle.ts has them. */
export function resetReason(orderly: boolean): string {
	return orderly ? "restart" : "crash";
}

function runOnce(variables: Record<string, string>, ended: Promise<void>): Promise<number> {
	return new Promise((done) => {
		const args = [...process.execArgv, ...process.argv.slice(1)];
		const env = { ...process.env, ...variables };
		const child = spawn(process.execPath, args, { stdio: "inherit", env });
		ended.then(() => child.kill("SIGTERM"));
		child.on("error", () => done(1));
		child.on("exit", (code) => done(code ?? 1));
	});
}
