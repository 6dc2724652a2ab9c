import { obisAt, obisText, quantityName } from "../../readings/obis";

const code = (text: string) => {
	const [a, b, c, d, e, f = 255] = text.split(/[-:.*]/).map(Number) as [
		number,
		number,
		number,
		number,
		number,
		number?,
	];
	return { a, b, c, d, e, f };
};

describe("OBIS codes", () => {
	// The names of DESIGN.md's table; codes of IEC 62056-61 and of PROTOCOLS.md 1.4, 1.5 and 7.
	test.each([
		["1-0:1.7.0", "power_import"],
		["1-1:2.7.0", "power_export"],
		["1-0:21.7.0", "power_import_l1"],
		["1-0:41.7.0", "power_import_l2"],
		["1-0:61.7.0", "power_import_l3"],
		["1-0:62.7.0", "power_export_l3"],
		["1-0:1.8.0", "energy_import"],
		["1-0:1.8.2", "energy_import_t2"],
		["1-0:2.8.4", "energy_export_t4"],
		["1-0:21.8.0", "energy_import_l1"],
		["1-0:62.8.0", "energy_export_l3"],
		["1-0:3.7.0", "reactive_power_import"],
		["1-0:4.8.0", "reactive_energy_export"],
		["1-0:44.7.0", "reactive_power_export_l2"],
		["1-0:9.7.0", "apparent_power_import"],
		["1-0:32.7.0", "voltage_l1"],
		["1-0:52.7.0", "voltage_l2"],
		["1-0:72.7.0", "voltage_l3"],
		["1-0:31.7.0", "current_l1"],
		["1-0:71.7.0", "current_l3"],
		["1-0:33.7.0", "power_factor_l1"],
		["1-0:13.7.0", "power_factor"],
		["1-0:14.7.0", "frequency"],
		["1-0:1.4.0", "power_average"],
		["1-0:1.6.0", "power_peak_month"],
		["1-0:52.32.0", "voltage_sags_l2"],
		["1-0:72.36.0", "voltage_swells_l3"],
		["0-0:96.7.21", "power_failures"],
		["0-0:96.7.9", "long_power_failures"],
		["0-0:96.14.0", "tariff"],
		["0-0:17.0.0", "power_limit"],
	])("%s is %s", (text, name) => {
		expect(quantityName(code(text))).toBe(name);
	});

	test.each([
		"1-0:1.8.0*1",
		"1-0:99.97.0",
		"1-0:3.8.1",
		"1-0:1.8.5",
		"7-0:3.0.0",
		"1-0:80.7.0",
		"1-0:92.32.0",
		"1-0:20.7.0",
	])("%s has no canonical name", (text) => expect(quantityName(code(text))).toBeUndefined());

	test("prints group F only where it says something", () => {
		const bytes = Uint8Array.of(9, 1, 1, 32, 7, 0, 255, 1, 0, 1, 8, 0, 3);
		expect(obisText(obisAt(bytes, 1))).toBe("1-1:32.7.0");
		expect(obisText(obisAt(bytes, 7))).toBe("1-0:1.8.0*3");
	});
});
