// The cards under the plot: phases, counters, sub-meters, everything else that the meter says, and how things are.

import { ago, duration, label, numberParts, shifted, valueText } from "./format.js";
import { type HealthJson, lineVerdict, outputVerdict } from "./health.js";
import type { Known, Picture, SubMeter } from "./picture.js";
import { Card, Fact } from "./pieces.js";
import { RejectedTable } from "./rejected-table.js";
import { texts } from "./texts.js";

const words = texts.cards;

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

/** Power, voltage and current of each phase that is known. */
export function Phases({ known }: { known: Picture["known"] }) {
	const rows = [1, 2, 3].map((phase) => ({
		phase,
		import: known.get(`power_import_l${phase}`),
		export: known.get(`power_export_l${phase}`),
		voltage: known.get(`voltage_l${phase}`),
		current: known.get(`current_l${phase}`),
	}));
	const shown = rows.filter((row) => row.import || row.export || row.voltage || row.current);
	if (shown.length === 0) return null;
	const withPower = shown.some((row) => row.import || row.export);
	return (
		<Card title={words.phases} id="phases">
			<table class="phases">
				<thead>
					<tr>
						<th scope="col">
							<span class="hidden">{words.phase}</span>
						</th>
						{withPower && <th scope="col">{words.power}</th>}
						<th scope="col">{words.voltage}</th>
						<th scope="col">{words.current}</th>
					</tr>
				</thead>
				<tbody>
					{shown.map((row) => (
						<tr key={row.phase}>
							<th scope="row">{`L${row.phase}`}</th>
							{withPower && <td>{phasePower(row.import, row.export)}</td>}
							<td>{row.voltage ? <Value quantity={row.voltage} /> : "–"}</td>
							<td>{row.current ? <Value quantity={row.current} /> : "–"}</td>
						</tr>
					))}
				</tbody>
			</table>
		</Card>
	);
}

function phasePower(imported: Known | undefined, exported: Known | undefined) {
	const feeding = exported && typeof exported.value !== "string" && Number(exported.value.number) > 0;
	if (feeding)
		return (
			<span class="feeding">
				<Value quantity={exported} />
				<span class="hidden">{words.feeding}</span>
			</span>
		);
	return imported ? <Value quantity={imported} /> : "–";
}

const COUNTER = /^energy_(import|export)(_t\d)?$/;

/** Energy counters; their age is told because many meters send them once an hour. */
export function Counters({ known, now }: { known: Picture["known"]; now: number }) {
	const counters = [...known].filter(([name]) => COUNTER.test(name));
	if (counters.length === 0)
		return (
			<Card title={words.counters} id="counters">
				<p class="hint">{words.noCounters}</p>
			</Card>
		);
	const oldest = Math.max(...counters.map(([, { at }]) => now - at)) / 1000;
	return (
		<Card title={words.counters} id="counters">
			<dl class="counters">
				{counters.map(([name, quantity]) => (
					<div key={name} class={name.startsWith("energy_export") ? "export" : "import"}>
						<dt>{label(name.replace("energy_", ""))}</dt>
						<dd>
							<Value quantity={quantity} />
						</dd>
					</div>
				))}
			</dl>
			<p class="hint">{words.read(ago(oldest))}</p>
		</Card>
	);
}

/** Gas, water and heat behind the meter. */
export function SubMeters({ devices }: { devices: readonly SubMeter[] }) {
	return (
		<>
			{devices.map((device, index) => (
				<Card key={device.id ?? index} title={label(device.kind)} id={`device-${index}`}>
					<dl class="counters">
						{Object.entries(device.quantities).map(([name, quantity]) => (
							<div key={name}>
								<dt>{label(name)}</dt>
								<dd>
									<Value quantity={quantity} />
								</dd>
							</div>
						))}
					</dl>
					<p class="hint">
						{device.time ? words.read(device.time.replace("T", " ").slice(0, 16)) : words.readUnknown}
						{device.id ? words.meterNumber(device.id) : ""}
					</p>
				</Card>
			))}
		</>
	);
}

const SHOWN_ELSEWHERE =
	/^(energy_(import|export)(_t\d)?|power_(import|export)(_l[123])?|(voltage|current)_l[123])$/;

/** Who the meter is, and every value that has no place of its own. */
export function MeterCard({ picture }: { picture: Picture }) {
	const { meter, protocol, meterTime, known } = picture;
	const rest = [...known].filter(([name]) => !SHOWN_ELSEWHERE.test(name));
	const rows: [string, string | null | undefined][] = [
		[words.manufacturer, meter.manufacturer],
		[words.model, meter.model],
		[words.number, meter.id],
		[words.list, meter.list],
		[words.protocol, protocol],
		[words.clock, meterTime?.replace("T", " ")],
	];
	return (
		<Card title={words.meter} id="meter">
			<dl class="facts">{rows.map(([name, text]) => text && <Fact key={name} name={name} text={text} />)}</dl>
			{rest.length > 0 && (
				<details>
					<summary>{words.more(rest.length)}</summary>
					<dl class="facts">
						{rest.map(([name, { value, unit }]) => (
							<Fact key={name} name={label(name)} text={valueText(value, unit)} />
						))}
					</dl>
				</details>
			)}
		</Card>
	);
}

/** The gateway's own state: line, readings, what was rejected and why, outputs. */
export function HealthCard({ health }: { health: HealthJson | undefined }) {
	if (!health) return null;
	const { gateway, meter, readings, rejected, outputs } = health;
	return (
		<Card title={words.gateway} id="gateway">
			<dl class="facts">
				<Fact name={words.line} {...lineVerdict(meter)} />
				{outputs.map((output) => (
					<Fact
						key={output.name}
						name={words.outputs[output.name] ?? output.name}
						{...outputVerdict(output)}
					/>
				))}
				<Fact name={words.readings} text={numberParts(`${readings.count}`).whole} />
				<Fact name={words.rejected} text={numberParts(`${rejected.count}`).whole} />
				<Fact name={words.running} text={duration(gateway.uptime)} />
				<Fact name={words.version} text={`${gateway.version} (${gateway.platform})`} />
			</dl>
			{rejected.byLayer.length > 0 && (
				<details>
					<summary>{words.whatRejected}</summary>
					<RejectedTable rows={rejected.byLayer} />
				</details>
			)}
		</Card>
	);
}
