// Two ptys as the two ends of a serial cable, which can be pulled. Not a test.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Program } from "./gateway";

/** Two ptys joined by socat, with everything from the meter's side recorded. */
export class Cable {
	readonly meter: string;
	readonly gateway: string;
	readonly #record: string;
	readonly #socat: Program;

	constructor(folder: string) {
		this.meter = join(folder, "meter");
		this.gateway = join(folder, "gateway");
		this.#record = join(folder, "record");
		const pty = (link: string) => `pty,rawer,link=${link}`;
		this.#socat = new Program("socat", ["-d", "-d", "-r", this.#record, pty(this.meter), pty(this.gateway)]);
	}

	ready(): Promise<unknown> {
		return this.#socat.line(/starting data transfer loop/);
	}

	recorded(): Buffer {
		return readFileSync(this.#record);
	}

	pull(): Promise<number | null> {
		return this.#socat.stop();
	}
}
