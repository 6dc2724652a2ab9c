// What a command of `meterling` is, and the errors that it may end with. Nothing here reads arguments itself.

import { type ParseArgsConfig, parseArgs } from "node:util";

/** Exit codes, the same for every command. */
export const Exit = Object.freeze({ OK: 0, NOTHING: 1, USAGE: 2 } as const);

export interface Command {
	readonly name: string;
	/** One line for the list of commands. */
	readonly summary: string;
	/** The whole text of `--help`. */
	readonly help: string;
	/** Runs to its end; the exit code. Throws a `UsageError` for wrong arguments. */
	run(args: readonly string[]): Promise<number>;
}

/** The caller's mistake, in one line for a person; never with a key or a password in it. */
export class UsageError extends Error {
	override readonly name = "UsageError";
}

export type OptionTable = NonNullable<ParseArgsConfig["options"]>;

/** The arguments by name; `--help` is told apart by `main.ts` before. Throws a `UsageError` in our own words. */
export function parse<T extends OptionTable>(args: readonly string[], options: T, positionals = false) {
	try {
		return parseArgs({ args: [...args], options, allowPositionals: positionals, strict: true });
	} catch (error) {
		throw new UsageError(parseProblem(error, Object.keys(options)));
	}
}

/** node:util's error as one line. Its own texts run on, and may repeat a value. */
function parseProblem(error: unknown, known: readonly string[]): string {
	const { code, message } = error as { code?: string; message: string };
	const named = /'(-[^' ]*|[^-'][^']*)/.exec(message)?.[1] ?? "";
	switch (code) {
		case "ERR_PARSE_ARGS_UNKNOWN_OPTION":
			return `unknown option ${named.split("=")[0]}${suggestion(named, known)}`;
		case "ERR_PARSE_ARGS_INVALID_OPTION_VALUE": {
			const option = /(--[\w-]+)/.exec(message)?.[1] ?? named;
			return /does not take/.test(message) ? `${option} takes no value` : `${option} needs a value`;
		}
		case "ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL":
			// Not repeated: it may be the second half of a key.
			return "there is an argument that belongs to no option";
		default:
			return message.split("\n")[0] ?? message;
	}
}

function suggestion(option: string, known: readonly string[]): string {
	const nearest = nearestWord(option.replace(/^--?/, ""), known);
	return nearest === undefined ? "" : `; did you mean --${nearest}?`;
}

/** Most letters that a slip of the fingers may differ by. */
const MOST_EDITS = 2;

/** The known word that a mistyped one probably meant. */
export function nearestWord(word: string, known: readonly string[]): string | undefined {
	const ranked = known
		.map((candidate) => ({ candidate, edits: editDistance(word, candidate) }))
		.sort((a, b) => a.edits - b.edits);
	const best = ranked[0];
	return best && best.edits <= MOST_EDITS && best.edits < word.length ? best.candidate : undefined;
}

/** Levenshtein's distance. */
function editDistance(a: string, b: string): number {
	let row = Array.from({ length: b.length + 1 }, (_, index) => index);
	for (let i = 1; i <= a.length; i++) {
		const next = [i];
		for (let j = 1; j <= b.length; j++) {
			const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
			next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
		}
		row = next;
	}
	return row[b.length] ?? 0;
}

/** A whole number within `[least, most]` from an option's text. */
export function wholeNumber(option: string, text: string, least: number, most: number): number {
	const value = Number(text);
	if (!/^\d+$/.test(text) || value < least || value > most)
		throw new UsageError(`${option} must be a whole number from ${least} to ${most}`);
	return value;
}

/** A number above zero up to `most`. */
export function positiveNumber(option: string, text: string, most: number): number {
	const value = Number(text);
	if (!/^(\d+(\.\d+)?|\.\d+)$/.test(text) || !(value > 0) || value > most)
		throw new UsageError(`${option} must be a number above 0, up to ${most}`);
	return value;
}

/** Digits of an AES-128 key. */
const KEY_DIGITS = 32;

/** A key's text, checked; the message never repeats it. */
export function hexKey(option: string, text: string | undefined): string {
	if (text === undefined) return "";
	if (text.length !== KEY_DIGITS || !/^[0-9a-fA-F]+$/.test(text))
		throw new UsageError(`${option} must be ${KEY_DIGITS} hexadecimal digits (16 bytes)`);
	return text;
}
