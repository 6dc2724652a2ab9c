// The pins of a computer that has none: wires that tests and emulated meters pull up and down, and whose other end the
// firmware opens through `embedded:io/digital` and `pulse-native`. No callback from inside a call.

type Watcher = (level: boolean, at: number) => void;

interface Wire {
	/** What the outside drives, what the pin drives, and the resistor: the first that is there decides. */
	outside: boolean | undefined;
	driven: boolean | undefined;
	pull: boolean | undefined;
	/** The pin is open. */
	used: boolean;
	readonly watchers: Set<Watcher>;
}

export class EmulatedPins {
	readonly #wires = new Map<number, Wire>();
	readonly #now: () => number;

	/** `now`: monotonic milliseconds, with fractions where the clock has them. */
	constructor(now: () => number = () => performance.now()) {
		this.#now = now;
	}

	now(): number {
		return this.#now();
	}

	/** High or low, as a voltmeter shows it; a wire that nothing holds is low. */
	level(pin: number): boolean {
		const { outside, driven, pull } = this.#wire(pin);
		return outside ?? driven ?? pull ?? false;
	}

	/** What the firmware drives; `undefined` where it does not. */
	driven(pin: number): boolean | undefined {
		return this.#wire(pin).driven;
	}

	/** Holds the wire from outside; `undefined` lets go. */
	hold(pin: number, level: boolean | undefined): void {
		this.#change(pin, (wire) => {
			wire.outside = level;
		});
	}

	/** For the platform's classes: takes the pin, or says why not. */
	take(pin: number): void {
		if (!Number.isInteger(pin) || pin < 0 || pin > 63) throw new Error("invalid pin");
		const wire = this.#wire(pin);
		if (wire.used) throw new Error("in use");
		wire.used = true;
	}

	/** For the platform's classes. */
	drive(pin: number, level: boolean | undefined): void {
		this.#change(pin, (wire) => {
			wire.driven = level;
		});
	}

	/** For the platform's classes. */
	pull(pin: number, level: boolean | undefined): void {
		this.#change(pin, (wire) => {
			wire.pull = level;
		});
	}

	/** At once at every edge, as an interrupt. Returns how to end it. */
	watch(pin: number, watcher: Watcher): () => void {
		const { watchers } = this.#wire(pin);
		watchers.add(watcher);
		return () => watchers.delete(watcher);
	}

	/** For the platform's classes: lets go of everything. */
	release(pin: number): void {
		const wire = this.#wire(pin);
		wire.used = false;
		wire.pull = undefined;
		wire.watchers.clear();
		this.drive(pin, undefined);
	}

	#change(pin: number, change: (wire: Wire) => void): void {
		const before = this.level(pin);
		const wire = this.#wire(pin);
		change(wire);
		const level = this.level(pin);
		if (level !== before) for (const watcher of [...wire.watchers]) watcher(level, this.#now());
	}

	#wire(pin: number): Wire {
		let wire = this.#wires.get(pin);
		if (!wire) {
			wire = { outside: undefined, driven: undefined, pull: undefined, used: false, watchers: new Set() };
			this.#wires.set(pin, wire);
		}
		return wire;
	}
}
