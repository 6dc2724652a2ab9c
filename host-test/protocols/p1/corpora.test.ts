// P1 captures of other projects, with the values that their tests state (/work/shared/corpora, outside the project).
// Skipped where the folder is absent; never copied here.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { compare, type Decimal, parseDecimalText } from "../../../readings/decimal.js";
import type { Quantity, Reading } from "../../../readings/reading.js";
import { canonical } from "../../../readings/units.js";
import { decode, hex } from "./support.js";

interface Expectation {
	readonly obis?: string;
	readonly value: string;
	readonly unit?: string | null;
}
interface Case {
	readonly corpus: string;
	readonly id: string;
	readonly split: string;
	readonly file: string;
	readonly protocol: string;
	readonly kind: "reading" | "reject" | "framing-only" | "skip";
	readonly may_reject?: boolean;
	readonly count?: number;
	readonly time?: string;
	readonly meter_id?: readonly string[];
	readonly expect?: readonly Expectation[];
	readonly readings?: readonly {
		readonly index: number;
		readonly time?: string;
		readonly meter_id?: readonly string[];
		readonly expect?: readonly Expectation[];
	}[];
	readonly options?: { readonly encryption_key?: string; readonly authentication_key?: string };
}

const CORPORA = join(__dirname, "../../../../shared/corpora");
const NORMALIZED = join(CORPORA, "normalized.json");

function load(): Case[] {
	if (!existsSync(NORMALIZED)) return [];
	const { cases } = JSON.parse(readFileSync(NORMALIZED, "utf8")) as { cases: Case[] };
	return cases.filter((one) => one.protocol === "p1" && existsSync(join(CORPORA, one.file)));
}
const CASES = load();

function outcome({ file, options }: Case) {
	const path = join(CORPORA, file);
	const bytes = file.endsWith(".hex") ? hex(readFileSync(path, "latin1")) : readFileSync(path);
	return decode(Uint8Array.from(bytes), {
		encryptionKey: options?.encryption_key ?? "",
		authenticationKey: options?.authentication_key ?? "",
	});
}

/** Equal values in the canonical unit; unit null is any. Peers round or drop zeros: values must be equal numbers. */
function fits(expected: Expectation, quantity: Quantity): boolean {
	const value = quantity.value as Decimal;
	const wanted = parseDecimalText(expected.value);
	if (typeof quantity.value === "string" || wanted === undefined) return false;
	if (!expected.unit) return compare(value, wanted) === 0;
	const target = canonical(wanted, expected.unit);
	return compare(value, target.value) === 0 && quantity.unit === target.unit;
}

function check(reading: Reading | undefined, expected: readonly Expectation[] = []): string[] {
	const all = [...(reading?.quantities ?? []), ...(reading?.devices ?? []).flatMap((one) => one.quantities)];
	return expected
		.filter(({ obis }) => obis !== undefined)
		.filter((one) => !all.some((quantity) => sameCode(quantity, one) && fits(one, quantity)))
		.map(({ obis, value, unit }) => `${obis} ${value} ${unit ?? ""}`);
}

function sameCode(quantity: Quantity, { obis }: Expectation): boolean {
	return quantity.obis === obis || quantity.obis?.replace("24.3.0", "24.2.1") === obis;
}

if (CASES.length === 0) test.skip(`no captures: ${NORMALIZED} is absent`, () => {});
else
	test.each(CASES.map((one) => [`${one.corpus}/${one.id}`, one] as const))("%s", (_name, one) => {
		const { readings, rejections } = outcome(one);
		if (one.kind === "reject") {
			expect(readings).toEqual([]);
			return;
		}
		if (one.kind !== "reading") return;
		if (readings.length === 0 && one.may_reject) {
			expect(rejections.length).toBeGreaterThan(0);
			return;
		}
		expect(readings).toHaveLength(one.count ?? 1);
		for (const wanted of one.readings ?? [{ ...one, index: 0 }]) {
			const reading = readings[wanted.index];
			expect(check(reading, wanted.expect)).toEqual([]);
			if (wanted.time) expect(reading?.time).toBe(wanted.time);
			if (wanted.meter_id) expect(wanted.meter_id).toContain(reading?.meter.id);
		}
	});
