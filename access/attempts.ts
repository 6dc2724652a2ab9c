// Slows guessing down: each client by itself, and all of them together, for who has many addresses. Waits grow and fade
// again; nobody is locked out for ever, and a client that has signed in before is not held up by strangers.

/** Wrong guesses that cost a client nothing. */
export const FREE_FAILURES = 5;
const FIRST_WAIT_MS = 2000;
const LONGEST_WAIT_MS = 5 * 60_000;
/** So long after its last failure a client is one failure better off. */
const FADE_MS = 5 * 60_000;

/** Wrong guesses of all clients together at once, and how soon one more comes back. */
export const FREE_FAILURES_IN_ALL = 20;
const REFILL_MS = 20_000;

const MOST_CLIENTS = 16;
const MOST_KNOWN = 4;

interface Client {
	readonly address: string;
	failures: number;
	last: number;
}

export class Attempts {
	readonly #now: () => number;
	readonly #clients: Client[] = [];
	/** Addresses that have signed in, the newest last. */
	readonly #known: string[] = [];
	#left = FREE_FAILURES_IN_ALL;
	#refilled: number;

	constructor(now: () => number) {
		this.#now = now;
		this.#refilled = now();
	}

	/** Milliseconds until this client may guess; 0: now. */
	wait(address: string): number {
		const now = this.#now();
		this.#refill(now);
		const client = this.#clients.find((each) => each.address === address);
		const own = client ? client.last + lockedFor(faded(client, now)) - now : 0;
		const all = this.#left > 0 || this.#known.includes(address) ? 0 : this.#refilled + REFILL_MS - now;
		return Math.max(0, own, all);
	}

	failed(address: string): void {
		const now = this.#now();
		this.#refill(now);
		this.#left = Math.max(0, this.#left - 1);
		let client = this.#clients.find((each) => each.address === address);
		if (!client) {
			if (this.#clients.length >= MOST_CLIENTS) this.#forgetOne();
			client = { address, failures: 0, last: now };
			this.#clients.push(client);
		}
		client.failures = faded(client, now) + 1;
		client.last = now;
	}

	succeeded(address: string): void {
		const index = this.#clients.findIndex((each) => each.address === address);
		if (index >= 0) this.#clients.splice(index, 1);
		const known = this.#known.indexOf(address);
		if (known >= 0) this.#known.splice(known, 1);
		this.#known.push(address);
		if (this.#known.length > MOST_KNOWN) this.#known.shift();
	}

	#refill(now: number): void {
		const more = Math.floor((now - this.#refilled) / REFILL_MS);
		if (more <= 0) return;
		this.#left = Math.min(FREE_FAILURES_IN_ALL, this.#left + more);
		this.#refilled += more * REFILL_MS;
	}

	/** The one whose last failure is longest ago. */
	#forgetOne(): void {
		let oldest = 0;
		for (let at = 1; at < this.#clients.length; at++)
			if ((this.#clients[at] as Client).last < (this.#clients[oldest] as Client).last) oldest = at;
		this.#clients.splice(oldest, 1);
	}
}

function faded({ failures, last }: Client, now: number): number {
	return Math.max(0, failures - Math.floor((now - last) / FADE_MS));
}

function lockedFor(failures: number): number {
	if (failures < FREE_FAILURES) return 0;
	return Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (failures - FREE_FAILURES));
}
