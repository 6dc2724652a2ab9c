// Pulses of one pin, counted and debounced in the pin's interrupt: pulse-native.c. The SDK's `embedded:io/pulsecount`
// does not fit: it decodes two-channel encoders, so that a single contact counts up and down again with each pulse (its
// edges count +1 and -1), its filter ends at 12.8 µs where contacts bounce for milliseconds, and the ESP32-C3 has none.

export default class PulseCounter extends Native("xs_pulse_counter_destructor") {
	/** `pull`: 0 none, 1 up, 2 down. `debounce` in milliseconds. Throws with a reason. */
	constructor({ pin, pull, activeLow, debounce }) {
		super();
		native("xs_pulse_counter").call(this, pin, pull, activeLow, debounce);
	}
	/** Pulses since the counter was opened, modulo 2^32. */
	count() {
		return native("xs_pulse_counter_count").call(this);
	}
	/** When the newest of them began: milliseconds since the opening, modulo 2^32. */
	at() {
		return native("xs_pulse_counter_at").call(this);
	}
	close() {
		native("xs_pulse_counter_close").call(this);
	}
}
