// A table of gateways as CSV (RFC 4180), a row each: what it holds by the names of its first row. Knows no setting.

/** Rows by column name; or what is wrong, without any cell's text. */
export function readTable(text: string): readonly Readonly<Record<string, string>>[] | string {
	const rows = cellsOf(text.replace(/^\uFEFF/, ""));
	if (typeof rows === "string") return rows;
	const [names = [], ...lines] = rows;
	if (new Set(names).size !== names.length || names.includes(""))
		return "has a column without a name, or two of one";
	const table: Record<string, string>[] = [];
	for (const [index, cells] of lines.entries()) {
		if (cells.length !== names.length)
			return `has ${cells.length} cells in row ${index + 2}, and ${names.length} columns`;
		table.push(Object.fromEntries(names.map((name, column) => [name, cells[column] as string])));
	}
	return table;
}

function cellsOf(text: string): string[][] | string {
	const rows: string[][] = [];
	let row: string[] = [];
	let cell = "";
	let quoted = false;
	for (let at = 0; at < text.length; at++) {
		const character = text[at] as string;
		if (quoted) {
			if (character !== '"') cell += character;
			else if (text[at + 1] === '"') cell += text[++at];
			else quoted = false;
		} else if (character === '"' && cell === "") quoted = true;
		else if (character === ",") {
			row.push(cell);
			cell = "";
		} else if (character === "\n") {
			rows.push([...row, cell]);
			row = [];
			cell = "";
		} else if (character !== "\r") cell += character;
	}
	if (quoted) return "has a quotation mark that is not closed";
	if (cell !== "" || row.length > 0) rows.push([...row, cell]);
	// Empty lines separate nothing.
	return rows.filter((cells) => cells.length > 1 || cells[0] !== "");
}
