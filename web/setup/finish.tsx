// After the set-up: the gateway restarts into its new network. This page waits for it where it can, and says where it
// will be found where it cannot: its own Wi-Fi closes.

import { useEffect, useState } from "preact/hooks";
import { ask } from "../api.js";
import { Outcome } from "../pieces.js";
import { usePoll } from "../poll.js";
import { texts } from "../texts.js";
import type { PortalState, PortalSummary } from "./steps.js";

const ASK_EVERY_MS = 1500;
const words = texts.finish;

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
			<p>{words.saved}</p>
			<progress aria-label={words.title} />
			<Outcome tone={back ? "good" : "plain"}>{back ? words.back : words.waiting}</Outcome>
			{state.wireless && ssid && <p>{words.joinWifi(ssid)}</p>}
			<p>{words.address}</p>
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
