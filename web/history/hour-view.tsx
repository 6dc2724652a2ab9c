// Power of the last hour, a value for ten seconds, as the gateway remembers it; parts can be drawn out.

import { useMemo, useRef, useState } from "preact/hooks";
import { isoTime, type ZoneOffset } from "../../readings/history/calendar.js";
import { pointsOf, powerData, powerPlan } from "../plot.js";
import { PlotFrame } from "../plot-frame.js";
import { saveFile } from "../save-file.js";
import { filled } from "../texts/filled.js";
import { texts } from "../texts/texts.js";
import { endOf, type PowerJson } from "./peaks.js";
import { PeaksCard } from "./peaks-card.js";
import { savePicture } from "./picture-file.js";
import { TableFold } from "./slot-table.js";
import { spanAt } from "./span.js";
import { useAnswer } from "./use-history.js";
import { amount, clockOf, numberOf } from "./words.js";

const HEIGHT = 300;
const HOUR = 3600;
const WATTS_PER_KILOWATT = 1000;
const CSV = "text/csv";

export function HourView({ zone, now }: { readonly zone: ZoneOffset; readonly now: number }) {
	const [zoomed, setZoomed] = useState(false);
	const { data: newest, problem } = useAnswer<PowerJson>("history/power", true);
	const held = useRef(newest);
	// What was drawn out stays as it is while it is looked at.
	if (!zoomed) held.current = newest;
	const data = held.current;
	const [wholes, setWholes] = useState(0);
	const plotted = useMemo(() => {
		if (!data) return undefined;
		const end = endOf(data);
		const local = (time: number, exact = false) => isoTime(time, zone).slice(11, exact ? 19 : 16);
		const plan = powerPlan(() => [end - HOUR, end], local, setZoomed);
		return { plan, points: powerData(pointsOf(data)) };
	}, [data, zone, wholes]);
	const until = data?.until;
	if (!data || !until || !plotted)
		return (
			<div class="card counted">
				<p class={problem ? "notice" : "hint"} role="status">
					{problem ?? (data ? texts.history.noPower : texts.common.loading)}
				</p>
			</div>
		);
	const words = texts.history.hour;
	const known = data.power.filter((watts) => watts !== null);
	const mean = meanOf(known);
	const kilowatts = (watts: number) =>
		`${numberOf(Math.abs(watts) / WATTS_PER_KILOWATT, 2, 2)}\u00a0kW${watts < 0 ? texts.plot.feeding : ""}`;
	const figures: readonly (readonly [string, string])[] = [
		[words.mean, kilowatts(mean)],
		[words.highest, kilowatts(Math.max(...known))],
		[words.lowest, kilowatts(Math.min(...known))],
	];
	const name = `meterling-${until.slice(0, 16).replace(":", "")}`;
	return (
		<>
			<div class="card counted">
				<dl class="sums small">
					{figures.map(([title, text]) => (
						<div key={title}>
							<dt>{title}</dt>
							<dd>{text}</dd>
						</div>
					))}
				</dl>
				<p class="values hint">{texts.history.hoverPower}</p>
				<PlotFrame
					plan={plotted.plan}
					data={plotted.points}
					height={HEIGHT}
					label={filled(words.label, { mean: kilowatts(mean), highest: kilowatts(Math.max(...known)) })}
				/>
				<div class="actions">
					{zoomed && (
						<button type="button" class="quiet small" onClick={() => setWholes(wholes + 1)}>
							{words.whole}
						</button>
					)}
					<button
						type="button"
						class="quiet small"
						onClick={() => saveFile(`${name}.csv`, csvOf(data, zone), CSV)}
					>
						{texts.history.csv}
					</button>
					<button
						type="button"
						class="quiet small"
						onClick={() =>
							void savePicture(plotted.plan, plotted.points, {
								...{
									title: `${words.power}, ${clockOf(isoTime(endOf(data) - HOUR, zone))}–${clockOf(until)}`,
								},
								lines: [figures.map(([title, text]) => `${title} ${text}`).join(" · ")],
								...{ signs: [], name: `${name}.png` },
							})
						}
					>
						{texts.history.png}
					</button>
				</div>
				<MinuteTable data={data} zone={zone} />
			</div>
			<PeaksCard month={spanAt("month", now, zone).at} now={now} zone={zone} />
		</>
	);
}

/** Mean power by minute; 360 rows are for the file. */
function MinuteTable({ data, zone }: { readonly data: PowerJson; readonly zone: ZoneOffset }) {
	return (
		<TableFold>
			{() => (
				<>
					<thead>
						<tr>
							<th scope="col">{texts.history.time}</th>
							<th scope="col">{texts.history.hour.meanWatts}</th>
						</tr>
					</thead>
					<tbody>
						{[...minutesOf(data, zone)].map(([name, watts]) => (
							<tr key={name}>
								<th scope="row">{name}</th>
								<td>{watts.length === 0 ? "–" : amount(meanOf(watts), "")}</td>
							</tr>
						))}
					</tbody>
				</>
			)}
		</TableFold>
	);
}

const meanOf = (values: readonly number[]) =>
	values.reduce((sum, each) => sum + each, 0) / (values.length || 1);

/** Values by minute: `14:05`. */
function minutesOf(data: PowerJson, zone: ZoneOffset): Map<string, number[]> {
	const minutes = new Map<string, number[]>();
	for (const { time, watts } of valuesOf(data)) {
		const name = clockOf(isoTime(time, zone));
		minutes.set(name, [...(minutes.get(name) ?? []), ...(watts === null ? [] : [watts])]);
	}
	return minutes;
}

function valuesOf(read: PowerJson) {
	const { step, power } = read;
	const end = endOf(read);
	return power.map((watts, index) => ({ time: end - (power.length - index) * step, watts }));
}

function csvOf(data: PowerJson, zone: ZoneOffset): string {
	const lines = valuesOf(data).map(({ time, watts }) => `${isoTime(time, zone)},${watts ?? ""}`);
	return ["from,power (W)", ...lines, ""].join("\r\n");
}
