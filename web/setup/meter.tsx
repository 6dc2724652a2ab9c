// The step of the meter: the gateway finds out what it speaks, or the person says it; and, for wiring of one's own, the
// board and its pins.

import { useState } from "preact/hooks";
import { SelectField } from "../controls.js";
import { failure } from "../failure.js";
import { Outcome } from "../pieces.js";
import { usePorts } from "../port-field.js";
import { SettingField } from "../setting-field.js";
import { type Entry, type FormSection, type Problems, patchOf, problemsOf } from "../setting-form.js";
import { texts } from "../texts/texts.js";
import { fieldOf, save, valueOf } from "./form-values.js";
import { useKept } from "./kept.js";
import { type Finding, MeterSearch } from "./meter-search.js";
import { StepActions, type StepProps } from "./step.js";

const OWN_WIRING = "custom";
export function MeterStep({ form, done, skip }: StepProps) {
	const [protocol, setProtocol] = useKept("meter.protocol", valueOf(form, "meter", "protocol"));
	const [found, setFound] = useKept<Finding | undefined>("meter.found", undefined);
	const [entries, setEntries] = useKept<Readonly<Record<string, Entry>>>("meter.wiring", {});
	const [problems, setProblems] = useState<Problems>({});
	const [problem, setProblem] = useState<string>();
	const choices = fieldOf(form, "meter", "protocol")?.choices ?? [];
	const atPort = `${entries["meter.port"] ?? valueOf(form, "meter", "port")}`;
	// On a computer the port is the first thing to choose; a board has its own.
	const onComputer = usePorts() !== undefined;
	const board = `${entries["board.board"] ?? valueOf(form, "board", "board")}`;
	const wiring = wiringOf(form, board);
	const shown = (sections: readonly FormSection[]) =>
		sections.flatMap(({ name, fields }) =>
			fields.map((field) => {
				const full = `${name}.${field.key}`;
				return (
					<SettingField
						key={full}
						field={field}
						entry={entries[full]}
						problem={problems[full]}
						onEntry={(entry) => {
							const { [full]: _before, ...others } = entries;
							setEntries(entry === undefined ? others : { ...others, [full]: entry });
						}}
					/>
				);
			}),
		);
	const send = async (event: Event) => {
		event.preventDefault();
		const own = patchOf(wiring, entries);
		if (Object.keys(own.problems).length > 0) return setProblems(own.problems);
		// What was found counts as long as the person has not said otherwise.
		const line = found?.protocol === protocol ? found : undefined;
		const reply = await save({
			...own.patch,
			meter: { ...own.patch.meter, protocol, ...lineOf(line, atPort) },
			...(board === OWN_WIRING
				? { board: { ...own.patch.board, ...(line ? { invertReceive: line.inverted ? "yes" : "no" } : {}) } }
				: {}),
		});
		if (reply.ok) return done();
		setProblems(problemsOf(reply.problem?.problems ?? []));
		setProblem(failure(reply));
	};
	return (
		<form onSubmit={send} noValidate>
			<p>{texts.meter.why}</p>
			{onComputer && shown(wiring.filter(({ name }) => name === "meter"))}
			<MeterSearch
				port={onComputer ? atPort : ""}
				onFound={(finding) => {
					setFound(finding);
					if (finding.protocol) setProtocol(finding.protocol);
				}}
			/>
			<SelectField label={texts.meter.choose} value={protocol} onInput={setProtocol} choices={choices} />
			<details open={board === OWN_WIRING || Object.keys(problems).length > 0 || undefined}>
				<summary>{texts.meter.wiring}</summary>
				{shown(wiring.filter(({ name }) => name === "board" || !onComputer))}
			</details>
			<Outcome tone="bad">{problem}</Outcome>
			<StepActions skip={skip} />
		</form>
	);
}

/** Board and port; pins only where the wiring is one's own. */
function wiringOf(form: readonly FormSection[], board: string): readonly FormSection[] {
	return form
		.filter(({ name }) => name === "board" || name === "meter")
		.map((section) => ({
			...section,
			fields: section.fields.filter(({ key }) =>
				section.name === "meter" ? key === "port" : key === "board" || board === OWN_WIRING,
			),
		}))
		.sort((a, b) => a.name.localeCompare(b.name));
}

/** Speed and characters as found; a device server on the network has settings of its own. */
function lineOf(found: Finding | undefined, port: string): object {
	if (!found?.baud || !found.format || port.startsWith("socket://")) return {};
	return { baud: found.baud, format: found.format };
}
