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

function shared(slots: readonly string[]): { out: readonly number[]; slots: readonly string[] } {
	const file = join(folder, "mc.xs.c");
	const lines = slots.map((line, index) => `/* ${String(index).padStart(4, "0")} */\t${line}`).join("\n");
	writeFileSync(
		file,
		`#define mxHeapCount ${slots.length}\nstatic const txSlot gxHeap[mxHeapCount];\nstatic const txSlot gxHeap[mxHeapCount] = {\n${lines}};\n\nend = &gxHeap[${slots.length}];\n`,
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

test("an environment in which something else stands is left alone", () => {
	const strange = slot(null, "XS_NO_ID", "REFERENCE", `.reference = ${at(0)}`);
	const { out } = shared([instance(1), head(2), strange, instance(4), head(5), strange]);
	expect(out).toEqual([0, 0]);
});

test("a heap that is none is refused", () => {
	expect(() => shared(["{ what: 1 }"])).toThrow("no slot of XS");
});
