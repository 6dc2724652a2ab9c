// Addresses of servers: what is taken, what is refused, and that no refusal repeats a secret. Ports by RFC 9110, 4.2.

import { isHeaderText, parseUrl, pathBelow } from "../../../outputs/shared/url";
import { problemWith, type TextSetting } from "../../../settings/setting";

test.each([
	["http://nas", { scheme: "http", host: "nas", port: 80, path: "/" }],
	["https://db.example.org", { scheme: "https", host: "db.example.org", port: 443, path: "/" }],
	["HTTP://192.168.1.9:8086/base/", { scheme: "http", host: "192.168.1.9", port: 8086, path: "/base/" }],
	["https://h:1/a?b=c&d=%20", { scheme: "https", host: "h", port: 1, path: "/a?b=c&d=%20" }],
	["http://h?q=1", { scheme: "http", host: "h", port: 80, path: "/?q=1" }],
	["udp://10.0.0.1:8089", { scheme: "udp", host: "10.0.0.1", port: 8089, path: "/" }],
])("%s", (text, target) => {
	expect(parseUrl(text)).toEqual(target);
});

test.each([
	"",
	"nas:8086",
	"ftp://hunter2/",
	"http://",
	"http://:80/",
	"http://h:0/",
	"http://h:65536/",
	"http://h:8x/",
	"http://h:/",
	"http://[::1]:80/",
	"http://user:hunter2@h/",
	"http://h/a b",
	"http://h/a\r\nX: hunter2",
	"http://h/#hunter2",
	"http://h/ü",
	"udp://h",
])("refused, without repeating it: %j", (text) => {
	const problem = parseUrl(text);
	expect(problem).toEqual(expect.stringMatching(/^the address /));
	expect(problem).not.toMatch(/hunter2/);
});

test.each([
	["/", "/api/x"],
	["/base", "/base/api/x"],
	["/base/", "/base/api/x"],
])("a path below %s", (path, expected) => {
	expect(pathBelow({ scheme: "http", host: "h", port: 80, path }, "api/x")).toBe(expected);
});

test("a header's value has no line end and no letter beyond ASCII", () => {
	expect(["Token a b~", "a\r\nb", "a\nb", "ü", "\0"].map(isHeaderText)).toEqual([
		true,
		false,
		false,
		false,
		false,
	]);
});

describe("the setting", () => {
	const url: TextSetting = { key: "url", type: "text", default: "", format: "url", label: "", help: "" };

	test.each(["", "http://h:80/a", "https://h", "udp://h:1"])("takes %j", (value) => {
		expect(problemWith(url, value)).toBeUndefined();
	});

	test.each(["h:80", "http://u:hunter2@h/", "http://h/?token=hunter2", "http://h/ x", "javascript://h"])(
		"refuses %j before it is kept",
		(value) => {
			expect(problemWith(url, value)).toEqual(expect.not.stringContaining("hunter2"));
		},
	);

	test("takes a query where it is secret, but never a user", () => {
		const secret = { ...url, secret: true };
		expect(problemWith(secret, "https://h/hook?token=hunter2")).toBeUndefined();
		expect(problemWith(secret, "https://u:hunter2@h/")).toMatch(/without user/);
	});
});
