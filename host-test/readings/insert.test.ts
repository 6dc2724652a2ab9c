// A list kept in order against JavaScript's own stable sort.

import fc from "fast-check";
import { insertInOrder } from "../../readings/insert";

test("items put in one by one stand as a stable sort would have them", () => {
	fc.assert(
		fc.property(fc.array(fc.nat(9)), (ranks) => {
			const items = ranks.map((rank, arrival) => ({ rank, arrival }));
			const list: typeof items = [];
			for (const item of items) insertInOrder(list, item, (one, other) => one.rank < other.rank);
			expect(list).toEqual(items.toSorted((one, other) => one.rank - other.rank));
		}),
	);
});
