// Lists that begin with their own description, the object list of the push setup (IEC 62056-6-2, 4.4.8): an array of
// {class, OBIS, attribute, data index}, then one value for each. Switzerland (Landis+Gyr E450, E570, E360, Iskraemeco
// AM550), Energomera, others. The first descriptor is often the push object itself, whose value is this very array.

import { toNumber } from "../../../readings/decimal.js";
import { type Obis, obisText } from "../../../readings/obis.js";
import type { AxdrItems } from "../axdr.js";
import { Tag } from "../axdr-tags.js";
import { obisOf } from "./item-values.js";
import type { PushList } from "./list.js";
import { isScalerUnit } from "./pairs.js";
import { currentPower, voltagePower } from "./raw-scale.js";
import type { ReadingBuilder } from "./reading-builder.js";

const PUSH_SETUP = 40;
const LOGICAL_NAME = 1;
const VALUE = 2;
const SCALER_UNIT = 3;
/** Least members of a descriptor; newer ones add a restriction and columns. */
const LEAST_MEMBERS = 4;
const CENTIAMPERE = -2;
const AMPERE = 0;
const FACTOR_SCALE = -3;

export const described: PushList = (items, out) => {
	if (items.tag(0) !== Tag.structure || items.tag(1) !== Tag.array) return false;
	const descriptors = items.length(1);
	if (descriptors === 0) return false;
	for (let item = 2; item < items.next(1); item = items.next(item))
		if (!isDescriptor(items, item)) return false;
	// Where values are fewer than descriptors, the first descriptors have none.
	const missing = descriptors - items.length(0);
	if (missing < 0) return false;
	const raw = (c: number) => rawValue(items, missing, c);
	const voltage = voltagePower(raw);
	// Meters of 64-bit counters stand on transformers (E570): their currents are whole amperes unless the powers say else.
	const usual = hasWide(items) ? AMPERE : CENTIAMPERE;
	out.scaling = {
		voltage,
		current: currentPower(raw, voltage, [CENTIAMPERE, AMPERE], usual),
		energy: 0,
		factor: FACTOR_SCALE,
	};
	forEachValue(items, missing, (descriptor, value, index) =>
		readValue(items, out, descriptor, value, index, missing),
	);
	return true;
};

function readValue(
	items: AxdrItems,
	out: ReadingBuilder,
	descriptor: number,
	value: number,
	index: number,
	missing: number,
): void {
	const obis = obisOf(items, descriptor + 2);
	const attribute = Number(items.integer(descriptor + 3));
	if (Number(items.integer(descriptor + 1)) === PUSH_SETUP) {
		if (out.list === "unknown") out.list = obisText(obis);
		return;
	}
	if (attribute === LOGICAL_NAME) return;
	if (attribute === SCALER_UNIT && isScalerUnit(items, value)) return;
	if (items.isContainer(value)) out.leaves(items, index + 1, value);
	else if (attribute === VALUE) out.object(items, obis, value, scalerOf(items, obis, missing));
	else out.item(items, index + 1, value);
}

/** Calls back for each descriptor that has a value. */
function forEachValue(
	items: AxdrItems,
	missing: number,
	callback: (descriptor: number, value: number, index: number) => void,
): void {
	let descriptor = 2;
	for (let skipped = 0; skipped < missing; skipped++) descriptor = items.next(descriptor);
	let value = 1;
	for (let index = 0; value < items.count; index++) {
		callback(descriptor, value, index);
		descriptor = items.next(descriptor);
		value = items.next(value);
	}
}

/** The {scaler, unit} that the list carries for the object as an attribute of its own, or -1. */
function scalerOf(items: AxdrItems, obis: Obis, missing: number): number {
	const code = obisText(obis);
	let found = -1;
	forEachValue(items, missing, (descriptor, value) => {
		if (Number(items.integer(descriptor + 3)) !== SCALER_UNIT || !isScalerUnit(items, value)) return;
		if (obisText(obisOf(items, descriptor + 2)) === code) found = value;
	});
	return found;
}

function hasWide(items: AxdrItems): boolean {
	for (let item = items.next(1); item < items.count; item++)
		if (items.tag(item) === Tag.uint64 || items.tag(item) === Tag.int64) return true;
	return false;
}

/** Raw value of the instantaneous object `c`.7.0, 0 where it is absent. */
function rawValue(items: AxdrItems, missing: number, group: number): number {
	let found = 0;
	forEachValue(items, missing, (descriptor, value) => {
		const { a, c, d, e } = obisOf(items, descriptor + 2);
		if (a !== 1 || c !== group || d !== 7 || e !== 0) return;
		const number = items.number(value);
		if (number) found = toNumber(number);
	});
	return found;
}

function isDescriptor(items: AxdrItems, item: number): boolean {
	return (
		items.tag(item) === Tag.structure &&
		items.length(item) >= LEAST_MEMBERS &&
		items.tag(item + 1) === Tag.uint16 &&
		items.isObis(item + 2) &&
		(items.tag(item + 3) === Tag.int8 || items.tag(item + 3) === Tag.uint8)
	);
}
