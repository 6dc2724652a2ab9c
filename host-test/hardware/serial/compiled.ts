// Compiles the ESP32's UART (hardware/serial) with the fake driver beside this file, under the sanitizers, once a test
// file. Where this computer has no C compiler, or none with sanitizers, tests are skipped and say so.

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const FOLDER = __dirname;
const CORE = join(FOLDER, "../../../hardware/serial");
const FLAGS = [
	"-std=c11",
	"-g",
	"-O1",
	...["-Wall", "-Wextra", "-Werror"],
	"-fsanitize=address,undefined",
	"-fno-sanitize-recover=all",
	`-I${join(FOLDER, "fake-idf")}`,
];
const SOURCES = [
	join(CORE, "uart-policy.c"),
	join(CORE, "meter-uart.c"),
	join(FOLDER, "machine.c"),
	join(FOLDER, "fake-idf/fake-idf.c"),
];

export interface Run {
	readonly status: number | null;
	readonly stdout: Buffer;
	readonly stderr: string;
}

export class Compiled {
	readonly #folder = mkdtempSync(join(tmpdir(), "meter-uart-"));

	/** Throws with the compiler's words where it does not compile without a warning. */
	constructor(readonly name: string) {
		const { status, stderr } = compile(join(FOLDER, `${name}.c`), this.file(name));
		if (status !== 0) throw new Error(`${name}.c does not compile:\n${stderr}`);
	}

	run(...parts: string[]): Run {
		const { status, stdout, stderr } = spawnSync(this.file(this.name), parts, { maxBuffer: 1 << 20 });
		return { status, stdout, stderr: stderr.toString() };
	}

	/** A file in a folder that goes with `remove`. */
	file(name: string): string {
		return join(this.#folder, name);
	}

	remove(): void {
		rmSync(this.#folder, { recursive: true });
	}
}

function compile(source: string, program: string) {
	return spawnSync("cc", [...FLAGS, source, ...SOURCES, "-o", program], { encoding: "utf8" });
}

/** Whether there is a compiler that can link a program with the sanitizers. */
export const canCompile = ((): boolean => {
	const probe = ["-fsanitize=address,undefined", "-x", "c", "-", "-o", "/dev/null"];
	const able = spawnSync("cc", probe, { input: "int main(void) { return 0; }" }).status === 0;
	if (!able) console.warn("skipped: no C compiler with sanitizers (cc) on this computer");
	return able;
})();
