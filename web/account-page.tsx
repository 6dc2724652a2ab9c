// Who may: signing out, the admin password, tokens for programs.

import { useState } from "preact/hooks";
import { PasswordForm } from "./password-form.js";
import { Card, Heading, Outcome } from "./pieces.js";
import { signOut } from "./session.js";
import { texts } from "./texts/texts.js";
import { Tokens } from "./tokens.js";

export function AccountPage() {
	const [changed, setChanged] = useState(false);
	return (
		<>
			<div class="page-head">
				<Heading>{texts.pages.account}</Heading>
				<button type="button" class="quiet" onClick={() => void signOut()}>
					{texts.signIn.out}
				</button>
			</div>
			<Tokens />
			<Card title={texts.password.title} id="password">
				<PasswordForm proof="current" button={texts.password.change} done={() => setChanged(true)} />
				<Outcome tone="good">{changed && texts.password.changed}</Outcome>
			</Card>
		</>
	);
}
