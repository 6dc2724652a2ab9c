// The five other languages in one text, one language after the other, each English text only once. The keys are not in it,
// nor what is as in English: the page has both in its English texts. Used by the build, which packs, and by the page.

/** Stands in no text. */
const BETWEEN = "|";

/**
 * All texts of these languages, given as trees of the shape of the English one. What a language lacks stays English. What is
 * said twice in English must be the same in each language, too: otherwise an Error names the text.
 */
export function packed(english: object, others: readonly (object | undefined)[]): string {
	return others
		.flatMap((other) => {
			const words = new Map<string, string | undefined>();
			gather(english, other, words);
			return [...words].map(([own, word]) => (word === own ? "" : (word ?? "")));
		})
		.join(BETWEEN);
}

function gather(english: object, other: object | undefined, words: Map<string, string | undefined>): void {
	for (const [key, own] of Object.entries(english) as [string, string | object][]) {
		const word = (other as Readonly<Record<string, string | object>>)?.[key];
		if (typeof own === "object") gather(own, word as object | undefined, words);
		else {
			const known = words.get(own);
			const said = typeof word === "string" ? word : known;
			if (known !== undefined && said !== known)
				throw new Error(`"${own}" is "${known}" and "${said}": one of them needs another English text`);
			words.set(own, said);
		}
	}
}

/** What language number `index` of `count` has in the packed text. */
export function partOf(text: string, index: number, count: number): readonly string[] {
	const all = text.split(BETWEEN);
	const length = all.length / count;
	return all.slice(index * length, (index + 1) * length);
}

/** The texts of a language, of its part; what it has not, in English. */
export function unpacked<Tree extends object>(english: Tree, part: readonly string[]): Tree {
	const words = new Map<string, string>();
	const tree = (own: string | object): unknown => {
		if (typeof own === "string") {
			const word = words.get(own) ?? (part[words.size] || own);
			words.set(own, word);
			return word;
		}
		const entries = Object.entries(own).map(([key, each]) => [key, tree(each)]);
		return Array.isArray(own) ? entries.map(([, each]) => each) : Object.fromEntries(entries);
	};
	return tree(english) as Tree;
}
