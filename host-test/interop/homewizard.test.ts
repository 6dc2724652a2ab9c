// python-homewizard-energy (PyPI), the library that Home Assistant uses, reads the gateway through the HomeWizard-compatible
// API; dsmr-parser reads the telegram that it serves. On Node always; on the SDK's XS engine where it is built.

import { Gateway } from "../e2e/gateway";
import { describeInterop, python } from "./programs";
import { ENGINES, type Stage } from "./running-gateway";

jest.setTimeout(60_000);

interface Heard {
	readonly device: Readonly<Record<string, unknown>>;
	readonly data: Readonly<Record<string, unknown>>;
	readonly system: Readonly<Record<string, unknown>>;
	readonly identify: unknown;
	readonly telegram: Readonly<Record<string, string>>;
}

/** The gateway's own reading, whose numbers other tests compare with the wire. */
interface Reading {
	readonly quantities: Readonly<Record<string, { readonly value: number }>>;
	readonly devices: readonly {
		readonly kind: string;
		readonly id: string;
		readonly time: string;
		readonly quantities: Readonly<Record<string, { readonly value: number }>>;
	}[];
}

async function read({ gateway }: Stage): Promise<readonly [Heard, Reading]> {
	const reading = JSON.parse(await gateway.reading(30_000)) as Reading;
	const [heard] = (await python("homewizard.py", gateway.url.replace("http://", ""))) as readonly Heard[];
	if (!heard) throw new Error("nothing was read");
	return [heard, reading];
}

/** `2026-03-12T11:00:00+01:00` as the clients give it: the meter's time of day. */
const timeOfDay = (time: string | undefined) => time?.slice(0, "2026-03-12T11:00:00".length);

const SWITCHED_ON = { homewizard: { enabled: true } };

describe.each(ENGINES)("a gateway on %s", (engine, start, why) => {
	if (why) {
		test.skip(`not run on ${engine}: ${why}`, () => {});
		return;
	}

	describeInterop("read by python-homewizard-energy", true, () => {
		let stage: Stage | undefined;
		afterEach(async () => {
			await stage?.stop();
			stage = undefined;
		});

		test("is a P1 meter with gas and water", async () => {
			stage = await start("dsmr5", SWITCHED_ON);
			const [{ device, data, system, identify, telegram }, reading] = await read(stage);
			expect(device).toMatchObject({
				product_type: "HWE-P1",
				product_name: "Meterling",
				serial: expect.stringMatching(/^[0-9a-f]{12}$/),
			});
			expect(system).toMatchObject({ cloud_enabled: false });
			// No light on a computer: a function that this device does not have.
			expect(identify).toBe("unsupported");
			const { energy_import_t1, energy_import_t2 } = reading.quantities;
			const [gas, water] = reading.devices;
			const total = (energy_import_t1?.value ?? 0) + (energy_import_t2?.value ?? 0);
			expect(data.total_energy_import_kwh).toBeGreaterThanOrEqual(Number(total.toFixed(3)));
			expect(data.total_energy_import_kwh).toBeLessThan(total + 0.1);
			expect(data).toMatchObject({
				smr_version: 50,
				unique_meter_id: "E0059123456789012",
				total_energy_import_t2_kwh: expect.any(Number),
				active_tariff: reading.quantities.tariff?.value,
				any_power_fail_count: reading.quantities.power_failures?.value,
				voltage_sag_l3_count: reading.quantities.voltage_sags_l3?.value,
				total_gas_m3: gas?.quantities.gas_volume?.value,
				gas_timestamp: timeOfDay(gas?.time),
				gas_unique_id: gas?.id,
			});
			expect(data.active_voltage_l1_v).toBeGreaterThan(200);
			expect(data.external_devices).toMatchObject({
				[`gas_meter_${gas?.id}`]: { meter_type: "GAS_METER", unique_id: gas?.id, unit: "m3" },
				[`water_meter_${water?.id}`]: {
					meter_type: "WATER_METER",
					value: water?.quantities.water_volume?.value,
					timestamp: timeOfDay(water?.time),
				},
			});
			expect(Number(telegram.ELECTRICITY_USED_TARIFF_1)).toBeCloseTo(energy_import_t1?.value ?? 0, 1);
		});

		test("is a P1 meter where it reads a HAN port", async () => {
			stage = await start("kamstrup-omnipower", SWITCHED_ON);
			const [{ data, telegram }, reading] = await read(stage);
			expect(data.active_power_w).toBeGreaterThan(0);
			expect(data.active_voltage_l1_v).toBeGreaterThan(200);
			expect(data.unique_meter_id).toBe("5706567000000000");
			expect(Number(telegram.CURRENT_ELECTRICITY_USAGE)).toBeGreaterThan(0);
			// The counter that Home Assistant's statistics would take for a new meter: not there before it was read.
			expect("total_energy_import_kwh" in data).toBe("energy_import" in reading.quantities);
		});

		test("tells a heat meter as an external one", async () => {
			stage = await start("multical-403", SWITCHED_ON);
			const [{ data }, reading] = await read(stage);
			const [entry] = Object.values(data.external_devices as Record<string, Record<string, unknown>>);
			expect(entry).toMatchObject({ meter_type: "HEAT_METER", unit: "GJ" });
			expect(entry?.value).toBeCloseTo((reading.quantities.heat_energy?.value ?? 0) * 3.6, 1);
			expect(data).not.toHaveProperty("active_power_w");
		});
	});
});

test("off, there is nothing at these addresses", async () => {
	const gateway = await Gateway.start("--meter", "dsmr5");
	try {
		const statuses = await Promise.all(
			["/api", "/api/v1/data", "/api/v1/telegram", "/api/v1/system"].map(
				async (path) => (await fetch(gateway.url + path)).status,
			),
		);
		expect(statuses).toEqual([404, 404, 404, 404]);
	} finally {
		await gateway.stop();
	}
});
