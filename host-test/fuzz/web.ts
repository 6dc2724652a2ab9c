// What a web client may send, below and above HTTP: heads byte by byte, queries, small JSON, WebSocket frames, whole
// requests to the real routes; and what servers answer to the gateway's own requests.

import { HttpAnswer } from "../../hardware/http-answer.js";
import { LONGEST_HEAD, MOST_HEADERS } from "../../hardware/http-head.js";
import { Watch } from "../../hardware/http-watch.js";
import { flatTexts } from "../../outputs/http/flat-json.js";
import { queryInteger, queryList, queryText } from "../../outputs/http/query.js";
import { FrameReader } from "../../outputs/http/web-socket.js";
import { parseUrl } from "../../outputs/shared/url.js";
import { check, hexOf, latin1, type Target, withOptions } from "./target.js";

export const textOf = (bytes: Uint8Array) => {
	let text = "";
	for (const byte of bytes) text += String.fromCharCode(byte);
	return text;
};
export const utf8Of = (bytes: Uint8Array) => Buffer.from(bytes).toString("utf8");

const CRLF = "\r\n";
const HEAD = `GET /api/v1/history?period=day&from=2025-01-01 HTTP/1.1${CRLF}Host: meterling.local${CRLF}`;
export const HTTP_WORDS: readonly string[] = [
	...[
		"GET ",
		"POST ",
		"HEAD ",
		"OPTIONS ",
		" HTTP/1.1\r\n",
		"\r\n",
		"\r\n\r\n",
		"Host: m\r\n",
		"Content-Length: 5\r\n",
	],
	...[
		"Transfer-Encoding: chunked\r\n",
		"Content-Length: 99999999999\r\n",
		"Expect: 100-continue\r\n",
		"Cookie: a=b\r\n",
	],
	...[
		"Authorization: Bearer x\r\n",
		"X-CSRF-Token: x\r\n",
		"/api/v1/",
		"?fields=",
		"%2e%2e/",
		"%00",
		"\t",
		": ",
	],
];
/** RFC 9110, 5.6.2. */
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

const httpHead: Target = {
	name: "http-head",
	longest: 9000,
	work: [200, 40],
	words: HTTP_WORDS,
	seeds: () => [
		latin1(`${HEAD}${CRLF}`),
		latin1(
			`POST /api/v1/session HTTP/1.1${CRLF}Host: m${CRLF}Content-Type: application/json${CRLF}Content-Length: 16${CRLF}${CRLF}{"password":"x"}`,
		),
		latin1(
			`PUT /a HTTP/1.1${CRLF}Host: m${CRLF}Origin: http://m${CRLF}X-Odd!#$%&'*+-.^\`|~09: \tvalue \xe4\xff${CRLF}Content-Length:\t 12 ${CRLF}${CRLF}`,
		),
		latin1(`GET / HTTP/1.1${CRLF}Host: m${CRLF}${"X: 1\r\n".repeat(39)}${CRLF}`),
	],
	run(input) {
		const watch = new Watch("192.168.1.2", 0);
		let end = -1;
		for (let at = 0; at < input.length; at++) {
			const before = watch.complete;
			const fault = watch.take(input[at] as number, at);
			if (fault !== undefined) {
				check([400, 411, 413, 414, 417, 431, 501, 505].includes(fault), `status ${fault}`);
				return;
			}
			if (!before && watch.complete) end = at + 1;
			if (end >= 0) break;
			check(at < LONGEST_HEAD + 64 * 1024, "a request without end");
		}
		const text = textOf(end < 0 ? input : input.subarray(0, end));
		const split = text.indexOf("\r\n\r\n");
		if (split < 0) return;
		// What was let through is what RFC 9112 calls a request, and unambiguous.
		const [line = "", ...headers] = text.slice(0, split).split(CRLF);
		const [method = "", target = "", version = "", ...more] = line.split(" ");
		check(TOKEN.test(method) && version === "HTTP/1.1" && more.length === 0, `a request line: ${line}`);
		check("*/hH".includes(target.charAt(0)), `a target: ${target}`);
		for (const sign of target) check(sign > " " && sign <= "~", "a sign in the target");
		check(headers.length <= MOST_HEADERS, `${headers.length} headers`);
		const names = headers.map((header) => header.slice(0, header.indexOf(":")).toLowerCase());
		for (const name of names) check(TOKEN.test(name), `a header's name: ${name}`);
		for (const header of headers)
			for (const sign of header) check(sign >= " " || sign === "\t", "a control sign");
		check(names.filter((name) => name === "host").length === 1, "not one Host");
		const lengths = headers.filter((_, index) => names[index] === "content-length");
		check(lengths.length <= 1 && !names.includes("transfer-encoding"), "two lengths");
		const [length = ":0"] = lengths;
		const value = length.slice(length.indexOf(":") + 1).replace(/^[ \t]+|[ \t]+$/g, "");
		check(/^[0-9]{1,9}$/.test(value), `a length: ${value}`);
		if (end >= 0) check(text.length === split + 4 + Number(value), "the body ends elsewhere");
	},
};

const query: Target = {
	name: "query",
	longest: 1024,
	work: [300, 60],
	words: [
		"?",
		"&",
		"=",
		"%",
		"%20",
		"%c3%a5",
		"%ff",
		"+",
		"#",
		",",
		"fields",
		"limit",
		"1e3",
		"-1",
		"0x10",
		" ",
		"Infinity",
	],
	seeds: () =>
		[
			"/a?fields=power_import,energy_import&limit=5",
			"/a?x=%c3%a5+b&limit=%35#f?limit=1",
			"/?limit",
			"/a?a=1&a=2&&=&fields=%2C,",
		].map(latin1),
	run(input) {
		const target = textOf(input);
		for (const name of ["fields", "limit", "a", "x"]) {
			const text = queryText(target, name);
			const fragment = target.indexOf("#", Math.max(0, target.indexOf("?")));
			const begin = target.indexOf("?");
			const whole = begin < 0 ? "" : target.slice(begin + 1, fragment < 0 ? undefined : fragment);
			// The URL Standard's parser replaces what is no UTF-8, ours refuses it; names are compared as they are sent.
			const theirs = whole.includes("%")
				? text
				: new URLSearchParams(
						whole
							.split("&")
							.filter((pair) => (pair.split("=")[0] ?? "") === name)
							.join("&"),
					).get(name);
			if (text !== undefined && isAscii(target)) check(text === theirs, `${name} is ${text}, not ${theirs}`);
			const list = queryList(target, name);
			check(list === undefined || list.every((part) => part !== "" && part === part.trim()), "an empty part");
		}
		const limit = queryInteger(target, "limit", { least: 1, most: 100, fallback: 7 });
		check(
			limit === undefined || (Number.isInteger(limit) && limit >= 1 && limit <= 100),
			`a limit of ${limit}`,
		);
	},
};

function isAscii(text: string): boolean {
	for (const sign of text) if (sign > "~") return false;
	return true;
}

const flatJson: Target = {
	name: "flat-json",
	longest: 1024,
	work: [300, 60],
	words: [
		'{"',
		'":"',
		'","',
		'"}',
		"\\u0000",
		"\\ud83d",
		'\\"',
		"password",
		"passphrase",
		"\\",
		"null",
		" ",
		"\t",
	],
	seeds: () =>
		[
			'{"password":"correct horse"}',
			'{ "confirm" : "erase everything", "password":"\\u00e5\\n" }',
			"{}",
			'{"a":"b","a":"c"}',
			'{"password":"\u00c3\u00a5"}',
		].map(latin1),
	run(input) {
		const names = ["password", "passphrase", "a"];
		const texts = flatTexts(input, names);
		if (!texts) return;
		// What it takes is JSON, and says the same to JSON's own parser.
		const theirs = JSON.parse(utf8Of(input)) as Record<string, unknown>;
		names.forEach((name, index) => {
			check(
				(Object.hasOwn(theirs, name) ? theirs[name] : undefined) === texts[index],
				`${name} is another text`,
			);
		});
	},
};

const webSocket: Target = {
	name: "web-socket",
	longest: 4600,
	work: [300, 40],
	words: [
		"\x81\x85\x37\xfa\x21\x3d",
		"\x89\x80\x00\x00\x00\x00",
		"\x88\x82\x00\x00\x00\x00\x03\xe8",
		"\x01\x85",
		"\x80\x85",
		"\x82\xfe\x01\x00\x00\x00\x00\x00",
		"\x82\xff\x00\x00\x00\x00\x00\x00\x10\x00\x00\x00\x00\x00",
	],
	seeds: () =>
		[
			"818537fa213d7f9f4d5158",
			"898537fa213d7f9f4d5158",
			"018337fa213d7f9f4d898037fa213d808237fa213d5b95",
			"8882000000000bb8",
			"8280000000008980000000008a8000000000",
		].map((text) => withOptions(0, Uint8Array.from(Buffer.from(text, "hex")))),
	run(input) {
		const bytes = input.subarray(1);
		const read = (size: number) => {
			const events: string[] = [];
			const reader = new FrameReader({
				pong(frame) {
					check(frame.length >= 2 && frame.length <= 127 && frame[0] === 0x8a, "a pong that is none");
					events.push(hexOf(frame));
				},
				leave(code) {
					check(code >= 1000 && code < 5000, `ends with ${code}`);
					events.push(`end ${code}`);
				},
			});
			for (let at = 0; at < bytes.length; at += size) reader.take(bytes.slice(at, at + size), 0);
			return events;
		};
		const whole = read(Math.max(1, bytes.length));
		const ends = whole.filter((event) => event.startsWith("end")).length;
		check(ends <= 1 && (ends === 0 || whole.at(-1)?.startsWith("end") === true), "goes on after its end");
		const pieces = read(1 + ((input[0] ?? 0) & 15));
		// The allowance counts pieces as they come; up to there, all is the same.
		if (bytes.length <= 4096) check(pieces.join() === whole.join(), `${pieces} in pieces, not ${whole}`);
	},
};

const httpAnswer: Target = {
	name: "http-answer",
	longest: 9000,
	work: [300, 40],
	words: [
		"HTTP/1.1 200 OK\r\n",
		"HTTP/1.1 100 Continue\r\n\r\n",
		"HTTP/1.0 204\r\n",
		"Content-Length: 5\r\n",
		"Transfer-Encoding: chunked\r\n",
		"\r\n",
		"5\r\nhello\r\n",
		"0\r\n\r\n",
		"ffffffffffffffffff\r\n",
		";x=y",
	],
	seeds: () =>
		[
			"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
			"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n3;x\r\nabc\r\n0\r\nT: 1\r\n\r\n",
			"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 304 Not Modified\r\n\r\n",
			"HTTP/1.0 500 \r\n\r\nbody until the end",
		].map((text) => withOptions(3, latin1(text))),
	run(input) {
		const bytes = input.subarray(1);
		const read = (size: number) => {
			const answer = new HttpAnswer();
			const events: string[] = [];
			let body = "";
			let problem: string | undefined;
			for (let at = 0; at < bytes.length && problem === undefined; at += size)
				problem = answer.take(bytes.slice(at, at + size), {
					head: () => events.push(`${answer.status} ${answer.length}`),
					body: (piece) => {
						check(events.length === 1 && piece.length > 0, "a body before its head, or an empty piece");
						body += textOf(piece);
					},
				});
			problem ??= answer.end();
			const { status, length } = answer;
			check(status === 0 || (status >= 200 && status <= 999), `status ${status}`);
			check(length === undefined || (Number.isInteger(length) && length >= 0), `a length of ${length}`);
			if (problem === undefined && length !== undefined && status !== 204 && status !== 304)
				check(body.length === length, `${body.length} bytes of ${length}`);
			return [...events, body, `${problem}`].join("|");
		};
		const whole = read(Math.max(1, bytes.length));
		check(read(1 + ((input[0] ?? 0) & 15)) === whole, "in pieces it says something else");
	},
};

const url: Target = {
	name: "url",
	longest: 300,
	work: [300, 60],
	words: ["http://", "https://", "@", ":", "/", "?", "#", "[::1]", "%20", "..", ":65536", " ", "\r\n"],
	seeds: () =>
		[
			"http://192.168.1.2:8086/write?db=a",
			"https://dash.example.org/hook/abc#f",
			"http://user:secret@host/",
			"http://[::1]/",
		].map(latin1),
	run(input) {
		const text = textOf(input);
		const target = parseUrl(text);
		if (typeof target === "string") {
			check(target.length > 0 && target.length < 120, "a reason beyond all bounds");
			return;
		}
		const { host, port, path } = target;
		check(
			host !== "" && port >= 1 && port <= 65535 && path.startsWith("/"),
			`a target that is none: ${text}`,
		);
		// Nothing of it may end a line of the request that it is written into.
		for (const sign of host + path) check(sign > " " && sign <= "~", "a sign that no request may have");
	},
};

export const WEB_TARGETS: readonly Target[] = [httpHead, query, flatJson, webSocket, httpAnswer, url];
