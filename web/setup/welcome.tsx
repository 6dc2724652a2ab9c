// The first step: what is going to happen, and what is good to have at hand.

import { filled } from "../texts/filled.js";
import { texts } from "../texts/texts.js";
import type { PortalSummary } from "./steps.js";

export function Welcome({ portal, begin }: { readonly portal: PortalSummary; begin(): void }) {
	const { wireless, gateway } = portal;
	return (
		<>
			<p>{texts.welcome.hello}</p>
			<p>{texts.welcome.have}</p>
			<ul class="bullets">
				{wireless && <li>{texts.welcome.wifi}</li>}
				<li>{texts.welcome.key}</li>
				<li>{texts.welcome.broker}</li>
			</ul>
			<p class="help">{texts.welcome.everything}</p>
			<p class="actions">
				<button type="button" onClick={begin}>
					{texts.welcome.begin}
				</button>
			</p>
			<p class="hint">{filled(texts.welcome.gateway, { id: gateway })}</p>
		</>
	);
}
