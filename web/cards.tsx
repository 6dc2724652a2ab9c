// The cards under the plot: counters, sub-meters, everything else that the meter says, and how things are.

import type { ComponentChildren } from "preact";
import { ago, duration, label, moment, numberParts, shifted, valueText } from "./format.js";
import { type HealthJson, lineVerdict, outputVerdict } from "./health.js";
import type { Known, Picture, SubMeter } from "./picture.js";
import { Card, Fact } from "./pieces.js";
import { RejectedTable } from "./rejected-table.js";
import { filled, named, plural } from "./texts/filled.js";
import { texts } from "./texts/texts.js";

type Shown = Omit<Known, "at">;

/** A value whose decimals step back. */
export function Value({ quantity, power = 0, unit }: { quantity: Shown; power?: number; unit?: string }) {
	const { value } = quantity;
	if (typeof value === "string") return <span class="text">{value}</span>;
	const { whole, fraction } = numberParts(shifted(value.number, power));
	const shownUnit = unit ?? quantity.unit;
	return (
		<span class="number">
			{whole}
			<span class="fraction">{fraction}</span>
			{shownUnit && <span class="unit">{`\u00a0${shownUnit}`}</span>}
		</span>
	);
}

const COUNTER = /^energy_(import|export)(_t\d)?$/;

/** Energy counters; their age is told because many meters send them once an hour. */
export function Counters({ known, now }: { known: Picture["known"]; now: number }) {
	const counters = [...known].filter(([name]) => COUNTER.test(name));
	if (counters.length === 0)
		return known.has("power_import") ? (
			<Card title={texts.cards.counters} id="counters">
				<p class="hint">{texts.cards.noCounters}</p>
			</Card>
		) : null;
	const tariff = tariffOf(known);
	const oldest = Math.max(...counters.map(([, { at }]) => now - at)) / 1000;
	return (
		<Card title={texts.cards.counters} id="counters">
			<dl class="counters">
				{counters.map(([name, quantity]) => (
					<div key={name} class={name.startsWith("energy_export") ? "export" : "import"}>
						<dt>
							{label(name.replace("energy_", ""))}
							{tariff && name.endsWith(`_t${tariff}`) && <b class="tag">{texts.cards.inUse}</b>}
						</dt>
						<dd>
							<Value quantity={quantity} />
						</dd>
					</div>
				))}
			</dl>
			<p class="hint">{filled(texts.cards.read, { when: ago(oldest) })}</p>
		</Card>
	);
}

/** The number of the tariff in use: meters send `2` or `0002`. */
export function tariffOf(known: Picture["known"]): number | undefined {
	const value = known.get("tariff")?.value;
	return value === undefined
		? undefined
		: Number(typeof value === "string" ? value : value.number) || undefined;
}

/** Gas, water and heat behind the meter. */
export function SubMeters({ devices }: { devices: readonly SubMeter[] }) {
	return (
		<>
			{devices.map((device, index) => (
				<Medium
					key={device.id ?? index}
					id={`device-${index}`}
					kind={device.kind}
					quantities={Object.entries(device.quantities)}
				>
					{device.time ? filled(texts.cards.read, { when: moment(device.time) }) : texts.cards.readUnknown}
					{device.id && ` · ${filled(texts.cards.meterNumber, { id: device.id })}`}
				</Medium>
			))}
		</>
	);
}

/** Heat, cooling and water of a meter that counts nothing else. */
export function OwnMedium({ known, now }: { known: Picture["known"]; now: number }) {
	const quantities = [...known].filter(([name]) => MEDIUM.test(name));
	if (quantities.length === 0) return null;
	const kind = quantities.some(([name]) => name.startsWith("heat_"))
		? "heat"
		: quantities.some(([name]) => name.startsWith("cooling_"))
			? "cooling"
			: "water";
	const newest = Math.min(...quantities.map(([, { at }]) => now - at)) / 1000;
	return (
		<Medium id="medium" kind={kind} quantities={quantities}>
			{filled(texts.cards.read, { when: ago(newest) })}
		</Medium>
	);
}

const MEDIUM = /^((heat|cooling|water|gas)_|flow$|temperature_)/;
const COUNTS = /_(energy|volume)$/;
/** Not an OBIS code or the number of a register. */
const NAMED = /^[a-z]/;

/** Counters large; flow, temperatures and power, which pass, as facts. */
function Medium({
	id,
	kind,
	quantities,
	children,
}: {
	readonly id: string;
	readonly kind: string;
	readonly quantities: readonly (readonly [string, Shown])[];
	readonly children: ComponentChildren;
}) {
	const counts = quantities.filter(([name]) => COUNTS.test(name));
	const passing = quantities.filter(([name]) => !COUNTS.test(name) && NAMED.test(name));
	return (
		<Card title={label(kind)} id={id}>
			<dl class="counters">
				{counts.map(([name, quantity]) => (
					<div key={name}>
						<dt>{label(name)}</dt>
						<dd>
							<Value quantity={quantity} />
						</dd>
					</div>
				))}
			</dl>
			<dl class="facts">
				{passing.map(([name, quantity]) => (
					<Fact key={name} name={label(name)} text={<Value quantity={quantity} />} />
				))}
			</dl>
			<p class="hint">{children}</p>
			<More quantities={quantities.filter(([name]) => !NAMED.test(name))} />
		</Card>
	);
}

const SHOWN_ELSEWHERE =
	/^(energy_(import|export)(_t\d)?|power_(import|export)(_l[123])?|(voltage|current)_l[123]|tariff|power_limit)$/;

/** Who the meter is, and every value that has no place of its own. */
export function MeterCard({ picture }: { picture: Picture }) {
	const { meter, protocol, meterTime, known } = picture;
	const rest = [...known].filter(([name]) => !SHOWN_ELSEWHERE.test(name) && !MEDIUM.test(name));
	const rows: [string, string | null | undefined][] = [
		[texts.cards.manufacturer, meter.manufacturer],
		[texts.cards.model, meter.model],
		[texts.cards.number, meter.id],
		[texts.cards.list, meter.list],
		[texts.cards.protocol, protocol],
		[texts.cards.clock, meterTime ? moment(meterTime, "medium") : undefined],
	];
	return (
		<Card title={texts.cards.meter} id="meter">
			<dl class="facts">{rows.map(([name, text]) => text && <Fact key={name} name={name} text={text} />)}</dl>
			<More quantities={rest} />
		</Card>
	);
}

/** Values without a place of their own, behind a line that tells how many. */
function More({ quantities }: { readonly quantities: readonly (readonly [string, Shown])[] }) {
	const count = quantities.length;
	if (count === 0) return null;
	return (
		<details>
			<summary>{filled(plural(count, texts.cards.more), { count })}</summary>
			<dl class="facts">
				{quantities.map(([name, { value, unit }]) => (
					<Fact key={name} name={label(name)} text={valueText(value, unit)} />
				))}
			</dl>
		</details>
	);
}

/** The gateway's own state: line, readings, what was rejected and why, outputs. */
export function HealthCard({ health }: { health: HealthJson | undefined }) {
	if (!health) return null;
	const { gateway, meter, readings, rejected, outputs } = health;
	return (
		<Card title={texts.cards.gateway} id="gateway">
			<dl class="facts">
				<Fact name={texts.cards.line} {...lineVerdict(meter)} />
				{outputs.map((output) => (
					<Fact
						key={output.name}
						name={named(texts.cards.outputs, output.name) ?? output.name}
						{...outputVerdict(output)}
					/>
				))}
				<Fact name={texts.cards.readings} text={numberParts(`${readings.count}`).whole} />
				<Fact name={texts.cards.rejected} text={numberParts(`${rejected.count}`).whole} />
				<Fact name={texts.cards.running} text={duration(gateway.uptime)} />
				<Fact name={texts.cards.version} text={`${gateway.version} (${gateway.platform})`} />
			</dl>
			{rejected.byLayer.length > 0 && (
				<details>
					<summary>{texts.cards.whatRejected}</summary>
					<RejectedTable rows={rejected.byLayer} />
				</details>
			)}
		</Card>
	);
}
