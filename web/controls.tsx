// The controls that forms are made of: each with its label, its help and, where something is wrong, the reason, tied
// together for screen readers.

import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { texts } from "./texts/texts.js";

export interface ControlProps {
	readonly label: string;
	readonly help?: ComponentChildren;
	readonly problem?: string | undefined;
	readonly disabled?: boolean;
}

interface TextProps extends ControlProps {
	readonly value: string;
	onInput(value: string): void;
	readonly unit?: string | undefined;
	readonly inputMode?: "numeric" | "decimal" | "url" | "text";
	readonly autocomplete?: string;
	readonly longest?: number | undefined;
	readonly placeholder?: string;
	readonly required?: boolean;
	readonly focus?: boolean;
}

/** A line of text, or a number as text. */
export function TextField(props: TextProps) {
	const { value, onInput, unit, inputMode = "text", autocomplete = "off", longest, placeholder } = props;
	const input = useFocus<HTMLInputElement>(props.focus);
	return (
		<Labelled {...props}>
			{(ids) => (
				<span class="with-unit">
					<input
						{...ids}
						ref={input}
						type="text"
						value={value}
						onInput={(event) => onInput(event.currentTarget.value)}
						inputMode={inputMode}
						autocomplete={autocomplete}
						autocapitalize="off"
						spellcheck={false}
						maxLength={longest}
						placeholder={placeholder}
						disabled={props.disabled}
						required={props.required}
					/>
					{unit && <span class="unit">{unit}</span>}
				</span>
			)}
		</Labelled>
	);
}

/** A password or key: covered unless the person wants to see it. */
export function SecretField(props: Omit<TextProps, "unit" | "inputMode" | "placeholder">) {
	const { value, onInput, autocomplete = "off", longest } = props;
	const [shown, setShown] = useState(false);
	const input = useFocus<HTMLInputElement>(props.focus);
	return (
		<Labelled {...props}>
			{(ids) => (
				<span class="with-unit">
					<input
						{...ids}
						ref={input}
						{...(shown ? { type: "text" as const } : { type: "password" as const })}
						value={value}
						onInput={(event) => onInput(event.currentTarget.value)}
						autocomplete={autocomplete}
						autocapitalize="off"
						spellcheck={false}
						maxLength={longest}
						disabled={props.disabled}
						required={props.required}
					/>
					<button
						type="button"
						class="quiet small"
						aria-pressed={shown}
						aria-label={`${shown ? texts.common.hide : texts.common.show}: ${props.label}`}
						onClick={() => setShown(!shown)}
					>
						{shown ? texts.common.hide : texts.common.show}
					</button>
				</span>
			)}
		</Labelled>
	);
}

export interface Choice {
	readonly value: string;
	readonly label: string;
}

/** One of several; `groups` come after the plain choices. */
export function SelectField(
	props: ControlProps & {
		readonly value: string;
		onInput(value: string): void;
		readonly choices: readonly Choice[];
		readonly groups?: readonly { readonly label: string; readonly choices: readonly Choice[] }[];
	},
) {
	const { value, onInput, choices, groups = [] } = props;
	const option = (choice: Choice) => (
		<option key={choice.value} value={choice.value}>
			{choice.label}
		</option>
	);
	return (
		<Labelled {...props}>
			{(ids) => (
				<select
					{...ids}
					value={value}
					disabled={props.disabled}
					onInput={(event) => onInput(event.currentTarget.value)}
				>
					{choices.map(option)}
					{groups.map((group) => (
						<optgroup key={group.label} label={group.label}>
							{group.choices.map(option)}
						</optgroup>
					))}
				</select>
			)}
		</Labelled>
	);
}

/** On or off. */
export function SwitchField(
	props: ControlProps & { readonly value: boolean; onInput(value: boolean): void },
) {
	const id = useId();
	const { label, help, problem, value, onInput } = props;
	return (
		<div class={`field switch ${problem ? "wrong" : ""}`}>
			<label for={id}>
				<input
					id={id}
					type="checkbox"
					checked={value}
					disabled={props.disabled}
					aria-describedby={described(id, help, problem)}
					onInput={(event) => onInput(event.currentTarget.checked)}
				/>
				<span>{label}</span>
			</label>
			<Notes id={id} help={help} problem={problem} />
		</div>
	);
}

interface Ids {
	readonly id: string;
	readonly "aria-describedby": string | undefined;
	readonly "aria-invalid": boolean | undefined;
}

function Labelled({
	label,
	help,
	problem,
	children,
}: ControlProps & { readonly children: (ids: Ids) => ComponentChildren }) {
	const id = useId();
	return (
		<div class={`field ${problem ? "wrong" : ""}`}>
			<label for={id}>{label}</label>
			{children({
				id,
				"aria-describedby": described(id, help, problem),
				"aria-invalid": problem ? true : undefined,
			})}
			<Notes id={id} help={help} problem={problem} />
		</div>
	);
}

function Notes({ id, help, problem }: Pick<ControlProps, "help" | "problem"> & { readonly id: string }) {
	return (
		<>
			{problem && (
				<p class="problem" id={`${id}-problem`}>
					{problem}
				</p>
			)}
			{help && (
				<p class="help" id={`${id}-help`}>
					{help}
				</p>
			)}
		</>
	);
}

function described(id: string, help: ComponentChildren, problem: string | undefined): string | undefined {
	const ids = [problem ? `${id}-problem` : "", help ? `${id}-help` : ""].filter((each) => each !== "");
	return ids.length === 0 ? undefined : ids.join(" ");
}

function useFocus<T extends HTMLElement>(wanted: boolean | undefined) {
	const element = useRef<T>(null);
	useEffect(() => {
		if (wanted) element.current?.focus();
	}, [wanted]);
	return element;
}
