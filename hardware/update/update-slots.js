// The two slots for the firmware in the ESP32's flash, over ESP-IDF's OTA functions. Only one writer at a time.

import config from "mc/config";

/** The maker's key in hexadecimal digits, where this build has one; the board is the build's own. */
export function source() {
	return { key: config.updateKey, board: config.board };
}

/** Name of the slot that runs. */
export function running() {
	return native("xs_slots_running").call(this);
}

/** It has not been confirmed: the next start goes back. */
export function onTrial() {
	return native("xs_slots_on_trial").call(this);
}

/** Bytes that the other slot holds; 0 where there is none. */
export function size() {
	return native("xs_slots_size").call(this);
}

/** Begins to write the other slot; what was begun before is forgotten. */
export function begin() {
	return native("xs_slots_begin").call(this);
}

export function write(bytes) {
	return native("xs_slots_write").call(this, bytes);
}

/** Checks the image and has it started next. */
export function finish() {
	return native("xs_slots_finish").call(this);
}

export function abandon() {
	return native("xs_slots_abandon").call(this);
}

export function confirm() {
	return native("xs_slots_confirm").call(this);
}

/** Does not return. */
export function rollBack() {
	return native("xs_slots_roll_back").call(this);
}
