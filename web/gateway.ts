// The link to the gateway: event stream first, and with every new stream the merged state; where no stream can be had
// (all taken, a proxy that swallows it) the state is polled. Tells its listener at every change.

import { parseExact } from "./exact-json.js";
import type { HealthJson } from "./health.js";
import {
	EMPTY_PICTURE,
	type Picture,
	type ReadingJson,
	type StateJson,
	withReading,
	withState,
} from "./picture.js";

export type Link = "connecting" | "live" | "lost";

export interface Snapshot {
	readonly link: Link;
	/** Browser milliseconds since when the link is what it is. */
	readonly since: number;
	readonly picture: Picture;
	readonly health: HealthJson | undefined;
}

/** Health comes every 10 s: a stream that is silent for longer is dead, whatever the browser thinks. */
const SILENCE_MS = 25_000;
const REOPEN_MS = 5000;
const REQUEST_TIMEOUT_MS = 8000;

export class GatewayLink {
	#snapshot: Snapshot = { link: "connecting", since: Date.now(), picture: EMPTY_PICTURE, health: undefined };
	readonly #changed: (snapshot: Snapshot) => void;
	#source: EventSource | undefined;
	#watchdog = 0;
	#reopen = 0;
	#stateLoaded = false;
	#early: { readonly json: string; readonly count: number } | undefined;

	constructor(changed: (snapshot: Snapshot) => void) {
		this.#changed = changed;
		this.#open();
	}

	close(): void {
		this.#source?.close();
		clearTimeout(this.#watchdog);
		clearTimeout(this.#reopen);
	}

	#open(): void {
		this.#source?.close();
		this.#stateLoaded = false;
		this.#early = undefined;
		const source = new EventSource("/api/v1/events");
		this.#source = source;
		this.#watch();
		source.onopen = () => {
			this.#watch();
			void this.#loadState();
		};
		source.addEventListener("reading", (event) => {
			this.#watch();
			// Before the state is here it waits: usually the state holds the same reading, and knows its age.
			this.#early = { json: event.data, count: Number(event.lastEventId) };
			if (this.#stateLoaded) this.#takeReading();
		});
		source.addEventListener("health", (event) => {
			this.#watch();
			this.#update({ health: JSON.parse(event.data) as HealthJson });
		});
		source.onerror = () => {
			// The gateway that comes back may be another, with counts of its own.
			this.#stateLoaded = false;
			this.#early = undefined;
			this.#enter("lost");
			// The browser comes back by itself unless the answer was an error, such as 503.
			if (source.readyState === EventSource.CLOSED) this.#later();
		};
	}

	#watch(): void {
		clearTimeout(this.#watchdog);
		this.#watchdog = window.setTimeout(() => {
			this.#enter("lost");
			this.#open();
		}, SILENCE_MS);
	}

	#later(): void {
		clearTimeout(this.#watchdog);
		clearTimeout(this.#reopen);
		this.#reopen = window.setTimeout(() => this.#open(), REOPEN_MS);
		void this.#loadState();
		void this.#loadHealth();
	}

	async #loadState(): Promise<void> {
		const text = await request("/api/v1/state");
		if (text === undefined) return;
		this.#stateLoaded = true;
		this.#update({ picture: withState(this.#snapshot.picture, parseExact(text) as StateJson, Date.now()) });
		this.#takeReading();
		this.#enter("live");
	}

	#takeReading(): void {
		if (!this.#early) return;
		const { json, count } = this.#early;
		this.#early = undefined;
		this.#update({
			picture: withReading(this.#snapshot.picture, parseExact(json) as ReadingJson, count, Date.now()),
		});
	}

	async #loadHealth(): Promise<void> {
		const text = await request("/api/v1/health");
		if (text !== undefined) this.#update({ health: JSON.parse(text) as HealthJson });
	}

	#enter(link: Link): void {
		if (link !== this.#snapshot.link) this.#update({ link, since: Date.now() });
	}

	#update(part: Partial<Snapshot>): void {
		this.#snapshot = { ...this.#snapshot, ...part };
		this.#changed(this.#snapshot);
	}
}

async function request(path: string): Promise<string | undefined> {
	try {
		const response = await fetch(path, { signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) });
		return response.ok ? await response.text() : undefined;
	} catch {
		return undefined;
	}
}
