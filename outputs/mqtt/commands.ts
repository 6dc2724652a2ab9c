// What may be asked of the gateway by MQTT: restart, identify, read, register on `<topic>/command/…`; what came of it is told
// on `<topic>/answer`. What a command does is the app's; that a retained one does not come again at every connection
// is seen to here.

import { consistsOf } from "../../readings/characters.js";
import { writeReading } from "../../readings/json.js";
import type { OutputContext } from "../output.js";
import { type Parts, partsOf } from "../shared/parts.js";
import { utf8 } from "../shared/text.js";
import type { Wakeable } from "./message.js";

const NAMES: readonly string[] = ["restart", "identify", "read", "register"];
/** A command that comes so soon after connecting was retained by the broker: it was meant for another time. */
const RETAINED_MS = 3000;
/** Answers that wait; a question beyond them is not answered. */
const MOST_ANSWERS = 4;
/** Characters of a register's name, and which: those of registers and OBIS codes. */
const LONGEST_NAME = 32;
const NAME_CHARACTERS = "0-9a-zA-Z.:*_&-";

export class CommandDesk {
	readonly topics: readonly string[];
	/** What is to be told, oldest first. */
	readonly answers: Parts[] = [];
	/** Counted for health. */
	ignored = 0;
	readonly #context: OutputContext;
	readonly #owner: Wakeable;

	/** `root`: of the gateway's topics; `owner` is woken where there is an answer. */
	constructor(context: OutputContext, root: string, owner: Wakeable) {
		this.#context = context;
		this.#owner = owner;
		this.topics = NAMES.map((name) => root.concat("/command/", name));
	}

	/** `connected`: for how many milliseconds. */
	received(topic: string, text: string, connected: number): void {
		const name = NAMES[this.topics.indexOf(topic)];
		const { commands, log } = this.#context;
		if (!commands || name === undefined) return;
		const asked = `"command":"${name}",`;
		if (connected < RETAINED_MS) {
			this.ignored++;
			log(`mqtt: ${name}: ignored, it was retained by the broker`, "warning");
		} else if (name === "identify") this.#answer(asked, !commands.identify() && "there is no light to blink");
		else if (name === "read") this.#answer(asked, !commands.readNow() && "the meter sends by itself only");
		else if (name === "restart") {
			this.#answer(asked, false);
			commands.restart("asked for by MQTT");
		} else {
			const members = asked.concat('"register":', JSON.stringify(text), ",");
			if (text === "" || text.length > LONGEST_NAME || !consistsOf(text, NAME_CHARACTERS))
				return this.#answer(members, "no register is named so");
			commands.readRegister(text, (reading, problem) => {
				if (!reading) this.#answer(members, problem ?? "no answer");
				else this.#push(partsOf((take) => writeReading(reading, take, members.concat('"done":true,'))));
			});
		}
	}

	/** `problem`: false where it is done. */
	#answer(members: string, problem: string | false): void {
		const why = problem === false ? "" : ',"problem":'.concat(JSON.stringify(problem));
		this.#push([utf8("{".concat(members, `"done":${problem === false}`, why, "}"))]);
	}

	#push(answer: Parts): void {
		if (this.answers.length === MOST_ANSWERS) return;
		this.answers.push(answer);
		this.#owner.wake();
	}
}
