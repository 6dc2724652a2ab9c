// The settings, section by section, as the gateway describes them. Changes are gathered, checked, and sent as one: all
// of them are kept or none.

import { useEffect, useRef, useState } from "preact/hooks";
import type { FormSection as SentSection } from "../settings/form.js";
import { ask, type Problem } from "./api.js";
import { BackupCard } from "./backup.js";
import { failure } from "./failure.js";
import { Heading, Outcome, type Tone } from "./pieces.js";
import { RestartWait } from "./restart-wait.js";
import { SectionTest } from "./section-test.js";
import { SettingField } from "./setting-field.js";
import {
	type Entries,
	type Entry,
	type FormSection,
	type Problems,
	patchOf,
	problemsOf,
} from "./setting-form.js";
import { described } from "./setting-texts.js";
import { filled, plural } from "./texts/filled.js";
import { currentLanguage, texts } from "./texts/texts.js";
import { UpkeepCard } from "./upkeep.js";

interface Saved {
	readonly restarts: {
		readonly gateway: boolean;
		readonly meter: boolean;
		readonly outputs: readonly string[];
	};
}

interface Said {
	readonly tone: Tone;
	readonly text: string;
	/** What was saved waits for a restart. */
	readonly restart?: boolean;
}

/** What was entered and not saved, and the page's language then: the page in another language goes on with it. */
let draft: { readonly language: string; readonly entries: Entries } | undefined;

export function SettingsPage() {
	const [sections, setSections] = useState<readonly FormSection[]>();
	const [entries, setEntries] = useState<Entries>(() =>
		draft && draft.language !== currentLanguage() ? draft.entries : {},
	);
	useEffect(() => {
		draft = { language: currentLanguage(), entries };
	}, [entries]);
	const [problems, setProblems] = useState<Problems>({});
	const [said, setSaid] = useState<Said>();
	const [busy, setBusy] = useState(false);
	const [restarting, setRestarting] = useState(false);
	const form = useRef<HTMLFormElement>(null);

	const load = async () => {
		const reply = await ask<readonly SentSection[]>("GET", "settings");
		if (reply.data) setSections(described(reply.data));
		else setSaid({ tone: "bad", text: failure(reply) });
		return reply.data !== undefined;
	};
	useEffect(() => void load(), []);
	// The first wrong field takes the focus, in whatever section it is.
	useEffect(() => {
		const wrong = form.current?.querySelector<HTMLElement>(".wrong");
		const section = wrong?.closest("details");
		if (section) section.open = true;
		wrong?.querySelector<HTMLElement>("input, select, button")?.focus();
	}, [problems]);

	if (restarting) return <RestartWait />;
	if (!sections)
		return (
			<>
				<Heading>{texts.settings.title}</Heading>
				<Outcome tone={said ? "bad" : "busy"}>{said?.text ?? texts.common.loading}</Outcome>
			</>
		);
	const { patch, changes, problems: own } = patchOf(sections, entries);
	const enter = (name: string, entry: Entry | undefined) => {
		setEntries(({ [name]: _before, ...others }) =>
			entry === undefined ? others : { ...others, [name]: entry },
		);
		setProblems(({ [name]: _solved, ...others }) => others);
		setSaid(undefined);
	};
	const refuse = (found: Problems) => {
		setProblems(found);
		const whole = found["*"];
		setSaid({ tone: "bad", text: whole ?? problemsText(Object.keys(found).length) });
	};
	const save = async (event: Event) => {
		event.preventDefault();
		if (Object.keys(own).length > 0) return refuse(own);
		setBusy(true);
		const reply = await ask<Saved>("PATCH", "settings", patch);
		if (!reply.data) {
			setBusy(false);
			if (reply.problem?.problems) return refuse(problemsOf((reply.problem as Problem).problems ?? []));
			return setSaid({ tone: "bad", text: failure(reply) });
		}
		// What was entered stays until the gateway has sent what it keeps now: without it the form would show what was there before.
		// What has been entered meanwhile stays longer.
		if (await load())
			setEntries((now) =>
				Object.fromEntries(Object.entries(now).filter(([name, entry]) => entry !== entries[name])),
			);
		setBusy(false);
		setProblems({});
		const { gateway, meter, outputs } = reply.data.restarts;
		const restart = gateway || meter || outputs.length > 0;
		setSaid({ tone: "good", text: restart ? texts.settings.savedRestart : texts.settings.saved, restart });
	};
	const restart = async () => {
		const reply = await ask("POST", "restart");
		if (reply.ok) setRestarting(true);
		else setSaid({ tone: "bad", text: failure(reply) });
	};
	return (
		<>
			<Heading>{texts.settings.title}</Heading>
			<form ref={form} onSubmit={save} noValidate class="settings">
				<Sections sections={sections} entries={entries} problems={problems} onEntry={enter} />
				<div class={`save-bar ${changes > 0 || said ? "" : "idle"}`}>
					<Outcome tone={said?.tone ?? "plain"}>
						{said?.text ??
							(changes > 0 ? filled(plural(changes, texts.settings.changes), { count: changes }) : undefined)}
					</Outcome>
					<p class="actions">
						{said?.restart && (
							<button type="button" onClick={() => void restart()}>
								{texts.settings.restartNow}
							</button>
						)}
						{changes > 0 && (
							<>
								<button type="submit" disabled={busy}>
									{busy ? texts.settings.saving : texts.common.save}
								</button>
								<button
									type="button"
									class="quiet"
									onClick={() => {
										setEntries({});
										setProblems({});
										setSaid(undefined);
									}}
								>
									{texts.settings.discard}
								</button>
							</>
						)}
					</p>
				</div>
			</form>
			<BackupCard
				imported={() => {
					setSaid({ tone: "good", text: texts.backup.imported, restart: true });
					void load();
				}}
			/>
			<UpkeepCard restart={() => void restart()} restarting={() => setRestarting(true)} />
		</>
	);
}

interface SectionProps {
	readonly entries: Entries;
	readonly problems: Problems;
	onEntry(name: string, entry: Entry | undefined): void;
}

/** Sections of protocols that the meter does not speak come last, folded into one. */
function Sections({ sections, ...props }: SectionProps & { readonly sections: readonly FormSection[] }) {
	const protocol = sections
		.find(({ name }) => name === "meter")
		?.fields.find(({ key }) => key === "protocol");
	const wanted = props.entries["meter.protocol"] ?? protocol?.value;
	const protocols = protocol?.choices?.map(({ value }) => value) ?? [];
	const isOther = ({ name }: FormSection) => name !== wanted && protocols.includes(name);
	const others = sections.filter(isOther);
	const shown = (section: FormSection) => (
		<Section key={section.name} section={section} speaks={`${protocol?.value}`} {...props} />
	);
	return (
		<>
			{sections.filter((section) => !isOther(section)).map(shown)}
			{others.length > 0 && (
				<details class="card section others">
					<summary>{texts.settings.others}</summary>
					{others.map(shown)}
				</details>
			)}
		</>
	);
}

/** Pins and the like count for a board of one's own only (hardware/boards/choice.ts). */
const OWN_WIRING = "custom";

function Section({
	section,
	entries,
	problems,
	speaks,
	onEntry,
}: SectionProps & { readonly section: FormSection; readonly speaks: string }) {
	const { name, title, fields } = section;
	const board = fields.find(({ key }) => name === "board" && key === "board");
	const chosen = board && (entries["board.board"] ?? board.value);
	const shown = board && chosen !== OWN_WIRING ? [board] : fields;
	const changed = fields.some(({ key }) => entries[`${name}.${key}`] !== undefined);
	const [open] = useState(changed);
	return (
		<details class="card section" open={open}>
			<summary>
				{title}
				{changed && <span class="changed" aria-hidden="true" />}
			</summary>
			{shown.map((field) => {
				const full = `${name}.${field.key}`;
				return (
					<SettingField
						key={full}
						field={field}
						entry={entries[full]}
						problem={problems[full]}
						onEntry={(entry) => onEntry(full, entry)}
					/>
				);
			})}
			<SectionTest section={section} entries={entries} speaks={speaks} />
		</details>
	);
}

function problemsText(count: number): string {
	return filled(plural(count, texts.settings.problems), { count });
}
