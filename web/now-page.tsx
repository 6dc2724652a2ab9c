// The page of the values: power now, its plot, and the cards.

import { useEffect } from "preact/hooks";
import { Counters, HealthCard, MeterCard, Phases, SubMeters, Value } from "./cards.js";
import { toFloat } from "./format.js";
import type { Freshness } from "./freshness.js";
import type { Snapshot } from "./gateway.js";
import type { Known, Picture } from "./picture.js";
import { PowerPlot } from "./plot.js";
import { texts } from "./texts.js";

export function NowPage({
	snapshot: { picture, health },
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
	return (
		<>
			<div role="status">{notice && <p class="notice">{notice}</p>}</div>
			<PowerNow known={picture.known} old={level === "old"} />
			<PowerPlot points={picture.points} />
			<div class="cards">
				<Phases known={picture.known} />
				<Counters known={picture.known} now={now} />
				<SubMeters devices={picture.devices} />
				{picture.protocol && <MeterCard picture={picture} />}
				<HealthCard health={health} />
			</div>
		</>
	);
}

/** The one number that people come for: what flows now, and which way. */
function PowerNow({ known, old }: { known: Picture["known"]; old: boolean }) {
	const imported = known.get("power_import");
	const exported = known.get("power_export");
	const feeding = (toFloat(exported?.value) ?? 0) > (toFloat(imported?.value) ?? 0);
	const caption = feeding ? texts.now.feeding : texts.now.using;
	const main = feeding ? exported : imported;
	const other = feeding ? imported : exported;
	return (
		<section
			class={`now ${feeding ? "export" : "import"}`}
			aria-label={old ? texts.now.old : texts.now.label}
		>
			<p class="caption">{old ? texts.now.old : caption}</p>
			<p class="power">{main ? <Kilowatts quantity={main} /> : <span class="number">–</span>}</p>
			{other && (
				<p class="other">
					{feeding ? texts.now.import : texts.now.export} <Kilowatts quantity={other} />
				</p>
			)}
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
