// After XS's linker: what no code asks for leaves its heap, and so the firmware. Of a built-in that was stripped the linker keeps a
// property whose function ends the firmware, what the function is made of, an entry in a table, and its name: some 60
// bytes of flash each. Besides there are built-ins that have the name of something else that is used, functions of native
// modules, and methods, that nobody calls. Only by its name could code find such a property: it is not listed.
// Without it, it is not there, as in an older engine.
//
// Names that nothing has any more go, too; but not those that are in some text: one that comes as text, in JSON for instance,
// would be made anew in RAM.

/** The function in place of every built-in that was stripped. */
const DEAD = "fxDeadStrip";
/** Variables are found by their place. */
const VARIABLE = /^XS_(CLOSURE|EXPORT)_KIND$/;
/** Flags of a slot: `XS_INTERNAL_FLAG` and `XS_DONT_ENUM_FLAG` (xsAll.h). */
const INTERNAL = 1;
const NOT_LISTED = 4;
const SYMBOL = /\.ID = \d+ \/\* Symbol\./;
const BUILDERS = /^(static const xsHostBuilder (gxBuilders\d*))\[\d+\]( = \{\n)([\s\S]*?)(^\};\n)/gm;
const BUILDER = /&(gxBuilders\d*)\[(\d+)\]/g;
/** What makes a native module's functions; one that is preloaded has them already. */
const HOST_MODULE = /^(?:static )?void (xsHostModule\d+)\(xsMachine\* the\)(?:;\n|\n\{[\s\S]+?^\}\n)/gm;
const PRELOADED_MODULE = /^\t\{ (xsHostModule\d+), NULL, 0, NULL, 0, NULL, 0, /gm;
const PLACE = /&gxHeap\[(\d+)\]/g;
const KEY = /\.key = \{ "([^"]*)"/;
const TEXT = /\.string = "((?:[^"\\]|\\.)*)"/g;
const KEYS = /(static const txSlot\* const gxKeys\[mxKeysCount\][^{;]*\{\n)([\s\S]*?)(\};\n)/;
/** Bytecode of preloaded functions and of modules that are not preloaded. */
const FUNCTION = /\.code = \{ \(txByte\*\)"((?:\\x[0-9a-f]{2})+)"/;
/** Instructions that name what they make. */
const MAKES = /^(NEW_|SET_|FUNCTION$)/;
/** That of compartments is stripped. */
const OF_EACH_REALM = "globalThis";
const MODULES = /static const txU1 gxCode\d+\[\d+\] = \{([^}]*)\}/g;

/**
 * `slots` (tools/lean-heap.mjs) with lists that pass over what nobody reaches, and `instead`: the places of slots that need not
 * be, and what stands for each where a list led to it. `text`: the rest of mc.xs.c; `withKeys`: its table of names
 * for these slots. `decode`: the instructions in bytes. `askedInC`: the numbers of names that C asks for. Throws where code asks for
 * what was stripped.
 */
export function withoutUnused(slots, text, decode, askedInC) {
	const { found, made, words } = namesInCode(slots, text, decode);
	const asked = new Set([...askedInC, ...found, ...made]);
	const dead = deadBuilders(text);
	refuseStripped(slots, dead, found, made);
	const gone = new Set(slots.flatMap((slot, at) => (isUnused(slot, slots, dead, asked) ? [at] : [])));
	const roots = [...text.matchAll(PLACE)].map(([, place]) => Number(place));
	const reached = reachedFrom(roots, slots, gone);
	const keys = unusedKeys(slots, reached, asked, words);
	const isGone = (at) => at < slots.length && at > 0 && (!reached.has(at) || keys.has(at));
	const instead = new Map();
	slots.forEach(({ next }, at) => {
		if (isGone(at)) instead.set(at, next);
	});
	const after = (next) => {
		while (next !== undefined && isGone(next)) next = slots[next].next;
		return next;
	};
	return {
		slots: slots.map((slot) => ({ ...slot, next: after(slot.next) })),
		instead,
		withKeys: (written) => withOtherKeys(written, slots, keys),
	};
}

/** The text without the tables' entries of functions in C that have no slot. */
export function withoutUnusedBuilders(text) {
	const preloaded = new Set([...text.matchAll(PRELOADED_MODULE)].map(([, name]) => name));
	const left = text
		.replace(PRELOADED_MODULE, "\t{ NULL, NULL, 0, NULL, 0, NULL, 0, ")
		.replace(HOST_MODULE, (whole, name) => (preloaded.has(name) ? "" : whole));
	const used = new Map();
	for (const [, table, index] of left.matchAll(BUILDER))
		used.set(table, (used.get(table) ?? new Set()).add(Number(index)));
	const numbers = new Map();
	const tables = left.replace(BUILDERS, (whole, begin, table, middle, list, end) => {
		// A module that is loaded on the device makes all of its functions.
		if (left.includes(`(xsHostBuilder*)${table})`)) return whole;
		const kept = list
			.split("\n")
			.flatMap((line, index) => (used.get(table)?.has(index) ? [{ line, index }] : []));
		numbers.set(table, new Map(kept.map(({ index }, n) => [index, n])));
		if (kept.length === 0) return "";
		return `${begin}[${kept.length}]${middle}${kept.map(({ line }) => line).join("\n")}\n${end}`;
	});
	return tables.replace(BUILDER, (whole, table, index) => {
		const number = numbers.get(table)?.get(Number(index));
		return number === undefined ? whole : `&${table}[${number}]`;
	});
}

/**
 * The compiler checks that our code asks for nothing that was stripped (host-test/architecture); of the SDK's modules this tells at least of
 * names that no object here has: XS would end the firmware.
 */
function refuseStripped(slots, dead, found, made) {
	const isStripped = new Map();
	for (const slot of slots) {
		const { id, kind } = slot;
		if (!(id > 0) || /^XS_(KEY_X|CODE_X|HOME|CALLBACK_X)_KIND$/.test(kind)) continue;
		isStripped.set(id, isDead(slot, slots, dead) && isStripped.get(id) !== false);
	}
	const wrong = [...isStripped]
		.filter(([id, stripped]) => stripped && found.has(id) && !made.has(id))
		.map(([id]) => nameOf(id, slots))
		.filter((name) => name !== OF_EACH_REALM);
	if (wrong.length > 0) throw new Error(`code asks for what manifest.json strips from the engine: ${wrong}`);
}

function nameOf(id, slots) {
	const key = slots.find((slot) => slot.kind === "XS_KEY_X_KIND" && slot.id === id);
	return KEY.exec(key?.rest)?.[1] ?? id;
}

/**
 * A property that was stripped, or that no code asks for by its name, nor finds by listing properties. (Symbols' names are
 * asked for by the engine.)
 */
function isUnused({ kind, id, flags, rest }, slots, dead, asked) {
	if (!(id > 0) || flags & INTERNAL || VARIABLE.test(kind)) return false;
	return (flags & NOT_LISTED && !asked.has(id) && !SYMBOL.test(rest)) || isDead({ kind, rest }, slots, dead);
}

function isDead({ kind, rest }, slots, dead) {
	if (kind === "XS_HOST_FUNCTION_KIND") return dead.has(/&gxBuilders\[\d+\]/.exec(rest)?.[0]);
	if (kind !== "XS_REFERENCE_KIND" && kind !== "XS_ACCESSOR_KIND") return false;
	const values = placesIn(rest);
	return values.length > 0 && values.every((at) => slots[slots[at]?.next]?.rest.includes(`{ ${DEAD}, `));
}

/** The entries of what was stripped, as slots name them. */
function deadBuilders(text) {
	const [table] = [...text.matchAll(BUILDERS)].filter(([, , name]) => name === "gxBuilders");
	const lines = table?.[4].split("\n") ?? [];
	return new Set(lines.flatMap((line, index) => (line.includes(DEAD) ? [`&gxBuilders[${index}]`] : [])));
}

function reachedFrom(roots, slots, gone) {
	const reached = new Set([0]);
	const open = [...roots];
	while (open.length > 0) {
		const at = open.pop();
		if (at === undefined || at >= slots.length || reached.has(at)) continue;
		const { next, rest, elements } = slots[at];
		if (gone.has(at)) {
			open.push(next);
			continue;
		}
		reached.add(at);
		open.push(next);
		if (elements) for (let n = -1; n < elements.count; n++) open.push(elements.first + n);
		else open.push(...placesIn(rest));
	}
	return reached;
}

function placesIn(rest) {
	return [...rest.matchAll(PLACE)].map(([, place]) => Number(place));
}

/**
 * In the bytecode of all functions, and of modules that are not preloaded: the numbers of names that are looked for, and of those by which
 * something is made or set; the words in texts.
 */
function namesInCode(slots, text, decode) {
	const found = new Set();
	const made = new Set();
	const words = new Set();
	const read = (bytes) => {
		for (const word of bytes.toString("latin1").split(/[^\w$]+/)) words.add(word);
	};
	const visit = (list) => {
		for (const { op, id, data, body } of list) {
			if (id !== undefined) (MAKES.test(op) ? made : found).add(id);
			if (op === "STRING") read(data);
			if (body) visit(body);
		}
	};
	for (const { rest } of slots) {
		visit(instructionsIn(rest, decode));
		for (const [, bytes] of rest.matchAll(TEXT)) read(Buffer.from(bytes, "latin1"));
	}
	for (const [, bytes] of text.matchAll(MODULES)) visit(decode(unpadded(bytes.replace(/0x|[\s,]/g, ""))));
	return { found, made, words };
}

/** The instructions of a preloaded function; none where the slot has no bytecode. */
export function instructionsIn(rest, decode) {
	const [, bytes] = FUNCTION.exec(rest) ?? [];
	return bytes === undefined ? [] : decode(unpadded(bytes.replaceAll("\\x", "")));
}

/** The linker fills up with zeros; no function ends with one. */
function unpadded(hex) {
	const bytes = Buffer.from(hex, "hex");
	let end = bytes.length;
	while (bytes[end - 1] === 0) end--;
	return bytes.subarray(0, end);
}

/** The places of names that no property has, no code asks for, and no text has for a word: by JSON it would be made anew. */
function unusedKeys(slots, reached, asked, words) {
	const used = new Set(asked);
	const isKey = (at) => slots[at].kind === "XS_KEY_X_KIND";
	for (const at of reached) if (!isKey(at) && slots[at].kind !== "XS_HOME_KIND") used.add(slots[at].id);
	return new Set(
		[...reached].filter(
			(at) => isKey(at) && !used.has(slots[at].id) && !words.has(KEY.exec(slots[at].rest)?.[1]),
		),
	);
}

/** Names are found by their number in a table: numbers that nobody has lead to the first name that stays. */
function withOtherKeys(text, slots, keys) {
	const other = slots.findIndex(({ kind }, at) => kind === "XS_KEY_X_KIND" && !keys.has(at));
	return text.replace(KEYS, (_, begin, list, end) => {
		const entries = list.replace(PLACE, (entry, place) =>
			keys.has(Number(place)) ? `&gxHeap[${other}]` : entry,
		);
		return begin + entries + end;
	});
}
