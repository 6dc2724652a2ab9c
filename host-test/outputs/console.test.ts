import { readingLine } from "../../outputs/console/console.js";
import { decimal } from "../../readings/decimal.js";
import { readingOf } from "./fakes.js";

test("a line shows time, power in kW and the counter with every digit that was sent", () => {
	const reading = readingOf(3771, {
		time: "2019-01-31T12:30:10+01:00",
		quantities: [
			{ name: "power_import", value: decimal(3771), unit: "W" },
			{ name: "power_export", value: decimal(0), unit: "W" },
			{ name: "energy_import", value: decimal(7745250, -2), unit: "kWh" },
		],
	});
	expect(readingLine(reading)).toBe(
		"12:30:10     3.771 kW import     0.000 kW export     77452.50 kWh import",
	);
});

test("tariffs stand for a sum that the meter does not send, and sub-meters follow", () => {
	const reading = readingOf(0, {
		time: null,
		quantities: [
			{ name: "energy_import_t1", value: decimal(1234, -3), unit: "kWh" },
			{ name: "energy_import_t2", value: decimal(5), unit: "kWh" },
		],
		devices: [
			{
				kind: "gas",
				time: null,
				quantities: [{ name: "gas_volume", value: decimal(752852, -3), unit: "m³" }],
			},
		],
	});
	expect(readingLine(reading)).toBe(
		"--:--:--        1.234 kWh import T1            5 kWh import T2  gas 752.852 m³",
	);
});
