// `Network.request` and `download` against an HTTP server that has good and bad manners.

import { network } from "../../../hardware/network.js";
import type { HttpCallOptions } from "../../../outputs/network.js";
import { bytesOf, differs } from "./bytes.js";
import type { ConformanceCase, Surroundings } from "./conformance.js";

type Result = Parameters<HttpCallOptions["onEnd"]>[0];

/** Asks and checks the result; that nothing is called before the call returns, and only once, is checked too. */
function ask(
	name: string,
	options: (world: Surroundings) => Partial<HttpCallOptions>,
	check: (result: Result, world: Surroundings) => string | undefined,
): ConformanceCase {
	return {
		name: `request: ${name}`,
		run(world, done) {
			let inside = true;
			let calls = 0;
			network.request({
				...{ method: "GET", host: "127.0.0.1", port: world.http, path: "/echo", headers: [], timeout: 3000 },
				...options(world),
				onEnd(result) {
					calls++;
					done(
						differs("from inside the call", inside, false) ??
							differs("calls", calls, 1) ??
							check(result, world),
					);
				},
			});
			inside = false;
		},
	};
}

const problem =
	(expected: string) =>
	({ status, problem }: Result) =>
		differs("the status", status, 0) ?? differs("the problem", problem, expected);

export const requestCases: readonly ConformanceCase[] = [
	ask(
		"a body in parts, longer than any window, with headers",
		() => ({
			method: "POST",
			host: "localhost",
			headers: [["X-Token", "secret"]],
			body: [bytesOf("head;"), new Uint8Array(0), new Uint8Array(40_000).fill(0x78), bytesOf(";end")],
		}),
		({ status, text, problem }, { http }) =>
			differs("the problem", problem, undefined) ??
			differs("the status", status, 200) ??
			differs(
				"the answer",
				text,
				`{"method":"POST","length":40009,"host":"localhost:${http}","token":"secret"}`,
			),
	),
	ask(
		"a refusal's status and text",
		() => ({ path: "/refuse" }),
		({ status, text }) => differs("the status", status, 422) ?? differs("the text", text, "not this time"),
	),
	ask(
		"chunks are put together",
		() => ({ path: "/chunks" }),
		({ status, text }) => differs("the status", status, 200) ?? differs("the text", text, "one two three"),
	),
	ask(
		"an answer without a body",
		() => ({ method: "PUT", path: "/nothing" }),
		({ status, text }) => differs("the status", status, 204) ?? differs("the text", text, ""),
	),
	ask(
		"of an endless answer the first 512 bytes are kept",
		() => ({ path: "/endless" }),
		({ status, text }) => differs("the status", status, 200) ?? differs("the length", text.length, 512),
	),
	ask(
		"nobody there",
		({ nobody }) => ({ port: nobody }),
		(result, { nobody }) =>
			problem(`no connection to 127.0.0.1:${nobody} (refused, or nobody is there)`)(result),
	),
	ask(
		"a name that does not exist",
		() => ({ host: "no-such-host.invalid", timeout: 4500 }),
		({ status, problem: words = "" }) =>
			differs("the status", status, 0) ??
			// Where there is no name server it is silent instead.
			differs("the problem", words.startsWith("no-such-host.invalid: "), true),
	),
	ask(
		"a server that accepts and never answers",
		() => ({ path: "/silence", timeout: 300 }),
		problem("the server does not answer"),
	),
	ask(
		"a header with a line break is refused",
		() => ({ headers: [["X", "a\r\nY: b"]] }),
		problem("Error: a line break in the address or a header"),
	),
	{
		name: "request: cancelled, it stays silent",
		run({ http, nobody }, done) {
			let said = "";
			for (const port of [http, nobody])
				network
					.request({
						...{ method: "GET", host: "127.0.0.1", port, path: "/echo", headers: [], timeout: 200 },
						onEnd: () => {
							said = "it spoke";
						},
					})
					.cancel();
			network.request({
				...{ method: "GET", host: "127.0.0.1", port: http, path: "/silence", headers: [], timeout: 400 },
				onEnd: () => done(differs("what was said", said, "")),
			});
		},
	},
	{
		name: "download: the length, then the bytes, then the end",
		run({ http }, done) {
			let seen = "";
			network.download({
				...{ host: "127.0.0.1", port: http, path: "/half" },
				onBegin: (length) => {
					seen += `${length};`;
				},
				onBytes: (bytes) => {
					seen += `${bytes.length};`;
				},
				onEnd: (words) =>
					done(
						differs("what came", seen, "100;4;") ?? differs("the problem", words, "the connection was lost"),
					),
			});
		},
	},
	{
		name: "download: chunks, and another status",
		run({ http }, done) {
			let count = 0;
			network.download({
				...{ host: "127.0.0.1", port: http, path: "/chunks" },
				onBytes: (bytes) => {
					count += bytes.length;
				},
				onEnd: (words) => {
					const wrong = differs("the problem", words, undefined) ?? differs("bytes", count, 13);
					if (wrong) return done(wrong);
					network.download({
						...{ host: "127.0.0.1", port: http, path: "/nowhere" },
						onBytes: () => done("bytes"),
						onEnd: (missing) => done(differs("the problem", missing, "the server answers 404")),
					});
				},
			});
		},
	},
];
