// The newest values of all lists under the names of the HomeWizard-compatible API v1 ("P1 meter", `GET /api/v1/data`).
// Units are in the names. What is not known, or too old to be the present, is left out: a 0 would be taken for a reading.
// Source: the interface's public documentation and its clients; `montly` is written so there.

import { hasShape, runs } from "../../readings/characters.js";
import { compare, type Decimal, decimal, multiplied, scaled, toText } from "../../readings/decimal.js";
import type { DeviceReading, Quantity } from "../../readings/reading.js";
import type { ReadingStore } from "../../readings/store.js";
import { isoText } from "../../readings/utc.js";
import { utf8 } from "../shared/text.js";

export interface MeasurementSources {
	readonly store: ReadingStore;
	/** Stands in for the id of a meter that has none. */
	readonly serial: string;
	readonly ssid: string | null;
	/** dBm. */
	readonly rssi: number | null;
	/** Monotonic milliseconds. */
	readonly now: number;
	/** Milliseconds since 1970, where it is known. */
	readonly wallTime: number | undefined;
}

const ZERO = decimal(0);
/** DSMR version where the meter says none: that of the telegram that is served. */
const TELEGRAM_VERSION = "50";

/** Quantity and unit, and the field behind it. What ends with `#` is there for each of three phases. */
const PRESENT: readonly string[] = Object.freeze([
	"voltage_l#|V|active_voltage_l#_v",
	"current_l#|A|active_current_l#_a",
	"frequency|Hz|active_frequency_hz",
	"power_average|W|active_power_average_w",
]);
const LASTING: readonly string[] = Object.freeze([
	"voltage_sags_l#||voltage_sag_l#_count",
	"voltage_swells_l#||voltage_swell_l#_count",
	"power_failures||any_power_fail_count",
	"long_power_failures||long_power_fail_count",
	"tariff||active_tariff",
]);

/** The measurement as JSON, in pieces. */
export function writeMeasurement(sources: MeasurementSources, take: (piece: string) => void): void {
	const { ssid, rssi } = sources;
	const { meter } = sources.store;
	const fields: string[] = [];
	const field = (name: string, json: string | undefined) => {
		if (json !== undefined) fields.push('"'.concat(name, '":', json));
	};
	const values = new Values(sources);
	const each = (rows: readonly string[], present: boolean) => {
		for (const row of rows) {
			const [name = "", unit = "", as = ""] = row.split("|");
			const phases = name.endsWith("#") ? ["1", "2", "3"] : [""];
			for (const phase of phases)
				field(as.split("#").join(phase), jsonOf(values.of(name.split("#").join(phase), unit, present)));
		}
	};
	// Its presence is how clients know this version of the interface.
	field("wifi_ssid", JSON.stringify(ssid ?? "wired"));
	if (rssi !== null) field("wifi_strength", `${Math.max(0, Math.min(100, 2 * (rssi + 100)))}`);
	field("smr_version", smrVersion(meter.list));
	const model = [meter.manufacturer, meter.model].filter((part) => part !== undefined).join(" ");
	if (model !== "") field("meter_model", JSON.stringify(model));
	if (meter.id !== undefined) field("unique_id", hexJson(meter.id));
	for (const direction of ["import", "export"]) {
		const parts = ["1", "2", "3", "4"].map((tariff) =>
			values.of(`energy_${direction}_t${tariff}`, "kWh", false),
		);
		const total = values.of(`energy_${direction}`, "kWh", false) ?? sum(parts);
		field(`total_power_${direction}_kwh`, jsonOf(total));
		parts.forEach((part, index) => {
			field(`total_power_${direction}_t${index + 1}_kwh`, jsonOf(part));
		});
	}
	for (const phase of ["", "_l1", "_l2", "_l3"]) field(`active_power${phase}_w`, jsonOf(values.power(phase)));
	field(
		"active_current_a",
		jsonOf(sum(["1", "2", "3"].map((phase) => values.of(`current_l${phase}`, "A", true)))),
	);
	each(PRESENT, true);
	each(LASTING, false);
	field("montly_power_peak_w", jsonOf(values.of("power_peak_month", "W", false)));
	field("montly_power_peak_timestamp", stamp(values.find("power_peak_month")?.time));
	take("{".concat(fields.join(",")));
	writeExternal(sources, take);
	take("}");
}

/** The newest values by name. */
class Values {
	readonly #sources: MeasurementSources;

	constructor(sources: MeasurementSources) {
		this.#sources = sources;
	}

	find(name: string, present = false): Quantity | undefined {
		const { store, now } = this.#sources;
		const index = store.known.findIndex((quantity) => quantity.name === name);
		if (index < 0 || (present && !store.isFresh(store.knownAt(index), now))) return undefined;
		return store.known[index];
	}

	/** Its number; `undefined` where it has another unit or none is known. `present`: only where it is fresh. */
	of(name: string, unit: string, present: boolean): Decimal | undefined {
		const quantity = this.find(name, present);
		if (!quantity || typeof quantity.value === "string" || (quantity.unit ?? "") !== unit) return undefined;
		return quantity.value;
	}

	/** What is drawn less what is delivered; where only one of them is known the other one is nothing. */
	power(phase: string): Decimal | undefined {
		const drawn = this.of(`power_import${phase}`, "W", true);
		const delivered = this.of(`power_export${phase}`, "W", true);
		return delivered ? added(drawn ?? ZERO, multiplied(delivered, -1)) : drawn;
	}
}

/** Gas, water and heat: those of the P1 port, and the main meter where it is one itself. */
function writeExternal(sources: MeasurementSources, take: (piece: string) => void): void {
	const { store, serial, wallTime } = sources;
	const { meter } = store;
	const time = store.latest?.time ?? (wallTime === undefined ? null : isoText(wallTime));
	const main: DeviceReading = { kind: "", id: meter.id ?? serial, time, quantities: store.known };
	const entries: string[] = [];
	let gas: string | undefined;
	for (const device of [main, ...store.devices]) {
		for (const quantity of device.quantities) {
			const counter = counterOf(device.kind, quantity);
			if (!counter) continue;
			const [type, value, unit] = counter;
			const when = stamp(quantity.time ?? device.time);
			const id = device.id === undefined ? undefined : hexJson(device.id);
			if (type === "gas_meter" && gas === undefined)
				gas = ',"total_gas_m3":'.concat(
					toText(value),
					when === undefined ? "" : ',"gas_timestamp":'.concat(when),
					id === undefined ? "" : ',"gas_unique_id":'.concat(id),
				);
			// Clients stumble over an entry without id or time.
			if (when === undefined || id === undefined) continue;
			entries.push(
				'{"unique_id":'.concat(
					id,
					',"type":"',
					type,
					'","timestamp":',
					when,
					',"value":',
					toText(value),
					',"unit":"',
					unit,
					'"}',
				),
			);
		}
	}
	take((gas ?? "").concat(',"external":[', entries.join(","), "]"));
}

/** Type, value and unit of a sub-meter's counter; `undefined` for all else. */
function counterOf(
	kind: string,
	{ name, value, unit }: Quantity,
): readonly [type: string, value: Decimal, unit: string] | undefined {
	if (typeof value === "string") return undefined;
	if (unit === "m³") {
		if (name === "gas_volume") return ["gas_meter", value, "m3"];
		if (name === "water_volume")
			return [kind === "warm_water" ? "warm_water_meter" : "water_meter", value, "m3"];
	}
	if (name !== "heat_energy") return undefined;
	// 1 kWh = 0.0036 GJ.
	const energy =
		unit === "GJ"
			? value
			: unit === "MWh"
				? multiplied(scaled(value, -1), 36)
				: unit === "kWh"
					? multiplied(scaled(value, -4), 36)
					: undefined;
	return energy && ["heat_meter", energy, "GJ"];
}

/** `DSMR 5.0` is 50. */
function smrVersion(list = ""): string {
	const isDsmr = list.length === 8 && hasShape(list, "DSMR #.#");
	return isDsmr ? list.charAt(5).concat(list.charAt(7)) : TELEGRAM_VERSION;
}

/** `2026-03-12T11:00:00+01:00` as the number 260312110000: the meter's own time of day. */
function stamp(time: string | null | undefined): string | undefined {
	if (!time || time.startsWith("200") || !hasShape(time, "20##-##-##T##:##:##")) return undefined;
	return runs(time.slice(2, 19), "0-9").join("");
}

/** Ids are sent as the hexadecimal digits of their characters, as P1 telegrams do. */
function hexJson(id: string): string {
	let digits = "";
	for (const byte of utf8(id)) digits += byte.toString(16).padStart(2, "0");
	return `"${digits}"`;
}

function jsonOf(value: Decimal | undefined): string | undefined {
	return value && toText(value);
}

/** The sum of those that are known; `undefined` where none is. */
function sum(values: readonly (Decimal | undefined)[]): Decimal | undefined {
	let total: Decimal | undefined;
	for (const value of values) if (value) total = total ? added(total, value) : value;
	return total;
}

/** Exact; at a common exponent. */
function added(a: Decimal, b: Decimal): Decimal {
	if (compare(b, ZERO) === 0 && b.exponent >= a.exponent) return a;
	const exponent = Math.min(a.exponent, b.exponent);
	const at = ({ mantissa, exponent: from }: Decimal) => BigInt(mantissa) * 10n ** BigInt(from - exponent);
	return decimal(at(a) + at(b), exponent);
}
