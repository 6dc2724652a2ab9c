// What went wrong, in a sentence for the person.

import type { Reply } from "./api.js";
import { texts } from "./texts/texts.js";

export function failure({ status, problem }: Reply<unknown>): string {
	if (status === 0) return texts.errors.unreachable;
	return problem?.detail ?? texts.errors.refused;
}

/** A problem of a setting as a sentence: `must be …` → `Must be ….` */
export function sentence(problem: string): string {
	const text = problem.charAt(0).toUpperCase() + problem.slice(1);
	return /[.!?]$/.test(text) ? text : `${text}.`;
}
