// Keeps a list in order while it is filled. In place of Array.sort, which would bring 3 KB of the engine into the firmware.

/** Puts `item` where it belongs in a list that is in order; behind those that it is equal to. */
export function insertInOrder<T>(list: T[], item: T, isBefore: (one: T, other: T) => boolean): void {
	let low = 0;
	let high = list.length;
	while (low < high) {
		const middle = (low + high) >> 1;
		if (isBefore(item, list[middle] as T)) high = middle;
		else low = middle + 1;
	}
	list.splice(low, 0, item);
}
