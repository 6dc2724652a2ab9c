// The TCP bridge with programs by other people: dsmr-parser reads a HAN meter and a MULTICAL as if they were P1 meters,
// PyKMP reads the MULTICAL through the gateway's line while the gateway reads it too, raw and with RFC 2217. The
// expected numbers come from the emulated meters' own load, not from anything that was sent.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { HeatUse } from "../../host/meters/heat-use";
import { Household } from "../../host/meters/household";
import { KamstrupOmnipower } from "../../host/meters/kamstrup-omnipower";
import { MULTICAL_403_SERIAL, multical403 } from "../../host/meters/multical-403";
import type { PushMeter } from "../../host/meters/push-meter";
import { MeterPort } from "../interop/meter-port";
import { describeInterop, hasSocat, python } from "../interop/programs";
import { fixed } from "../meters/readings";
import { eventually, freePort, Gateway, missingForXs, outputHealth, Program } from "./gateway";

jest.setTimeout(120_000);

const START = Date.UTC(2026, 2, 12, 10, 59, 58, 500);
const SECOND = Math.floor(START / 1000);
const OPTIONS = { seed: 21, start: START, solarWatts: 0, longListFirst: true };
const TELEGRAMS = 3;
const ROUNDS = 4;
/** The gateway asks as often as that, so that the two are bound to meet. */
const PERIOD_SECONDS = 4;

interface Telegram {
	readonly values: Readonly<Record<string, { readonly value: string; readonly unit: string | null }>>;
	readonly devices: readonly Readonly<
		Record<string, { readonly value: string; readonly unit: string; readonly time?: string }>
	>[];
}
interface Answer {
	readonly serial: string;
	readonly registers: Readonly<Record<string, string>>;
}
interface Ports {
	readonly telegramPort: number;
	readonly rawPort: number;
	readonly rfc2217Port: number;
}

/** The gateway reads `protocol` at a meter's TCP port. */
type Start = (
	folder: string,
	protocol: string,
	meter: MeterPort,
	more: Record<string, object>,
) => Promise<Gateway>;

function onBridge(start: Start): void {
	let folder = "";
	let meter: MeterPort | undefined;
	let gateway: Gateway | undefined;

	beforeEach(() => {
		folder = mkdtempSync(join(tmpdir(), "meterling-bridge-"));
	});
	afterEach(async () => {
		await gateway?.stop();
		await meter?.close();
		gateway = meter = undefined;
		rmSync(folder, { recursive: true, force: true });
	});

	async function run(protocol: string, emulated: PushMeter, speed = 1) {
		const bridge: Ports & Record<string, number> = {
			telegramPort: await freePort(),
			rawPort: await freePort(),
			rfc2217Port: await freePort(),
			resumeAfter: 1,
			telegramInterval: 1,
		};
		meter = await MeterPort.open({ meter: emulated, start: START, speed });
		gateway = await start(folder, protocol, meter, { bridge, kmp: { period: PERIOD_SECONDS } });
		return { bridge, meter, gateway };
	}

	test(`dsmr-parser's TCP reader reads a Kamstrup HAN meter: ${TELEGRAMS} telegrams`, async () => {
		const { bridge, gateway } = await run("dlms", new KamstrupOmnipower(OPTIONS), 20);
		await gateway.reading();
		const port = `${bridge.telegramPort}`;
		const telegrams = (await python("bridge_dsmr.py", "127.0.0.1", port, `${TELEGRAMS}`)) as Telegram[];
		expect(telegrams).toHaveLength(TELEGRAMS);
		const house = new Household({ seed: 21, start: SECOND, heatPump: true, solarWatts: 0 });
		// The counters are those of the first list, the powers those of one of the lists that followed.
		const first = Math.ceil((new KamstrupOmnipower(OPTIONS).nextSend(START) as number) / 1000);
		const counted = Math.floor(house.stepTo(first).counters.imported / 36_000) / 100;
		const states = [];
		for (let second = first; second < first + 1200; second++) {
			const { power, volts, amperes } = house.stepTo(second);
			states.push([
				fixed(power, 3),
				Math.round(volts[0]).toFixed(1),
				(Math.round(amperes[1] * 100) / 100).toFixed(2),
			]);
		}
		for (const { values } of telegrams) {
			expect(values.P1_MESSAGE_HEADER?.value ?? "50").toBe("50");
			expect(values.EQUIPMENT_IDENTIFIER?.value).toBe(
				Buffer.from("5706567000000000").toString("hex").toUpperCase(),
			);
			expect(Number(values.ELECTRICITY_USED_TARIFF_1?.value)).toBe(counted);
			const seen = [
				values.CURRENT_ELECTRICITY_USAGE?.value,
				values.INSTANTANEOUS_VOLTAGE_L1?.value,
				values.INSTANTANEOUS_CURRENT_L2?.value,
			].map(Number);
			expect(states.map((state) => state.map(Number))).toContainEqual(seen);
			expect(values.CURRENT_ELECTRICITY_USAGE?.unit).toBe("kW");
		}
		console.log(`tcp-bridge: ${telegrams.length} telegrams of a HAN meter checked`);
	});

	test("dsmr-parser's TCP reader reads a MULTICAL as a heat meter behind P1", async () => {
		const { bridge, gateway } = await run("kmp", multical403(OPTIONS));
		await gateway.reading(30_000);
		const port = `${bridge.telegramPort}`;
		const telegrams = (await python("bridge_dsmr.py", "127.0.0.1", port, `${TELEGRAMS}`)) as Telegram[];
		const { counters } = new HeatUse(21, SECOND).stepTo(SECOND + 1);
		// MWh with three decimals; a MWh is 3.6 GJ.
		const megawattHours = Math.floor(counters.energy / 3_600_000);
		const gigajoules = Math.floor(megawattHours * 3.6 + 1e-6) / 1000;
		for (const { devices } of telegrams) {
			const [heat] = devices;
			expect(Number(heat?.MBUS_DEVICE_TYPE?.value)).toBe(4);
			expect(heat?.MBUS_EQUIPMENT_IDENTIFIER?.value).toBe(
				Buffer.from(`${MULTICAL_403_SERIAL}`).toString("hex").toUpperCase(),
			);
			expect(heat?.MBUS_METER_READING?.unit).toBe("GJ");
			expect(Number(heat?.MBUS_METER_READING?.value)).toBeCloseTo(gigajoules, 2);
		}
		console.log(`tcp-bridge: ${telegrams.length} telegrams of a MULTICAL checked`);
	});

	test("pyserial sets the line with RFC 2217, and the gateway reads its meter again afterwards", async () => {
		const { bridge, gateway } = await run("kmp", multical403(OPTIONS));
		await gateway.reading(30_000);
		const settings = await python("bridge_settings.py", `rfc2217://127.0.0.1:${bridge.rfc2217Port}`);
		expect(settings).toEqual([
			[300, 7, "E", 1],
			[9600, 8, "N", 1],
			[1200, 8, "N", 2],
		]);
		const { count } = (await gateway.health()).readings;
		await eventually(
			"a reading of the gateway's own",
			async () => (await gateway.health()).readings.count > count || undefined,
			30_000,
		);
	});

	test.each([
		["raw", "socket", "rawPort"],
		["with RFC 2217", "rfc2217", "rfc2217Port"],
	] as const)(
		`PyKMP reads a MULTICAL ${ROUNDS} times %s while the gateway polls`,
		async (_how, scheme, key) => {
			const { bridge, gateway } = await run("kmp", multical403(OPTIONS));
			await gateway.reading(30_000);
			const before = (await gateway.health()).readings.count;
			const url = `${scheme}://127.0.0.1:${bridge[key]}`;
			// Longer than `resumeAfter`: between two rounds the gateway has its turn.
			const answers = (await python("bridge_kmp.py", url, `${ROUNDS}`, "2", "60", "68", "86")) as Answer[];
			expect(answers).toHaveLength(ROUNDS);
			const { counters, supply } = new HeatUse(21, SECOND).stepTo(SECOND + 10);
			for (const { serial, registers } of answers) {
				expect(serial).toBe(`${MULTICAL_403_SERIAL}`);
				expect(Number(registers[60])).toBeCloseTo(Math.floor(counters.energy / 3_600_000) / 1000, 2);
				expect(Number(registers[68])).toBeCloseTo(Math.floor(counters.volume / 10_000) / 100, 1);
				expect(Math.abs(Number(registers[86]) - Number(fixed(supply, 2)))).toBeLessThan(5);
			}
			const health = await eventually(
				"the gateway's own readings",
				async () => {
					const seen = await gateway.health();
					return seen.readings.count >= before + 2 ? seen : undefined;
				},
				30_000,
			);
			expect(health.rejected.count).toBe(0);
			expect(outputHealth(health, "bridge")).toMatchObject({ ignoredBytes: 0, refused: 0 });
			console.log(
				`tcp-bridge: ${answers.length * 2} KMP answers checked, ${health.readings.count} readings of the gateway's own`,
			);
		},
	);
}

describeInterop("the TCP bridge on Node", true, () => {
	onBridge((folder, protocol, meter, more) => {
		writeFileSync(join(folder, "settings.json"), JSON.stringify(more));
		return Gateway.start("--state", folder, "--protocol", protocol, "--port", meter.url);
	});
});

const missing = missingForXs();
let cable: Program | undefined;
const onXs = () => {
	afterEach(() => cable?.stop());
	onBridge(async (folder, protocol, meter, more) => {
		const pty = join(folder, "pty");
		cable = new Program("socat", ["-d", "-d", `PTY,rawer,link=${pty}`, `TCP:127.0.0.1:${meter.port}`]);
		await cable.line(/starting data transfer loop/);
		return Gateway.startOnXs(folder, protocol, pty, 0, more);
	});
};
if (missing) describe.skip(`the TCP bridge on XS (not run: ${missing})`, onXs);
else describeInterop("the TCP bridge on XS", hasSocat, onXs);
