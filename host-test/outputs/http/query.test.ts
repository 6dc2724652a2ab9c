import "../../../host/platform/globals";
import { decoded, queryInteger, queryList, queryText } from "../../../outputs/http/query";

describe("parameters of an address", () => {
	test.each([
		["/x", undefined],
		["/x?", undefined],
		["/x?b=1", undefined],
		["/x?a", ""],
		["/x?a=", ""],
		["/x?a=1", "1"],
		["/x?b=2&a=1&a=3", "1"],
		["/x?ba=2&a=1", "1"],
		["/x?a=1=2", "1=2"],
		["/x?a=two+words%21", "two words!"],
		// RFC 3986, 2.5: UTF-8.
		["/x?a=%C3%A5", "å"],
		["/x?a=%C3", undefined],
		["/x?a=%zz", undefined],
		["/x?a=1#a=2", "1"],
		["http://gateway/x?a=1", "1"],
		["/x?a=1?b", "1?b"],
	])("%s", (target, value) => {
		expect(queryText(target, "a")).toBe(value);
	});

	test("names that every object has are parameters like others", () => {
		expect(queryText("/x?a=1", "constructor")).toBeUndefined();
		expect(queryText("/x?__proto__=1", "__proto__")).toBe("1");
	});

	test("lists have their empty parts left out", () => {
		expect(queryList("/x?fields=a,%20b,,c", "fields")).toEqual(["a", "b", "c"]);
		expect(queryList("/x?fields=", "fields")).toEqual([]);
		expect(queryList("/x", "fields")).toBeUndefined();
	});

	test.each([
		["", 7],
		["?n=0", 0],
		["?n=9", 9],
		["?n=10", undefined],
		["?n=-1", undefined],
		["?n=1.5", undefined],
		["?n=", undefined],
		["?n=%20", undefined],
		["?n=one", undefined],
		["?n=Infinity", undefined],
	])("whole numbers: %j is %p", (query, value) => {
		expect(queryInteger(`/x${query}`, "n", { least: 0, most: 9, fallback: 7 })).toBe(value);
	});

	test("what is not encoded stays as it is", () => {
		expect(decoded("a+b")).toBe("a+b");
		expect(decoded("a%2Fb")).toBe("a/b");
	});
});
