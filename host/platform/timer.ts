// The SDK's `timer` on Node's timers. A handle is an object; clearing it twice does no harm.

type Callback = (timer: Timer) => void;

export default class Timer {
	#running: NodeJS.Timeout | undefined;

	/** Once after `milliseconds`, and then every `repeat` ones where that is given. */
	static set(callback: Callback, milliseconds = 0, repeat = 0): Timer {
		const timer = new Timer();
		timer.#running = setTimeout(() => {
			timer.#running = repeat > 0 ? setInterval(() => callback(timer), repeat) : undefined;
			callback(timer);
		}, milliseconds);
		return timer;
	}

	static repeat(callback: Callback, milliseconds: number): Timer {
		const timer = new Timer();
		timer.#running = setInterval(() => callback(timer), milliseconds);
		return timer;
	}

	static clear(timer: Timer | undefined | null): void {
		if (!(timer instanceof Timer)) return;
		clearTimeout(timer.#running);
		timer.#running = undefined;
	}
}
