// The page of the values: what flows now, its plot, and the cards; or why there is nothing to show yet.

import { useEffect } from "preact/hooks";
import { Counters, HealthCard, MeterCard, OwnMedium, SubMeters, tariffOf, Value } from "./cards.js";
import { PricesCard } from "./cost/prices-card.js";
import { toFloat } from "./format.js";
import type { Freshness } from "./freshness.js";
import type { Snapshot } from "./gateway.js";
import { Today } from "./history/today.js";
import { Conditions, NoReading } from "./no-reading.js";
import { Phases } from "./phases.js";
import type { Known, Picture } from "./picture.js";
import { PowerPlot } from "./plot.js";
import { filled } from "./texts/filled.js";
import { texts } from "./texts/texts.js";

export function NowPage({
	snapshot: { link, picture, health },
	fresh: { level, notice },
	now,
}: {
	readonly snapshot: Snapshot;
	readonly fresh: Freshness;
	readonly now: number;
}) {
	useEffect(() => {
		document.title = texts.brand;
	}, []);
	const { known, at } = picture;
	const waiting = at === undefined && link === "live";
	const powered = known.size === 0 || known.has("power_import") || known.has("power_export");
	return (
		<>
			<div role="status">
				{notice && !waiting && (
					<p class="notice">
						{notice} {link === "live" && <a href="#health">{texts.now.toHealth}</a>}
					</p>
				)}
			</div>
			<Conditions network={health?.network} />
			{waiting ? (
				<NoReading health={health} />
			) : (
				<>
					<FlowNow known={known} old={level === "old"} />
					{powered && <PowerPlot points={picture.points} />}
				</>
			)}
			<div class="cards">
				<Today />
				<PricesCard />
				<Phases known={known} fuse={health?.meter.fuse} />
				{!waiting && <Counters known={known} now={now} />}
				<OwnMedium known={known} now={now} />
				<SubMeters devices={picture.devices} />
				{picture.protocol && <MeterCard picture={picture} />}
				<HealthCard health={health} />
			</div>
		</>
	);
}

/** What a meter without electric power is looked at for, most telling first. */
const OTHER_FLOWS = ["heat_power", "flow"] as const;

/** The one number that people come for: what flows now, and which way. */
function FlowNow({ known, old }: { known: Picture["known"]; old: boolean }) {
	const imported = known.get("power_import");
	const exported = known.get("power_export");
	const feeding = (toFloat(exported?.value) ?? 0) > (toFloat(imported?.value) ?? 0);
	const flow =
		imported || exported || known.size === 0 ? undefined : OTHER_FLOWS.find((name) => known.has(name));
	const main = flow ? known.get(flow) : feeding ? exported : imported;
	// A meter that sends counters only.
	if (!main && known.size > 0) return null;
	const other = feeding ? imported : exported;
	const tariff = tariffOf(known);
	const caption = flow ? texts.now[flow] : feeding ? texts.now.feeding : texts.now.using;
	return (
		<section
			class={`now ${feeding ? "export" : "import"}`}
			aria-label={old ? texts.now.old : texts.now.label}
		>
			<p class="caption">{old ? texts.now.old : caption}</p>
			<p class="power">{main ? <Kilowatts quantity={main} /> : <span class="number">–</span>}</p>
			<p class="other">
				{other && (
					<span>
						{feeding ? texts.now.import : texts.now.export} <Kilowatts quantity={other} />
					</span>
				)}
				{tariff && <span>{filled(texts.now.tariff, { tariff })}</span>}
			</p>
		</section>
	);
}

function Kilowatts({ quantity }: { quantity: Known }) {
	return quantity.unit === "W" ? (
		<Value quantity={quantity} power={-3} unit="kW" />
	) : (
		<Value quantity={quantity} />
	);
}
