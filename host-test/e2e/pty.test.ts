// Emulated meter on one end of a pty pair, the gateway on the other. What went over the wire is recorded by socat and
// read here by a few lines of its own, so that the comparison to the last digit does not rest on the code under test.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Cable } from "./cable";
import { describeWith, eventually, Gateway, missingForXs, Program } from "./gateway";

const MINUTE = 60_000;
const CLI = "host/cli/meterling.mjs";
/** Readings that are compared. */
const COUNT = 5;

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

type Start = (folder: string, protocol: string, port: string) => Promise<Gateway>;

/** The three behaviours, on whichever engine `start` runs the firmware. */
function onPty(start: Start): void {
	let folder: string;
	let cable: Cable;
	let gateway: Gateway | undefined;
	let emulator: Program | undefined;

	const emulate = (meter: string) => {
		emulator = new Program(process.execPath, [
			...[CLI, "emulate", "--meter", meter, "--port", cable.meter, "--speed", "20"],
		]);
	};
	const lineIsOpen = (running: Gateway) =>
		eventually("the line", async () => (await running.health()).meter.line === "open" || undefined);

	beforeEach(async () => {
		folder = mkdtempSync(join(tmpdir(), "meterling-pty-"));
		cable = new Cable(folder);
		await cable.ready();
	});
	afterEach(async () => {
		await emulator?.stop();
		await gateway?.stop();
		await cable.pull();
		emulator = gateway = undefined;
		rmSync(folder, { recursive: true, force: true });
	});

	test.each([
		["kamstrup-omnipower", "dlms", hanValues],
		["kamstrup-162", "p1", p1Values],
	] as const)(
		"%s: every reading equals what was on the wire, to the last digit",
		async (meter, protocol, onTheWire) => {
			gateway = await start(folder, protocol, cable.gateway);
			const collecting = collect(gateway, COUNT);
			emulate(meter);
			const readings = await collecting;
			const sent = onTheWire(cable.recorded());
			expect(sent.length).toBeGreaterThanOrEqual(COUNT);
			readings.slice(0, COUNT).forEach(({ quantities }, index) => {
				const values = Object.fromEntries(
					Object.keys(sent[index] ?? {}).map((name) => [name, quantities[name]?.value]),
				);
				expect(values).toEqual(sent[index]);
			});
			expect((await gateway.health()).rejected.count).toBe(0);
		},
		MINUTE,
	);

	test(
		"a pulled cable is told, and the line is opened again when it is back",
		async () => {
			gateway = await start(folder, "p1", cable.gateway);
			await lineIsOpen(gateway);
			await cable.pull();
			await gateway.line(/meter: .*next attempt/);
			expect((await gateway.health()).meter.line).toBe("waiting");
			cable = new Cable(folder);
			await cable.ready();
			await lineIsOpen(gateway);
		},
		MINUTE,
	);

	test(
		"rubbish, half frames and wrong checksums are counted, and the next good frame is read",
		async () => {
			const running = await start(folder, "dlms", cable.gateway);
			gateway = running;
			// PROTOCOLS.md 0: a whole SNRM frame with its FCS changed, around 4 KB of noise.
			const wrong = Buffer.from("7EA00802232193BD657E", "hex");
			const noise = Buffer.from(Array.from({ length: 4096 }, (_, index) => (index * 7919) % 256));
			const shout = new Program("socat", ["-u", "STDIN", `OPEN:${cable.meter},rawer`]);
			shout.write(Buffer.concat([wrong, noise, wrong]));
			await eventually("rejections", async () => (await running.health()).rejected.count > 0 || undefined);
			await shout.stop();
			emulate("kamstrup-omnipower");
			expect(JSON.parse(await running.reading())).toMatchObject({ protocol: "dlms" });
			const { rejected } = await running.health();
			expect(rejected.byLayer).toEqual(expect.arrayContaining([expect.objectContaining({ layer: "hdlc" })]));
		},
		MINUTE,
	);
}

describeWith(["socat"], "a meter on a pty pair, the gateway on Node", () => {
	onPty((_folder, protocol, port) => Gateway.start("--protocol", protocol, "--port", port));
});

const onXs = () => onPty((folder, protocol, port) => Gateway.startOnXs(folder, protocol, port));
const missing = missingForXs();
if (missing) describe.skip(`a meter on a pty pair, the firmware on XS (not run: ${missing})`, onXs);
else describeWith(["socat"], "a meter on a pty pair, the firmware on XS", onXs);
