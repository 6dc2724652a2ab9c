// A text is taken for the one of the telegram before only where it is that, to the last bit.

import { KnownTexts } from "../../protocols/shared/known-texts.js";

const latin1 = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));
const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.length);

/** Texts of `list` as they are found or, where they are not, kept. */
function telegram(texts: KnownTexts, list: readonly string[]): boolean[] {
	texts.begin();
	return list.map((text) => {
		const view = viewOf(latin1(text));
		const known = texts.find(view, 0, text.length);
		if (known === undefined) texts.keep(view, 0, text.length, `<${text}>`);
		else expect(known).toBe(`<${text}>`);
		return known !== undefined;
	});
}

test.each([8, 9, 15, 16, 17, 34, 39, 40])(
	"of %d characters each one counts, with each of its bits",
	(length) => {
		const text = Array.from({ length }, (_, at) => String.fromCharCode(0x30 + (at % 10))).join("");
		const texts = new KnownTexts();
		expect(telegram(texts, [text])).toEqual([false]);
		for (let at = 0; at < length; at++)
			for (let bit = 0; bit < 8; bit++) {
				const other = latin1(text);
				other[at] = (other[at] as number) ^ (1 << bit);
				texts.begin();
				expect(texts.find(viewOf(other), 0, length)).toBeUndefined();
			}
		expect(telegram(texts, [text])).toEqual([true]);
	},
);

test("each is known in its turn; after one that is another they are known again from the next telegram on", () => {
	const texts = new KnownTexts();
	const usual = ["Kamstrup_V0001", "5706567000000000", "6841121BN243101040"];
	expect(telegram(texts, usual)).toEqual([false, false, false]);
	expect(telegram(texts, usual)).toEqual([true, true, true]);
	expect(telegram(texts, ["Kamstrup_V0001", "5706567000000001", "6841121BN243101040"])).toEqual([
		true,
		false,
		true,
	]);
	expect(telegram(texts, usual.slice(1))).toEqual([false, false]);
	expect(telegram(texts, usual)).toEqual([false, false, true]);
	expect(telegram(texts, usual)).toEqual([true, true, true]);
});

test("short and long ones and more than there is room for are made each time", () => {
	const texts = new KnownTexts();
	const list = ["1234567", "x".repeat(41), "", ...Array.from({ length: 10 }, (_, at) => `number ${at}`)];
	telegram(texts, list);
	expect(telegram(texts, list)).toEqual(list.map((_, at) => at >= 3 && at < 11));
});
