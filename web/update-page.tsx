// A new firmware by upload: how far it is, and what came of it. The gateway checks and writes the image; this only sends.

import { useState } from "preact/hooks";
import { ask, changeHeaders, type Reply, replyOf } from "./api.js";
import { failure } from "./failure.js";
import { bytesText, duration } from "./format.js";
import { Card, Fact, Heading, Outcome } from "./pieces.js";
import { usePoll } from "./poll.js";
import { RestartWait } from "./restart-wait.js";
import { filled, named } from "./texts/filled.js";
import { texts } from "./texts/texts.js";

/** As `GET /api/v1/update` tells (app/updates.ts). */
interface UpdateJson {
	/** `absent`: a computer. */
	readonly state: "absent" | "idle" | "receiving" | "restarting" | "refused";
	readonly version: string;
	readonly slot: string | null;
	readonly takesUpdates: boolean;
	/** 0 to 1. */
	readonly progress: number;
	readonly problem: { readonly text: string } | null;
	readonly trial: { readonly secondsLeft: number } | null;
	readonly last: { readonly version: string; readonly outcome: string } | null;
}

const ASK_EVERY_MS = 3000;
/** What a gateway without these addresses is like. */
const NO_UPDATES: UpdateJson = {
	...{ state: "absent", version: "", slot: null, takesUpdates: false },
	...{ progress: 0, problem: null, trial: null, last: null },
} as const;

export function UpdatePage({ version }: { readonly version: string | undefined }) {
	const [update, setUpdate] = useState<UpdateJson>();
	const [sent, setSent] = useState<number>();
	const [problem, setProblem] = useState<string>();
	const [installed, setInstalled] = useState(false);
	usePoll(
		async () => {
			const reply = await ask<UpdateJson>("GET", "update");
			if (reply.data) setUpdate(reply.data);
			else if (reply.status !== 0) setUpdate(NO_UPDATES);
		},
		ASK_EVERY_MS,
		// While the image is on its way its own connection tells.
		sent === undefined && !installed,
	);
	const send = async (file: File) => {
		setProblem(undefined);
		setSent(0);
		const reply = await upload(file, setSent);
		setSent(undefined);
		if (reply.ok) setInstalled(true);
		else setProblem(reply.status === 0 ? texts.errors.unreachable : failure(reply));
	};
	if (installed || update?.state === "restarting") return <RestartWait words={texts.update.sent} />;
	const why = !update ? undefined : update.state === "absent" ? texts.update.unable : texts.update.noKey;
	return (
		<>
			<Heading>{texts.update.title}</Heading>
			<Card title={texts.update.present} id="version">
				<dl class="facts">
					<Fact name={texts.update.running} text={update?.version || (version ?? texts.common.unknown)} />
					{update?.slot && <Fact name={texts.update.slot} text={update.slot} />}
					{update && <Fact name={texts.update.state} text={texts.update.states[update.state]} />}
					{update?.last && (
						<Fact
							name={texts.update.last}
							text={filled(texts.update.outcome, {
								version: update.last.version,
								outcome: named(texts.update.outcomes, update.last.outcome) ?? "",
							})}
							good={update.last.outcome === "rolled back" ? false : undefined}
						/>
					)}
				</dl>
				{update?.trial && (
					<p class="notice">{filled(texts.update.trial, { left: duration(update.trial.secondsLeft) })}</p>
				)}
				{update?.state === "receiving" && (
					<progress aria-label={texts.update.sending} value={update.progress} max={1} />
				)}
				{update?.problem && !problem && <p class="outcome bad">{update.problem.text}</p>}
			</Card>
			<Card title={texts.update.file} id="image">
				{update?.takesUpdates ? (
					<Upload sent={sent} problem={problem} send={(file) => void send(file)} />
				) : (
					<p class="hint">{why ?? texts.common.loading}</p>
				)}
			</Card>
		</>
	);
}

function Upload({
	sent,
	problem,
	send,
}: {
	/** Part of the image that has left, 0 to 1. */
	readonly sent: number | undefined;
	readonly problem: string | undefined;
	send(file: File): void;
}) {
	const [file, setFile] = useState<File>();
	const [missing, setMissing] = useState(false);
	const submit = (event: Event) => {
		event.preventDefault();
		setMissing(!file);
		if (file) send(file);
	};
	const busy = sent !== undefined;
	const state = !busy
		? undefined
		: sent < 1
			? `${texts.update.sending}: ${Math.floor(sent * 100)}\u00a0%`
			: texts.update.checking;
	return (
		<form onSubmit={submit}>
			<p class="lead">{texts.update.why}</p>
			<label class="field">
				{texts.update.file}
				<input
					type="file"
					disabled={busy}
					onChange={(event) => setFile(event.currentTarget.files?.[0] ?? undefined)}
				/>
			</label>
			{file && <p class="help">{bytesText(file.size)}</p>}
			{busy && <progress aria-label={texts.update.sending} value={sent} max={1} />}
			<Outcome tone={busy ? "plain" : "bad"}>
				{state ?? (missing ? texts.update.fileNeeded : problem && `${problem} ${texts.update.failed}`)}
			</Outcome>
			<p class="actions">
				<button type="submit" disabled={busy}>
					{texts.update.send}
				</button>
			</p>
		</form>
	);
}

/** `fetch` tells nothing of how much has left: XMLHttpRequest does. */
function upload(file: File, progress: (part: number) => void): Promise<Reply<unknown>> {
	return new Promise((done) => {
		const request = new XMLHttpRequest();
		request.open("POST", "/api/v1/update");
		for (const [name, value] of Object.entries(changeHeaders())) request.setRequestHeader(name, value);
		request.setRequestHeader("content-type", "application/octet-stream");
		request.upload.onprogress = ({ loaded, total }) => progress(total > 0 ? loaded / total : 0);
		request.onload = () => done(replyOf(request.status, request.responseText));
		request.onerror = () => done({ ok: false, status: 0, data: undefined, problem: undefined });
		request.send(file);
	});
}
