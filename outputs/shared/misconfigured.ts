// An output whose settings cannot work together: it stays off and says why, instead of doing something else than was meant.

import type { Output, OutputContext } from "../output.js";

/** `problem` in words, without the value that is wrong. */
export function misconfigured(context: OutputContext, name: string, problem: string): Output {
	context.log(`${name}: off: ${problem}`, "warning");
	return {
		reading: () => {},
		health: () => ({ state: "off", lastError: problem }),
		close: (done) => done(),
	};
}
