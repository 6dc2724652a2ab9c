// The page: power now, its plot, and the cards.

import { render } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Counters, HealthCard, MeterCard, Phases, SubMeters, Value } from "./cards.js";
import { toFloat } from "./format.js";
import { freshness } from "./freshness.js";
import { GatewayLink, type Snapshot } from "./gateway.js";
import { EMPTY_PICTURE, type Known, type Picture } from "./picture.js";
import { PowerPlot } from "./plot.js";

const TICK_MS = 1000;
const START: Snapshot = { link: "connecting", since: Date.now(), picture: EMPTY_PICTURE, health: undefined };

function App() {
	const [snapshot, setSnapshot] = useState(START);
	const [now, setNow] = useState(Date.now());
	useEffect(() => {
		const link = new GatewayLink((next) => {
			setSnapshot(next);
			setNow(Date.now());
		});
		const tick = setInterval(() => setNow(Date.now()), TICK_MS);
		return () => {
			link.close();
			clearInterval(tick);
		};
	}, []);
	const { picture, health } = snapshot;
	const { level, pill, notice } = freshness(snapshot, now);
	return (
		<>
			<header>
				<h1>
					<svg viewBox="0 0 32 32" aria-hidden="true">
						<path d="M3 18h6l4-11 6 18 4-11h6" />
					</svg>
					Meterling
				</h1>
				<p class={`pill ${level}`}>{pill}</p>
			</header>
			<main class={level}>
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
			</main>
			<footer>
				<span>{picture.gateway}</span>
				<a href="/api/v1/reading">Newest reading as JSON</a>
			</footer>
		</>
	);
}

/** The one number that people come for: what flows now, and which way. */
function PowerNow({ known, old }: { known: Picture["known"]; old: boolean }) {
	const imported = known.get("power_import");
	const exported = known.get("power_export");
	const feeding = (toFloat(exported?.value) ?? 0) > (toFloat(imported?.value) ?? 0);
	const caption = feeding ? "Feeding in" : "Using now";
	const main = feeding ? exported : imported;
	const other = feeding ? imported : exported;
	return (
		<section
			class={`now ${feeding ? "export" : "import"}`}
			aria-label={old ? "Last known power" : "Power now"}
		>
			<p class="caption">{old ? "Last known power" : caption}</p>
			<p class="power">{main ? <Kilowatts quantity={main} /> : <span class="number">–</span>}</p>
			{other && (
				<p class="other">
					{feeding ? "Import " : "Export "}
					<Kilowatts quantity={other} />
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

render(<App />, document.getElementById("app") as HTMLElement);
