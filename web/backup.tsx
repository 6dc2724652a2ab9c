// Settings as a file: export with or without secrets, import.

import { useState } from "preact/hooks";
import { ask, changeHeaders, replyOf } from "./api.js";
import { SecretField, SwitchField } from "./controls.js";
import { failure, sentence } from "./failure.js";
import { Outcome } from "./pieces.js";
import { saveFile } from "./save-file.js";
import { filled } from "./texts/filled.js";
import { texts } from "./texts/texts.js";

const SHORTEST_PASSPHRASE = 10;
const FILE_NAME = "meterling-settings.json";

export function BackupCard({ imported }: { imported(): void }) {
	return (
		<details class="card section">
			<summary>{texts.backup.title}</summary>
			<Export />
			<Import imported={imported} />
		</details>
	);
}

function Export() {
	const [sealed, setSealed] = useState(false);
	const [passphrase, setPassphrase] = useState("");
	const [problem, setProblem] = useState<string>();
	const run = async (event: Event) => {
		event.preventDefault();
		if (sealed && passphrase.length < SHORTEST_PASSPHRASE) return setProblem(texts.backup.short);
		setProblem(undefined);
		const text = await exported(sealed ? passphrase : undefined);
		setPassphrase("");
		if ("problem" in text) setProblem(text.problem);
		else saveFile(FILE_NAME, text.file, "application/json");
	};
	return (
		<form onSubmit={run} noValidate>
			<h3>{texts.backup.exportButton}</h3>
			<p class="help">{texts.backup.exportHelp}</p>
			<SwitchField label={texts.backup.sealed} value={sealed} onInput={setSealed} />
			{sealed && (
				<SecretField
					label={texts.backup.passphrase}
					help={texts.backup.passphraseHelp}
					value={passphrase}
					onInput={setPassphrase}
					autocomplete="new-password"
				/>
			)}
			<Outcome tone="bad">{problem}</Outcome>
			<p class="actions">
				<button type="submit">{texts.backup.exportButton}</button>
			</p>
		</form>
	);
}

/** The file's own text, as the gateway writes it. */
async function exported(
	passphrase: string | undefined,
): Promise<{ readonly file: string } | { readonly problem: string }> {
	try {
		const response = await fetch(
			"/api/v1/settings/export",
			passphrase === undefined
				? {}
				: {
						method: "POST",
						headers: { ...changeHeaders(), "content-type": "application/json" },
						body: JSON.stringify({ passphrase }),
					},
		);
		const text = await response.text();
		return response.ok ? { file: text } : { problem: failure(replyOf(response.status, text)) };
	} catch {
		return { problem: texts.errors.unreachable };
	}
}

function Import({ imported }: { imported(): void }) {
	const [file, setFile] = useState<{ readonly content: object; readonly sealed: boolean }>();
	const [passphrase, setPassphrase] = useState("");
	const [leaveSecrets, setLeave] = useState(false);
	const [problem, setProblem] = useState<string>();
	const [done, setDone] = useState<string>();
	const choose = async (input: HTMLInputElement) => {
		const chosen = input.files?.[0];
		setDone(undefined);
		setProblem(undefined);
		const content = chosen && parsed(await chosen.text());
		setFile(content && { content, sealed: "secrets" in content });
		if (chosen && !content) setProblem(texts.backup.notSettings);
	};
	const run = async (event: Event) => {
		event.preventDefault();
		if (!file) return setProblem(texts.backup.fileNeeded);
		const secrets = !file.sealed ? {} : leaveSecrets ? { leaveSecrets } : { passphrase };
		const reply = await ask<{ unknown?: readonly string[] }>("POST", "settings/import", {
			file: file.content,
			...secrets,
		});
		setPassphrase("");
		if (!reply.ok) {
			const reasons = reply.problem?.problems?.map((each) => sentence(worded(each)));
			return setProblem(reasons ? reasons.join(" ") : failure(reply));
		}
		setProblem(undefined);
		const unknown = reply.data?.unknown ?? [];
		setDone(
			`${texts.backup.imported}${unknown.length > 0 ? ` ${filled(texts.backup.unknown, { names: unknown.join(", ") })}` : ""}`,
		);
		imported();
	};
	return (
		<form onSubmit={run} noValidate>
			<h3>{texts.backup.importButton}</h3>
			<p class="help">{texts.backup.importHelp}</p>
			<label class="field">
				{texts.backup.file}
				<input
					type="file"
					accept=".json,application/json"
					onChange={(event) => void choose(event.currentTarget)}
				/>
			</label>
			{file?.sealed && (
				<>
					<p>{texts.backup.needsPassphrase}</p>
					<SwitchField label={texts.backup.leave} value={leaveSecrets} onInput={setLeave} />
					{!leaveSecrets && (
						<SecretField
							label={texts.backup.passphrase}
							value={passphrase}
							onInput={setPassphrase}
							autocomplete="off"
						/>
					)}
				</>
			)}
			<Outcome tone={problem ? "bad" : "good"}>{problem ?? done}</Outcome>
			<p class="actions">
				<button type="submit">{texts.backup.importButton}</button>
			</p>
		</form>
	);
}

function parsed(text: string): object | undefined {
	try {
		const content: unknown = JSON.parse(text);
		return typeof content === "object" && content !== null && !Array.isArray(content) ? content : undefined;
	} catch {
		return undefined;
	}
}

/** A problem of the whole file names no setting. */
function worded({ setting, problem }: { readonly setting: string; readonly problem: string }): string {
	return setting === "*" ? problem : `${setting} ${problem}`;
}
