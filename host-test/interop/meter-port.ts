// An emulated meter on a TCP port in this process, its time beginning with the first client: so a test knows the very
// second of each telegram. What was heard when is kept. Not a test.

import { createServer, type Server, type Socket } from "node:net";
import { AskedLine } from "../../host/meters/asked-line";
import { AskedMeter } from "../../host/meters/asked-meter";
import { MeterLine } from "../../host/meters/meter-line";
import type { PushMeter } from "../../host/meters/push-meter";
import type { Timers } from "../../outputs/output";

const timers: Timers = {
	set: (callback, milliseconds) => setTimeout(callback, milliseconds),
	repeat: (callback, milliseconds) => setInterval(callback, milliseconds),
	clear: (handle) => clearTimeout(handle as NodeJS.Timeout),
};

export interface MeterPortOptions {
	readonly meter: PushMeter;
	/** What the meter was made with. */
	readonly start: number;
	readonly speed?: number;
	readonly echo?: boolean;
	/** Takes bit 7 off, as the reader's UART does where it is set to 7E1. */
	readonly sevenBits?: boolean;
}

export class MeterPort {
	/** Meter times of what an asked meter heard. */
	readonly heardAt: number[] = [];
	readonly #options: MeterPortOptions;
	readonly #server: Server;
	readonly #sockets = new Set<Socket>();
	#line: AskedLine | MeterLine | undefined;
	#port = 0;

	private constructor(options: MeterPortOptions) {
		this.#options = options;
		this.#server = createServer((socket) => this.#connected(socket));
	}

	static async open(options: MeterPortOptions): Promise<MeterPort> {
		const opened = new MeterPort(options);
		await new Promise<void>((done) => opened.#server.listen(0, "127.0.0.1", done));
		const address = opened.#server.address();
		opened.#port = typeof address === "object" && address ? address.port : 0;
		return opened;
	}

	get port(): string {
		return `${this.#port}`;
	}

	get url(): string {
		return `socket://127.0.0.1:${this.#port}`;
	}

	close(): Promise<void> {
		this.#line?.close();
		for (const socket of this.#sockets) socket.destroy();
		return new Promise((done) => this.#server.close(() => done()));
	}

	#connected(socket: Socket): void {
		this.#sockets.add(socket);
		socket.setNoDelay(true);
		socket.on("error", () => socket.destroy());
		socket.on("close", () => this.#sockets.delete(socket));
		this.#line ??= this.#begin();
		const line = this.#line;
		socket.on("data", (bytes) => {
			if (line instanceof AskedLine) line.receive(new Uint8Array(bytes));
		});
	}

	#begin(): AskedLine | MeterLine {
		const { meter, start, speed = 1, echo = false, sevenBits = false } = this.#options;
		const write = (bytes: Uint8Array) => {
			const sent = sevenBits ? bytes.map((byte) => byte & 0x7f) : bytes.slice();
			for (const socket of this.#sockets) socket.write(sent);
		};
		const common = { timers, now: () => performance.now(), start, speed, sink: { write } };
		if (!(meter instanceof AskedMeter)) return new MeterLine({ ...common, meter });
		const heard = meter.heard.bind(meter);
		meter.heard = (bytes, time) => {
			this.heardAt.push(time);
			return heard(bytes, time);
		};
		return new AskedLine({ ...common, meter, echo });
	}
}
