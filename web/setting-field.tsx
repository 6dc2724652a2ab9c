// One setting as a control, made from its description: help, range, unit, usual value, and what a change restarts.

import { SecretField, SelectField, SwitchField, TextField } from "./controls.js";
import { sentence } from "./failure.js";
import { PortField } from "./port-field.js";
import { type Entry, type FormField, shownEntry } from "./setting-form.js";
import { filled } from "./texts/filled.js";
import { texts } from "./texts/texts.js";
import { ZoneSelect } from "./zone-select.js";

/** Of the section `network`: its names are there to choose from. */
const TIME_ZONE = "timeZone";

/** Of the section `meter`; other ports are numbers. */
const PORT = "port";

interface SettingFieldProps {
	readonly field: FormField;
	readonly entry: Entry | undefined;
	readonly problem: string | undefined;
	onEntry(entry: Entry | undefined): void;
}

export function SettingField({ field, entry, problem, onEntry }: SettingFieldProps) {
	const changed = entry !== undefined && entry !== shownEntry(field);
	const help = [field.help, limits(field), changed ? texts.settings.restarts[field.restarts] : ""]
		.filter((part) => part !== "")
		.join(" ");
	const common = { label: field.label, help, problem: problem && sentence(problem) };
	if (field.secret) return <SecretSetting field={field} entry={entry} common={common} onEntry={onEntry} />;
	const value = entry === undefined || typeof entry === "object" ? shownEntry(field) : entry;
	switch (field.type) {
		case "switch":
			return <SwitchField {...common} value={value === true} onInput={onEntry} />;
		case "choice":
			return <SelectField {...common} value={`${value}`} onInput={onEntry} choices={field.choices ?? []} />;
		case "number":
			return (
				<TextField
					{...common}
					value={`${value}`}
					onInput={onEntry}
					unit={field.unit}
					inputMode={field.fractional || (field.least ?? 0) < 0 ? "text" : "numeric"}
				/>
			);
		case "text":
			if (field.key === PORT) return <PortField {...common} value={`${value}`} onInput={onEntry} />;
			if (field.key === TIME_ZONE) return <ZoneSelect {...common} value={`${value}`} onInput={onEntry} />;
			return <TextField {...common} value={`${value}`} onInput={onEntry} longest={field.longest} />;
	}
}

/** A secret is never shown: it can be replaced or cleared. */
function SecretSetting({
	field,
	entry,
	common,
	onEntry,
}: {
	readonly field: FormField;
	readonly entry: Entry | undefined;
	readonly common: { readonly label: string; readonly help: string; readonly problem: string | undefined };
	onEntry(entry: Entry | undefined): void;
}) {
	const isSet = field.secret?.set === true;
	if (typeof entry === "object" && "replace" in entry)
		return (
			<div class="secret">
				<SecretField {...common} value={entry.replace} onInput={(replace) => onEntry({ replace })} focus />
				<button type="button" class="quiet small" onClick={() => onEntry(undefined)}>
					{texts.settings.keep}
				</button>
			</div>
		);
	const clearing = typeof entry === "object";
	const state = clearing
		? texts.settings.cleared
		: isSet
			? texts.settings.secretSet
			: texts.settings.secretUnset;
	const replace = isSet ? texts.settings.replace : texts.settings.enter;
	return (
		<fieldset class={`field secret ${common.problem ? "wrong" : ""}`}>
			<legend>{common.label}</legend>
			<p class="with-unit">
				<span class={`state ${isSet && !clearing ? "good" : ""}`}>{state}</span>
				<button
					type="button"
					class="quiet small"
					aria-label={`${common.label}: ${replace}`}
					onClick={() => onEntry({ replace: "" })}
				>
					{replace}
				</button>
				{isSet && (
					<button
						type="button"
						class="quiet small"
						aria-label={`${common.label}: ${clearing ? texts.settings.keep : texts.settings.clear}`}
						onClick={() => onEntry(clearing ? undefined : { clear: true })}
					>
						{clearing ? texts.settings.keep : texts.settings.clear}
					</button>
				)}
			</p>
			{common.problem && <p class="problem">{common.problem}</p>}
			<p class="help">{common.help}</p>
		</fieldset>
	);
}

/** Range and usual value, where the help does not say them already. */
function limits({ type, least, most, unit, default: usual, choices, help }: FormField): string {
	const parts: string[] = [];
	const measured = (value: unknown) => (unit ? `${value}\u00a0${unit}` : `${value}`);
	if (type === "number" && least !== undefined && most !== undefined)
		parts.push(filled(texts.settings.range, { least: `${least}`, most: measured(most) }));
	if (type === "number" && !help.includes(`${usual}`))
		parts.push(filled(texts.settings.byDefault, { value: measured(usual) }));
	if (type === "choice") {
		const label = choices?.find(({ value }) => value === usual)?.label;
		if (label) parts.push(filled(texts.settings.byDefault, { value: `“${label}”` }));
	}
	if (type === "switch")
		parts.push(
			filled(texts.settings.byDefault, {
				value: (usual === true ? texts.common.yes : texts.common.no).toLocaleLowerCase(),
			}),
		);
	return parts.join(" ");
}
