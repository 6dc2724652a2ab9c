// Small tables as one text, a line `key value` each. In the firmware a text takes its letters; the same table as a
// switch takes four times as much, as an object or a Map ten times. For what is looked up seldom.

/** What stands behind `key`; `undefined` where no line has it. The table begins and ends with a line's end. */
export function lookUp(table: string, key: string | number): string | undefined {
	const line = `\n${key} `;
	const at = table.indexOf(line);
	return at < 0 ? undefined : table.slice(at + line.length, table.indexOf("\n", at + 1));
}
