// PEM texts (RFC 7468) as forms give them back: a field of one line has taken the line ends away. Here they are put in
// again. What the text says is not looked at.

const BEGIN = "-----BEGIN ";
const DASHES = "-----";
/** RFC 7468, 2: base64 in lines of 64 characters. */
const LINE = 64;

/** The text with line ends where PEM wants them; one that has them already comes back as it is. */
export function pemText(text: string): string {
	if (text.includes("\n")) return text;
	const lines: string[] = [];
	for (let at = text.indexOf(BEGIN); at >= 0; at = text.indexOf(BEGIN, at)) {
		const head = text.indexOf(DASHES, at + BEGIN.length) + DASHES.length;
		const tail = text.indexOf(DASHES, head);
		const end = text.indexOf(DASHES, tail + DASHES.length) + DASHES.length;
		// No end: it is left to the TLS library to complain.
		if (head < BEGIN.length || tail < 0 || end <= tail) return text;
		lines.push(text.slice(at, head));
		const body = text.slice(head, tail).split(" ").join("");
		for (let from = 0; from < body.length; from += LINE) lines.push(body.slice(from, from + LINE));
		lines.push(text.slice(tail, end));
		at = end;
	}
	if (lines.length === 0) return text;
	lines.push("");
	return lines.join("\n");
}
