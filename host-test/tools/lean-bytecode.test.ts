// The passes of tools/lean-bytecode.mjs, on lists of instructions as XS's compiler writes them; and that what they make
// does the same, by a machine of its own for the instructions that these lists use. The tool is an ES module, so a child
// process asks it.
import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const TOOL = pathToFileURL(resolve(__dirname, "../../tools/lean-bytecode.mjs")).href;
/** Labels, and where branches lead, are numbers on the way there and back. */
const ASK = `
import { leanBytecode } from ${JSON.stringify(TOOL)};
const labels = new Map();
const label = (number) => labels.get(number) ?? labels.set(number, { op: "LABEL" }).get(number);
const list = JSON.parse(process.argv[1]).map(({ op, label: number, to, data, ...rest }) =>
	op === "LABEL" ? label(number)
	: { op, ...rest, ...(to === undefined ? {} : { to: label(to) }), ...(data ? { data: Buffer.from(data) } : {}) });
const numbers = new Map();
const number = (label) => numbers.get(label) ?? numbers.set(label, numbers.size).get(label);
console.log(JSON.stringify(leanBytecode(list).map((each) =>
	each.op === "LABEL" ? { op: "LABEL", label: number(each) }
	: { ...each, ...(each.to ? { to: number(each.to) } : {}), ...(each.data ? { data: [...each.data] } : {}) })));
`;

interface Instruction {
	op: string;
	n?: number;
	id?: number;
	data?: readonly number[];
	label?: number;
	to?: number | undefined;
}

let labels = 0;
const label = (): Instruction => ({ op: "LABEL", label: labels++ });
const argument = (n: number): Instruction => ({ op: "ARGUMENT", data: [n] });
const local = (op: string, n: number): Instruction => ({ op: `${op}_LOCAL`, n });
const made = (id: number): Instruction => ({ op: "NEW_LOCAL", id });
const integer = (n: number): Instruction => ({ op: "INTEGER", n });
const branch = (op: string, to: Instruction): Instruction => ({ op, to: to.label });
const plain = (...ops: string[]): Instruction[] => ops.map((op) => ({ op }));
const begin = (...body: Instruction[]): Instruction[] => [
	{ op: "BEGIN_STRICT", data: [0] },
	{ op: "RESERVE", n: 8 },
	...body,
];

const words = (list: Instruction[]): string =>
	list.map(({ op, n }) => (n === undefined ? op : `${op} ${n}`)).join(", ");

const MOST_ON_STACK = 50;

/** What a function gives for `given`: its result, or "uninitialized" where XS would throw that. */
function result(list: Instruction[], given: readonly number[]): unknown {
	const slots: { value: unknown; empty: boolean; constant: boolean }[] = [];
	const stack: unknown[] = [];
	let answer: unknown;
	let scope = 0;
	const pop = (): unknown => {
		if (stack.length === 0) throw new Error("the stack is empty");
		return stack.pop();
	};
	for (let at = 0, steps = 0; ; at++) {
		if (++steps > 10_000) throw new Error("it does not end");
		if (stack.length > MOST_ON_STACK) throw new Error("the stack overflows");
		const each = list[at] as Instruction;
		const slot = slots[each.n ?? 0];
		const jump = () => {
			at = list.findIndex(({ op, label }) => op === "LABEL" && label === each.to);
		};
		switch (each.op) {
			case "BEGIN_STRICT":
			case "LABEL":
				break;
			case "RESERVE":
				for (let left = each.n ?? 0; left > 0; left--)
					slots.push({ value: undefined, empty: false, constant: false });
				break;
			case "NEW_LOCAL":
				slots[scope++] = { value: undefined, empty: true, constant: false };
				break;
			case "NEW_TEMPORARY":
				slots[scope++] = { value: undefined, empty: false, constant: false };
				break;
			case "UNWIND":
				scope -= each.n ?? 0;
				break;
			case "GET_LOCAL":
				if (slot?.empty) return "uninitialized";
				stack.push(slot?.value);
				break;
			case "SET_LOCAL":
			case "PULL_LOCAL":
				if (!slot || slot.empty || slot.constant) return "uninitialized";
				slot.value = stack.at(-1);
				if (each.op === "PULL_LOCAL") pop();
				break;
			case "CONST_LOCAL":
			case "LET_LOCAL":
			case "VAR_LOCAL":
				if (!slot || (each.op === "CONST_LOCAL" && !slot.empty)) return "uninitialized";
				Object.assign(slot, { value: stack.at(-1), empty: false, constant: each.op === "CONST_LOCAL" });
				break;
			case "ARGUMENT":
				stack.push(given[each.data?.[0] ?? 0]);
				break;
			case "INTEGER":
				stack.push(each.n);
				break;
			case "UNDEFINED":
			case "VOID":
				if (each.op === "VOID") pop();
				stack.push(undefined);
				break;
			case "DUB":
				stack.push(stack.at(-1));
				break;
			case "POP":
				pop();
				break;
			case "NOT":
				stack.push(!pop());
				break;
			case "TRUE":
			case "FALSE":
				stack.push(each.op === "TRUE");
				break;
			case "STRING":
				stack.push(String.fromCharCode(...(each.data ?? []).slice(0, -1)));
				break;
			case "TO_STRING":
				stack.push(`${pop()}`);
				break;
			case "TO_INSTANCE":
				break;
			case "GET_PROPERTY":
				// Of any value: how it is written, and which property.
				stack.push(`${pop()}.${each.id}`);
				break;
			case "ADD": {
				const second = pop();
				stack.push((pop() as number) + (second as number));
				break;
			}
			// Nothing here throws.
			case "CATCH":
			case "UNCATCH":
				break;
			case "BRANCH":
				jump();
				break;
			case "BRANCH_IF":
				if (pop()) jump();
				break;
			case "BRANCH_ELSE":
				if (!pop()) jump();
				break;
			case "SET_RESULT":
				answer = pop();
				break;
			case "END":
				return answer;
			default:
				throw new Error(`this machine has no ${each.op}`);
		}
	}
}

function leanBytecode(list: readonly Instruction[]): Instruction[] {
	const { stdout, stderr, status } = spawnSync(
		process.execPath,
		["--input-type=module", "-e", ASK, JSON.stringify(list)],
		{ encoding: "utf8" },
	);
	if (status !== 0) throw new Error(stderr);
	return JSON.parse(stdout);
}

/** The shorter list, after it gave the same as the longer one for these arguments. */
function lean(list: Instruction[]): string {
	const shorter = leanBytecode(list);
	for (const first of [0, 1, -1, 7])
		for (const second of [0, 1, 5]) {
			expect(result(shorter, [first, second])).toEqual(result(list, [first, second]));
		}
	return words(shorter);
}

test("a parameter that nothing assigns to is read as an argument", () => {
	const list = begin(
		made(1),
		made(2),
		argument(0),
		local("VAR", 0),
		...plain("POP"),
		argument(1),
		local("VAR", 1),
		...plain("POP"),
		local("GET", 0),
		local("GET", 1),
		...plain("ADD", "SET_RESULT", "END"),
	);
	expect(lean(list)).toBe("BEGIN_STRICT, ARGUMENT, ARGUMENT, ADD, SET_RESULT, END");
});

test("a variable that is assigned to keeps a slot, without an instruction that makes it", () => {
	const list = begin(
		made(1),
		argument(0),
		local("VAR", 0),
		...plain("POP"),
		local("GET", 0),
		integer(1),
		...plain("ADD"),
		local("SET", 0),
		...plain("POP"),
		local("GET", 0),
		local("GET", 0),
		...plain("ADD", "SET_RESULT", "END"),
	);
	expect(lean(list)).toBe("BEGIN_STRICT, ARGUMENT, INTEGER 1, ADD, DUB, ADD, SET_RESULT, END");
});

test("a variable that a path reads before it is written stays as it is, and throws", () => {
	const skip = label();
	const list = begin(
		made(1),
		argument(0),
		branch("BRANCH_ELSE", skip),
		integer(5),
		local("CONST", 0),
		...plain("POP"),
		skip,
		local("GET", 0),
		...plain("SET_RESULT", "END"),
	);
	expect(lean(list)).toContain("NEW_LOCAL");
	expect(result(leanBytecode(list), [0])).toBe("uninitialized");
});

test("a constant that something assigns to stays as it is, and throws", () => {
	const list = begin(
		made(1),
		integer(5),
		local("CONST", 0),
		...plain("POP"),
		integer(6),
		local("SET", 0),
		...plain("SET_RESULT", "END"),
	);
	expect(lean(list)).toContain("CONST_LOCAL");
});

test("a loop's variable lives on from round to round", () => {
	const [next, done] = [label(), label()];
	const list = begin(
		made(1),
		made(2),
		argument(1),
		local("LET", 0),
		...plain("POP"),
		integer(0),
		local("LET", 1),
		...plain("POP"),
		next,
		local("GET", 0),
		branch("BRANCH_ELSE", done),
		local("GET", 1),
		integer(3),
		...plain("ADD"),
		local("PULL", 1),
		local("GET", 0),
		integer(-1),
		...plain("ADD"),
		local("PULL", 0),
		branch("BRANCH", next),
		done,
		local("GET", 1),
		...plain("SET_RESULT", "END"),
	);
	expect(lean(list)).not.toMatch(/NEW_LOCAL|LET_LOCAL|POP/);
});

test("blocks beside each other share a slot, blocks in each other do not", () => {
	const list = begin(
		made(1),
		argument(0),
		local("LET", 0),
		...plain("POP"),
		made(2),
		argument(1),
		local("LET", 1),
		...plain("POP"),
		local("GET", 1),
		integer(2),
		...plain("ADD"),
		local("PULL", 1),
		local("GET", 1),
		local("GET", 0),
		...plain("ADD"),
		local("PULL", 0),
		{ op: "UNWIND", n: 1 },
		made(3),
		local("GET", 0),
		local("LET", 1),
		...plain("POP"),
		local("GET", 0),
		local("GET", 1),
		...plain("ADD", "SET_RESULT", "END"),
	);
	expect(lean(list)).not.toMatch(/NEW_LOCAL|UNWIND/);
});

test("`a && b`, `a || b` and `!a` in a condition branch at once", () => {
	const [and, or, not, end] = [label(), label(), label(), label()];
	const list = begin(
		argument(0),
		...plain("DUB"),
		branch("BRANCH_ELSE", and),
		...plain("POP"),
		argument(1),
		and,
		...plain("DUB"),
		branch("BRANCH_IF", or),
		...plain("POP"),
		argument(0),
		integer(1),
		...plain("ADD"),
		or,
		...plain("NOT"),
		branch("BRANCH_ELSE", not),
		integer(10),
		branch("BRANCH", end),
		not,
		integer(20),
		end,
		...plain("SET_RESULT", "END"),
	);
	expect(lean(list)).not.toMatch(/DUB|NOT|POP/);
});

test("`void 0` and a returned undefined take no instructions", () => {
	const after = label();
	const list = begin(
		argument(0),
		branch("BRANCH_IF", after),
		...plain("UNDEFINED", "SET_RESULT", "END"),
		after,
		integer(0),
		...plain("VOID", "SET_RESULT", "END"),
	);
	expect(lean(list)).toBe("BEGIN_STRICT, ARGUMENT, BRANCH_IF, END, LABEL, END");
});

const text = (of: string): Instruction => ({
	op: "STRING",
	data: [...of].map((each) => each.charCodeAt(0)).concat(0),
});
const property = (id: number): Instruction => ({ op: "GET_PROPERTY", id });

test("`!0` and `!1` are one instruction", () => {
	const list = begin(integer(0), ...plain("NOT", "SET_RESULT", "END"));
	expect(lean(list)).toBe("BEGIN_STRICT, TRUE, SET_RESULT, END");
	expect(lean(begin(integer(1), ...plain("NOT", "SET_RESULT", "END")))).toContain("FALSE");
});

test("a template adds no empty strings, not even around a condition", () => {
	const [other, end] = [label(), label()];
	const list = begin(
		text(""),
		argument(0),
		branch("BRANCH_ELSE", other),
		argument(1),
		branch("BRANCH", end),
		other,
		text(""),
		integer(4),
		...plain("TO_STRING", "ADD"),
		end,
		...plain("TO_STRING", "ADD"),
		text(" of "),
		...plain("ADD"),
		argument(0),
		...plain("TO_STRING", "ADD"),
		text(""),
		...plain("ADD", "SET_RESULT", "END"),
	);
	expect(lean(list)).toBe(
		"BEGIN_STRICT, ARGUMENT, BRANCH_ELSE, ARGUMENT, BRANCH, LABEL, INTEGER 4, TO_STRING, LABEL, TO_STRING, STRING, ADD, ARGUMENT, TO_STRING, ADD, SET_RESULT, END",
	);
});

test("an empty string to which something else is added stays", () => {
	const list = begin(text(""), argument(0), ...plain("ADD", "SET_RESULT", "END"));
	expect(lean(list)).toContain("STRING");
	const after = begin(argument(0), text(""), ...plain("ADD", "SET_RESULT", "END"));
	expect(lean(after)).toContain("STRING");
});

test("`a && b();` keeps no copy of `a`", () => {
	const skip = label();
	const list = begin(
		made(1),
		integer(3),
		local("LET", 0),
		...plain("POP"),
		argument(0),
		...plain("DUB"),
		branch("BRANCH_ELSE", skip),
		...plain("POP"),
		argument(1),
		local("SET", 0),
		skip,
		...plain("POP"),
		local("GET", 0),
		...plain("SET_RESULT", "END"),
	);
	expect(lean(list)).not.toMatch(/DUB|POP/);
});

test("what is taken apart is not kept beside its parts", () => {
	const list = begin(
		made(1),
		made(2),
		made(3),
		argument(0),
		...plain("DUB", "TO_INSTANCE"),
		local("SET", 0),
		property(5),
		local("LET", 1),
		...plain("POP"),
		local("GET", 0),
		property(6),
		local("LET", 2),
		...plain("POP", "POP"),
		local("GET", 1),
		local("GET", 2),
		...plain("ADD", "SET_RESULT", "END"),
	);
	expect(lean(list)).not.toMatch(/TO_INSTANCE|POP/);
});

test("paths that end alike end in the same instructions", () => {
	const [other, end, third] = [label(), label(), label()];
	const list = begin(
		argument(0),
		branch("BRANCH_ELSE", other),
		argument(1),
		integer(1000),
		...plain("ADD"),
		integer(2000),
		...plain("ADD"),
		branch("BRANCH", end),
		other,
		argument(1),
		branch("BRANCH_ELSE", third),
		argument(0),
		integer(1000),
		...plain("ADD"),
		integer(2000),
		...plain("ADD"),
		branch("BRANCH", end),
		third,
		integer(9),
		integer(2000),
		...plain("ADD"),
		end,
		...plain("SET_RESULT", "END"),
	);
	const shorter = lean(list);
	expect(shorter.match(/INTEGER 1000/g)).toHaveLength(1);
	expect(shorter.match(/INTEGER 2000/g)).toHaveLength(1);
	const early = label();
	const ends = begin(
		argument(0),
		branch("BRANCH_ELSE", early),
		argument(1),
		integer(7),
		...plain("ADD", "SET_RESULT", "END"),
		early,
		integer(1),
		integer(7),
		...plain("ADD", "SET_RESULT", "END"),
	);
	expect(lean(ends).match(/INTEGER 7/g)).toHaveLength(1);
});

test("what is tried and what catches it may lead to the same place", () => {
	const [caught, out] = [label(), label()];
	const list = begin(
		made(1),
		argument(0),
		local("LET", 0),
		...plain("POP"),
		branch("CATCH", caught),
		local("GET", 0),
		integer(1),
		...plain("ADD"),
		local("PULL", 0),
		...plain("UNCATCH"),
		branch("BRANCH", out),
		caught,
		out,
		local("GET", 0),
		...plain("SET_RESULT", "END"),
	);
	expect(lean(list)).not.toMatch(/NEW_LOCAL|LET_LOCAL/);
});

test("a function with an instruction that is not known stays as it is", () => {
	const list = begin(made(1), ...plain("UNHEARD_OF", "END"));
	expect(leanBytecode(list)).toEqual(list);
});

describe("what a switch is on, where a branch leaves it with that on the stack as XS's compiler has it", () => {
	/** `for (let left = 100; left; left--)` around what is done each time, which may begin the next round. */
	const rounds = (body: (next: Instruction) => Instruction[]) => {
		const [head, end] = [label(), label()];
		return begin(
			made(1),
			integer(100),
			local("VAR", 0),
			...plain("POP"),
			...[head, local("GET", 0), branch("BRANCH_ELSE", end)],
			...[local("GET", 0), integer(-1), ...plain("ADD"), local("PULL", 0)],
			...body(head),
			...[branch("BRANCH", head), end, local("GET", 0), ...plain("SET_RESULT", "END")],
		);
	};
	const expectMended = (list: Instruction[]) => {
		expect(() => result(list, [1])).toThrow("the stack overflows");
		expect(result(leanBytecode(list), [1])).toBe(0);
	};

	test("is dropped before a branch to the next round", () => {
		expectMended(rounds((next) => [argument(0), branch("BRANCH", next)]));
	});

	test("is dropped on the way of a branch under a condition", () => {
		expectMended(rounds((next) => [argument(0), argument(0), branch("BRANCH_IF", next), ...plain("POP")]));
	});

	test("is dropped where all paths leave the switch, and meet one that was never in it", () => {
		expectMended(
			rounds(() => {
				const [behind, other] = [label(), label()];
				return [
					...[argument(0), branch("BRANCH_ELSE", other)],
					...[argument(0), argument(0), branch("BRANCH_IF", behind), branch("BRANCH", behind)],
					...[behind, integer(3), local("PULL", 1), other],
				];
			}).flatMap((each) =>
				each.op === "NEW_LOCAL"
					? [each, made(2), ...plain("UNDEFINED"), local("VAR", 1), ...plain("POP")]
					: [each],
			),
		);
	});

	test("is dropped beside a call of as many values as there are, whose arguments are not", () => {
		const [more, enough] = [label(), label()];
		const call = [
			...[...plain("THIS"), { op: "GET_PROPERTY", id: 5 }, ...plain("THIS", "CALL")],
			...[more, argument(0), branch("BRANCH_ELSE", enough), argument(1), branch("BRANCH", more)],
			...[enough, argument(2), ...plain("RUN", "POP")],
		];
		const list = rounds((next) => [...call, argument(0), branch("BRANCH", next)]);
		const left = (each: readonly Instruction[]) => each.filter(({ op }) => op === "POP").length;
		const mended = leanBytecode(list);
		const dropped = mended.findIndex(({ op }, index) => op === "POP" && mended[index + 1]?.op === "BRANCH");
		expect(words(mended)).toContain("ARGUMENT, BRANCH");
		expect(left(mended)).toBeGreaterThan(0);
		expect([dropped, mended[dropped - 1]?.op]).toEqual([dropped, "RUN"]);
	});
});
