// Who is served by the gateway that is soaked: event streams (one of them slow), a WebSocket, pages that are reloaded, pollers,
// and readers at the TCP bridge. They count, and keep nothing that they have read. Not a test.

import type { FakeConnection, FakeTcpConnection } from "../outputs/fakes.js";
import type { SoakHouse } from "./soak-house.js";

const SEGMENT = 1460;
const PUMP_MS = 20;
/** Bytes a second that the slow one takes: less than a telegram's JSON. */
const SLOW_MS = 100;
const SLOW_BYTES = 300;
const RELOAD_MS = 20_000;
/** Milliseconds between two questions, as such programs have them; the page's own at each reload. */
const POLLS: readonly (readonly [path: string, every: number])[] = Object.freeze([
	["/api/v1/reading", 1000],
	["/api/v1/health", 1000],
	["/api/v1/data", 1000],
	["/metrics", 15_000],
	["/api/v1/history?period=hour", 60_000],
]);
const PAGE_PATHS = Object.freeze(["/", "/api/v1/session", "/api/v1/state", "/api/v1/history?period=day"]);
const WEB_SOCKET = Object.freeze({
	...{ upgrade: "websocket", connection: "Upgrade", "sec-websocket-version": "13" },
	"sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
});

/** What came since it was asked for last. */
export interface Served {
	/** Readings in the event stream that keeps up, by the meter's time. */
	readonly events: readonly string[];
	/** P1 telegrams at each reader. */
	readonly telegrams: readonly number[];
	readonly polls: number;
	/** Paths that were not answered with 200. */
	readonly failed: readonly string[];
}

export class SoakClients {
	readonly #house: SoakHouse;
	readonly #timers: readonly unknown[];
	#events: string[] = [];
	#polls = 0;
	#failed: string[] = [];
	readonly #readers: readonly BridgeReader[];
	readonly #asking: Question[] = [];
	readonly #steady: EventReader;
	#reloaded: EventReader;
	#slow: EventReader;
	#socket: FakeConnection;

	/** They come. */
	constructor(house: SoakHouse) {
		this.#house = house;
		this.#steady = new EventReader(house, (time) => this.#events.push(time));
		this.#reloaded = new EventReader(house);
		this.#slow = new EventReader(house);
		this.#socket = webSocket(house);
		this.#readers = [new BridgeReader(house), new BridgeReader(house)];
		const { time } = house;
		this.#timers = [
			time.repeat(() => this.#pump(), PUMP_MS),
			time.repeat(() => this.#slow.read(SLOW_BYTES), SLOW_MS),
			time.repeat(() => this.#reload(), RELOAD_MS),
			...POLLS.map(([path, every]) => time.repeat(() => this.#ask(path), every)),
		];
	}

	take(): Served {
		const served = {
			events: this.#events,
			telegrams: this.#readers.map((reader) => reader.take()),
			polls: this.#polls,
			failed: this.#failed,
		};
		this.#events = [];
		this.#polls = 0;
		this.#failed = [];
		return served;
	}

	/** They go, whatever they were about. */
	leave(): void {
		for (const timer of this.#timers) this.#house.time.clear(timer);
		for (const stream of [this.#steady, this.#reloaded, this.#slow]) stream.leave();
		for (const reader of this.#readers) reader.leave();
		for (const question of this.#asking) question.leave();
		this.#socket.fail();
	}

	#pump(): void {
		this.#house.serve();
		this.#steady.read(SEGMENT);
		this.#reloaded.read(SEGMENT);
		if (this.#socket.webSocket) this.#socket.webSocket.sent.length = 0;
		this.#socket.open(SEGMENT);
		for (const reader of this.#readers) reader.read();
		for (let index = this.#asking.length - 1; index >= 0; index--) {
			const question = this.#asking[index] as Question;
			if (!question.isOver()) continue;
			this.#asking.splice(index, 1);
			if (question.isWell) this.#polls++;
			else this.#failed.push(question.path);
		}
	}

	#ask(path: string): void {
		this.#asking.push(new Question(this.#house, path));
	}

	/** A person reloads the page; the slow one and the WebSocket come back as well. */
	#reload(): void {
		for (const path of PAGE_PATHS) this.#ask(path);
		this.#reloaded.leave();
		this.#reloaded = new EventReader(this.#house);
		this.#slow.leave();
		this.#slow = new EventReader(this.#house);
		this.#socket.fail();
		this.#socket = webSocket(this.#house);
	}
}

function webSocket({ network }: SoakHouse): FakeConnection {
	return network.connect().request("GET", "/api/v1/ws", WEB_SOCKET);
}

/** One question, answered when all of it has come. */
class Question {
	readonly path: string;
	readonly #connection: FakeConnection;

	constructor(house: SoakHouse, path: string) {
		this.path = path;
		this.#connection = house.network.connect().request("GET", path);
	}

	isOver(): boolean {
		const connection = this.#connection;
		connection.open(SEGMENT);
		if (connection.body.length > SEGMENT) connection.body = "";
		return connection.done || connection.ended || connection.closed;
	}

	get isWell(): boolean {
		return this.#connection.response?.status === 200;
	}

	leave(): void {
		this.#connection.fail();
	}
}

/** An event stream; `heard` is told the meter's time of each reading. */
class EventReader {
	readonly #connection: FakeConnection;
	readonly #heard: ((time: string) => void) | undefined;
	#rest = "";

	constructor(house: SoakHouse, heard?: (time: string) => void) {
		this.#connection = house.network.connect().request("GET", "/api/v1/events");
		this.#heard = heard;
	}

	read(bytes: number): void {
		const connection = this.#connection;
		connection.open(bytes);
		const { body } = connection;
		connection.body = "";
		connection.writes.length = 0;
		if (!this.#heard || body === "") return;
		const events = (this.#rest + body).split("\n\n");
		this.#rest = events.pop() ?? "";
		for (const event of events)
			if (event.includes("event: reading\n")) this.#heard(/"time":"([^"]*)"/.exec(event)?.[1] ?? "none");
	}

	leave(): void {
		this.#connection.fail();
	}
}

/** A program that reads P1 telegrams. */
class BridgeReader {
	readonly #connection: FakeTcpConnection;
	#count = 0;

	constructor(house: SoakHouse) {
		this.#connection = house.network.connectTcp("192.168.1.60", house.bridgePort);
	}

	read(): void {
		for (const bytes of this.#connection.writes) if (bytes.includes(EXCLAMATION_MARK)) this.#count++;
		this.#connection.writes.length = 0;
		this.#connection.open(SEGMENT);
	}

	leave(): void {
		this.#connection.leave();
	}

	take(): number {
		const count = this.#count;
		this.#count = 0;
		return count;
	}
}

/** It ends a telegram. */
const EXCLAMATION_MARK = 0x21;
