// The API's description as the gateway serves it, and real answers held against it with ajv: status, media type, body.

import type Ajv2020Class from "ajv/dist/2020";
import Ajv2020 from "ajv/dist/2020";
import addFormats from "ajv-formats";

/** A part of the description; what is looked at is looked at by name. */
interface Node {
	readonly [name: string]: Node;
}

export interface Answered {
	readonly status: number;
	readonly type: string;
	readonly body: string;
}

export class ApiDescription {
	readonly #document: Node;
	readonly #ajv: Ajv2020Class;
	/** `GET /api/v1/reading`, … */
	readonly operations: readonly string[];
	/** Operations that an answer was held against, with the statuses seen. */
	readonly seen = new Map<string, Set<number>>();
	/** Answers in all. */
	checked = 0;

	constructor(document: object) {
		this.#document = document as Node;
		// `example`, `discriminator` and the like are OpenAPI's own.
		this.#ajv = addFormats(new Ajv2020({ strict: false, allErrors: true }));
		this.#ajv.addSchema({ ...document, $id: "api" });
		this.operations = Object.entries(this.#document.paths ?? {}).flatMap(([path, item]) =>
			Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
		);
	}

	/** What is wrong with the answer; empty where the description foresees it. */
	problemsWith(operation: string, { status, type, body }: Answered): readonly string[] {
		this.checked++;
		const [method = "", path = ""] = operation.split(" ");
		const at = ["paths", path, method.toLowerCase(), "responses"];
		const responses = this.#node(at);
		if (!responses) return [`${operation} is not described`];
		const key = `${status}` in responses ? `${status}` : status >= 400 ? "default" : undefined;
		if (key === undefined) return [`${operation} does not foresee ${status}`];
		const statuses = this.seen.get(operation) ?? new Set();
		this.seen.set(operation, statuses.add(status));
		const pointer = this.#followed([...at, key]);
		const content = this.#node(pointer)?.content;
		if (!content) return body === "" ? [] : [`${operation} ${status} has a body`];
		const media = type.split(";")[0] as string;
		if (!(media in content)) return [`${operation} ${status} does not foresee ${media}`];
		if (!media.endsWith("json") || !("schema" in (content[media] as Node))) return [];
		const schema = this.#followed([...pointer, "content", media, "schema"]);
		const fragment = schema.map((part) =>
			encodeURIComponent(part.replaceAll("~", "~0").replaceAll("/", "~1")),
		);
		const validate = this.#ajv.getSchema(`api#/${fragment.join("/")}`);
		if (!validate) return [`${operation} ${status}: no schema`];
		if (validate(JSON.parse(body))) return [];
		return (validate.errors ?? []).map(
			({ instancePath, message, params }) =>
				`${operation} ${status}: ${instancePath} ${message} ${JSON.stringify(params)}`,
		);
	}

	#node(at: readonly string[]): Node | undefined {
		let node: Node | undefined = this.#document;
		for (const name of at) node = node?.[name];
		return node;
	}

	/** Where a reference leads. */
	#followed(at: readonly string[]): readonly string[] {
		const reference = this.#node(at)?.$ref as unknown;
		return typeof reference === "string" ? reference.slice("#/".length).split("/") : at;
	}
}
