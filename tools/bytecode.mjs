// XS's bytecode, between its compiler (xsc) and its linker (xsl): a module's .xsb file as lists of instructions, and back.
// What is changed on the way is tools/lean-bytecode.mjs's work. Everything known about the format is from
// $MODDABLE/xs/sources: xsCommon.c (gxCodeSizes), xsCode.c (fxParserCode), xsScript.c.
//
// An instruction is `{ op, … }`: `id` a symbol, `n` an index or a number, `data` bytes, `to` a label of the same function,
// `body` a function's instructions. `op` is XS's name without the size of its operand, which is chosen when bytes are
// written: XS's compiler takes branches to be longer than they are. A label is an instruction of no length: `{ op: "LABEL" }`.
import { readFileSync } from "node:fs";
import { join } from "node:path";

const ID_BYTES = 2;
const MOST_1 = 0x7f;
const MOST_2 = 0x7fff;
const BRANCHES = /^XS_CODE_(BRANCH(?:_\w+?)?|CATCH)_[124]$/;
/** Indexes of slots are written plus one; counts as they are. */
const SLOTS =
	/^XS_CODE_((?:CONST|GET|LET|PULL|REFRESH|RESET|SET|VAR)_(?:CLOSURE|LOCAL)|(?:GET|HAS|NEW|SET)_PRIVATE|STORE|USED)_[12]$/;
const COUNTS = /^XS_CODE_(RESERVE|RETRIEVE|UNWIND)_[12]$/;
const INTEGERS = /^XS_CODE_(INTEGER|RUN|RUN_TAIL)_[124]$/;
/** `_ARCHIVE`: used in place, in flash (tools/flash-code.mjs). */
const TEXTS = /^XS_CODE_(STRING|BIGINT)(?:_ARCHIVE)?_[124]$/;
/** Their flags follow them in the shape of an instruction INTEGER_1. */
const WITH_FLAGS = new Set(["NEW_PROPERTY", "NEW_PROPERTY_AT", "NEW_PRIVATE"]);

/** XS's instructions by number, and their numbers by name; of the SDK in folder `sdk`. */
export function instructionSet(sdk) {
	const source = (name) => readFileSync(join(sdk, "xs/sources", name), "latin1");
	// The names in the comments of gxCodeSizes are not all in the order of the enumeration: that one counts.
	const table = /gxCodeSizes\[[^{]*\{([^}]*)\}/.exec(source("xsCommon.c"))?.[1] ?? "";
	const narrow = table.replace(/#ifdef mx32bitID[^#]*#else([^#]*)#endif/g, "$1");
	const lengths = [...narrow.matchAll(/(-?\d+)\s*\/\*/g)].map(([, length]) => Number(length));
	const enumeration = /\bXS_NO_CODE = 0,[^}]*?\bXS_CODE_COUNT\b/.exec(source("xsCommon.h"))?.[0] ?? "";
	const names = [...enumeration.matchAll(/\bXS_\w*CODE\w*/g)].map(([name]) => name).slice(0, -1);
	if (names.length === 0 || names.length !== lengths.length)
		throw new Error("XS's instructions are not where they were: see tools/bytecode.mjs");
	const rows = names.map((name, number) => ({
		name,
		length: lengths[number],
		...shapeOf(name, lengths[number]),
	}));
	return { rows, numbers: new Map(names.map((name, number) => [name, number])) };
}

function shapeOf(name, length) {
	for (const [shape, names] of Object.entries({
		branch: BRANCHES,
		slot: SLOTS,
		count: COUNTS,
		integer: INTEGERS,
		text: TEXTS,
	})) {
		const [, op] = names.exec(name) ?? [];
		if (op) return { op, shape };
	}
	const op = name.replace(/^XS_(CODE_)?/, "");
	if (/^CODE(?:_ARCHIVE)?_[124]$/.test(op)) return { op: "CODE", shape: "code" };
	if (length === 0) return { op, shape: "symbol" };
	return { op, shape: length > 1 ? "bytes" : "plain" };
}

/** The parts of a .xsb file: `{ type, bytes }` each. Throws where it is none. */
export function partsOf(file) {
	if (file.toString("latin1", 4, 8) !== "XS_B" || file.readUInt32BE(0) !== file.length)
		throw new Error("not XS bytecode");
	const parts = [];
	for (let at = 8; at < file.length; ) {
		const length = file.readUInt32BE(at);
		parts.push({ type: file.toString("latin1", at + 4, at + 8), bytes: file.subarray(at + 8, at + length) });
		at += length;
	}
	return parts;
}

/** The file that `parts` make. */
export function fileOf(parts) {
	const atom = (type, bytes) => {
		const head = Buffer.alloc(8);
		head.writeUInt32BE(8 + bytes.length);
		head.write(type, 4, "latin1");
		return Buffer.concat([head, bytes]);
	};
	return atom("XS_B", Buffer.concat(parts.map(({ type, bytes }) => atom(type, bytes))));
}

/** The instructions in `bytes`. Throws where they are none, or where a branch leads into the middle of one. */
export function decoded({ rows }, bytes) {
	const list = [];
	const starts = new Map();
	const branches = [];
	for (let at = 0; at < bytes.length; ) {
		const row = rows[bytes[at]];
		if (!row) throw new Error(`${bytes[at]} is no instruction of XS`);
		const instruction = { op: row.op };
		starts.set(at, list.length);
		list.push(instruction);
		const operand = at + 1;
		at = row.length > 0 ? at + row.length : row.length === 0 ? operand + ID_BYTES : operand - row.length;
		const width = at - operand;
		if (row.shape === "symbol") instruction.id = bytes.readUInt16LE(operand);
		else if (row.shape === "slot") instruction.n = bytes.readUIntLE(operand, width) - 1;
		else if (row.shape === "count") instruction.n = bytes.readUIntLE(operand, width);
		else if (row.shape === "integer") instruction.n = bytes.readIntLE(operand, width);
		else if (row.shape === "bytes") instruction.data = bytes.subarray(operand, at);
		else if (row.shape === "text") {
			const length = bytes.readUIntLE(operand, width);
			instruction.data = bytes.subarray(at, at + length);
			at += length;
		} else if (row.shape === "branch") branches.push([instruction, at + bytes.readIntLE(operand, width)]);
		else if (row.shape === "code") {
			const length = bytes.readIntLE(operand, width);
			instruction.body = decoded({ rows }, bytes.subarray(at, at + length));
			at += length;
		}
		if (WITH_FLAGS.has(row.op)) {
			if (rows[bytes[at]].op !== "INTEGER") throw new Error(`${row.op} without flags`);
			instruction.flags = bytes.subarray(at, at + 2);
			at += 2;
		}
	}
	return withLabels(list, starts, branches);
}

function withLabels(list, starts, branches) {
	const labels = new Map();
	for (const [instruction, offset] of branches) {
		const index = starts.get(offset);
		if (index === undefined) throw new Error(`a branch leads to ${offset}, where no instruction begins`);
		if (!labels.has(index)) labels.set(index, { op: "LABEL" });
		instruction.to = labels.get(index);
	}
	return list.flatMap((instruction, index) =>
		labels.has(index) ? [labels.get(index), instruction] : [instruction],
	);
}

/** The bytes of `list`, every operand as short as it can be. */
export function encoded({ numbers }, list) {
	const pieces = list.map((instruction) => pieceOf(numbers, instruction));
	const at = new Map();
	const place = () => {
		let offset = 0;
		list.forEach((instruction, index) => {
			if (instruction.op === "LABEL") at.set(instruction, offset);
			offset += pieces[index].length;
		});
	};
	for (let grown = true; grown; ) {
		grown = false;
		place();
		let offset = 0;
		list.forEach(({ op, to }, index) => {
			offset += pieces[index].length;
			if (!to) return;
			const width = widthOf(at.get(to) - offset);
			if (width < pieces[index].length) return;
			pieces[index] = Buffer.alloc(1 + width);
			pieces[index][0] = numbers.get(`XS_CODE_${op}_${width}`);
			grown = true;
		});
	}
	place();
	let offset = 0;
	list.forEach(({ to }, index) => {
		offset += pieces[index].length;
		if (to) pieces[index].writeIntLE(at.get(to) - offset, 1, pieces[index].length - 1);
	});
	return Buffer.concat(pieces);
}

function widthOf(value) {
	if (value >= -MOST_1 - 1 && value <= MOST_1) return 1;
	return value >= -MOST_2 - 1 && value <= MOST_2 ? 2 : 4;
}

/** One instruction's bytes; a branch's without where it leads, in the shortest form. */
function pieceOf(numbers, instruction) {
	const { op, id, n, data, to, body, flags } = instruction;
	const number = (name) => {
		const found = numbers.get(`XS_CODE_${name}`) ?? numbers.get(`XS_${name}`);
		if (found === undefined) throw new Error(`XS knows no instruction ${name}`);
		return found;
	};
	const sized = (value, width) => {
		const bytes = Buffer.alloc(1 + width);
		bytes[0] = number(`${op}_${width}`);
		if (value < 0) bytes.writeIntLE(value, 1, width);
		else bytes.writeUIntLE(value, 1, width);
		return bytes;
	};
	if (op === "LABEL") return Buffer.alloc(0);
	if (to) return Buffer.from([number(`${op}_1`), 0]);
	if (body) {
		const bytes = encoded({ numbers }, body);
		return Buffer.concat([sized(bytes.length, widthOf(bytes.length)), bytes]);
	}
	if (id !== undefined) {
		const bytes = Buffer.from([number(op), id & 0xff, id >> 8]);
		return flags ? Buffer.concat([bytes, flags]) : bytes;
	}
	if (/^(INTEGER|RUN|RUN_TAIL)$/.test(op) && n !== undefined) return sized(n, widthOf(n));
	if (n !== undefined) {
		const value = SLOTS.test(`XS_CODE_${op}_1`) ? n + 1 : n;
		const bytes = sized(value, value > 0xff ? 2 : 1);
		return flags ? Buffer.concat([bytes, flags]) : bytes;
	}
	if (/^(STRING|BIGINT)$/.test(op))
		return Buffer.concat([sized(data.length, data.length > 0xffff ? 4 : data.length > 0xff ? 2 : 1), data]);
	return Buffer.concat([Buffer.from([number(op)]), data ?? Buffer.alloc(0), flags ?? Buffer.alloc(0)]);
}
