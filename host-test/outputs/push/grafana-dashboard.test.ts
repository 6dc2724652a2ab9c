// docs/fleet/grafana-dashboard.json asks for metrics that docs/outputs/prometheus.md tells of, and lays its panels out without overlap.

import { readFileSync } from "node:fs";
import { resolve } from "node:path";

interface Panel {
	readonly id: number;
	readonly title: string;
	readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
	readonly targets?: readonly { readonly expr: string }[];
}

const DOCS = resolve(__dirname, "../../../docs");
const { panels } = JSON.parse(readFileSync(`${DOCS}/fleet/grafana-dashboard.json`, "utf8")) as {
	readonly panels: readonly Panel[];
};

test("every metric is one that the gateway tells", () => {
	const documented = readFileSync(`${DOCS}/outputs/prometheus.md`, "utf8");
	const asked = panels
		.flatMap(({ targets = [] }) => targets)
		.flatMap(({ expr }) => expr.match(/\bmeterling_\w+/g) ?? []);
	expect(new Set(asked).size).toBeGreaterThan(15);
	const unknown = [...new Set(asked)].filter(
		(name) => !new RegExp(`\\b(meterling_)?${name.slice("meterling_".length)}\\b`).test(documented),
	);
	expect(unknown).toEqual([]);
});

test("panels have numbers of their own, and places of their own", () => {
	expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
	const taken = new Set<string>();
	for (const { title, gridPos } of panels) {
		expect([title, gridPos.x + gridPos.w <= 24]).toEqual([title, true]);
		for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++)
			for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
				expect([title, taken.has(`${x},${y}`)]).toEqual([title, false]);
				taken.add(`${x},${y}`);
			}
	}
});
