// The step of the time zone: names to choose from, the browser's own chosen already.

import { useState } from "preact/hooks";
import { failure } from "../failure.js";
import { Outcome } from "../pieces.js";
import { filled } from "../texts/filled.js";
import { texts } from "../texts/texts.js";
import { ZoneSelect } from "../zone-select.js";
import { browserZone, timeIn } from "../zones.js";
import { reasonsOf, save, valueOf } from "./form-values.js";
import { useKept } from "./kept.js";
import { StepActions, type StepProps } from "./step.js";

export function ZoneStep({ form, done, skip }: StepProps) {
	const own = browserZone();
	const [zone, setZone] = useKept("zone", "");
	const [problem, setProblem] = useState<string>();
	const send = async (event: Event) => {
		event.preventDefault();
		const reply = await save({ network: { timeZone: zone } });
		if (reply.ok) await done();
		else setProblem(reasonsOf(reply) ?? failure(reply));
	};
	const time = timeIn(zone);
	const help = [zone === own ? texts.zone.fromBrowser : "", time ? filled(texts.zone.now, { time }) : ""]
		.filter(Boolean)
		.join(" ");
	return (
		<form onSubmit={send}>
			<p>{texts.zone.why}</p>
			<ZoneSelect
				label={texts.zone.label}
				help={help}
				problem={undefined}
				value={zone}
				onInput={setZone}
				onNames={(names) => {
					if (zone === "") setZone(names.includes(own) ? own : valueOf(form, "network", "timeZone"));
				}}
			/>
			<Outcome tone="bad">{problem}</Outcome>
			<StepActions disabled={zone === ""} skip={skip} />
		</form>
	);
}
