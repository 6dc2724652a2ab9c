// API tokens: made, shown once, listed, revoked.

import { useEffect, useRef, useState } from "preact/hooks";
import { ask } from "./api.js";
import { SelectField, TextField } from "./controls.js";
import { failure } from "./failure.js";
import { ago } from "./format.js";
import { Card, Outcome } from "./pieces.js";
import { filled } from "./texts/filled.js";
import { texts } from "./texts/texts.js";

interface Token {
	readonly id: string;
	readonly name: string;
	readonly scope: "read" | "control";
	/** Seconds since its last use. */
	readonly lastUsed: number | null;
}

const LONGEST_NAME = 40;

export function Tokens() {
	const [tokens, setTokens] = useState<readonly Token[]>();
	const [made, setMade] = useState<string>();
	const [problem, setProblem] = useState<string>();
	const load = async () => {
		const reply = await ask<{ tokens: readonly Token[] }>("GET", "tokens");
		if (reply.data) setTokens(reply.data.tokens);
		else setProblem(failure(reply));
	};
	useEffect(() => void load(), []);
	const revoke = async ({ id, name }: Token) => {
		if (!confirm(filled(texts.tokens.sure, { name }))) return;
		const reply = await ask("DELETE", `tokens/${id}`);
		setProblem(reply.ok ? undefined : failure(reply));
		await load();
	};
	return (
		<Card title={texts.tokens.title} id="tokens">
			<p class="lead">{texts.tokens.why}</p>
			{tokens?.length === 0 && <p class="hint">{texts.tokens.none}</p>}
			<ul class="rows">
				{tokens?.map((token) => (
					<li key={token.id}>
						<div>
							<b>{token.name}</b>
							<span class="help">
								{token.scope === "read" ? texts.tokens.read : texts.tokens.control}
								{" · "}
								{token.lastUsed === null
									? texts.tokens.unused
									: filled(texts.tokens.used, { ago: ago(token.lastUsed) })}
							</span>
						</div>
						<button
							type="button"
							class="quiet small"
							aria-label={filled(texts.tokens.revokeNamed, { name: token.name })}
							onClick={() => void revoke(token)}
						>
							{texts.tokens.revoke}
						</button>
					</li>
				))}
			</ul>
			{made === undefined ? (
				<NewToken
					made={(token) => {
						setMade(token);
						void load();
					}}
				/>
			) : (
				<ShownOnce token={made} done={() => setMade(undefined)} />
			)}
			<Outcome tone="bad">{problem}</Outcome>
		</Card>
	);
}

function NewToken({ made }: { made(token: string): void }) {
	const [name, setName] = useState("");
	const [scope, setScope] = useState("read");
	const [problem, setProblem] = useState<string>();
	const create = async (event: Event) => {
		event.preventDefault();
		if (name.trim() === "") return setProblem(texts.tokens.nameNeeded);
		const reply = await ask<{ token: string }>("POST", "tokens", { name: name.trim(), scope });
		if (!reply.data) return setProblem(failure(reply));
		made(reply.data.token);
	};
	return (
		<form onSubmit={create} class="row-form">
			<TextField
				label={texts.tokens.name}
				help={texts.tokens.nameHelp}
				value={name}
				onInput={setName}
				longest={LONGEST_NAME}
				problem={problem}
			/>
			<SelectField
				label={texts.tokens.scope}
				value={scope}
				onInput={setScope}
				choices={[
					{ value: "read", label: texts.tokens.read },
					{ value: "control", label: texts.tokens.control },
				]}
			/>
			<p class="actions">
				<button type="submit">{texts.tokens.create}</button>
			</p>
		</form>
	);
}

/** The new token, as long as the person has not taken it. */
function ShownOnce({ token, done }: { readonly token: string; done(): void }) {
	const input = useRef<HTMLInputElement>(null);
	const [copied, setCopied] = useState(false);
	useEffect(() => input.current?.focus(), []);
	const copy = async () => {
		input.current?.select();
		// The clipboard's own interface is there on https and localhost only; a gateway has neither.
		if (navigator.clipboard)
			await navigator.clipboard.writeText(token).catch(() => document.execCommand("copy"));
		else document.execCommand("copy");
		setCopied(true);
	};
	return (
		<div class="shown-once">
			<p>
				<b>{texts.tokens.shown}</b>
			</p>
			<input ref={input} type="text" readOnly value={token} aria-label={texts.tokens.title} />
			<p class="actions">
				<button type="button" onClick={() => void copy()}>
					{copied ? texts.tokens.copied : texts.tokens.copy}
				</button>
				<button type="button" class="quiet" onClick={done}>
					{texts.tokens.done}
				</button>
			</p>
		</div>
	);
}
