// Under the plot of costs: what the months shown add up to with their standing charge, which history's hours do not hold.

import { numberFormat } from "../format.js";
import type { HistoryJson } from "../history/bars.js";
import { useAnswer } from "../history/use-history.js";
import { Card, Fact } from "../pieces.js";
import { filled, plural } from "../texts/filled.js";
import { texts } from "../texts/texts.js";
import { monthsOf, type PricesJson } from "./prices.js";

/** `from` and `to`: local dates, `2026-11-01`; hours and days of less than a month have no standing charge. */
export function CostCard({
	period,
	from,
	to,
}: {
	readonly period: "hour" | "day" | "month";
	readonly from: string;
	readonly to: string;
}) {
	const isBill = period !== "hour";
	const prices = useAnswer<PricesJson>(isBill ? "prices" : undefined, false).data;
	const rows = useAnswer<HistoryJson>(
		isBill ? `history?period=${period}&from=${from}&to=${to}&quantity=cost_import,cost_export` : undefined,
		true,
	).data;
	if (!rows || !prices?.standing || rows.rows.length === 0) return null;
	const { currency, standing } = prices;
	let energy = 0;
	rows.columns.forEach(({ name, unit }, column) => {
		if (unit !== currency) return;
		for (const { change } of rows.rows) energy += (name === "cost_export" ? -1 : 1) * (change[column] ?? 0);
	});
	// Before the first row nothing was kept.
	const first = rows.rows[0]?.from.slice(0, 10) ?? from;
	const last = rows.rows[rows.rows.length - 1]?.to.slice(0, 10) ?? to;
	const count = monthsOf(first > from ? first : from, last);
	const money = (value: number) => numberFormat({ style: "currency", currency }).format(value);
	const words = texts.prices;
	return (
		<Card title={words.bill} id="bill">
			<dl class="facts">
				<Fact name={words.energy} text={money(energy)} />
				<Fact name={filled(plural(count, words.standing), { count })} text={money(count * standing)} />
				<Fact name={words.total} text={money(energy + count * standing)} />
			</dl>
		</Card>
	);
}
