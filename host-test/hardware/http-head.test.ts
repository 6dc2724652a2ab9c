// Requests' heads byte by byte: RFC 9112 (messages) and RFC 9110 (fields), the clauses beside each case.

import {
	LONGEST_HEAD,
	LONGEST_HEADER,
	LONGEST_TARGET,
	MOST_HEADERS,
	RequestHead,
} from "../../hardware/http-head.js";

/** The fault, or the number of bytes of body that are to follow; `undefined`: not at its end. */
function judge(text: string): string | number | undefined {
	const head = new RequestHead();
	for (const byte of Buffer.from(text, "latin1")) {
		if (head.complete) return "more than a head";
		const fault = head.take(byte);
		if (fault) return `${fault}`;
	}
	return head.complete ? head.contentLength : undefined;
}

const get = (target: string) => `GET ${target} HTTP/1.1\r\nHost: m\r\n\r\n`;
const withHeader = (...lines: string[]) =>
	`GET / HTTP/1.1\r\nHost: m\r\n${lines.map((line) => `${line}\r\n`).join("")}\r\n`;

describe("what is well formed", () => {
	test.each([
		[get("/"), 0],
		[get("/a?b=c%20d"), 0],
		[get("http://m/a"), 0],
		[get("*"), 0],
		[get(`/${"x".repeat(LONGEST_TARGET - 1)}`), 0],
		["POST / HTTP/1.1\r\nhOsT:m\r\nContent-Length:\t 12 \r\n\r\n", 12],
		[withHeader("Content-Length: 000000012"), 12],
		[withHeader("X-Empty:", "X_Odd!#$%&'*+-.^`|~09: \tvalue \xe4\xff"), 0],
		[withHeader(...Array.from({ length: MOST_HEADERS - 1 }, (_, index) => `X-${index}: 1`)), 0],
		[withHeader("X: 1", "X: 2"), 0],
	])("%j", (text, expected) => {
		expect(judge(text)).toBe(expected);
	});

	test("is not at its end before the empty line", () => {
		const text = withHeader("Content-Length: 5");
		for (let length = 0; length < text.length; length++) expect(judge(text.slice(0, length))).toBeUndefined();
	});
});

describe("what is malformed or ambiguous: 400", () => {
	test.each([
		["an empty line first (RFC 9112, 2.2: may be refused)", "\r\nGET / HTTP/1.1\r\n"],
		["no method", " / HTTP/1.1\r\n"],
		["no target", "GET  HTTP/1.1\r\n"],
		["a relative target (3.2)", get("a/b")],
		["an authority as target (3.2.3: for CONNECT)", get("m:80")],
		["a control character in the target", get("/\u0000")],
		["a byte beyond ASCII in the target", get("/\xe4")],
		["a space in the target (3.2)", get("/a b")],
		["a bare line feed (2.2)", "GET / HTTP/1.1\nHost: m\n\n"],
		["a bare carriage return", "GET / HTTP/1.1\rHost: m\r\n\r\n"],
		["no Host (3.2)", "GET / HTTP/1.1\r\nAccept: x\r\n\r\n"],
		["two Hosts (3.2)", withHeader("Host: m")],
		["a space before the colon (5.1)", withHeader("X : 1")],
		["a line that goes on (5.2)", withHeader("X: 1", " 2")],
		["a header without a name", withHeader(": 1")],
		["a header without a colon", withHeader("X")],
		["NUL in a value (RFC 9110, 5.5)", withHeader("X: a\u0000b")],
		["two lengths (RFC 9112, 6.3)", withHeader("Content-Length: 5", "Content-Length: 5")],
		["a list of lengths", withHeader("Content-Length: 5, 5")],
		["a signed length", withHeader("Content-Length: -5")],
		["a plus", withHeader("Content-Length: +5")],
		["a hexadecimal length", withHeader("Content-Length: 0x5")],
		["a length in two parts", withHeader("Content-Length: 1 2")],
		["an empty length", withHeader("Content-Length:")],
		["an endless length", withHeader(`Content-Length: ${"9".repeat(10)}`)],
		["two sets of credentials", withHeader("Authorization: Bearer a", "authorization: Bearer b")],
		["two cookies headers (RFC 6265, 5.4)", withHeader("Cookie: a=1", "Cookie: b=2")],
		["two origins", withHeader("Origin: http://m", "Origin: null")],
		["a TLS handshake", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc"],
	])("%s", (_, text) => {
		expect(judge(text)).toBe("400");
	});
});

describe("what is too much, or not spoken here", () => {
	test.each([
		["a long target", get(`/${"x".repeat(LONGEST_TARGET)}`), "414"],
		["a long header", withHeader(`X: ${"x".repeat(LONGEST_HEADER)}`), "431"],
		["a long name", withHeader(`${"x".repeat(LONGEST_HEADER + 1)}: 1`), "431"],
		[
			"many headers",
			withHeader(...Array.from({ length: MOST_HEADERS }, (_, index) => `X-${index}: 1`)),
			"431",
		],
		[
			"a long head",
			withHeader(...Array.from({ length: 3 }, () => `X: ${"x".repeat(LONGEST_HEAD / 3)}`)),
			"431",
		],
		["chunks", withHeader("Transfer-Encoding: chunked"), "411"],
		["chunks and a length", withHeader("Content-Length: 5", "Transfer-Encoding: chunked"), "411"],
		["an expectation", withHeader("Expect: 100-continue"), "417"],
		["HTTP/1.0", "GET / HTTP/1.0\r\n\r\n", "505"],
		["HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "501"],
		["HTTP/0.9", "GET /\r\n", "400"],
		["another method", "TRACE / HTTP/1.1\r\nHost: m\r\n\r\n", "501"],
		["a tunnel", "CONNECT m:80 HTTP/1.1\r\nHost: m\r\n\r\n", "501"],
		["a method in small letters", "get / HTTP/1.1\r\nHost: m\r\n\r\n", "501"],
		["an endless method", "G".repeat(100), "501"],
	])("%s", (_, text, expected) => {
		expect(judge(text)).toBe(expected);
	});
});
