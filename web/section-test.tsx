// A button that tries what a section of the settings says, and what came of it: the broker and the meter's key with what
// is typed, outputs that push by sending the newest reading now.

import { useState } from "preact/hooks";
import { ask } from "./api.js";
import { failure } from "./failure.js";
import { Outcome, type Tone } from "./pieces.js";
import { type Entries, type FormSection, patchOf } from "./setting-form.js";
import { tested } from "./setup/broker.js";
import { filled, named } from "./texts/filled.js";
import { texts } from "./texts/texts.js";

interface Said {
	readonly tone: Tone;
	readonly text: string;
}

interface Sent {
	/** HTTP's, or 0. */
	readonly status: number;
	readonly problem: string | null;
	readonly text: string;
}

const PUSHES = ["webhook", "influx", "dsmr-reader"];
const NOTHING_HEARD = "no-frame";
/** Meters send every ten seconds, some once a minute. */
const AGAIN_MS = 4000;
const MOST_ROUNDS = 20;
const NOT_FOUND = 404;

export function SectionTest({
	section,
	entries,
	speaks,
}: {
	readonly section: FormSection;
	readonly entries: Entries;
	/** The protocol that the meter is read by. */
	readonly speaks: string;
}) {
	const [said, setSaid] = useState<Said>();
	const { name, fields } = section;
	const words = texts.sectionTest;
	const { patch, changes, problems } = patchOf([section], entries);
	const given = patch[name] ?? {};
	const keys = fields.filter(({ format, secret }) => secret && format === "hex32").map(({ key }) => key);
	const isPush = PUSHES.includes(name);
	const isKey = name === speaks && keys.some((key) => typeof given[key] === "string");
	if (name !== "mqtt" && !isPush && !isKey) return null;
	const run = async () => {
		setSaid({ tone: "busy", text: words.running });
		setSaid(await (isPush ? sent(name) : isKey ? opened(given) : connected(given)));
	};
	const unsaved = isPush && changes > 0;
	return (
		<>
			<p class="actions">
				<button
					type="button"
					class="quiet"
					disabled={unsaved || said?.tone === "busy" || Object.keys(problems).length > 0}
					onClick={() => void run()}
				>
					{isPush ? words.send : isKey ? words.key : words.broker}
				</button>
			</p>
			{unsaved && <p class="help">{words.saveFirst}</p>}
			<Outcome tone={said?.tone ?? "plain"}>{said?.text}</Outcome>
		</>
	);
}

async function connected(given: object): Promise<Said> {
	const { works, text } = await tested(given);
	return works
		? { tone: "good", text: texts.sectionTest.connected }
		: { tone: "bad", text: filled(texts.broker.fails, { reason: text }) };
}

async function sent(name: string): Promise<Said> {
	const words = texts.sectionTest;
	const reply = await ask<Sent>("POST", `outputs/${name}/test`);
	if (reply.status === NOT_FOUND) return { tone: "bad", text: words.off };
	if (!reply.data) return { tone: "bad", text: failure(reply) };
	const { status, problem, text } = reply.data;
	const answer = [problem ?? `${status}`, text].filter((part) => part !== "").join(": ");
	const good = status >= 200 && status < 300;
	return { tone: good ? "good" : "bad", text: filled(good ? words.taken : words.refused, { answer }) };
}

/** Whether the typed keys open what the meter sends; waits for a frame. */
async function opened(keys: object): Promise<Said> {
	// From now on the gateway keeps the last bytes of the line.
	await ask("GET", "portal/state");
	for (let round = 0; ; round++) {
		const reply = await ask<{ readonly verdict: string }>("POST", "portal/key-check", keys);
		const verdict = reply.data?.verdict;
		if (verdict === undefined) return { tone: "bad", text: failure(reply) };
		if (verdict !== NOTHING_HEARD || round === MOST_ROUNDS) {
			const text = named(texts.keys.verdicts, verdict) ?? verdict;
			return { tone: verdict === "opens" || verdict === "not-encrypted" ? "good" : "bad", text };
		}
		await new Promise((next) => setTimeout(next, AGAIN_MS));
	}
}
