// The SDK's `time`, as far as the firmware uses it: milliseconds that only grow.

export default class Time {
	static get ticks(): number {
		return Math.floor(performance.now());
	}

	static delta(start: number, end = Time.ticks): number {
		return end - start;
	}
}
