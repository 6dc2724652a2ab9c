// Emulated meter on one end of a pty pair, the gateway on the other. What went over the wire is recorded by socat and
// read here by a few lines of its own, so that the comparison to the last digit does not rest on the code under test.

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeWith, eventually, Gateway, Program } from "./gateway";

const MINUTE = 60_000;
const CLI = "host/cli/meterling.mjs";
/** Readings that are compared. */
const COUNT = 5;

/** Two ptys joined by socat, with everything from the meter's side recorded. */
class Cable {
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

/** Newest-first JSON readings from the event stream, until `count` came. */
async function collect(gateway: Gateway, count: number) {
	const events = await fetch(`${gateway.url}/api/v1/events`);
	const readings: { quantities: Record<string, { value: number }> }[] = [];
	let text = "";
	for await (const part of events.body as unknown as AsyncIterable<Uint8Array>) {
		text += Buffer.from(part).toString("utf8");
		const messages = text.split("\n\n");
		text = messages.pop() ?? "";
		for (const message of messages) {
			const data = /^event: reading\ndata: (.*)$/m.exec(message)?.[1];
			if (data) readings.push(JSON.parse(data));
		}
		if (readings.length >= count) break;
	}
	return readings;
}

/** What a DSMR 2.2 telegram prints for an id, as a number in the reading's unit. */
function p1Values(record: Buffer) {
	const text = Buffer.from(record.map((byte) => byte & 0x7f)).toString("ascii");
	return text
		.split("/")
		.slice(1)
		.filter((telegram) => telegram.includes("\r\n!"))
		.map((telegram) => {
			const printed = (id: string) => Number(telegram.split(`${id}(`)[1]?.split(/[*)]/)[0]);
			return {
				power_import: Math.round(printed("1-0:1.7.0") * 1000),
				energy_import_t1: printed("1-0:1.8.1"),
				energy_import_t2: printed("1-0:1.8.2"),
			};
		});
}

/** Power (u32, W) and L1 voltage (u16, V) behind their OBIS codes in each Kamstrup frame of 228 or more bytes. */
function hanValues(record: Buffer) {
	const after = (frame: Buffer, c: number) => {
		const at = frame.indexOf(Buffer.from([1, 1, c, 7, 0, 255]));
		return frame.subarray(at + 6);
	};
	const frames: Buffer[] = [];
	for (let at = record.indexOf(0x7e); at >= 0 && at + 2 < record.length; ) {
		const length = (record.readUInt16BE(at + 1) & 0x7ff) + 2;
		frames.push(record.subarray(at, at + length));
		at = record.indexOf(0x7e, at + length);
	}
	return frames
		.filter((frame) => frame.at(-1) === 0x7e)
		.map((frame) => ({
			power_import: after(frame, 1).readUInt32BE(1),
			voltage_l1: after(frame, 32).readUInt16BE(1),
		}));
}

describeWith(["socat"], "a meter on a pty pair", () => {
	let folder: string;
	beforeEach(() => {
		folder = mkdtempSync(join(tmpdir(), "meterling-pty-"));
	});
	afterEach(() => rmSync(folder, { recursive: true, force: true }));

	test.each([
		["kamstrup-omnipower", "dlms", hanValues],
		["kamstrup-162", "p1", p1Values],
	] as const)(
		"%s: every reading equals what was on the wire, to the last digit",
		async (meter, protocol, onTheWire) => {
			const cable = new Cable(folder);
			await cable.ready();
			const gateway = await Gateway.start("--protocol", protocol, "--port", cable.gateway);
			const emulator = new Program(process.execPath, [
				CLI,
				"emulate",
				"--meter",
				meter,
				"--port",
				cable.meter,
				"--speed",
				"20",
			]);
			try {
				const readings = await collect(gateway, COUNT);
				const sent = onTheWire(cable.recorded());
				expect(sent.length).toBeGreaterThanOrEqual(COUNT);
				readings.slice(0, COUNT).forEach(({ quantities }, index) => {
					const values = Object.fromEntries(
						Object.keys(sent[index] ?? {}).map((name) => [name, quantities[name]?.value]),
					);
					expect(values).toEqual(sent[index]);
				});
				expect((await gateway.health()).rejected.count).toBe(0);
			} finally {
				await emulator.stop();
				await gateway.stop();
				await cable.pull();
			}
		},
		MINUTE,
	);

	test(
		"a pulled cable is told, and the line is opened again when it is back",
		async () => {
			const cable = new Cable(folder);
			await cable.ready();
			const gateway = await Gateway.start("--protocol", "p1", "--port", cable.gateway);
			try {
				await eventually("the line", async () => (await gateway.health()).meter.line === "open" || undefined);
				await cable.pull();
				await gateway.line(/meter: .*next attempt/);
				expect((await gateway.health()).meter.line).toBe("waiting");
				const again = new Cable(folder);
				await again.ready();
				await eventually(
					"the line again",
					async () => (await gateway.health()).meter.line === "open" || undefined,
				);
				await again.pull();
			} finally {
				await gateway.stop();
				await cable.pull();
			}
		},
		MINUTE,
	);

	test(
		"rubbish, half frames and wrong checksums are counted, and the next good frame is read",
		async () => {
			const cable = new Cable(folder);
			await cable.ready();
			const gateway = await Gateway.start("--protocol", "dlms", "--port", cable.gateway);
			// PROTOCOLS.md 0: a whole SNRM frame with a right FCS, then the same with a changed one; then noise.
			const wrong = Buffer.from("7EA00802232193BD657E", "hex");
			const noise = Buffer.from(Array.from({ length: 4096 }, (_, index) => (index * 7919) % 256));
			const shout = new Program("socat", ["-u", "STDIN", `OPEN:${cable.meter},rawer`]);
			try {
				shout.write(Buffer.concat([wrong, noise, wrong]));
				await eventually("rejections", async () => (await gateway.health()).rejected.count > 0 || undefined);
				const emulator = new Program(process.execPath, [
					...[CLI, "emulate", "--meter", "kamstrup-omnipower", "--port", cable.meter, "--speed", "20"],
				]);
				try {
					expect(JSON.parse(await gateway.reading())).toMatchObject({ protocol: "dlms" });
				} finally {
					await emulator.stop();
				}
				const { rejected } = await gateway.health();
				expect(rejected.byLayer).toEqual(
					expect.arrayContaining([expect.objectContaining({ layer: "hdlc" })]),
				);
			} finally {
				await shout.stop();
				await gateway.stop();
				await cable.pull();
			}
		},
		MINUTE,
	);
});
