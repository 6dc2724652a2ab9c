// A reading as the JSON that users of ams2mqtt know: a header, and `data` with short names. Facts from that project's public
// description of its messages (its wiki, "Message formats"); `realtime`, `vcc` and prices are its own and left out.

import { toText } from "../../readings/decimal.js";
import { findQuantity, type Reading } from "../../readings/reading.js";

/** Canonical names and theirs. W, var, A, V, kWh and kvarh are the units of both. */
const NAMES =
	"power_import P reactive_power_import Q power_export PO reactive_power_export QO current_l1 I1 current_l2 I2 current_l3 I3 voltage_l1 U1 voltage_l2 U2 voltage_l3 U3 energy_import tPI energy_export tPO reactive_energy_import tQI reactive_energy_export tQO";
/** What that firmware says where it has no thermometer. */
const NO_TEMPERATURE = "-127.00";

/** Facts of the gateway that the header tells. */
export interface AmsHeader {
	readonly id: string;
	readonly name: string;
	/** Seconds. */
	readonly uptime: number;
	/** dBm; 0 where it is not known. */
	readonly rssi: number;
	/** Milliseconds since 1970, where the time of day is known. */
	readonly wallTime: number | undefined;
}

export function amsJson(
	{ meter, time, ...reading }: Reading,
	{ id, name, uptime, rssi, wallTime }: AmsHeader,
): string {
	// A time without an offset says nothing about UTC.
	const meterTime = time !== null && /[Z]$|[+-]\d\d:?\d\d$/.test(time) ? Date.parse(time) : Number.NaN;
	const rtc = Number.isFinite(meterTime) ? Math.round(meterTime / 1000) : undefined;
	const t = rtc ?? Math.round((wallTime ?? 0) / 1000);
	const members = [
		`"lv":${JSON.stringify(meter.list ?? "")}`,
		`"meterId":${JSON.stringify(meter.id ?? "")}`,
		`"type":${JSON.stringify(meter.model ?? "")}`,
	];
	const names = NAMES.split(" ");
	for (let index = 0; index < names.length; index += 2) {
		const value = findQuantity(reading, names[index] as string)?.value;
		if (value !== undefined && typeof value !== "string")
			members.push(`"${names[index + 1]}":${toText(value)}`);
	}
	if (rtc !== undefined) members.push(`"rtc":${rtc}`);
	return `{"id":${JSON.stringify(id)},"name":${JSON.stringify(name)},"up":${uptime},"t":${t},"rssi":${rssi},"temp":${NO_TEMPERATURE},"data":{${members.join(",")}}}`;
}
