// The cards under the plot: phases, counters, sub-meters, everything else that the meter says, and how things are.

import type { ComponentChildren } from "preact";
import { ago, duration, label, numberParts, shifted, valueText } from "./format.js";
import { type HealthJson, lineVerdict, outputVerdict, type Verdict } from "./health.js";
import type { Known, Picture, SubMeter } from "./picture.js";

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

function Card({ title, id, children }: { title: string; id: string; children: ComponentChildren }) {
	return (
		<section class="card" aria-labelledby={id}>
			<h2 id={id}>{title}</h2>
			{children}
		</section>
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
		<Card title="Phases" id="phases">
			<table class="phases">
				<thead>
					<tr>
						<th scope="col">
							<span class="hidden">Phase</span>
						</th>
						{withPower && <th scope="col">Power</th>}
						<th scope="col">Voltage</th>
						<th scope="col">Current</th>
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
				<span class="hidden"> export</span>
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
			<Card title="Counters" id="counters">
				<p class="hint">Not read yet. Some meters send their counters only on the hour.</p>
			</Card>
		);
	const oldest = Math.max(...counters.map(([, { at }]) => now - at)) / 1000;
	return (
		<Card title="Counters" id="counters">
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
			<p class="hint">{`Read ${ago(oldest)}`}</p>
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
						{device.time ? `Read ${device.time.replace("T", " ").slice(0, 16)}` : "Time of reading unknown"}
						{device.id ? `, meter ${device.id}` : ""}
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
		["Manufacturer", meter.manufacturer],
		["Model", meter.model],
		["Number", meter.id],
		["List", meter.list],
		["Protocol", protocol],
		["Meter’s clock", meterTime?.replace("T", " ")],
	];
	return (
		<Card title="Meter" id="meter">
			<dl class="facts">{rows.map(([name, text]) => text && <Fact key={name} name={name} text={text} />)}</dl>
			{rest.length > 0 && (
				<details>
					<summary>{rest.length === 1 ? "1 more value" : `${rest.length} more values`}</summary>
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

function Fact({ name, text, good }: { name: string; text: string } & Partial<Pick<Verdict, "good">>) {
	return (
		<div>
			<dt>{name}</dt>
			<dd class={good === undefined ? "" : good ? "good" : "bad"}>{text}</dd>
		</div>
	);
}

const OUTPUT_NAMES: Readonly<Record<string, string>> = { mqtt: "MQTT", http: "This page", log: "Log" };

/** The gateway's own state: line, readings, what was rejected and why, outputs. */
export function HealthCard({ health }: { health: HealthJson | undefined }) {
	if (!health) return null;
	const { gateway, meter, readings, rejected, outputs } = health;
	return (
		<Card title="Gateway" id="gateway">
			<dl class="facts">
				<Fact name="Meter’s line" {...lineVerdict(meter)} />
				{outputs.map((output) => (
					<Fact
						key={output.name}
						name={OUTPUT_NAMES[output.name] ?? output.name}
						{...outputVerdict(output)}
					/>
				))}
				<Fact name="Readings" text={numberParts(`${readings.count}`).whole} />
				<Fact name="Rejected frames" text={numberParts(`${rejected.count}`).whole} />
				<Fact name="Running" text={duration(gateway.uptime)} />
				<Fact name="Version" text={`${gateway.version} (${gateway.platform})`} />
			</dl>
			{rejected.byLayer.length > 0 && (
				<details>
					<summary>What was rejected</summary>
					<table class="rejected">
						<thead>
							<tr>
								<th scope="col">Layer</th>
								<th scope="col">Reason</th>
								<th scope="col">Times</th>
								<th scope="col">Last</th>
							</tr>
						</thead>
						<tbody>
							{rejected.byLayer.map(({ layer, code, count, age }) => (
								<tr key={`${layer}/${code}`}>
									<td>{layer}</td>
									<td>{code}</td>
									<td>{count}</td>
									<td>{ago(age)}</td>
								</tr>
							))}
						</tbody>
					</table>
				</details>
			)}
		</Card>
	);
}
