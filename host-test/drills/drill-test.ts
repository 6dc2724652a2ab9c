// A drill's short form as one test of jest. Not a test.

import type { Drill } from "./drill.js";

export function drillTest(drill: Drill, milliseconds = 240_000): void {
	test(
		drill.what,
		async () => {
			const { counts, faults } = await drill.run(false);
			console.log(counts.join("\n"));
			expect(faults).toEqual([]);
			expect(counts.length).toBeGreaterThan(0);
		},
		milliseconds,
	);
}
