// tools/bytecode-closures.mjs: functions find the variables that they found before, and more of them begin alike. The tool
// is an ES module, so a child process asks it.
import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const TOOL = pathToFileURL(resolve(__dirname, "../../tools/bytecode-closures.mjs")).href;
const ASK = `
import { withSharedOrder } from ${JSON.stringify(TOOL)};
console.log(JSON.stringify(withSharedOrder(JSON.parse(process.argv[1]))));
`;

interface Instruction {
	readonly op: string;
	readonly n?: number;
	readonly body?: readonly Instruction[];
}

function ordered(list: readonly Instruction[]): readonly Instruction[] {
	const { stdout, stderr, status } = spawnSync(
		process.execPath,
		["--input-type=module", "-e", ASK, JSON.stringify(list)],
		{ encoding: "utf8" },
	);
	if (status !== 0) throw new Error(stderr);
	return JSON.parse(stdout);
}

/** A function that reads these variables of its module, in this order, and one of its own. */
function made(...variables: readonly number[]): readonly Instruction[] {
	const body = [
		{ op: "BEGIN_STRICT" },
		{ op: "RESERVE", n: variables.length + 1 },
		{ op: "RETRIEVE", n: variables.length },
		...variables.map((_, n) => ({ op: "GET_CLOSURE", n })),
		{ op: "GET_LOCAL", n: variables.length },
		{ op: "END" },
	];
	return [
		{ op: "FUNCTION" },
		{ op: "CODE", body },
		{ op: "ENVIRONMENT" },
		...variables.map((n) => ({ op: "STORE", n })),
		{ op: "POP" },
	];
}

/** For each function: the variables in its environment, and those that it reads. */
function read(list: readonly Instruction[]) {
	return list.flatMap(({ body }, index) => {
		if (!body) return [];
		const environment: number[] = [];
		for (let at = index + 2; list[at]?.op === "STORE"; at++) environment.push(list[at]?.n as number);
		const reads = body.filter(({ op }) => op === "GET_CLOSURE").map(({ n }) => environment[n as number]);
		expect(body.find(({ op }) => op === "RETRIEVE")?.n).toBe(environment.length);
		expect(body.find(({ op }) => op === "RESERVE")?.n).toBe(environment.length + 1);
		expect(body.find(({ op }) => op === "GET_LOCAL")?.n).toBe(environment.length);
		return [{ environment, reads }];
	});
}

const WANTED = [[5, 3], [3], [9, 5, 3], [7], [3, 5], [7, 300], [8]];
const before = WANTED.flatMap((variables) => made(...variables));

test("every function reads what it read", () => {
	expect(read(ordered(before)).map(({ reads }) => reads)).toEqual(WANTED);
});

test("environments begin as others do, with one variable too much at most", () => {
	const environments = read(ordered(before)).map(({ environment }) => environment);
	environments.forEach((environment, index) => {
		expect(environment.length - (WANTED[index]?.length ?? 0)).toBeLessThanOrEqual(1);
	});
	const isBeginning = (one: readonly number[], other: readonly number[]) =>
		one !== other && one.every((variable, index) => other[index] === variable);
	const own = environments.filter((one) => !environments.some((other) => isBeginning(one, other)));
	expect(own.length).toBeLessThanOrEqual(3);
});

test("functions that take more than variables stay as they are", () => {
	const list = made(4, 2).map((each) =>
		each.body
			? { ...each, body: [...each.body.slice(0, 3), { op: "RETRIEVE_THIS" }, ...each.body.slice(3)] }
			: each,
	);
	expect(ordered([...list, ...made(2)]).slice(0, list.length)).toEqual(list);
});
