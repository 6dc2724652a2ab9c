// What every step has: its heading, what it is about, and the ways on, back and past it.

import type { ComponentChildren } from "preact";
import { texts } from "../texts/texts.js";
import type { Form } from "./form-values.js";
import type { PortalState } from "./steps.js";

export interface StepProps {
	readonly form: Form;
	readonly state: PortalState;
	/** Asks for form and state again, then goes on. */
	done(): Promise<void>;
	/** Goes on with nothing changed. */
	skip(): void;
	/** Asks for form and state again. */
	refresh(): Promise<void>;
}

/** The row of buttons at a step's end. */
export function StepActions({
	button = texts.common.continue,
	disabled = false,
	skip,
	children,
}: {
	readonly button?: string;
	readonly disabled?: boolean;
	readonly skip?: (() => void) | undefined;
	readonly children?: ComponentChildren;
}) {
	return (
		<p class="actions">
			<button type="submit" disabled={disabled}>
				{button}
			</button>
			{children}
			{skip && (
				<button type="button" class="quiet" onClick={skip}>
					{texts.common.skip}
				</button>
			)}
		</p>
	);
}
