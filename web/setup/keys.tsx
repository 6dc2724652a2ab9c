// The step of the keys: tried at once on what the meter has sent, kept when the person goes on, and then forgotten here.

import { useEffect, useRef, useState } from "preact/hooks";
import { ask } from "../api.js";
import { SecretField } from "../controls.js";
import { failure } from "../failure.js";
import { Outcome } from "../pieces.js";
import type { FormField } from "../setting-form.js";
import { hexDigits, isKey } from "../setting-form.js";
import { filled, named } from "../texts/filled.js";
import { texts } from "../texts/texts.js";
import { fieldOf, keyFields, labelOf, reasonsOf, save, valueOf } from "./form-values.js";
import { useKept } from "./kept.js";
import { StepActions, type StepProps } from "./step.js";

type Keys = Readonly<Record<string, string>>;

interface KeyCheck {
	readonly verdict: string;
	readonly text: string;
}

/** After the last keystroke. */
const PAUSE_MS = 300;
/** A frame is yet to come: meters send every ten seconds, some once a minute. */
const AGAIN_MS = 4000;
const NOTHING_HEARD = "no-frame";
const DIGITS = 32;
export function KeysStep({ form, done, skip }: StepProps) {
	const protocol = valueOf(form, "meter", "protocol");
	const fields = keyFields(form, protocol);
	const [typed, setTyped] = useKept<Keys>("keys", {});
	const [problem, setProblem] = useState<string>();
	const keys = Object.fromEntries(
		fields.map(({ key }) => [key, hexDigits(typed[key] ?? "")]).filter(([, digits]) => digits !== ""),
	) as Keys;
	const whole = Object.values(keys).every(isKey);
	const check = useKeyCheck(keys, whole && Object.keys(keys).length > 0);
	const title = labelOf(fieldOf(form, "meter", "protocol"), protocol);
	const send = async (event: Event) => {
		event.preventDefault();
		if (Object.keys(keys).length === 0) return skip();
		if (!whole) return setProblem(texts.keys.bad);
		const reply = await save({ [protocol]: keys });
		if (!reply.ok) return setProblem(reasonsOf(reply) ?? failure(reply));
		setTyped({});
		await done();
	};
	if (fields.length === 0)
		return (
			<form onSubmit={send}>
				<p>{filled(texts.keys.none, { title })}</p>
				<StepActions />
			</form>
		);
	return (
		<form onSubmit={send} noValidate>
			<p>{texts.keys.why}</p>
			{fields.map((field) => (
				<SecretField
					key={field.key}
					label={field.label}
					help={helpOf(field, keys[field.key] ?? "")}
					value={typed[field.key] ?? ""}
					onInput={(text) => {
						setTyped({ ...typed, [field.key]: text });
						setProblem(undefined);
					}}
				/>
			))}
			<Outcome tone={problem ? "bad" : toneOf(check)}>
				{problem ??
					(check === "checking"
						? texts.keys.checking
						: check && (named(texts.keys.verdicts, check.verdict) ?? check.text))}
			</Outcome>
			<StepActions skip={skip} />
		</form>
	);
}

function helpOf({ help, secret }: FormField, digits: string): string {
	if (digits !== "" && !isKey(digits))
		return filled(texts.keys.digits, { count: digits.length <= DIGITS ? digits.length : DIGITS + 1 });
	return secret?.set ? texts.keys.kept : help;
}

function toneOf(check: KeyCheck | "checking" | undefined) {
	if (check === undefined || check === "checking") return "busy";
	if (check.verdict === "opens" || check.verdict === "not-encrypted") return "good";
	return check.verdict === NOTHING_HEARD ? "busy" : "bad";
}

/** What the gateway says of these keys; asked again as long as it has heard nothing. */
function useKeyCheck(keys: Keys, wanted: boolean): KeyCheck | "checking" | undefined {
	const [check, setCheck] = useState<KeyCheck | "checking">();
	const text = wanted ? JSON.stringify(keys) : "";
	const latest = useRef(text);
	latest.current = text;
	useEffect(() => {
		setCheck(text === "" ? undefined : "checking");
		if (text === "") return;
		let timer = 0;
		const tryKeys = async () => {
			const reply = await ask<KeyCheck>("POST", "portal/key-check", JSON.parse(text));
			if (latest.current !== text) return;
			setCheck(reply.data ?? { verdict: "", text: failure(reply) });
			if (reply.data?.verdict === NOTHING_HEARD) timer = window.setTimeout(tryKeys, AGAIN_MS);
		};
		timer = window.setTimeout(tryKeys, PAUSE_MS);
		return () => {
			latest.current = "";
			clearTimeout(timer);
		};
	}, [text]);
	return check;
}
