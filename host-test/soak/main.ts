// The soak behind the one function that @agoric/xsnap calls: a line of ASCII JSON and perhaps a telegram in, what came of it
// out. What the engine holds is told by itself (tools/soak-xsnap.mjs). Not a test.

import { type Served, SoakClients } from "./soak-clients.js";
import { SoakHouse } from "./soak-house.js";

/** `at`: milliseconds since the start; until then time passes first. */
type Command =
	/** Milliseconds since 1970. */
	| { readonly do: "start"; readonly start: number }
	/** The bytes come from the meter. */
	| { readonly do: "hear"; readonly at: number }
	| { readonly do: "wait"; readonly at: number }
	/** Those who are served come, or go. */
	| { readonly do: "come" | "go"; readonly at: number }
	/** The broker is there, or is not. */
	| { readonly do: "broker"; readonly at: number; readonly isUp: boolean }
	/** From here on something keeps what it should not: each telegram. */
	| { readonly do: "leak"; readonly at: number };

/** What came since the last answer. */
interface Answer extends Partial<Served> {
	/** Readings at the broker, by the meter's time: at once, and from the backlog. */
	readonly live: readonly string[];
	readonly late: readonly string[];
	/** Requests at the push servers, by port. */
	readonly pushed: Readonly<Record<number, number>>;
	/** Bytes of all files. */
	readonly files: number;
	readonly log: readonly string[];
}

const LINE_FEED = 0x0a;
const BAUD = 115_200;

let house: SoakHouse | undefined;
let clients: SoakClients | undefined;
let leaked: object[] | undefined;

function run(command: Command, bytes: Uint8Array): Answer {
	if (command.do === "start") house = new SoakHouse(command.start);
	if (!house) throw new Error("not started");
	const { broker, files, log, time } = house;
	if (command.do !== "start") time.advance(command.at - time.now());
	let served: Served | undefined;
	switch (command.do) {
		case "hear":
			leaked?.push({ bytes: bytes.slice() });
			house.hear(bytes, BAUD);
			break;
		case "come":
			clients = new SoakClients(house);
			break;
		case "go":
			served = clients?.take();
			clients?.leave();
			clients = undefined;
			break;
		case "broker":
			broker.up = command.isUp;
			break;
		case "leak":
			leaked = [];
			break;
	}
	served ??= clients?.take();
	const pushed = house.takePushed();
	return { ...broker.take(), ...served, pushed, files: files.bytes, log: log.splice(0) };
}

function handleCommand(message: ArrayBuffer): ArrayBuffer {
	const bytes = new Uint8Array(message);
	const end = bytes.indexOf(LINE_FEED);
	const command = JSON.parse(new TextDecoder().decode(bytes.subarray(0, end))) as Command;
	const answer = JSON.stringify(run(command, bytes.subarray(end + 1)));
	return new TextEncoder().encode(answer).buffer as ArrayBuffer;
}

Object.assign(globalThis, { handleCommand });
