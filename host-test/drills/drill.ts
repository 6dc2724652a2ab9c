// What a fault drill is: one fault, done again and again to a gateway or a part of it, with everything counted. Its short
// form runs in jest, its long form by `npm run drill -- NAME --long`: the same code. Results: docs/reliability.md.

export interface Drill {
	/** As `npm run drill` and the table of docs/reliability.md have it. */
	readonly name: string;
	/** What is done, in one line. */
	readonly what: string;
	/** Does it; `long`: as often as somebody who waits for it wants. Throws where the drill itself cannot be done. */
	run(long: boolean): Promise<DrillResult> | DrillResult;
}

export interface DrillResult {
	/** Counts, a line each. */
	readonly counts: readonly string[];
	/** What went wrong; none where all is well. */
	readonly faults: readonly string[];
}

/** Collects what a drill counts and finds. */
export class Findings implements DrillResult {
	readonly counts: string[] = [];
	readonly faults: string[] = [];

	count(line: string): void {
		this.counts.push(line);
	}

	/** A fault where `holds` is false. */
	must(holds: boolean, fault: string): void {
		if (!holds) this.faults.push(fault);
	}
}
