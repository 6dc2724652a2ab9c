// The SDK's `timer` for the fuzzer: time that moves only when told. In the place of host/platform/timer.ts.

interface Entry {
	at: number;
	readonly repeat: number;
	readonly callback: (timer: Entry) => void;
}

let now = 0;
let entries: Entry[] = [];

const Timer = {
	set(callback: Entry["callback"], milliseconds = 0, repeat = 0): Entry {
		const entry = { at: now + milliseconds, repeat, callback };
		entries.push(entry);
		return entry;
	},
	repeat: (callback: Entry["callback"], milliseconds: number) =>
		Timer.set(callback, milliseconds, milliseconds),
	clear(timer: Entry | undefined): void {
		entries = entries.filter((entry) => entry !== timer);
	},
};
export default Timer;

/** Those that wait. */
export function pendingTimers(): number {
	return entries.length;
}

/** Runs what falls due meanwhile. */
export function passTime(milliseconds: number): void {
	const end = now + milliseconds;
	for (let turn = 0; turn < 10_000; turn++) {
		const [next] = entries.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
		if (!next) break;
		now = Math.max(now, next.at);
		if (next.repeat > 0) next.at += next.repeat;
		else Timer.clear(next);
		next.callback(next);
	}
	now = end;
}
