// Iskraemeco AM550 and kin (Slovenia, Croatia): positional lists. Voltages in 0.1 V, currents in 0.01 A, Wh, W.
// Its OBIS-tagged lists and the Swiss described list are read as such (pairs.ts, described.ts).

import { startsWith } from "../text.js";
import type { PushList } from "./list.js";
import { fits, Place, type PlaceCode, type PositionalList, place, readPlaces } from "./positions.js";

const SCALING = Object.freeze({ voltage: -1, current: -2, energy: 0, factor: -3 });

const IDENTITY = [Place.logicalName, Place.id];
const POWERS = [place(1, 7), place(2, 7), place(3, 7), place(4, 7)];
const VOLTAGES = [place(32, 7), place(52, 7), place(72, 7)];
const CURRENTS = [place(31, 7), place(51, 7), place(71, 7)];
const PHASE_POWERS = [place(21, 7), place(41, 7), place(61, 7), place(22, 7), place(42, 7), place(62, 7)];
const IMPORT = [place(1, 8), place(1, 8, 1), place(1, 8, 2)];
const EXPORT = [place(2, 8), place(2, 8, 1), place(2, 8, 2)];
const QUADRANTS = [place(5, 8), place(6, 8), place(7, 8), place(8, 8)];
const BREAKER = place(96, 3, 10, 0);
const TARIFF = place(96, 14, 0, 0);
/** Croatia's lists begin with the number, the time and the date as octet strings, and end with limits and state. */
const CROATIA_HEAD = [Place.id, Place.unknown, Place.unknown];

function list(signature: string, ...places: readonly (PlaceCode | readonly PlaceCode[])[]): PositionalList {
	return { signature, places: places.flat() };
}

const POSITIONAL: readonly PositionalList[] = Object.freeze([
	list("tt4444222222444444", IDENTITY, POWERS, VOLTAGES, CURRENTS, PHASE_POWERS),
	list("tt1x44444444", IDENTITY, BREAKER, TARIFF, IMPORT, EXPORT, place(3, 8), place(4, 8)),
	list("tt2222224444", IDENTITY, VOLTAGES, CURRENTS, POWERS),
	list("tt44442244", IDENTITY, POWERS, place(32, 7), place(31, 7), place(21, 7), place(22, 7)),
	list(
		"tt44444444",
		IDENTITY,
		[1, 2, 3, 4].flatMap((direction) => [place(direction, 8, 1), place(direction, 8, 2)]),
	),
	list("tt4444244", IDENTITY, POWERS, place(32, 7), place(2, 8, 1), place(2, 8, 2)),
	list("t44444444", Place.logicalName, place(1, 7), place(2, 7), IMPORT, EXPORT),
	list("tt224444", IDENTITY, place(32, 7), place(31, 7), POWERS),
	list("t144", Place.id, Place.unknown, place(1, 8), place(2, 8)),
	list(
		"ttt4444444444442444444222222xxxxx",
		CROATIA_HEAD,
		IMPORT,
		EXPORT,
		QUADRANTS,
		place(1, 7),
		place(2, 7),
		place(13, 7),
		PHASE_POWERS,
		VOLTAGES,
		CURRENTS,
	),
	list(
		"ttt44444444444444222222xxxxx",
		CROATIA_HEAD,
		IMPORT,
		EXPORT,
		place(1, 7),
		place(2, 7),
		PHASE_POWERS,
		VOLTAGES,
		CURRENTS,
	),
	list(
		"444444tt4422222",
		IMPORT,
		EXPORT,
		Place.id,
		Place.clock,
		place(2, 7),
		place(1, 7),
		CURRENTS,
		place(32, 7),
		place(72, 7),
	),
]);

export const iskraemeco: PushList = (items, out) => {
	for (const candidate of POSITIONAL) {
		if (!fits(items, candidate)) continue;
		out.manufacturer = "Iskraemeco";
		out.list = `ISK-${candidate.signature.length}`;
		out.scaling = SCALING;
		readPlaces(items, out, candidate.places);
		return true;
	}
	const first = items.isText(1) ? items.length(1) : 0;
	if (
		startsWith(items.bytes, items.offset(1), first, "ISK") ||
		startsWith(items.bytes, items.offset(1), first, "ISE")
	)
		out.manufacturer = "Iskraemeco";
	return false;
};
