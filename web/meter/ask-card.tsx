// Questions to a meter that answers: a poll now, one register or code. Nothing is sent before a person presses a button.

import { useState } from "preact/hooks";
import { ask } from "../api.js";
import { SelectField, TextField } from "../controls.js";
import { parseExact } from "../exact-json.js";
import { failure } from "../failure.js";
import { label, valueText } from "../format.js";
import type { ReadingJson } from "../picture.js";
import { Card, Outcome, type Tone } from "../pieces.js";
import { texts } from "../texts/texts.js";
import { knownRegisters } from "./registers.js";

/** The gateway gives up after 50 s (app/gateway-commands.ts). */
const WAIT = { milliseconds: 58_000, parse: parseExact };
const MOST_ANSWERS = 50;

export function AskCard({ protocol }: { readonly protocol: string }) {
	const [register, setRegister] = useState("");
	const [said, setSaid] = useState<readonly [Tone, string]>(["plain", ""]);
	/** Newest first: what was asked, and what came. */
	const [answers, setAnswers] = useState<readonly string[]>([]);
	const words = texts.meterPage;
	const put = async (body: { readonly register?: string }) => {
		setSaid(["busy", words.asking]);
		const reply = await ask<ReadingJson>("POST", "meter/read", body, WAIT);
		if (!reply.ok) return setSaid(["bad", failure(reply)]);
		setSaid(["good", body.register ? "" : words.asked]);
		const came = Object.entries(reply.data?.quantities ?? {}).map(
			([name, { value, unit }]) => `${body.register}: ${label(name)} ${valueText(value, unit)}`,
		);
		setAnswers((before) => [...came, ...before].slice(0, MOST_ANSWERS));
	};
	const isKmp = protocol === "kmp";
	const busy = said[0] === "busy";
	return (
		<Card title={words.ask} id="ask">
			<p class="help">{words.askHelp}</p>
			<form
				onSubmit={(event) => {
					event.preventDefault();
					void put({ register: register.trim() });
				}}
			>
				{isKmp && (
					<SelectField
						label={words.known}
						value={register}
						onInput={setRegister}
						choices={knownRegisters().map(([value, name]) => ({ value, label: `${value} ${label(name)}` }))}
					/>
				)}
				<TextField
					label={isKmp ? words.register : words.code}
					value={register}
					onInput={setRegister}
					longest={32}
				/>
				<p class="actions">
					<button type="submit" disabled={busy || !register.trim()}>
						{words.read}
					</button>
					<button type="button" class="quiet" disabled={busy} onClick={() => void put({})}>
						{words.poll}
					</button>
				</p>
			</form>
			<Outcome tone={said[0]}>{said[1]}</Outcome>
			<ul class="answers" aria-live="polite">
				{answers.map((answer, index) => (
					<li key={`${answers.length - index}`}>{answer}</li>
				))}
			</ul>
		</Card>
	);
}
