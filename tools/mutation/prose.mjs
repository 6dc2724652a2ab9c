// A plugin for Stryker: leaves alone the texts that only people read. Nothing that the program does depends on the wording
// of a setting's label, and a test that repeats the wording states no behaviour. Every other string (an OBIS code, a
// quantity's name, a unit, a setting's key) is mutated.
import { declareValuePlugin, PluginKind } from "@stryker-mutator/api/plugin";

/** The properties of a descriptor that hold prose (settings/setting.ts, protocols/protocol.ts). */
const PROSE = new Set(["label", "help"]);

export const strykerPlugins = [
	declareValuePlugin(PluginKind.Ignore, "prose", {
		shouldIgnore({ node, parent }) {
			if (node.type !== "StringLiteral" && node.type !== "TemplateLiteral") return undefined;
			if (parent?.type !== "ObjectProperty" || parent.value !== node) return undefined;
			return PROSE.has(parent.key.name) ? "Prose for people: its wording is no behaviour." : undefined;
		},
	}),
];
