// After the set-up: the gateway restarts into its new network. This page waits for it where it can, and says where it
// will be found where it cannot: its own Wi-Fi closes.

import { useEffect, useState } from "preact/hooks";
import { ask } from "../api.js";
import { Outcome } from "../pieces.js";
import { usePoll } from "../poll.js";
import { filled } from "../texts/filled.js";
import { texts } from "../texts/texts.js";
import type { PortalState, PortalSummary } from "./steps.js";

const ASK_EVERY_MS = 1500;
export function Finish({ state, hostName }: { readonly state: PortalState; readonly hostName: string }) {
	const [back, setBack] = useState(false);
	usePoll(
		async () => {
			const { data } = await ask<PortalSummary>("GET", "portal/state");
			if (data && !data.finished) setBack(true);
		},
		ASK_EVERY_MS,
		!back,
	);
	useEffect(() => {
		if (!back) return;
		location.hash = "#now";
		location.reload();
	}, [back]);
	const { ssid, address } = state.network;
	const port = location.port === "" ? "" : `:${location.port}`;
	const addresses = [`http://${hostName}.local${port}/`, ...(address ? [`http://${address}${port}/`] : [])];
	return (
		<>
			<p>{texts.finish.saved}</p>
			<progress aria-label={texts.finish.title} />
			<Outcome tone={back ? "good" : "plain"}>{back ? texts.finish.back : texts.finish.waiting}</Outcome>
			{state.wireless && ssid && <p>{filled(texts.finish.joinWifi, { ssid })}</p>}
			<p>{texts.finish.address}</p>
			<ul class="bullets addresses">
				{addresses.map((each) => (
					<li key={each}>
						<a href={each}>{each}</a>
					</li>
				))}
			</ul>
		</>
	);
}
