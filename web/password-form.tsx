// Setting the admin password: the first one, in the set-up, or another one later. Tells how good it is while it is typed;
// forgets it as soon as it was sent.

import { useState } from "preact/hooks";
import { SecretField, TextField } from "./controls.js";
import { failure } from "./failure.js";
import { SHORTEST_PASSWORD, type Strength, strengthOf } from "./password-strength.js";
import { Outcome } from "./pieces.js";
import { setPassword } from "./session.js";
import { filled, plural } from "./texts/filled.js";
import { texts } from "./texts/texts.js";

const WRONG = 401;
const METER: Readonly<Record<Strength, number>> = {
	empty: 0,
	short: 0,
	long: 0,
	weak: 1,
	fair: 2,
	good: 3,
	strong: 4,
};

export function PasswordForm({
	proof,
	button,
	done,
}: {
	/** What has to be shown besides the new one. */
	readonly proof: "current" | "code" | "none";
	readonly button: string;
	done(): void;
}) {
	const [password, setNew] = useState("");
	const [shown, setShown] = useState("");
	const [problem, setProblem] = useState<string>();
	const [busy, setBusy] = useState(false);
	const strength = strengthOf(password);
	const send = async (event: Event) => {
		event.preventDefault();
		setBusy(true);
		setProblem(undefined);
		const given = proof === "current" ? { current: shown } : proof === "code" ? { setupCode: shown } : {};
		const reply = await setPassword(password, given);
		setBusy(false);
		setShown("");
		if (reply.ok) {
			setNew("");
			return done();
		}
		const wrong = proof === "code" ? texts.firstPassword.wrongCode : texts.signIn.wrong;
		setProblem(reply.status === WRONG && proof !== "none" ? wrong : failure(reply));
	};
	return (
		<form onSubmit={send}>
			<input type="text" name="username" autocomplete="username" value="admin" hidden readOnly />
			{proof === "code" && (
				<TextField
					label={texts.firstPassword.code}
					help={texts.firstPassword.codeHelp}
					value={shown}
					onInput={setShown}
					required
				/>
			)}
			{proof === "current" && (
				<SecretField
					label={texts.password.current}
					value={shown}
					onInput={setShown}
					autocomplete="current-password"
					required
				/>
			)}
			<SecretField
				label={texts.password.next}
				value={password}
				onInput={setNew}
				autocomplete="new-password"
				required
			/>
			<meter class="strength" min={0} max={4} value={METER[strength]} aria-hidden="true" />
			<p class={`help strength-${strength}`} role="status">
				{strengthText(strength, password)}
			</p>
			<Outcome tone={problem ? "bad" : "busy"}>
				{problem ?? (busy ? texts.firstPassword.working : undefined)}
			</Outcome>
			<p class="actions">
				<button type="submit" disabled={busy || METER[strength] === 0 || (proof !== "none" && shown === "")}>
					{button}
				</button>
			</p>
		</form>
	);
}

function strengthText(strength: Strength, password: string): string {
	if (strength === "short") {
		const count = SHORTEST_PASSWORD - [...password].length;
		return filled(plural(count, texts.password.strength.short), { count });
	}
	return texts.password.strength[strength];
}
