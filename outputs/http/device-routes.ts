// The meter and its sub-meters one by one, each with all that is known of it: `GET /api/v1/devices`, and by name below it.

import { writeDevice } from "../../readings/json.js";
import type { DeviceReading, Quantity } from "../../readings/reading.js";
import type { ReadingStore } from "../../readings/store.js";
import { type Answer, type Call, routeTable } from "../route.js";
import { partsOf } from "../shared/parts.js";
import { percentText } from "../shared/percent.js";
import { json, jsonOf, problem } from "./answer.js";
import { conditional } from "./conditional.js";
import { decoded, queryList } from "./query.js";
import type { ReadingResponder } from "./reading-routes.js";
import { seconds } from "./state.js";

const PATH = "/api/v1/devices";
/** The main meter's name; its own number will do as well. */
const METER = "meter";

export const DEVICE_ROUTES = routeTable<ReadingResponder>([
	{
		...{ at: "GET /api/v1/devices", need: "read" },
		answer: ({ context }) => jsonOf({ devices: listed(context.store, context.now()) }),
	},
	{ at: "GET /api/v1/devices/*", need: "read", answer: deviceAnswer },
]);

function deviceAnswer({ context, tag }: ReadingResponder, { last, request }: Call): Answer {
	const { store } = context;
	const now = context.now();
	const wanted = decoded(last);
	const fields = queryList(request.path, "fields");
	if (wanted === METER || (wanted !== undefined && wanted === store.latest?.meter.id)) {
		const meter = meterOf(store, now);
		if (meter) return conditional(request, `W/"${tag}"`, () => one(METER, meter.device, meter.age, fields));
	}
	const index = store.knownDevices.findIndex((device, at) => nameOf(device, at) === wanted);
	const device = store.knownDevices[index];
	if (!device || wanted === undefined)
		return problem(404, "No such device", `It has not been heard. ${PATH} tells which have.`);
	const age = seconds(now - store.deviceAt(index));
	return conditional(request, `W/"${tag}"`, () => one(wanted, device, age, fields));
}

function listed(store: ReadingStore, now: number): readonly object[] {
	const meter = meterOf(store, now);
	const all = meter ? [entry(METER, meter.device, meter.age)] : [];
	store.knownDevices.forEach((device, index) => {
		all.push(entry(nameOf(device, index), device, seconds(now - store.deviceAt(index))));
	});
	return all;
}

function entry(name: string, { kind, id, channel, time }: DeviceReading, age: number): object {
	return { name, kind, id, channel, time, age, path: `${PATH}/${percentText(name)}` };
}

/** The main meter with the newest value of all its lists. */
function meterOf(
	store: ReadingStore,
	now: number,
): { readonly device: DeviceReading; readonly age: number } | undefined {
	const { latest, known } = store;
	if (!latest) return undefined;
	const { id } = latest.meter;
	const device = { kind: METER, time: latest.time, quantities: known, ...(id === undefined ? {} : { id }) };
	return { device, age: seconds(store.age(now) ?? 0) };
}

/** Its number, where the meter tells it. */
function nameOf({ id, channel, kind }: DeviceReading, index: number): string {
	return id ?? (channel === undefined ? `${kind}-${index + 1}` : `channel-${channel}`);
}

function one(
	name: string,
	device: DeviceReading,
	age: number,
	fields: readonly string[] | undefined,
): Answer {
	const quantities = fields
		? device.quantities.filter((quantity: Quantity) => fields.includes(quantity.name))
		: device.quantities;
	const members = `"name":${JSON.stringify(name)},"age":${age},`;
	return json(partsOf((take) => writeDevice({ ...device, quantities }, take, members)));
}
