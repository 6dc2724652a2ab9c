// The networks within reach, to choose from. Their names come from strangers: they are text and nothing else.

import { useEffect, useState } from "preact/hooks";
import { ask } from "../api.js";
import { failure } from "../failure.js";
import { Outcome } from "../pieces.js";
import { usePoll } from "../poll.js";
import { texts } from "../texts/texts.js";
import { Signal } from "./signal.js";

/** One entry for each name, strongest first (app/portal/set-up.ts). */
export interface ShownNetwork {
	readonly ssid: string;
	readonly rssi: number;
	readonly bars: number;
	readonly open: boolean;
}

interface ScanReport {
	readonly state: "idle" | "running" | "done";
	readonly networks: readonly ShownNetwork[];
}

const ASK_EVERY_MS = 1000;
/** Stands for a network that is not in the list; no network's name has 33 characters. */
export const OTHER = "other network, not in the list …";

export function NetworkList({
	chosen,
	choose,
}: {
	readonly chosen: string;
	choose(ssid: string, open: boolean): void;
}) {
	const [report, setReport] = useState<ScanReport>();
	const [problem, setProblem] = useState<string>();
	const [searching, setSearching] = useState(true);
	const search = async () => {
		setSearching(true);
		const reply = await ask<ScanReport>("POST", "portal/scan");
		setProblem(reply.ok ? undefined : failure(reply));
		if (!reply.ok) setSearching(false);
	};
	useEffect(() => void search(), []);
	usePoll(
		async () => {
			const { data } = await ask<ScanReport>("GET", "portal/scan");
			if (!data || data.state === "idle") return;
			setReport(data);
			if (data.state === "done") setSearching(false);
		},
		ASK_EVERY_MS,
		searching,
	);
	const networks = report?.networks ?? [];
	return (
		<fieldset class="networks" aria-busy={searching}>
			<legend>{texts.network.list}</legend>
			{networks.map(({ ssid, bars, open }) => (
				<label key={ssid}>
					<input type="radio" name="ssid" checked={ssid === chosen} onChange={() => choose(ssid, open)} />
					<span class="text">{ssid}</span>
					<Signal bars={bars} open={open} />
				</label>
			))}
			<label>
				<input type="radio" name="ssid" checked={chosen === OTHER} onChange={() => choose(OTHER, false)} />
				<span>{texts.network.other}</span>
			</label>
			<Outcome tone={problem ? "bad" : searching ? "busy" : "plain"}>
				{problem ??
					(searching ? texts.network.searching : networks.length === 0 ? texts.network.none : undefined)}
			</Outcome>
			{!searching && (
				<button type="button" class="quiet small" onClick={() => void search()}>
					{texts.network.again}
				</button>
			)}
		</fieldset>
	);
}
