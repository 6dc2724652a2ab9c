// Captures of real meters that other projects published, read in place (never copied): every value to the last digit,
// and encode(decode(frame)) byte by byte where the format is canonical.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { notificationHeader } from "../../../protocols/dlms/apdu.js";
import { AxdrItems } from "../../../protocols/dlms/axdr.js";
import { dlms } from "../../../protocols/dlms/dlms.js";
import { axdrValue, encodeAxdr } from "../../../protocols/dlms/encode/axdr-value.js";
import { hdlcFrames } from "../../../protocols/dlms/encode/frames.js";
import { HdlcReader } from "../../../protocols/dlms/hdlc.js";
import { compare, type Decimal, parseDecimalText } from "../../../readings/decimal.js";
import type { Quantity, Reading } from "../../../readings/reading.js";
import { canonical } from "../../../readings/units.js";
import { checksums, decode, hex, options, readings } from "./support.js";

interface Expected {
	readonly obis: string;
	readonly value: string;
	readonly unit: string | null;
	readonly alts?: readonly (readonly [string, string | null])[];
}
interface Case {
	readonly corpus: string;
	readonly id: string;
	readonly file: string;
	readonly protocol: string;
	readonly layer: string;
	readonly kind: "reading" | "reject" | "framing-only" | "skip";
	readonly options?: { readonly encryption_key?: string; readonly authentication_key?: string };
	readonly expect?: readonly Expected[];
	readonly time?: string;
	readonly meter_id?: readonly string[];
	readonly may_reject?: string;
	readonly false_reading?: boolean;
}

const CORPORA = join(__dirname, "../../../../shared/corpora");
const LIST = join(CORPORA, "normalized.json");
const present = existsSync(LIST);
if (!present) process.stdout.write(`corpora are not at ${CORPORA}: their tests are skipped\n`);
const cases: readonly Case[] = present
	? (JSON.parse(readFileSync(LIST, "utf8")) as { cases: Case[] }).cases.filter(
			({ protocol, file }) => protocol === "dlms" && existsSync(join(CORPORA, file)),
		)
	: [];
const bytesOf = ({ file }: Case) => hex(readFileSync(join(CORPORA, file), "latin1"));

function actionsOf(one: Case) {
	const settings = {
		encryptionKey: one.options?.encryption_key ?? "",
		authenticationKey: one.options?.authentication_key ?? "",
	};
	const fragment = one.layer === "apdu" || one.layer === "llc";
	return fragment
		? (dlms.decodeFragment?.(bytesOf(one), options(settings)) ?? [])
		: decode(bytesOf(one), settings);
}

const named = (kinds: readonly Case["kind"][]) =>
	cases
		.filter(({ kind }) => kinds.includes(kind))
		.map((one): [string, Case] => [`${one.corpus}/${one.id}`, one]);

/** `1-1:1.7.0` → `1.7.0`: sources do not agree on groups A and B. */
const short = (obis: string) => obis.replace(/^\d+-\d+:/, "").replace(/\*255$/, "");

function quantityOf(reading: Reading, obis: string): Quantity | undefined {
	const all = [...reading.quantities, ...reading.devices.flatMap(({ quantities }) => quantities)];
	return all.find((quantity) => quantity.obis !== undefined && short(quantity.obis) === short(obis));
}

function isEqual(quantity: Quantity | undefined, value: string, unit: string | null): boolean {
	const number = parseDecimalText(value);
	if (!quantity || !number || typeof quantity.value === "string") return false;
	const stated: { value: Decimal; unit?: string } = unit ? canonical(number, unit) : { value: number };
	const sent = unit === null && quantity.unit === "kWh" ? undefined : quantity.value;
	return sent !== undefined && compare(sent, stated.value) === 0 && (!unit || quantity.unit === stated.unit);
}

const describeIfPresent = present ? describe : describe.skip;

describeIfPresent("captures with a reading", () => {
	it.each(present ? named(["reading"]) : [["", undefined as unknown as Case]])("%s", (_, one) => {
		const found = readings(actionsOf(one));
		if (found.length === 0 && one.may_reject) return;
		expect(found).toHaveLength(1);
		const reading = found[0] as Reading;
		const wrong = (one.expect ?? []).filter(({ obis, value, unit, alts = [] }) => {
			const quantity = quantityOf(reading, obis);
			return ![[value, unit] as const, ...alts].some(([text, of]) => isEqual(quantity, text, of));
		});
		expect(wrong.map(({ obis }) => [obis, quantityOf(reading, obis)])).toEqual([]);
		if (one.time) expect(reading.time).toBe(one.time);
		if (one.meter_id) expect(one.meter_id).toContain(reading.meter.id);
		const names = reading.quantities.map(({ name }) => name);
		expect(new Set(names).size).toBe(names.length);
	});
});

describeIfPresent("captures without one", () => {
	it.each(present ? named(["reject", "framing-only"]) : [["", undefined as unknown as Case]])(
		"%s",
		(_, one) => {
			const actions = actionsOf(one);
			expect(actions.length).toBeGreaterThan(0);
			if (one.kind === "reject" || one.false_reading) expect(readings(actions)).toEqual([]);
		},
	);
});

describeIfPresent("encoding what was decoded", () => {
	const whole = named(["reading"]).filter(([, { layer, may_reject }]) => layer === "hdlc" && !may_reject);

	it.each(present ? whole : [["", undefined as unknown as Case]])("%s: the same frames", (_, one) => {
		const bytes = bytesOf(one);
		const reader = new HdlcReader(checksums);
		let frames = 0;
		for (let at = bytes.indexOf(0x7e); at >= 0 && at + 1 < bytes.length; ) {
			if (reader.read(bytes, at, bytes.length) !== "good") {
				at = bytes.indexOf(0x7e, at + 1);
				continue;
			}
			frames++;
			const header = [...bytes.subarray(at + 3, reader.infoStart - 2)];
			const split = header.findIndex((byte) => (byte & 1) === 1) + 1;
			const info = bytes.subarray(reader.infoStart, reader.infoEnd);
			const again = hdlcFrames(info, checksums, {
				destination: header.slice(0, split),
				source: header.slice(split, -1),
				control: header.at(-1) as number,
				mostInfo: 2000,
			});
			expect(again).toEqual(bytes.slice(at, at + reader.length + 2));
			if (info[3] === 0x0f) expectSameBody(info.slice(3));
			at += reader.length + 1;
		}
		expect(frames).toBeGreaterThan(0);
	});
});

function expectSameBody(apdu: Uint8Array): void {
	const header = notificationHeader(apdu, 0, apdu.length);
	if (typeof header === "string") throw new Error(header);
	const items = new AxdrItems();
	expect(items.parse(apdu, header.body, apdu.length)).toBeUndefined();
	expect(encodeAxdr(axdrValue(items))).toEqual(apdu.slice(header.body));
}
