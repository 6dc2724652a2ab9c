// `meterling emulate` as a person uses it: dsmr-parser and `meterling read` listen to one emulated meter, and of the
// same telegram both say the same.

import { resolve } from "node:path";
import { eventually, Program, ROOT } from "../e2e/gateway";
import { describeInterop, python } from "./programs";

jest.setTimeout(60_000);

const COMMAND = resolve(ROOT, "host/cli/meterling.mjs");

interface Telegram {
	readonly values: Readonly<Record<string, { readonly value: string }>>;
}

interface ReadingJson {
	readonly time: string;
	readonly quantities: Readonly<Record<string, { readonly value: number | string }>>;
}

describeInterop("meterling emulate", true, () => {
	const programs: Program[] = [];
	afterEach(() => Promise.all(programs.splice(0).map((program) => program.stop())));

	function meterling(...args: string[]): Program {
		const program = new Program(process.execPath, [COMMAND, ...args]);
		programs.push(program);
		return program;
	}

	test("dsmr-parser and meterling read hear the same DSMR 5 meter", async () => {
		const emulated = meterling("emulate", "--meter", "dsmr5", "--port", "tcp://:0", "--solar", "3000");
		const [url] = await emulated.line(/socket:\/\/\S+/);
		const reader = meterling("read", "--protocol", "p1", "--port", url, "--json", "--count", "0");
		await eventually("a first reading", () => reader.lines[0]);
		const [telegram] = (await python("dsmr.py", url, "V5", "SERIAL_SETTINGS_V5")) as Telegram[];
		const values = telegram?.values ?? {};
		const at = Date.parse(values.P1_MESSAGE_TIMESTAMP?.value ?? "");
		const { quantities } = await eventually("the same telegram", () =>
			reader.lines
				.filter((line) => line.startsWith("{"))
				.map((line) => JSON.parse(line) as ReadingJson)
				.find(({ time }) => Date.parse(time) === at),
		);
		const both = (name: string, quantity: string, factor = 1) =>
			expect([quantity, Number(quantities[quantity]?.value)]).toEqual([
				quantity,
				Math.round(Number(values[name]?.value) * factor * 1000) / 1000,
			]);
		both("ELECTRICITY_USED_TARIFF_1", "energy_import_t1");
		both("ELECTRICITY_USED_TARIFF_2", "energy_import_t2");
		both("ELECTRICITY_DELIVERED_TARIFF_1", "energy_export_t1");
		both("CURRENT_ELECTRICITY_USAGE", "power_import", 1000);
		both("CURRENT_ELECTRICITY_DELIVERY", "power_export", 1000);
		both("INSTANTANEOUS_VOLTAGE_L1", "voltage_l1");
		both("INSTANTANEOUS_CURRENT_L1", "current_l1");
	});
});
