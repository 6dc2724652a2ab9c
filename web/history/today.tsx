// Today's energy on the page of the values: what the house and its sub-meters counted since midnight, and yesterday.

import { useMemo } from "preact/hooks";
import { isoTime } from "../../readings/history/calendar.js";
import { Card } from "../pieces.js";
import { filled } from "../texts/filled.js";
import { texts } from "../texts/texts.js";
import { browserZone } from "../zones.js";
import { barsOf, exact, type HistoryJson, quantitiesOf } from "./bars.js";
import { hourOf, moved, spanAt, zoneOf } from "./span.js";
import { useAnswer } from "./use-history.js";
import { amount, clockOf, quantityName } from "./words.js";
import "./history.css";

const SIDES = ["import", "export"] as const;
/** A counter that was read so long ago is told with its time, seconds. */
const BEHIND = 900;

export function Today() {
	const now = Date.now() / 1000;
	const here = useMemo(() => zoneOf(browserZone()), []);
	// From yesterday, by this device's calendar: the gateway's day may be another one.
	const from = moved(spanAt("day", now, here), -1).at;
	const days = useAnswer<HistoryJson>(`history?period=day&from=${from}`, true).data;
	const isFirstDay = days !== undefined && days.columns.length > 0 && !days.rows.some(({ open }) => open);
	const hours = useAnswer<HistoryJson>(
		isFirstDay ? `history?period=hour&from=${from}` : undefined,
		true,
	).data;
	const shown = isFirstDay ? hours : days;
	const zone = useMemo(() => (days ? zoneOf(days.timeZone) : here), [days?.timeZone]);
	if (!days || !shown || days.columns.length === 0) return null;
	const today = spanAt("day", now, zone).at;
	const rows = shown.rows.filter(({ from }) => from.startsWith(today));
	const yesterday = days.rows.find(({ from }) => from.startsWith(moved({ view: "day", at: today }, -1).at));
	const all = quantitiesOf(shown.columns);
	const values = all.flatMap((quantity) =>
		([quantity.up, quantity.down] as const).flatMap((column, side) => {
			const bars = barsOf({ rows }, column);
			const last = bars[bars.length - 1];
			if (column < 0 || !last) return [];
			const name = quantityName(quantity, all);
			const { sides } = texts.history;
			const words = { energy: [sides.import, sides.export], cost: [sides.cost, sides.credit] };
			return {
				...{ key: `${quantity.id}${side}`, unit: quantity.unit, until: last.to },
				mark: quantity.name === "energy" ? SIDES[side] : undefined,
				title: words[quantity.name as "energy" | "cost"]?.[side] ?? name,
				value: exact(bars.reduce((sum, { value }) => sum + value, 0)),
				before: yesterday?.change[column] ?? undefined,
				address: `#history/day/now/${quantity.id}`,
			};
		}),
	);
	const until = Math.max(...values.map((value) => value.until));
	return (
		<Card title={texts.history.today} id="today">
			{values.length === 0 ? (
				<p class="hint">
					{filled(texts.history.firstHour, { time: clockOf(isoTime(hourOf(now, zone) + 3600, zone)) })}
				</p>
			) : (
				<dl class="counters today">
					{values.map(({ key, title, value, unit, before, address, mark }) => (
						<div key={key} class={mark ?? ""}>
							<dt>{title}</dt>
							<dd>
								<a href={address}>{amount(value, unit)}</a>
								{before !== undefined && (
									<small>{filled(texts.history.yesterday, { amount: amount(before, unit) })}</small>
								)}
							</dd>
						</div>
					))}
				</dl>
			)}
			{values.length > 0 && (isFirstDay || now - until > BEHIND) && (
				<p class="hint">
					{filled(isFirstDay ? texts.history.since : texts.history.until, {
						time: clockOf(isFirstDay ? (rows[0]?.from ?? "") : isoTime(until, zone)),
					})}
				</p>
			)}
		</Card>
	);
}
