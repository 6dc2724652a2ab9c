// The page of the meter: who it is and how its line does, the line as it is, the last frames taken apart, questions to it,
// and the way to the search for what it speaks. Nothing here sends anything to the meter before a person presses a button.

import "./meter.css";
import { MeterCard } from "../cards.js";
import type { Snapshot } from "../gateway.js";
import { MeterFacts } from "../health-page.js";
import { Heading } from "../pieces.js";
import { texts } from "../texts/texts.js";
import { AskCard } from "./ask-card.js";
import { FramesCard } from "./frames-card.js";
import { LineMonitor } from "./line-monitor.js";

/** Protocols whose meters answer questions; the others send by themselves only. */
const ASKED = ["kmp", "kmp382", "iec62056"];

export function MeterPage({ snapshot: { picture, health } }: { readonly snapshot: Snapshot }) {
	const protocol = health?.meter.protocol ?? picture.protocol;
	return (
		<>
			<div class="page-head">
				<Heading>{texts.pages.meter}</Heading>
				<a href="#setup/meter">{texts.meterPage.search}</a>
			</div>
			<div class="cards">
				{picture.protocol && <MeterCard picture={picture} />}
				{health && <MeterFacts health={health} />}
			</div>
			<LineMonitor />
			<FramesCard />
			{ASKED.includes(protocol) && <AskCard protocol={protocol} />}
		</>
	);
}
