// Iskraemeco AM550 and kin (Slovenia, Croatia): positional lists. Voltages in 0.1 V, currents in 0.01 A, Wh, W.
// Its OBIS-tagged lists and the Swiss described list are read as such (pairs.ts, described.ts).

import { beginsWith } from "./item-values.js";
import type { PushList } from "./list.js";
import { fittingList, type PositionalList, readPlaces } from "./positions.js";

const SCALING = Object.freeze({ voltage: -1, current: -2, energy: 0, factor: -3 });

const POWERS = "1.7 2.7 3.7 4.7";
const VOLTAGES = "32.7 52.7 72.7";
const CURRENTS = "31.7 51.7 71.7";
const PHASE_POWERS = "21.7 41.7 61.7 22.7 42.7 62.7";
const ENERGIES = "1.8 1.8.1 1.8.2 2.8 2.8.1 2.8.2";

const POSITIONAL: readonly PositionalList[] = Object.freeze([
	`tt4444222222444444 name id ${POWERS} ${VOLTAGES} ${CURRENTS} ${PHASE_POWERS}`,
	// Third and fourth: the breaker's state and the tariff.
	`tt1x44444444 name id 96.3.10 96.14.0 ${ENERGIES} 3.8 4.8`,
	`tt2222224444 name id ${VOLTAGES} ${CURRENTS} ${POWERS}`,
	`tt44442244 name id ${POWERS} 32.7 31.7 21.7 22.7`,
	"tt44444444 name id 1.8.1 1.8.2 2.8.1 2.8.2 3.8.1 3.8.2 4.8.1 4.8.2",
	`tt4444244 name id ${POWERS} 32.7 2.8.1 2.8.2`,
	`t44444444 name 1.7 2.7 ${ENERGIES}`,
	`tt224444 name id 32.7 31.7 ${POWERS}`,
	"t144 id ? 1.8 2.8",
	// Croatia's lists begin with the number, the time and the date as octet strings, and end with limits and state.
	`ttt4444444444442444444222222xxxxx id ? ? ${ENERGIES} 5.8 6.8 7.8 8.8 1.7 2.7 13.7 ${PHASE_POWERS} ${VOLTAGES} ${CURRENTS}`,
	`ttt44444444444444222222xxxxx id ? ? ${ENERGIES} 1.7 2.7 ${PHASE_POWERS} ${VOLTAGES} ${CURRENTS}`,
	`444444tt4422222 ${ENERGIES} id clock 2.7 1.7 ${CURRENTS} 32.7 72.7`,
]);

export const iskraemeco: PushList = (items, out) => {
	const list = fittingList(items, POSITIONAL);
	if (list) {
		out.manufacturer = "Iskraemeco";
		out.list = `ISK-${items.length(0)}`;
		out.scaling = SCALING;
		readPlaces(items, out, list);
	} else if (beginsWith(items, 1, "ISK") || beginsWith(items, 1, "ISE")) out.manufacturer = "Iskraemeco";
	return list !== undefined;
};
