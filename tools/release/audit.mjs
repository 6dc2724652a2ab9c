// What becomes of a report of `npm audit`: a high or critical finding in what ships fails, unless an exception with a reason
// says until when it is bearable. Everything else is told.

const FAILING = ["high", "critical"];

/**
 * @param {object} report of `npm audit --json`, version 2
 * @param {Set<string>} shipped places in node_modules of what ships
 * @param {readonly {advisory: string, package: string, reason: string, until: string}[]} exceptions `until`: a date, inclusive
 * @param {string} today YYYY-MM-DD
 * @returns {{failures: string[], notes: string[]}} a line each
 */
export function judgeAudit(report, shipped, exceptions, today) {
	const failures = exceptions
		.filter(unfounded)
		.map((exception) => `an exception without package, reason or date: ${JSON.stringify(exception)}`);
	const notes = [];
	for (const { name, severity, via, nodes = [] } of Object.values(report.vulnerabilities ?? {})) {
		const ships = nodes.some((place) => shipped.has(place));
		const advisories = via.filter((cause) => typeof cause === "object").map(({ url }) => url);
		const line = `${name}: ${severity}${ships ? ", ships" : ", development only"}: ${advisories.join(" ") || `by ${via.join(", ")}`}`;
		if (!ships || !FAILING.includes(severity)) notes.push(line);
		else if (advisories.length > 0 && advisories.every((url) => excepted(url, name, exceptions, today)))
			notes.push(`${line} (excepted)`);
		else failures.push(line);
	}
	return { failures, notes };
}

function excepted(url, name, exceptions, today) {
	return exceptions.some(
		(exception) => exception.advisory === url && exception.package === name && exception.until >= today,
	);
}

function unfounded({ advisory, package: name, reason, until }) {
	return !advisory || !name || !reason || !/^\d{4}-\d{2}-\d{2}$/.test(until ?? "");
}
