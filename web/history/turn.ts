// One question at a time: history is computed while it is sent, and the gateway has few connections.

let last: Promise<unknown> = Promise.resolve();

/** Does `work` when all that was asked before has been answered. */
export function inTurn<T>(work: () => Promise<T>): Promise<T> {
	const mine = last.then(work);
	last = mine.catch(() => undefined);
	return mine;
}
