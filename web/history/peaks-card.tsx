// Peaks of import of one month, and what the present hour is about to make of them.

import type { ZoneOffset } from "../../readings/history/calendar.js";
import { Card, Fact } from "../pieces.js";
import { filled } from "../texts/filled.js";
import { texts } from "../texts/texts.js";
import { barsOf, type HistoryJson, quantitiesOf } from "./bars.js";
import { meanWith, type PeaksJson, type PowerJson, quarterPower, runningHour, stepOf } from "./peaks.js";
import { addressOf, hourOf, spanAt } from "./span.js";
import { useAnswer } from "./use-history.js";
import { clockOf, dated, numberOf } from "./words.js";

const kilowatts = (value: number) => `${numberOf(value, 2, 2)}\u00a0kW`;
const energy = (value: number) => `${numberOf(value, 2, 2)}\u00a0kWh`;

export function PeaksCard({
	month,
	now,
	zone,
}: {
	/** `2026-11`. */
	readonly month: string;
	readonly now: number;
	readonly zone: ZoneOffset;
}) {
	const isPresent = spanAt("month", now, zone).at === month;
	const { data } = useAnswer<PeaksJson>(`history/peaks?month=${month}`, isPresent);
	if (!data) return null;
	const words = texts.history.peaks;
	const quarter = quarterPower(data);
	return (
		<Card title={filled(words.title, { month: dated(month, { month: "long", year: "numeric" }) })} id="peaks">
			<div class="peaks">
				<div>
					<dl class="facts">
						{data.days.map(({ day, energy: value }) => (
							<Fact
								key={day}
								name={
									<a href={addressOf({ view: "day", at: day }, "")}>
										{dated(day, { weekday: "short", day: "numeric", month: "long" })}
									</a>
								}
								text={value === null ? "–" : energy(value)}
							/>
						))}
						{data.mean !== null && <Fact name={words.mean} text={<b>{kilowatts(data.mean)}</b>} />}
						{data.mean !== null && <Fact name={words.step} text={stepText(data.mean)} />}
						{quarter !== undefined && <Fact name={words.quarter} text={<b>{kilowatts(quarter)}</b>} />}
					</dl>
					{data.days.length === 0 && <p class="hint">{words.none}</p>}
				</div>
				<div>
					{isPresent && <Running peaks={data} now={now} zone={zone} />}
					<p class="hint">{words.help}</p>
				</div>
			</div>
		</Card>
	);
}

function stepText(mean: number): string {
	const [from, to] = stepOf(mean);
	return to === undefined
		? filled(texts.history.peaks.over, { from })
		: filled(texts.history.peaks.between, { from, to });
}

/** The hour that is not over. */
function Running({
	peaks,
	now,
	zone,
}: {
	readonly peaks: PeaksJson;
	readonly now: number;
	readonly zone: ZoneOffset;
}) {
	const start = hourOf(now, zone);
	const power = useAnswer<PowerJson>("history/power", true).data;
	const today = spanAt("day", now, zone).at;
	const rows = useAnswer<HistoryJson>(`history?period=hour&from=${today}&quantity=energy_import`, true).data;
	if (!power || !rows) return null;
	const column = quantitiesOf(rows.columns).find(({ device }) => device === null)?.up ?? -1;
	const open = barsOf(rows, column).find(({ from, open }) => open && from === start);
	const hour = runningHour(power, start, now, open?.value, open?.to);
	if (!hour) return null;
	const words = texts.history.peaks;
	const mean = meanWith(peaks, today, hour.whole);
	const before = peaks.mean ?? 0;
	const values = { from: kilowatts(before), to: kilowatts(mean) };
	const isHigher = mean > before + 0.005;
	const tone = !isHigher ? "good" : stepOf(mean)[0] > stepOf(before)[0] ? "bad" : "busy";
	return (
		<>
			<p>
				{filled(words.running, {
					...{ soFar: energy(hour.soFar), whole: energy(hour.whole) },
					time: clockOf(new Date((hour.ends + zone(hour.ends)) * 1000).toISOString()),
				})}
			</p>
			{peaks.mean !== null && (
				<p class={`outcome ${tone}`}>{filled(isHigher ? words.rises : words.stays, values)}</p>
			)}
		</>
	);
}
