// The step of MQTT: tested before it is saved.

import { useState } from "preact/hooks";
import { ask } from "../api.js";
import { SecretField, TextField } from "../controls.js";
import { failure } from "../failure.js";
import { Outcome } from "../pieces.js";
import { filled } from "../texts/filled.js";
import { texts } from "../texts/texts.js";
import { fieldOf, reasonsOf, save, valueOf } from "./form-values.js";
import { useKept } from "./kept.js";
import { StepActions, type StepProps } from "./step.js";

interface TestReport {
	readonly state: "idle" | "running" | "done";
	readonly works: boolean | null;
	readonly text: string;
}

const ASK_EVERY_MS = 700;
/** The gateway gives up after 12 s. */
const MOST_ROUNDS = 30;
const MOST_PORT = 65535;
export function BrokerStep({ form, state, done, skip }: StepProps) {
	const [host, setHost] = useKept("broker.host", valueOf(form, "mqtt", "host"));
	const [port, setPort] = useKept("broker.port", valueOf(form, "mqtt", "port"));
	const [user, setUser] = useKept("broker.user", valueOf(form, "mqtt", "user"));
	const [password, setPassword] = useKept("broker.password", "");
	const [problem, setProblem] = useState<string>();
	const [failed, setFailed] = useState(false);
	const [busy, setBusy] = useState(false);
	const isKept = fieldOf(form, "mqtt", "password")?.secret?.set === true;
	const number = Number(port);
	const wrongHost = host !== "" && !/^[\w.:-]+$/.test(host);
	const wrongPort = !Number.isInteger(number) || number < 1 || number > MOST_PORT;

	const keep = async () => {
		const secret = password === "" ? {} : { password };
		const reply = await save({ mqtt: { host, port: number, user, ...secret } });
		if (!reply.ok) return setProblem(reasonsOf(reply) ?? failure(reply));
		setPassword("");
		await done();
	};
	const test = async (event: Event) => {
		event.preventDefault();
		if (wrongHost || wrongPort) return;
		setProblem(undefined);
		if (host === "") return keep();
		setBusy(true);
		const report = await tested({ host, port: number, user, ...(password === "" ? {} : { password }) });
		setBusy(false);
		if (report.works) return keep();
		setFailed(true);
		setProblem(filled(texts.broker.fails, { reason: report.text }));
	};
	const entering = (set: (text: string) => void) => (text: string) => {
		set(text);
		setFailed(false);
		setProblem(undefined);
	};
	return (
		<form onSubmit={test} noValidate>
			<p>{texts.broker.why}</p>
			{state.wireless && !state.network.online && <p class="notice">{texts.broker.offline}</p>}
			<TextField
				label={texts.broker.host}
				help={texts.broker.hostHelp}
				value={host}
				onInput={entering((text) => setHost(text.trim()))}
				problem={wrongHost ? texts.broker.hostBad : undefined}
				inputMode="url"
			/>
			<TextField
				label={texts.broker.port}
				value={port}
				onInput={entering(setPort)}
				problem={wrongPort ? texts.broker.portBad : undefined}
				inputMode="numeric"
			/>
			<TextField
				label={texts.broker.user}
				help={texts.network.optional}
				value={user}
				onInput={entering(setUser)}
			/>
			<SecretField
				label={texts.broker.password}
				{...(isKept ? { help: texts.broker.kept } : {})}
				value={password}
				onInput={entering(setPassword)}
			/>
			<Outcome tone={problem ? "bad" : "busy"}>
				{problem ?? (busy ? texts.broker.testing : undefined)}
			</Outcome>
			<StepActions
				button={host === "" ? texts.common.continue : texts.broker.test}
				disabled={busy}
				skip={skip}
			>
				{failed && (
					<button type="button" class="quiet" onClick={() => void keep()}>
						{texts.broker.anyway}
					</button>
				)}
			</StepActions>
		</form>
	);
}

/** Begins the test and waits for its end. */
export async function tested(settings: object): Promise<{ readonly works: boolean; readonly text: string }> {
	const begun = await ask<TestReport>("POST", "portal/mqtt-test", settings);
	if (!begun.ok) return { works: false, text: failure(begun) };
	for (let round = 0; round < MOST_ROUNDS; round++) {
		await new Promise((next) => setTimeout(next, ASK_EVERY_MS));
		const { data } = await ask<TestReport>("GET", "portal/mqtt-test");
		if (data?.state === "done") return { works: data.works === true, text: data.text };
	}
	return { works: false, text: texts.errors.unreachable };
}
