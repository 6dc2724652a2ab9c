// Signing in, in the place of what it is needed for.

import { useState } from "preact/hooks";
import { SecretField } from "./controls.js";
import { failure } from "./failure.js";
import { Heading, Outcome } from "./pieces.js";
import { signIn, useSession } from "./session.js";
import { texts } from "./texts/texts.js";

const WRONG = 401;

export function SignIn({ why }: { readonly why: string }) {
	const session = useSession();
	const [password, setPassword] = useState("");
	const [problem, setProblem] = useState<string>();
	const [busy, setBusy] = useState(false);
	const send = async (event: Event) => {
		event.preventDefault();
		setBusy(true);
		setProblem(undefined);
		const reply = await signIn(password);
		setBusy(false);
		setPassword("");
		if (!reply.ok) setProblem(reply.status === WRONG ? texts.signIn.wrong : failure(reply));
	};
	if (session && !session.passwordSet)
		return (
			<section class="card narrow">
				<Heading>{texts.signIn.title}</Heading>
				<p>{texts.signIn.noPassword}</p>
				<p class="actions">
					<a class="button" href="#setup">
						{texts.signIn.toSetup}
					</a>
				</p>
			</section>
		);
	return (
		<section class="card narrow">
			<Heading>{texts.signIn.title}</Heading>
			<p>{why}</p>
			<form onSubmit={send}>
				<input type="text" name="username" autocomplete="username" value="admin" hidden readOnly />
				<SecretField
					label={texts.signIn.password}
					value={password}
					onInput={setPassword}
					autocomplete="current-password"
					required
				/>
				<Outcome tone={problem ? "bad" : "busy"}>
					{problem ?? (busy ? texts.signIn.working : undefined)}
				</Outcome>
				<p class="actions">
					<button type="submit" disabled={busy || password === ""}>
						{texts.signIn.button}
					</button>
				</p>
			</form>
			<p class="hint">{texts.signIn.forgotten}</p>
		</section>
	);
}
