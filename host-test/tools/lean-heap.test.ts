// tools/lean-heap.mjs on a heap as XS's linker writes it: what each function finds is what it found before, and what none
// can find is gone.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const TOOL = pathToFileURL(resolve(__dirname, "../../tools/lean-heap.mjs")).href;
// A bytecode of names' numbers alone, one byte each; the last one asks for `super`, others above 127 make properties.
const ASK = `
import { rewriteHeap } from ${JSON.stringify(TOOL)};
const made = (id) => ({ op: "NEW_PROPERTY", id: id - 128 });
const decode = (bytes) =>
	[...bytes].map((id) => (id > 127 && id < 255 ? made(id) : { op: id === 255 ? "GET_SUPER" : "GET_PROPERTY", id }));
const again = () => rewriteHeap(process.argv[1], decode, ["inC"]);
console.log(again(), again());
`;

let folder: string;
beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), "slots-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const at = (place: number | null) => (place === null ? "NULL" : `(txSlot*)&gxHeap[${place}]`);
/** What properties may have for flags, and slots that are none. */
const LISTED = "0x8a";
const NOT_LISTED = "0x8e";
const INTERNAL = "0x8b";
const slot = (next: number | null, id: string | number, kind: string, value: string, flag = INTERNAL) =>
	`{ ${at(next)}, {.ID = ${id}, .flag = ${flag}, .kind = XS_${kind}_KIND}, .value = { ${value} } },`;
const instance = (next: number) => slot(next, "XS_NO_ID", "INSTANCE", ".instance = { NULL, NULL }");
const head = (next: number) => slot(next, 4, "UNDEFINED", ".number = 0");
const variable = (next: number | null, of: number) =>
	slot(next, `xsID_v${of}`, "CLOSURE", `.closure = ${at(of)}`);
const code = (next: number, environment: number) =>
	slot(next, "xsID_f", "CODE_X", `.code = { (txByte*)"\\x00", ${at(environment)} }`);
const home = (id: number, of: number, next: number | null = null) =>
	slot(next, id, "HOME", `.home = { ${at(of)}, NULL }`);

interface Rest {
	/** Of each name's number, how far behind its instance a property of that name is looked for. */
	readonly colours?: readonly number[];
	/** Places that the rest of the file names; all by default. */
	readonly roots?: readonly number[];
	/** What else the linker wrote. */
	readonly text?: string;
}

interface Lean {
	/** Slots left out, and how many more a second time. */
	readonly out: readonly number[];
	readonly slots: readonly string[];
	readonly text: string;
}

function lean(slots: readonly string[], { colours = [], roots, text = "" }: Rest = {}): Lean {
	const file = join(folder, "mc.xs.c");
	const lines = slots.map((line, index) => `/* ${String(index).padStart(4, "0")} */\t${line}`).join("\n");
	const table = colours.length === 0 ? "" : `static const txID gxColors[mxKeysCount] = {\n${colours}};\n`;
	const named = (roots ?? [...slots.keys()]).map((place) => `root = ${at(place)};\n`).join("");
	writeFileSync(
		file,
		`#define mxHeapCount ${slots.length}\n${table}${text}static const txSlot gxHeap[mxHeapCount];\nstatic const txSlot gxHeap[mxHeapCount] = {\n${lines}};\n\n${named}end = &gxHeap[${slots.length}];\n`,
	);
	writeFileSync(join(folder, "mc.xs.h"), "#define xsID_inC 90\n");
	const { stdout, stderr, status } = spawnSync(process.execPath, ["--input-type=module", "-e", ASK, file], {
		encoding: "utf8",
	});
	if (status !== 0) throw new Error(stderr);
	const written = readFileSync(file, "utf8");
	const left = [...written.matchAll(/^\/\* \d+ \*\/\t(.*)$/gm)].map(([, line = ""]) => line);
	expect(written).toContain(`#define mxHeapCount ${left.length}\n`);
	expect(written).toContain(`end = &gxHeap[${left.length}];`);
	return { out: stdout.trim().split(" ").map(Number), slots: left, text: written };
}

/** The list that begins behind the slot at `place`, as numbers of names. */
function names(slots: readonly string[], place: number): readonly number[] {
	const [, next] = /^\{ \(txSlot\*\)&gxHeap\[(\d+)\]/.exec(slots[place] ?? "") ?? [];
	if (next === undefined) return [];
	return [Number(/\.ID = (\d+)/.exec(slots[Number(next)] ?? "")?.[1]), ...names(slots, Number(next))];
}

test("environments of the same variables in the same order are shared; homes too", () => {
	const environment = (at: number, ...of: number[]) => [
		instance(at + 1),
		head(at + 2),
		...of.map((each, n) => variable(n === of.length - 1 ? null : at + 3 + n, each)),
	];
	const before = [
		slot(null, "XS_NO_ID", "REFERENCE", `.reference = ${at(0)}`),
		// Functions take [v21, v22], the same again, the other order, and one more.
		...[code(5, 9), code(6, 13), code(7, 17), code(8, 21)],
		...[home(1, 0), home(2, 0), home(3, 0, 26), home(4, 1)],
		...[...environment(9, 21, 22), ...environment(13, 21, 22)],
		...[...environment(17, 22, 21), ...environment(21, 21, 22, 1)],
		slot(null, "xsID_prototype", "REFERENCE", `.reference = ${at(0)}`),
	];
	const { out, slots } = lean(before);
	// The second's four slots; two homes.
	expect(out).toEqual([4 + 2, 0]);
	const placeIn = (line: string | undefined, pattern: RegExp) => Number(pattern.exec(line ?? "")?.[1]);
	const taken = (count: number): readonly string[] => {
		const line = slots.filter((each) => each.includes("CODE_X"))[count];
		const next = (place: number) => placeIn(slots[place], /^\{ \(txSlot\*\)&gxHeap\[(\d+)\]/);
		const found: string[] = [];
		for (
			let place = next(placeIn(line, /\.code = .*&gxHeap\[(\d+)\]/));
			!Number.isNaN(place);
			place = next(place)
		)
			found.push(/xsID_(v\d+), .*CLOSURE/.exec(slots[place] ?? "")?.[1] ?? "");
		return found.slice(1);
	};
	expect([taken(0), taken(1), taken(2), taken(3)]).toEqual([
		["v21", "v22"],
		["v21", "v22"],
		["v22", "v21"],
		["v21", "v22", "v1"],
	]);
	expect(slots.filter((line) => line.includes("HOME"))).toHaveLength(2);
});

test("a function that asks for `super` has the home of its own object; others of the module have any", () => {
	const asking = slot(5, "xsID_f", "CODE_X", '.code = { (txByte*)"\\xff\\x00", NULL }');
	const { slots } = lean([
		slot(null, "XS_NO_ID", "REFERENCE", `.reference = ${at(0)}`),
		code(4, 0),
		asking,
		code(6, 0),
		...[home(1, 0), home(2, 1), home(3, 2)],
	]);
	const homes = slots.filter((line) => line.includes("HOME"));
	expect(homes).toHaveLength(2);
	const [, place] =
		/^\{ \(txSlot\*\)&gxHeap\[(\d+)\]/.exec(slots.find((line) => line.includes("xff")) ?? "") ?? [];
	const object = slots.findIndex((line) => line.includes("xff")) - 1;
	expect(slots[Number(place)]).toContain(`.home = { (txSlot*)&gxHeap[${object}],`);
	expect(slots.find((line) => line.includes("xff"))).not.toContain("x00");
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
	const { out, slots } = lean(before, { colours });
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
	const { out } = lean([instance(1), head(2), strange, instance(4), head(5), strange]);
	expect(out).toEqual([0, 0]);
});

test("a heap that is none is refused", () => {
	expect(() => lean(["{ what: 1 }"])).toThrow("no slot of XS");
});

describe("what no code asks for by its name", () => {
	const BUILDERS = `static const xsHostBuilder gxBuilders[4] = {
	{ fx_used, 1, 20 },
	{ fxDeadStrip, 1, 21 },
	{ fx_unused, 1, 22 },
	{ fx_byC, 1, 90 },
};
`;
	const host = (next: number | null, id: number | string, builder: string) =>
		slot(next, id, "HOST_FUNCTION", `.hostFunction = { &${builder}, 1 }`, NOT_LISTED);
	const key = (next: number | null, id: number) => slot(next, id, "KEY_X", `.key = { "n${id}", 0 }`);
	const PROTOTYPE = 2;
	const heap = [
		slot(null, "XS_NO_ID", "REFERENCE", `.reference = ${at(0)}`),
		slot(null, "XS_NO_ID", "CODE_X", '.code = { (txByte*)"\\x14\\x00", NULL }'),
		slot(3, "XS_NO_ID", "INSTANCE", ".instance = { NULL, NULL }"),
		host(4, 21, "gxBuilders[1]"),
		host(5, 20, "gxBuilders[0]"),
		host(6, 22, "gxBuilders[2]"),
		host(7, "90", "gxBuilders[3]"),
		host(8, "4 /* Symbol.iterator */", "gxBuilders[0]"),
		// A function of its own, and a pair of them, that were stripped.
		slot(9, 23, "REFERENCE", `.reference = ${at(10)}`, LISTED),
		slot(19, 24, "ACCESSOR", `.accessor = { ${at(10)}, NULL }`, LISTED),
		slot(11, "XS_NO_ID", "INSTANCE", ".instance = { NULL, NULL }"),
		slot(null, 23, "CALLBACK_X", ".callback = { fxDeadStrip, NULL }"),
		...[key(13, 20), key(14, 21), key(15, 22), key(16, 23), key(17, 24), key(18, 90), key(22, 30)],
		// Data: one that no code asks for, one that is listed all the same; names that nothing has, one of them in a text.
		slot(20, 40, "INTEGER", ".integer = 1", NOT_LISTED),
		slot(21, 41, "STRING_X", '.string = "said: n42, and so on"', LISTED),
		slot(null, 20, "CLOSURE", `.closure = ${at(0)}`, NOT_LISTED),
		...[key(23, 40), key(24, 41), key(25, 42), key(null, 43)],
	];
	const KEYS = `static const txSlot* const gxKeys[mxKeysCount] = {
	(txSlot*)&gxHeap[12],
	(txSlot*)&gxHeap[13],
	(txSlot*)&gxHeap[24]
};
`;
	const made = () => lean(heap, { roots: [1, PROTOTYPE, 12], text: BUILDERS + KEYS });

	test("is no property any more; what code, C or the engine asks for stays, what is listed, and variables", () => {
		const { slots } = made();
		const prototype = slots.findIndex(
			(line, place) => line.includes("INSTANCE") && names(slots, place).length > 0,
		);
		expect(names(slots, prototype)).toEqual([20, 90, 4, 41, 20]);
		expect(slots.filter((line) => line.includes("fxDeadStrip"))).toEqual([]);
	});

	test("leaves the table of functions, whose other entries are found where they are now", () => {
		const { text, slots } = made();
		expect(text).toContain("gxBuilders[2] = {\n\t{ fx_used, 1, 20 },\n\t{ fx_byC, 1, 90 },\n};");
		const found = (id: string) =>
			slots.find((line) => line.includes("HOST_FUNCTION") && line.includes(`.ID = ${id},`));
		expect(found("20")).toContain("&gxBuilders[0]");
		expect(found("90")).toContain("&gxBuilders[1]");
	});

	test("what was stripped is refused where code asks for it, unless something else has the name, or is given it", () => {
		const asks = (bytes: string) => [
			heap[0] ?? "",
			slot(null, "XS_NO_ID", "CODE_X", `.code = { (txByte*)"${bytes}\\x00", NULL }`),
			...heap.slice(2),
		];
		const withCode = (bytes: string) =>
			lean(asks(bytes), { roots: [1, PROTOTYPE, 12], text: BUILDERS + KEYS });
		expect(() => withCode("\\x15")).toThrow("what manifest.json strips from the engine: n21");
		expect(() => withCode("\\x17")).toThrow("strips from the engine: n23");
		// By a byte above 127 the tests' bytecode makes a property of the name that is 128 less.
		expect(withCode("\\x15\\x95").slots.filter((line) => line.includes("fxDeadStrip"))).toEqual([]);
		const other = slot(null, 21, "INTEGER", ".integer = 1", LISTED);
		const twice = lean([...asks("\\x15"), other], {
			roots: [1, PROTOTYPE, 12, heap.length],
			text: BUILDERS + KEYS,
		});
		expect(twice.slots.join("\n")).toContain(other);
	});

	test("takes its name with it; one that is in a text stays, and each number leads to a name", () => {
		const { text, slots } = made();
		const first = slots.findIndex((line) => line.includes('"n20"'));
		expect([20, ...names(slots, first)]).toEqual([20, 90, 41, 42]);
		const last = slots.findIndex((line) => line.includes('"n42"'));
		const [, keys = ""] = /gxKeys\[mxKeysCount\] = \{([^}]*)\}/.exec(text) ?? [];
		expect([...keys.matchAll(/\[(\d+)\]/g)].map(([, place]) => Number(place))).toEqual([first, first, last]);
	});

	test("goes from a native module that is preloaded, too; one that is loaded on the device makes all of it", () => {
		const module = (number: number) => `static const xsHostBuilder gxBuilders${number}[2] = {
	{ xs_used, 0, 20 },
	{ xs_unused, 0, 22 },
};
void xsHostModule${number}(xsMachine* the)
{
	xsResult = xsBuildHosts(2, (xsHostBuilder*)gxBuilders${number});
}

`;
		const scripts = `static const txScript gxScripts[mxScriptsCount] = {
	{ xsHostModule7, NULL, 0, NULL, 0, NULL, 0, "preloaded", { 1 } },
	{ xsHostModule8, NULL, 0, (txS1*)gxCode8, 1, NULL, 0, "loaded", { 1 } },
};
static const txU1 gxCode8[1] = { 0x14 };
`;
		const { text } = lean(
			[
				...heap.slice(0, 2),
				slot(3, "XS_NO_ID", "INSTANCE", ".instance = { NULL, NULL }"),
				host(4, 22, "gxBuilders7[1]"),
				host(null, 20, "gxBuilders7[0]"),
			],
			{ roots: [1, 2], text: module(7) + module(8) + scripts },
		);
		expect(text).toContain("gxBuilders7[1] = {\n\t{ xs_used, 0, 20 },\n};");
		expect(text).not.toContain("xsHostModule7");
		expect(text).toContain('\t{ NULL, NULL, 0, NULL, 0, NULL, 0, "preloaded"');
		expect(text).toContain("gxBuilders8[2] = {");
		expect(text).toContain("void xsHostModule8(xsMachine* the)\n{");
		expect(text).toContain("\t{ xsHostModule8, NULL");
	});
});

test("what nothing leads to is gone; an array's elements stay in one row behind their size", () => {
	const number = (value: number) => slot(null, "XS_NO_ID", "INTEGER", `.integer = ${value}`);
	const { out, slots } = lean(
		[
			slot(null, "XS_NO_ID", "REFERENCE", `.reference = ${at(0)}`),
			number(99),
			...[number(3), number(10), number(11), number(12)],
			slot(null, "XS_NO_ID", "ARRAY", ".array = { (txSlot*)&gxHeap[3], 3 }"),
			slot(null, "XS_NO_ID", "INSTANCE", ".instance = { NULL, NULL }"),
		],
		{ roots: [6, 7] },
	);
	expect(out).toEqual([1, 0]);
	const [, first] =
		/\.array = \{ \(txSlot\*\)&gxHeap\[(\d+)\], 3 \}/.exec(
			slots.find((line) => line.includes("ARRAY")) ?? "",
		) ?? [];
	const row = slots.slice(Number(first) - 1, Number(first) + 3);
	expect(row.map((line) => /\.integer = (\d+)/.exec(line)?.[1])).toEqual(["3", "10", "11", "12"]);
});
