// One object in front of another: what it has itself, and behind that all of the other's, as it is at the time.

/** `over`'s properties in an object of its own that inherits all others from `under`. */
export function layered<Under extends object, Over extends object>(under: Under, over: Over): Under & Over {
	// Object.create() would bring the engine's descriptors of properties into the firmware, 1.8 KB.
	return Object.assign({ __proto__: under } as unknown as Under, over);
}
