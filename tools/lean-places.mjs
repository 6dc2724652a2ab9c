// The statements of a function in place of a call (tools/lean-calls.mjs chooses which). What is evaluated before the call, and could
// give something else after it, is kept first; only a method is looked up after its arguments instead of before them.
import { analyze } from "eslint-scope";
import { evaluatedBefore, isDecision, isQuiet } from "./evaluation-order.mjs";
import { ECMA_VERSION, edited, treeOf, walk, walkWithParents } from "./lean-source.mjs";

/** What becomes of a value: nothing, or it is returned, or a variable or property has it (`fresh`: a variable without a value so far). */
const DROPPED = Object.freeze({ put: (value) => `${value};` });
const RETURNED = Object.freeze({ put: (value) => `return ${value};`, returns: true });
const assignedTo = (target, fresh = false) => ({ put: (value) => `${target} = ${value};`, target, fresh });

/** The syntax of one statement of a module, and what its calls may become. */
export class CallPlaces {
	#source;
	#names;
	#assigned;
	#scopes = new Map();
	#variables = new Map();

	/** `names` makes names that nothing else has; `assigned`: names of the module's variables that change. */
	constructor(source, names, assigned) {
		this.#source = source;
		this.#names = names;
		this.#assigned = assigned;
		this.tree = treeOf(source);
		this.parents = new Map();
		walkWithParents(this.tree, (node, parent) => this.parents.set(node, parent));
		const { scopes } = analyze(this.tree, { ecmaVersion: ECMA_VERSION, sourceType: "module" });
		for (const scope of scopes) {
			if (scope.type === "function" || !this.#scopes.has(scope.block)) this.#scopes.set(scope.block, scope);
			for (const { identifier, resolved } of scope.references) this.#variables.set(identifier, resolved);
		}
	}

	/** The method whose `this` is known at `node`. */
	methodAround(node) {
		let at = node;
		while (at && !/^Function/.test(at.type) && !/^(PropertyDefinition|StaticBlock)$/.test(at.type))
			at = this.parents.get(at);
		const method = at && this.parents.get(at);
		return method?.type === "MethodDefinition" ? method : undefined;
	}

	/** Whether a name that `called` has from outside of `body` means something else at `call`. */
	hides(call, called, body) {
		const free = new Set(this.#scopes.get(called).through.map(({ identifier }) => identifier.name));
		for (let at = call; at !== body; at = this.parents.get(at))
			for (const { name, defs } of this.#scopes.get(at)?.variables ?? [])
				if (defs.length > 0 && free.has(name)) return true;
		return false;
	}

	/** The statement of a call, or the body of an arrow function that is one expression. */
	placeOf(call) {
		let at = call;
		while (!/(Statement|Declaration)$/.test(at.type)) {
			const parent = this.parents.get(at);
			if (parent.type === "ArrowFunctionExpression" && parent.body === at) return at;
			at = parent;
		}
		const parent = this.parents.get(at);
		return /^For/.test(parent.type) && parent.body !== at ? parent : at;
	}

	/** The edit that puts the statements of `called` in place of `call`; `undefined` where that cannot be. */
	inPlace(call, called) {
		const place = this.placeOf(call);
		const parent = this.parents.get(place);
		const isLabeled = parent.type === "LabeledStatement";
		if (isLabeled || !this.#isInFunction(call) || !this.#canMove(call, called)) return undefined;
		const path = [];
		for (let at = call; at !== place; at = this.parents.get(at)) path.unshift(at);
		const what = { call, called };
		if (parent.type === "ArrowFunctionExpression") {
			const whole = this.#value(place, path, RETURNED, what);
			// An object literal stands in parentheses, which are no part of it.
			const start = this.#source.lastIndexOf("=>", place.start) + "=>".length;
			return whole === undefined ? undefined : { start, end: parent.end, text: ` {\n${whole}\n}` };
		}
		const isListed = ["BlockStatement", "SwitchCase"].includes(parent.type);
		const whole = this.#statement(place, path, what);
		if (whole === undefined) return undefined;
		return { start: place.start, end: place.end, text: isListed ? whole : `{\n${whole}\n}` };
	}

	#isInFunction(node) {
		let at = node;
		while (at && !/Function/.test(at.type) && !/^(PropertyDefinition|StaticBlock)$/.test(at.type))
			at = this.parents.get(at);
		return at !== undefined && /Function/.test(at.type);
	}

	/** Variables of blocks can move; what stands for the function itself, and classes, whose names are theirs as well, stay. */
	#canMove(call, called) {
		const { params, body, async, generator } = called;
		let can = !async && !generator && !this.#scopes.get(called).set.get("arguments")?.references.length;
		walk(body, ({ type, kind }) => {
			if (kind === "var" || type === "MetaProperty" || /^Class/.test(type)) can = false;
		});
		return (
			can &&
			call.arguments.every(({ type }) => type !== "SpreadElement") &&
			params.every(({ type, right }) => type !== "AssignmentPattern" || isQuiet(right))
		);
	}

	#statement(place, path, what) {
		const [first, ...inner] = path;
		const isFirst = (part) => part === first;
		switch (place.type) {
			case "ExpressionStatement":
				return this.#assignment(first, inner, what) ?? this.#value(first, inner, DROPPED, what);
			case "ReturnStatement":
				return this.#value(first, inner, RETURNED, what);
			case "VariableDeclaration":
				return this.#declaration(place, first, inner, what);
			case "IfStatement":
				return isFirst(place.test) ? this.#before(place, path, what) : undefined;
			case "SwitchStatement":
				return isFirst(place.discriminant) ? this.#before(place, path, what) : undefined;
			case "ForOfStatement":
			case "ForInStatement":
				return isFirst(place.right) && !place.await ? this.#before(place, path, what) : undefined;
			case "ThrowStatement":
				return this.#before(place, path, what);
			default:
				return undefined;
		}
	}

	#declaration(place, { id, init }, path, what) {
		if (place.declarations.length !== 1 || path[0] !== init) return undefined;
		if (id.type !== "Identifier") return this.#before(place, path, what);
		const value = this.#value(init, path.slice(1), assignedTo(id.name, true), what);
		return value && `let ${id.name};\n${value}`;
	}

	/** `target = …` where the target is the same before and after. */
	#assignment(node, [first, ...path], what) {
		if (node.type !== "AssignmentExpression" || node.operator !== "=" || node.right !== first)
			return undefined;
		const { left } = node;
		const isOwn = left.type === "MemberExpression" && !left.computed && this.#isStable(left.object);
		if ((!isOwn && left.type !== "Identifier") || endsWithMore(what.called)) return undefined;
		return this.#value(first, path, assignedTo(this.#cut(left)), what);
	}

	/** Statements that evaluate `node`, in which `path` leads to the call, and put its value where it belongs. */
	#value(node, path, put, what) {
		if (node === what.call) return this.#body(what, put);
		const [next, ...inner] = path;
		if (node.type === "ConditionalExpression" && next !== node.test) {
			const branch = (each) =>
				each === next ? this.#value(each, inner, put, what) : put.put(this.#group(each));
			const [yes, no] = [branch(node.consequent), branch(node.alternate)];
			return yes && no && `if ${this.#group(node.test)} {\n${yes}\n} else {\n${no}\n}`;
		}
		if (node.type === "LogicalExpression" && next === node.right)
			return this.#logical(node, inner, put, what);
		if (node.type === "UnaryExpression" && put === DROPPED && /^(!|void)$/.test(node.operator))
			return this.#value(next, inner, DROPPED, what);
		const before = this.#kept([node, ...path], what);
		return before && before.text + put.put(`(${this.#cut(node, before.edits)})`);
	}

	#logical({ left, right, operator }, path, put, what) {
		const goesOn = (value) => ({ "&&": value, "||": `!${value}`, "??": `${value} == null` })[operator];
		const then = (target) => this.#value(right, path, target, what);
		if (put === DROPPED) {
			const value = then(put);
			return value && `if (${goesOn(this.#group(left))}) {\n${value}\n}`;
		}
		if (put.fresh) {
			const value = then(assignedTo(put.target));
			return value && `${put.put(this.#group(left))}\nif (${goesOn(put.target)}) {\n${value}\n}`;
		}
		const name = this.#names.fresh("either");
		const value = then(put);
		return (
			value &&
			`const ${name} = ${this.#group(left)};\nif (${goesOn(name)}) {\n${value}\n} else {\n${put.put(name)}\n}`
		);
	}

	/** `place` behind the statements of the call in the expression that it begins with. */
	#before(place, path, what) {
		const before = this.#kept(path, what);
		return before && before.text + this.#cut(place, before.edits);
	}

	/**
	 * Statements for the call at the end of `path`, or for what decides whether there is one, and the edits of the first of
	 * `path` that take their value.
	 */
	#kept(path, what) {
		const decision = path.findIndex((each, index) => isDecision(each, path[index + 1]));
		const [unit, ...inner] = path.slice(decision);
		const outer = path.slice(0, decision);
		const kept = [];
		for (const [index, each] of outer.entries()) {
			const earlier = evaluatedBefore(each, path[index + 1]);
			if (!earlier) return undefined;
			kept.push(...earlier.filter((part) => !this.#isStable(part)));
		}
		const name = this.#names.fresh("value");
		const value = this.#value(unit, inner, assignedTo(name, true), what);
		if (value === undefined) return undefined;
		const edits = [{ start: unit.start, end: unit.end, text: name }];
		const texts = kept.map((part) => {
			const own = this.#names.fresh("kept");
			edits.push({ start: part.start, end: part.end, text: own });
			return `const ${own} = ${this.#group(part)};\n`;
		});
		return { text: `${texts.join("")}let ${name};\n${value}\n`, edits };
	}

	/** Whether evaluating `node` later gives the same. */
	#isStable(node) {
		if (node.type === "Identifier") {
			const variable = this.#variables.get(node);
			if (!variable) return !this.#assigned.has(node.name);
			return variable.references.every((reference) => reference.init || !reference.isWrite());
		}
		return (
			["Literal", "ThisExpression", "Super", "ArrowFunctionExpression"].includes(node.type) ||
			(node.type === "TemplateLiteral" && node.expressions.length === 0) ||
			(node.type === "UnaryExpression" && node.argument.type === "Literal")
		);
	}

	/** The statements of the function, its parameters as variables; its `return` puts the value where it belongs. */
	#body({ call, called }, put) {
		const { body } = called;
		const renamed = this.#renamed(called);
		const given = this.#parameters(call, called, renamed).join("\n");
		if (body.type !== "BlockStatement") return `{\n${given}\n${put.put(`(${this.#cut(body, renamed)})`)}\n}`;
		const label = this.#names.fresh("end");
		const last = body.body.at(-1);
		const returns = put.returns ? [] : returnsIn(body);
		const edits = returns.flatMap((each) => returnEdits(each, put, each === last ? undefined : label));
		const inner = this.#cut({ start: body.start + 1, end: body.end - 1 }, [...renamed, ...edits]);
		const ends = last?.type === "ReturnStatement" || last?.type === "ThrowStatement";
		const leaves = returns.some((each) => each !== last) ? `${label}: ` : "";
		return `${leaves}{\n${given}\n${inner}\n${ends ? "" : withoutValue(put)}\n}`;
	}

	/** All arguments in their order; then what is taken apart, or has a value by default. */
	#parameters({ arguments: values }, { params }, renamed) {
		const lines = [];
		const later = [];
		params.forEach((parameter, index) => {
			const value = values[index] && this.#group(values[index]);
			if (parameter.type === "Identifier") {
				const name = this.#cut(parameter, renamed);
				lines.push(value ? `let ${name} = ${value};` : `let ${name};`);
			} else if (parameter.type === "RestElement") {
				const rest = values.slice(index).map((each) => this.#group(each));
				lines.push(`let ${this.#cut(parameter.argument, renamed)} = [${rest.join(", ")}];`);
			} else {
				const given = this.#names.fresh("given");
				lines.push(`const ${given} = ${value ?? "void 0"};`);
				later.push(this.#pattern(parameter, given, renamed));
			}
		});
		const hasRest = params.at(-1)?.type === "RestElement";
		const unused = hasRest ? [] : values.slice(params.length);
		return [...lines, ...unused.map((each) => `${this.#group(each)};`), ...later];
	}

	#pattern(parameter, given, renamed) {
		if (parameter.type !== "AssignmentPattern") return `let ${this.#cut(parameter, renamed)} = ${given};`;
		const otherwise = this.#cut(parameter.right, renamed);
		return `let ${this.#cut(parameter.left, renamed)} = ${given} === void 0 ? (${otherwise}) : ${given};`;
	}

	/** Edits that give the variables of a function names that nothing else has. */
	#renamed(called) {
		const shorthands = new Set();
		walk(called, (node) => {
			if (node.type === "Property" && node.shorthand) shorthands.add(node.start);
		});
		return variablesOf(this.#scopes.get(called))
			.filter(({ defs }) => defs.length > 0)
			.flatMap(({ name, identifiers, references }) => {
				const fresh = this.#names.fresh(name.replace(/\$\d+$/, ""));
				const uses = [...identifiers, ...references.map(({ identifier }) => identifier)];
				const starts = new Map(uses.map(({ start, end }) => [start, end]));
				return [...starts].map(([start, end]) => ({
					...{ start, end },
					text: shorthands.has(start) ? `${name}: ${fresh}` : fresh,
				}));
			});
	}

	#group(node) {
		return `(${this.#cut(node)})`;
	}

	/** The text of `node` with those of `edits` that are in it. */
	#cut({ start, end }, edits = []) {
		const own = edits.filter((each) => each.start >= start && each.end <= end);
		return edited(
			this.#source.slice(start, end),
			own.map((each) => ({ ...each, start: each.start - start, end: each.end - start })),
		);
	}
}

/** The function's own. */
function returnsIn(body) {
	const found = [];
	const visit = (node) => {
		if (Array.isArray(node)) node.forEach(visit);
		else if (node && typeof node.type === "string" && !/Function/.test(node.type)) {
			if (node.type === "ReturnStatement") found.push(node);
			visit(Object.values(node));
		}
	};
	visit(body);
	return found;
}

/** Whether something runs after a `return`: it must not see what is assigned. */
function endsWithMore({ body }) {
	let ends = false;
	walk(body, ({ type, finalizer }) => {
		if (type === "TryStatement" && finalizer) ends = true;
	});
	return ends;
}

/** A return as what becomes of its value, and as the end of the statement `label`, unless it is the last one anyway. */
function returnEdits({ start, end, argument }, put, label) {
	const [opens, closes] = label ? ["{ ", ` break ${label}; }`] : ["", ""];
	if (!argument) return [{ start, end, text: `${opens}${withoutValue(put)}${closes}` }];
	const [before, after] = put.put("\0").split("\0");
	return [
		{ start, end: argument.start, text: `${opens}${before}(` },
		{ start: argument.end, end, text: `)${after}${closes}` },
	];
}

/** What a function without a value leaves behind. */
function withoutValue(put) {
	return put.returns || (put.target && !put.fresh) ? put.put("void 0") : "";
}

/** A function's variables, and those of its blocks. */
function variablesOf({ variables, childScopes }) {
	const blocks = childScopes.filter(({ type }) => type !== "function" && type !== "function-expression-name");
	return [...variables, ...blocks.flatMap(variablesOf)];
}
