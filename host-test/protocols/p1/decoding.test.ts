// What P1 telegrams mean: values, names, times, ids and sub-meters, from the worked examples of DSMR and the
// countries' documents (line formats of PROTOCOLS.md 1.3 to 1.6; values are made up here and stand in the lines).

import { decode, latin1, shown } from "./support.js";

/** A telegram without CRC, of these data lines. */
function telegram(...lines: string[]): Uint8Array {
	return latin1(`/KFM5TEST\r\n\r\n${lines.map((line) => `${line}\r\n`).join("")}!\r\n`);
}

function readingOf(...lines: string[]) {
	const { readings, rejections } = decode(telegram(...lines));
	expect(rejections).toEqual([]);
	expect(readings).toHaveLength(1);
	return readings[0];
}

test("accepts the worked CRC 2A99 and nothing else", () => {
	const body = "/TEST\r\n\r\n1-3:0.2.8(50)\r\n!";
	expect(decode(latin1(`${body}2A99\r\n`)).readings[0]?.meter.list).toBe("DSMR 5.0");
	expect(decode(latin1(`${body}2a99\r\n`)).readings).toHaveLength(1);
	const { readings, rejections } = decode(latin1(`${body}2A98\r\n`));
	expect(readings).toEqual([]);
	expect(rejections).toEqual([
		{ rejected: true, layer: "p1", code: "crc", offset: 0, expected: "2A99", actual: "2A98" },
	]);
});

test("gives LF-only telegrams of text files their CR back for the CRC", () => {
	expect(decode(latin1("/TEST\n\n1-3:0.2.8(50)\n!2A99\n")).readings).toHaveLength(1);
	expect(decode(latin1("/TEST\n\n1-3:0.2.8(51)\n!2A99\n")).readings).toEqual([]);
	// One CR lost on the wire is damage, not another spelling.
	expect(decode(latin1("/TEST\r\n\n1-3:0.2.8(50)\r\n!2A99\r\n")).readings).toEqual([]);
});

test("reads a DSMR 2.2 telegram of a Kamstrup 162 without CRC, gas on two lines", () => {
	const text = [
		"/KMP5 KA6U001585575011",
		"",
		"0-0:96.1.1(204B413655303031353835353735303131)",
		"1-0:1.8.1(00185.125*kWh)",
		"1-0:1.7.0(0000.98*kW)",
		"0-0:96.14.0(0001)",
		"0-0:17.0.0(999*A)",
		"0-0:96.3.10(1)",
		"0-0:96.13.1()",
		"0-1:24.1.0(3)",
		"0-1:96.1.0(3238313031353431303034303232323131)",
		"0-1:24.3.0(120517020000)(08)(60)(1)(0-1:24.2.1)(m3)",
		"(00124.477)",
		"0-1:24.4.0(1)",
		"!",
		"",
	].join("\r\n");
	const [reading] = decode(latin1(text)).readings;
	expect(reading?.meter).toEqual({
		manufacturer: "Kamstrup",
		model: "KA6U001585575011",
		id: "KA6U001585575011",
		list: "DSMR 2.2",
	});
	expect(reading?.time).toBeNull();
	expect(shown(reading, "energy_import_t1")).toBe("185.125 kWh");
	expect(shown(reading, "power_import")).toBe("980 W");
	expect(shown(reading, "tariff")).toBe("1");
	expect(shown(reading, "power_limit")).toBe("999 A");
	expect(shown(reading, "0-0:96.3.10")).toBe("1");
	expect(shown(reading, "0-0:96.13.1")).toBe("");
	const [gas] = reading?.devices ?? [];
	expect(gas).toMatchObject({
		kind: "gas",
		id: "28101541004022211",
		channel: 1,
		time: "2012-05-17T02:00:00",
	});
	expect(shown(gas, "gas_volume")).toBe("124.477 m³");
	expect(shown(gas, "0-1:24.4.0")).toBe("1");
});

test("the same telegram recorded with even parity in bit 7 is read; one wrong parity rejects it", () => {
	const plain = telegram("1-0:1.7.0(0000.98*kW)");
	const even = plain.map((byte) => byte | (parityOf(byte) << 7));
	expect(shown(decode(even).readings[0], "power_import")).toBe("980 W");
	for (let at = 1; at < even.length - 2; at++) {
		const damaged = even.slice();
		damaged[at] = (damaged[at] as number) ^ 0x04;
		for (const reading of decode(damaged).readings) expect(shown(reading, "power_import")).toBe("980 W");
	}
});

function parityOf(byte: number): number {
	let ones = 0;
	for (let bit = 0; bit < 7; bit++) ones += (byte >> bit) & 1;
	return ones & 1;
}

test("summer and winter time become offsets; never-read and impossible stamps become null", () => {
	expect(readingOf("0-0:1.0.0(230724150730S)")?.time).toBe("2023-07-24T15:07:30+02:00");
	expect(readingOf("0-0:1.0.0(231102121548W)")?.time).toBe("2023-11-02T12:15:48+01:00");
	for (const stamp of ["632525252525W", "230229000000W", "231301000000W", "230101240000W", "2301", ""])
		expect(readingOf(`0-0:1.0.0(${stamp})`)?.time).toBeNull();
	expect(readingOf("0-0:1.0.0(240229000000W)")?.time).toBe("2024-02-29T00:00:00+01:00");
});

test("Fluvius: version, month peak with its own time, history, uncorrected gas, water never read", () => {
	const reading = readingOf(
		"0-0:96.1.4(50217)",
		"0-0:96.1.2(353431343430303031323334353637383930)",
		"1-0:1.4.0(00.052*kW)",
		"1-0:1.6.0(231102114500W)(03.064*kW)",
		"0-0:98.1.0(1)(1-0:1.6.0)(1-0:1.6.0)(230801000000S)(632525252525W)(00.000*kW)",
		"1-0:31.4.0(040*A)",
		"0-1:24.1.0(003)",
		"0-1:96.1.1(37464C4F32313233303838303237)",
		"0-1:24.2.3(231102121002W)(00092.287*m3)",
		"0-2:24.1.0(007)",
		"0-2:24.2.1(632525252525W)(00000.000)",
	);
	expect(reading?.meter.list).toBe("e-MUCS 1.7");
	expect(shown(reading, "0-0:96.1.2")).toBe("541440001234567890");
	expect(shown(reading, "power_average")).toBe("52 W");
	expect(reading?.quantities.find(({ name }) => name === "power_peak_month")).toMatchObject({
		time: "2023-11-02T11:45:00+01:00",
		obis: "1-0:1.6.0",
		unit: "W",
	});
	expect(shown(reading, "power_peak_month")).toBe("3064 W");
	expect(shown(reading, "0-0:98.1.0")).toBe(
		"(1)(1-0:1.6.0)(1-0:1.6.0)(230801000000S)(632525252525W)(00.000*kW)",
	);
	expect(shown(reading, "1-0:31.4.0")).toBe("40 A");
	const [gas, water] = reading?.devices ?? [];
	expect(gas).toMatchObject({ kind: "gas", id: "7FLO2123088027", time: "2023-11-02T12:10:02+01:00" });
	expect(shown(gas, "gas_volume")).toBe("92.287 m³");
	expect(water).toMatchObject({ kind: "water", channel: 2, time: null });
	expect(shown(water, "water_volume")).toBe("0.000");
});

test.each([
	["004", "240.860*GJ", "heat", "heat_energy", "240.860 GJ"],
	["012", "00012.345*MJ", "heat", "heat_energy", "12.345 MJ"],
	["010", "00001.500*GJ", "cooling", "cooling_energy", "1.500 GJ"],
	["006", "00008.579*m3", "warm_water", "water_volume", "8.579 m³"],
	["002", "00008.579*kWh", "electricity", "energy_import", "8.579 kWh"],
	["099", "00008.579*m3", "device", "0-3:24.2.1", "8.579 m³"],
])(
	"M-Bus type %s is told by its kind and unit, even when the type comes last",
	(type, value, kind, name, expected) => {
		const [device] = readingOf(`0-3:24.2.1(260215200523W)(${value})`, `0-3:24.1.0(${type})`)?.devices ?? [];
		expect(device).toMatchObject({ kind, channel: 3, time: "2026-02-15T20:05:23+01:00" });
		expect(shown(device, name)).toBe(expected);
	},
);

test("ids are text where their hexadecimal prints, and as they are otherwise", () => {
	const id = (text: string) => readingOf(`0-0:96.1.1(${text})`)?.meter.id;
	expect(id("4530303434303037")).toBe("E0044007");
	expect(id("ADC3100000158491")).toBe("ADC3100000158491");
	expect(id("352345243543524352345353535353243")).toBe("352345243543524352345353535353243");
	expect(readingOf("0-0:96.1.0(3939)", "0-0:42.0.0(534147)")?.meter.id).toBe("SAG");
	expect(shown(readingOf("0-0:96.1.0(3939)", "0-0:42.0.0(534147)"), "0-0:96.1.0")).toBe("99");
});

test("units: Austrian integers in Wh, EasyMeter with *255, no asterisk, case of kvar", () => {
	const reading = readingOf(
		"1-0:1.8.0(006545766*Wh)",
		"1-0:2.8.0*255(00032549.5061662*kWh)",
		"1-0:1.8.1(001247.747kWh)",
		"1-0:3.7.0(00.135*kVAr)",
		"1-0:4.8.0(000000.123*kvarh)",
		"1-0:21.7.0*255(000557.29*W)",
		"1-0:22.7.0(-00.052*kW)",
	);
	expect(shown(reading, "energy_import")).toBe("6545.766 kWh");
	expect(shown(reading, "energy_export")).toBe("32549.5061662 kWh");
	expect(shown(reading, "energy_import_t1")).toBe("1247.747 kWh");
	expect(shown(reading, "reactive_power_import")).toBe("135 var");
	expect(shown(reading, "reactive_energy_export")).toBe("0.123 kvarh");
	expect(shown(reading, "power_import_l1")).toBe("557.29 W");
	expect(shown(reading, "power_export_l1")).toBe("-52 W");
});

test("a bare number that is not zero keeps its code: its unit is not known", () => {
	const reading = readingOf("1-0:1.7.0(00.123)", "1-0:2.7.0(00.000)", "1-0:13.7.0(0.998)");
	expect(shown(reading, "1-0:1.7.0")).toBe("0.123");
	expect(shown(reading, "power_export")).toBe("0.000");
	expect(shown(reading, "power_factor")).toBe("0.998");
});

test("Switzerland's group 1-1 has the same names; a name is never given twice", () => {
	const reading = readingOf("1-1:1.8.1(000001.000*kWh)", "1-1:1.7.0(00.500*kW)", "1-0:1.7.0(00.600*kW)");
	expect(shown(reading, "power_import")).toBe("500 W");
	expect(shown(reading, "1-0:1.7.0")).toBe("600 W");
	const twice = readingOf("1-0:1.7.0(00.500*kW)", "1-0:1.7.0(00.700*kW)");
	expect(twice?.quantities).toHaveLength(1);
	expect(shown(twice, "power_import")).toBe("700 W");
});

test("failure logs stay text, with the id left out or the overflow row as well", () => {
	const log = "(1)(0-0:96.7.19)(000101000001W)(2147483647*s)";
	expect(shown(readingOf(`1-0:99.97.0${log}`), "1-0:99.97.0")).toBe(log);
	expect(shown(readingOf("1-0:99.97.0()"), "1-0:99.97.0")).toBe("");
	expect(shown(readingOf("1-0:99.97.0(0)"), "1-0:99.97.0")).toBe("0");
});

test("a text message of 2048 hexadecimal digits is read whole, also when its line is broken", () => {
	const digits = "41".repeat(1024);
	expect(shown(readingOf(`0-0:96.13.0(${digits})`), "0-0:96.13.0")).toBe("A".repeat(1024));
	const broken = `${digits.slice(0, 700)}\r\n${digits.slice(700)}`;
	expect(shown(readingOf(`0-0:96.13.0(${broken})`), "0-0:96.13.0")).toBe("A".repeat(1024));
});

test("the Danish slip 1-0:4:24.7.0 is read as 1-0:24.7.0", () => {
	expect(shown(readingOf("1-0:4:24.7.0(0000.222*kVAr)"), "reactive_power_export_l1")).toBe("222 var");
});

test("ACE4000's gas in a medium of its own: the newest of its hours", () => {
	const [gas] =
		readingOf(
			"7-0:0.0.0(1234)",
			"7-0:23.1.0*255(09-10-01 11:00:00)(00000.250*m3)",
			"7-0:23.1.0*255(09-10-01 10:00:00)(00000.125*m3)",
		)?.devices ?? [];
	expect(gas).toMatchObject({ kind: "gas", id: "1234", time: "2009-10-01T11:00:00" });
	expect(shown(gas, "gas_volume")).toBe("0.250 m³");
});

test("the identification line gives maker and model in all its forms", () => {
	const meter = (line: string) =>
		decode(latin1(`/${line}\r\n\r\n1-0:1.7.0(1*W)\r\n!\r\n`)).readings[0]?.meter;
	expect(meter("KAM5")).toEqual({ manufacturer: "Kamstrup" });
	expect(meter("ISk5\\2MT382-1000")).toEqual({ manufacturer: "Iskraemeco", model: "MT382-1000" });
	expect(meter("NWA-WARMTELINK")).toEqual({ manufacturer: "NWA", model: "WARMTELINK" });
	expect(meter("ACME!MTR")).toEqual({ model: "ACME!MTR" });
});

test.each([
	"1-0:1.8(000001.000*kWh)",
	"1-0:1.8.0.0(000001.000*kWh)",
	"256-0:1.7.0(00.100*kW)",
	"1-0:1.7.0(00.100*kW",
	"1-0:1.7.0 00.100*kW",
	"hello",
])("without a CRC a malformed line rejects the telegram: %s", (line) => {
	const { readings, rejections } = decode(telegram("1-0:2.7.0(00.000*kW)", line));
	expect(readings).toEqual([]);
	expect(rejections).toMatchObject([{ layer: "p1", code: "malformed-line" }]);
});
