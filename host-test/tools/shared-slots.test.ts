// tools/shared-slots.mjs on a heap as XS's linker writes it: what each function finds is what it found before.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const TOOL = pathToFileURL(resolve(__dirname, "../../tools/shared-slots.mjs")).href;
const ASK = `
import { shareSlots } from ${JSON.stringify(TOOL)};
console.log(shareSlots(process.argv[1]), shareSlots(process.argv[1]));
`;

let folder: string;
beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), "slots-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const at = (place: number | null) => (place === null ? "NULL" : `(txSlot*)&gxHeap[${place}]`);
const slot = (next: number | null, id: string | number, kind: string, value: string) =>
	`{ ${at(next)}, {.ID = ${id}, .flag = 0x8b, .kind = XS_${kind}_KIND}, .value = { ${value} } },`;
const instance = (next: number) => slot(next, "XS_NO_ID", "INSTANCE", ".instance = { NULL, NULL }");
const head = (next: number) => slot(next, 4, "UNDEFINED", ".number = 0");
const variable = (next: number | null, of: number) =>
	slot(next, `xsID_v${of}`, "CLOSURE", `.closure = ${at(of)}`);
const code = (next: number, environment: number) =>
	slot(next, "xsID_f", "CODE_X", `.code = { (txByte*)"\\x00", ${at(environment)} }`);
const home = (id: number, of: number, next: number | null = null) =>
	slot(next, id, "HOME", `.home = { ${at(of)}, NULL }`);

/** `colours`: of each name's number, how far behind its instance a property of that name is looked for. */
function shared(
	slots: readonly string[],
	colours: readonly number[] = [],
): { out: readonly number[]; slots: readonly string[] } {
	const file = join(folder, "mc.xs.c");
	const lines = slots.map((line, index) => `/* ${String(index).padStart(4, "0")} */\t${line}`).join("\n");
	const table = colours.length === 0 ? "" : `static const txID gxColors[mxKeysCount] = {\n${colours}};\n`;
	writeFileSync(
		file,
		`#define mxHeapCount ${slots.length}\n${table}static const txSlot gxHeap[mxHeapCount];\nstatic const txSlot gxHeap[mxHeapCount] = {\n${lines}};\n\nend = &gxHeap[${slots.length}];\n`,
	);
	const { stdout, stderr, status } = spawnSync(process.execPath, ["--input-type=module", "-e", ASK, file], {
		encoding: "utf8",
	});
	if (status !== 0) throw new Error(stderr);
	const text = readFileSync(file, "utf8");
	const left = [...text.matchAll(/^\/\* \d+ \*\/\t(.*)$/gm)].map(([, line = ""]) => line);
	expect(text).toContain(`#define mxHeapCount ${left.length}\n`);
	expect(text).toContain(`end = &gxHeap[${left.length}];`);
	return { out: stdout.trim().split(" ").map(Number), slots: left };
}

/** The variables that the `count`-th function takes, by their names: as many as it has asked for. */
function taken(slots: readonly string[], count: number, many: number): readonly string[] {
	const placeIn = (line: string | undefined, pattern: RegExp) => Number(pattern.exec(line ?? "")?.[1]);
	const environment = placeIn(
		slots.filter((line) => line.includes("CODE_X"))[count],
		/\.code = .*&gxHeap\[(\d+)\]/,
	);
	const next = (place: number) => placeIn(slots[place], /^\{ \(txSlot\*\)&gxHeap\[(\d+)\]/);
	const names: string[] = [];
	for (let place = next(next(environment)); names.length < many; place = next(place))
		names.push(/xsID_(v\d+), .*CLOSURE/.exec(slots[place] ?? "")?.[1] ?? "nothing");
	return names;
}

test("environments that begin alike, or are inside of another, are shared; homes too", () => {
	const before = [
		// Functions 0 to 3 take [v20, v21, v22], [v20, v21], [v21, v22] and [v22].
		code(4, 8),
		code(5, 13),
		code(6, 17),
		code(7, 21),
		home(1, 0),
		home(2, 0),
		home(3, 0, 24),
		home(4, 1),
		...[instance(9), head(10), variable(11, 20), variable(12, 21), variable(null, 22)],
		...[instance(14), head(15), variable(16, 20), variable(null, 21)],
		...[instance(18), head(19), variable(20, 21), variable(null, 22)],
		...[instance(22), head(23), variable(null, 22)],
		slot(null, "xsID_prototype", "REFERENCE", `.reference = ${at(0)}`),
	];
	const { out, slots } = shared(before);
	// The second's five slots but one are [instance, head, two variables]; the others keep instance and head; one home.
	expect(out).toEqual([4 + 2 + 1 + 1, 0]);
	expect(taken(slots, 0, 3)).toEqual(["v20", "v21", "v22"]);
	expect(taken(slots, 1, 2)).toEqual(["v20", "v21"]);
	expect(taken(slots, 2, 2)).toEqual(["v21", "v22"]);
	expect(taken(slots, 3, 1)).toEqual(["v22"]);
	expect(slots.filter((line) => line.includes("HOME"))).toHaveLength(3);
});

test("a property stays where its instance looks for it, and nowhere else: there the engine believes its name alone", () => {
	const NAME = 7;
	const lonely = (next: number | null) => slot(next, "XS_NO_ID", "INSTANCE", ".instance = { NULL, NULL }");
	const before = [
		slot(null, "XS_NO_ID", "REFERENCE", `.reference = ${at(9)}`),
		lonely(null),
		lonely(6),
		home(1, 0),
		home(2, 0),
		home(3, 0),
		// Four behind the second instance; closing the gaps would leave it two behind the first.
		slot(null, NAME, "INTEGER", ".integer = 1"),
		slot(null, NAME, "KEY_X", '.key = { "name", 0 }'),
		slot(null, "XS_NO_ID", "INTEGER", ".integer = 2"),
	];
	const colours = Array.from({ length: NAME + 1 }, (_, id) => (id === NAME ? 4 : 0));
	const { out, slots } = shared(before, colours);
	expect(out).toEqual([2, 0]);
	const owners = slots.flatMap((line, place) =>
		line.includes("INSTANCE") ? [{ place, next: /^\{ \(txSlot\*\)&gxHeap\[(\d+)\]/.exec(line)?.[1] }] : [],
	);
	expect(owners).toHaveLength(2);
	for (const { place, next } of owners) {
		const found = slots[place + 4]?.includes(`.ID = ${NAME},`) ? place + 4 : undefined;
		expect(found).toBe(next === undefined ? undefined : Number(next));
	}
	expect(owners.some(({ next }) => next !== undefined)).toBe(true);
});

test("an environment in which something else stands is left alone", () => {
	const strange = slot(null, "XS_NO_ID", "REFERENCE", `.reference = ${at(0)}`);
	const { out } = shared([instance(1), head(2), strange, instance(4), head(5), strange]);
	expect(out).toEqual([0, 0]);
});

test("a heap that is none is refused", () => {
	expect(() => shared(["{ what: 1 }"])).toThrow("no slot of XS");
});
