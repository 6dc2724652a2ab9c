// The meter's line as it is, for one person who looks: `GET /api/v1/meter/line`, a text that goes on, a line for each
// thing: monotonic milliseconds, a mark, what there is. `<` bytes from the meter and `>` bytes of the gateway in
// hexadecimal, `=` bytes of a frame that was taken, `!` why one was not, `*` the state of the line. Keeps nothing while
// nobody looks, and two kilobytes for a slow client at most. A password that is sent is `??`, and so is its echo.

import type { RawLink } from "../outputs/network.js";
import {
	type BodyStream,
	type Closable,
	type Responder,
	type Route,
	routeTable,
	type StreamAnswer,
} from "../outputs/route.js";
import { hexOf } from "../outputs/shared/hex.js";
import { utf8 } from "../outputs/shared/text.js";

/** Of text that waits for a slow client; what comes then is left out, and told as lost (`* lost`). */
const MOST_WAITING = 2048;
const SEVEN_BITS = 0x7f;
/** SOH, P: a command that holds a password (IEC 62056-21, 6.5). */
const SOH = 0x01;
const PASSWORD = 0x50;
const HIDDEN = 0x3f;

export interface WatchOwner {
	/** What the line is now. */
	lineWords(): string;
}

export class LineWatch implements Responder {
	/** For who may administer. */
	static readonly #ROUTES = routeTable<LineWatch>([
		{ at: "GET /api/v1/meter/line", ownPagesOnly: true, answer: (watch) => watch.#answer() },
	]);
	readonly #now: () => number;
	readonly #owner: WatchOwner;
	#watcher: Watcher | undefined;
	/** Bytes of a password that may come back from an optical head. */
	#secret = 0;

	constructor(now: () => number, owner: WatchOwner) {
		this.#now = now;
		this.#owner = owner;
	}

	get routes(): readonly Route<LineWatch>[] {
		return LineWatch.#ROUTES;
	}

	#answer(): StreamAnswer {
		return {
			answer: {
				status: 200,
				headers: [
					["content-type", "text/plain"],
					["cache-control", "no-store"],
				],
			},
			// The newest client has it, the one before is let go.
			open: (link, exchange) => {
				this.#watcher?.close();
				this.#watcher = new Watcher(link, exchange, this.#now);
				this.note("*", this.#owner.lineWords());
				return this.#watcher;
			},
		};
	}

	/** Bytes from the meter, or (`sent`) to it; only borrowed. */
	bytes(bytes: Uint8Array, sent: boolean): void {
		const begins = ((bytes[0] as number) & SEVEN_BITS) === SOH && ((bytes[1] ?? 0) & SEVEN_BITS) === PASSWORD;
		if (sent) this.#secret = begins ? bytes.length : 0;
		const hidden = Math.min(this.#secret, bytes.length);
		if (!sent) this.#secret -= hidden;
		if (!this.#watcher) return;
		const text = hexOf(bytes);
		text.fill(HIDDEN, 0, 2 * hidden);
		this.#tell(sent ? ">" : "<", text);
	}

	note(mark: string, text: string): void {
		if (this.#watcher) this.#tell(mark, utf8(text));
	}

	#tell(mark: string, text: Uint8Array): void {
		const watcher = this.#watcher as Watcher;
		if (watcher.isOver) this.#watcher = undefined;
		else watcher.add(utf8(`${Math.round(this.#now())} ${mark} `), text);
	}
}

const LINE_FEED = 0x0a;

class Watcher implements BodyStream {
	readonly #link: RawLink;
	readonly #exchange: Closable;
	readonly #now: () => number;
	#parts: Uint8Array[] = [];
	#window = 0;
	#lost = false;
	waitingSince: number | undefined;
	isOver = false;

	constructor(link: RawLink, exchange: Closable, now: () => number) {
		this.#link = link;
		this.#exchange = exchange;
		this.#now = now;
	}

	add(head: Uint8Array, text: Uint8Array): void {
		let size = text.length;
		for (const part of this.#parts) size += part.length;
		if (size > MOST_WAITING && this.#parts.length > 0) {
			this.#lost = true;
			return;
		}
		if (this.#lost) this.#parts.push(utf8("0 * lost\n"));
		this.#lost = false;
		const line = new Uint8Array(head.length + text.length + 1);
		line.set(head);
		line.set(text, head.length);
		line[line.length - 1] = LINE_FEED;
		this.#parts.push(line);
		this.waitingSince ??= this.#now();
		if (this.#window > 0) this.writable(this.#window);
	}

	writable(count: number): void {
		this.#window = count;
		try {
			while (this.#window > 0) {
				const [part] = this.#parts;
				if (!part) break;
				const some = part.subarray(0, this.#window);
				this.#window = this.#link.write(some);
				if (some.length < part.length) this.#parts[0] = part.subarray(some.length);
				else this.#parts.shift();
			}
			this.waitingSince = this.#parts.length > 0 ? this.#now() : undefined;
		} catch {
			this.close();
		}
	}

	close(): void {
		this.#exchange.close();
	}

	gone(): void {
		this.isOver = true;
		this.#parts = [];
	}
}
