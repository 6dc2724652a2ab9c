// Ctrl-C and SIGTERM: the first ends the program in good order, the second at once.

const INTERRUPTED = 130;

/** Resolves at the first signal. */
export function interrupted(): Promise<void> {
	return new Promise((done) => {
		let once = false;
		const onSignal = () => {
			if (once) process.exit(INTERRUPTED);
			once = true;
			done();
		};
		process.on("SIGINT", onSignal);
		process.on("SIGTERM", onSignal);
	});
}
