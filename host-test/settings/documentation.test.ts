// docs/settings.md lists every setting as the schema has it. WRITE_DOCS=1 writes the list.

import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { boardSection } from "../../hardware/boards/choice";
import { OUTPUTS } from "../../outputs/registry";
import { PROTOCOLS } from "../../protocols/registry";
import { restartOf } from "../../settings/changes";
import { costSection } from "../../settings/cost";
import { networkSection } from "../../settings/network";
import { type SettingSection, settingSections } from "../../settings/schema";
import { isSecret, LONGEST_TEXT, type SettingDescriptor } from "../../settings/setting";

const FILE = resolve(__dirname, "../../docs/settings.md");
const [BEGIN, END] = ["<!-- settings -->\n", "<!-- end of settings -->\n"];

/** The sections of app/app.ts, for a build that is made for no board in particular. */
const SECTIONS = settingSections(PROTOCOLS, OUTPUTS, [networkSection, boardSection(undefined), costSection]);

function listed(section: SettingSection): string {
	const rows = section.settings.map((setting) =>
		[`\`${setting.key}\``, setting.label, values(setting), shownDefault(setting), restartOf(section, setting)]
			.concat(setting.help)
			.map((cell) => cell.replaceAll("|", "\\|").replaceAll("<", "\\<"))
			.join(" | "),
	);
	const table = [
		"setting | label | values | default | restarts | help",
		"--- | --- | --- | --- | --- | ---",
		...rows,
	];
	const title = `### \`${section.name}\`: ${section.title}\n\n`;
	if (rows.length === 0) return `${title}No settings.\n`;
	return `${title}${table.map((row) => `| ${row} |`).join("\n")}\n`;
}

function values(setting: SettingDescriptor): string {
	switch (setting.type) {
		case "switch":
			return "true, false";
		case "choice":
			return setting.choices.map(({ value }) => `\`${value}\``).join(", ");
		case "number": {
			const unit = setting.unit ? ` ${setting.unit}` : "";
			return `${setting.least} to ${setting.most}${unit}${setting.fractional ? ", fractions too" : ""}`;
		}
		case "text": {
			const kinds: Readonly<Record<string, string>> = {
				hex32: "32 hexadecimal digits",
				host: "host name or address",
				url: "address with http:// or https://",
			};
			const kind =
				kinds[setting.format ?? "any"] ?? `text, at most ${setting.longest ?? LONGEST_TEXT} characters`;
			return isSecret(setting) ? `secret: ${kind}` : kind;
		}
	}
}

function shownDefault(setting: SettingDescriptor): string {
	return setting.default === "" ? "empty" : `\`${setting.default}\``;
}

test("docs/settings.md lists every setting; write it again with WRITE_DOCS=1 npx jest host-test/settings/documentation", () => {
	const text = readFileSync(FILE, "utf8");
	const [before, after] = [text.indexOf(BEGIN) + BEGIN.length, text.indexOf(END)];
	const list = `\n${SECTIONS.map(listed).join("\n")}\n`;
	if (process.env.WRITE_DOCS) writeFileSync(FILE, text.slice(0, before) + list + text.slice(after));
	else expect(text.slice(before, after)).toBe(list);
});

test("every setting has a label, and a help text that ends as a sentence does", () => {
	const settings = SECTIONS.flatMap((section) => section.settings);
	expect(settings.length).toBeGreaterThan(10);
	expect(settings.filter(({ label, help }) => label === "" || !/[.!?]$/.test(help))).toEqual([]);
});

test("names of sections and keys are short enough to be told in a problem", () => {
	const names = SECTIONS.flatMap(({ name, settings }) => [name, ...settings.map(({ key }) => key)]);
	expect(names.filter((name) => !/^[\w-]{1,24}$/.test(name))).toEqual([]);
	expect(new Set(SECTIONS.map(({ name }) => name)).size).toBe(SECTIONS.length);
});
