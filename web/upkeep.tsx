// Restart, and the factory reset behind words that nobody types by accident.

import { useState } from "preact/hooks";
import { ask } from "./api.js";
import { TextField } from "./controls.js";
import { failure } from "./failure.js";
import { Outcome } from "./pieces.js";
import { texts } from "./texts/texts.js";

export function UpkeepCard({ restart, restarting }: { restart(): void; restarting(): void }) {
	const [words, setWords] = useState("");
	const [problem, setProblem] = useState<string>();
	const reset = async (event: Event) => {
		event.preventDefault();
		const reply = await ask("POST", "factory-reset", { confirm: "erase everything" });
		if (reply.ok) restarting();
		else setProblem(failure(reply));
	};
	return (
		<details class="card section">
			<summary>{texts.settings.upkeep}</summary>
			<h3>{texts.settings.restart}</h3>
			<p class="help">{texts.settings.restartHelp}</p>
			<p class="actions">
				<button type="button" class="quiet" onClick={restart}>
					{texts.settings.restart}
				</button>
			</p>
			<form onSubmit={reset}>
				<h3>{texts.settings.reset}</h3>
				<p class="help">{texts.settings.resetHelp}</p>
				<TextField label={texts.settings.resetSure} value={words} onInput={setWords} />
				<Outcome tone="bad">{problem}</Outcome>
				<p class="actions">
					<button type="submit" class="danger" disabled={words.trim() !== texts.settings.resetWords}>
						{texts.settings.resetButton}
					</button>
				</p>
			</form>
		</details>
	);
}
