// The five other languages in one list of texts, those of one key next to each other: that is how they become small. The
// keys are not in it, for the page has them in its English texts. Used by the build, which packs, and by the page.

/** All texts of all languages, given as trees of the shape of the English one: by key, then by language. What a language lacks, or has as in English, is empty. */
export function packed(english: object, others: readonly (object | undefined)[]): readonly string[] {
	return Object.entries(english).flatMap(([key, own]: [string, string | object]) => {
		const theirs = others.map((other) => (other as Readonly<Record<string, string | object>>)?.[key]);
		if (typeof own === "object") return packed(own, theirs as (object | undefined)[]);
		return theirs.map((text) => (text === own || typeof text !== "string" ? "" : text));
	});
}

/** The texts of language number `index` of `count`; where it has none, the English one. */
export function unpacked<Tree extends object>(
	english: Tree,
	list: readonly string[],
	index: number,
	count: number,
): Tree {
	let at = index - count;
	const text = (own: string): string => {
		at += count;
		return list[at] || own;
	};
	const tree = (own: object): object => {
		const entries = Object.entries(own).map(([key, each]: [string, string | object]) => [
			key,
			typeof each === "object" ? tree(each) : text(each),
		]);
		return Array.isArray(own) ? entries.map(([, each]) => each) : Object.fromEntries(entries);
	};
	return tree(english) as Tree;
}
