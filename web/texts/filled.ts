// Puts values into texts: `{name}` in a template stands for the value of that name. Which names a template has is
// known from the English text's type, so that the compiler sees a value forgotten.

type Names<Text extends string> = string extends Text
	? string
	: Text extends `${string}{${infer Name}}${infer Rest}`
		? Name | Names<Rest>
		: never;

/** The template with its values. */
export function filled<Text extends string>(
	template: Text,
	values: Readonly<Record<Names<Text>, string | number>>,
): string {
	return template.replace(/\{(\w+)\}/g, (_, name: Names<Text>) => `${values[name]}`);
}

/** The form of a text for a count; the languages of this page have one for 1 and one for all others. */
export function plural<One extends string, Other extends string>(
	count: number,
	forms: { readonly one: One; readonly other: Other },
): One | Other {
	return count === 1 ? forms.one : forms.other;
}

/** The text of a key that comes from elsewhere; `undefined`: it is not among them. */
export function named(texts: Readonly<Record<string, string>>, key: string): string | undefined {
	return Object.hasOwn(texts, key) ? texts[key] : undefined;
}
