// What may be asked of the gateway by MQTT: restart, identify, read, register on `<topic>/command/…`; what came of it is told
// on `<topic>/answer`. What a command does is the app's; that a retained one does not come again at every connection
// is seen to here.

import { writeReading } from "../../readings/json.js";
import type { OutputContext } from "../output.js";
import { type Parts, partsOf } from "../shared/parts.js";
import { utf8 } from "../shared/text.js";

const NAMES: readonly string[] = Object.freeze(["restart", "identify", "read", "register"]);
/** A command that comes so soon after connecting was retained by the broker: it was meant for another time. */
const RETAINED_MS = 3000;
/** Answers that wait; a question beyond them is not answered. */
const MOST_ANSWERS = 4;
/** Characters of a register's name. */
const LONGEST_NAME = 32;
/** Of the characters that registers and OBIS codes are written with. */
const NAME_CHARACTERS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:*_&";

export class CommandDesk {
	readonly #context: OutputContext;
	readonly #root: string;
	readonly #answered: () => void;
	readonly #answers: Parts[] = [];
	/** Counted for health. */
	ignored = 0;

	/** `answered`: there is something for `next`. */
	constructor(context: OutputContext, root: string, answered: () => void) {
		this.#context = context;
		this.#root = root.concat("/command/");
		this.#answered = answered;
	}

	get topics(): readonly string[] {
		return NAMES.map((name) => this.#root.concat(name));
	}

	/** `connected`: for how many milliseconds. */
	received(topic: string, text: string, connected: number): void {
		if (!topic.startsWith(this.#root)) return;
		const name = topic.slice(this.#root.length);
		const { commands } = this.#context;
		if (!commands || !NAMES.includes(name)) return;
		if (connected < RETAINED_MS) {
			this.ignored++;
			this.#context.log(`mqtt: ${name}: ignored, it was retained by the broker`, "warning");
			return;
		}
		if (name === "register") this.#readRegister(text);
		else if (name === "identify") this.#done(name, commands.identify(), "there is no light to blink");
		else if (name === "read") this.#done(name, commands.readNow(), "the meter sends by itself only");
		else {
			this.#done(name, true, "");
			commands.restart("asked for by MQTT");
		}
	}

	/** The next answer's payload, taken off; `undefined` where none waits. */
	next(): Parts | undefined {
		return this.#answers.shift();
	}

	#readRegister(name: string): void {
		const asked = '"command":"register","register":'.concat(JSON.stringify(name), ",");
		if (!isName(name)) {
			this.#answer(asked, "no register is named so");
			return;
		}
		this.#context.commands?.readRegister(name, (reading, problem) => {
			if (!reading) this.#answer(asked, problem ?? "no answer");
			else this.#push(partsOf((take) => writeReading(reading, take, asked.concat('"done":true,'))));
		});
	}

	#done(name: string, done: boolean, problem: string): void {
		this.#answer('"command":"'.concat(name, '",'), done ? undefined : problem);
	}

	#answer(members: string, problem: string | undefined): void {
		const end =
			problem === undefined ? '"done":true}' : '"done":false,"problem":'.concat(JSON.stringify(problem), "}");
		this.#push([utf8("{".concat(members, end))]);
	}

	#push(answer: Parts): void {
		if (this.#answers.length === MOST_ANSWERS) return;
		this.#answers.push(answer);
		this.#answered();
	}
}

function isName(name: string): boolean {
	if (name === "" || name.length > LONGEST_NAME) return false;
	for (const character of name) if (!NAME_CHARACTERS.includes(character)) return false;
	return true;
}
