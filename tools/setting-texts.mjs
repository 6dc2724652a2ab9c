// What settings are called, their help, and the labels of their choices, taken from the descriptors for the page: the firmware
// itself is built without them (tools/device-source.mjs).
import { build } from "esbuild";
import { hostPlatform } from "./host-platform.mjs";

/**
 * `{ section: { key: { label, help, choices: { value: label } } } }` of every setting that this project has.
 * `choices` is left out where labels are the values themselves, or where there are none.
 */
export async function settingTexts(root) {
	const { outputFiles } = await build({
		absWorkingDir: root,
		entryPoints: ["app/sections.ts"],
		bundle: true,
		platform: "node",
		format: "esm",
		target: "node20",
		packages: "external",
		plugins: [hostPlatform],
		write: false,
		logLevel: "warning",
	});
	const { SECTIONS } = await import(
		`data:text/javascript;base64,${Buffer.from(outputFiles[0].text).toString("base64")}`
	);
	return Object.fromEntries(
		SECTIONS.map(({ name, settings }) => [
			name,
			Object.fromEntries(settings.map((descriptor) => [descriptor.key, textsOf(descriptor)])),
		]),
	);
}

function textsOf({ label, help, choices = [] }) {
	const named = choices.filter((choice) => choice.label !== choice.value);
	return {
		label,
		help,
		...(named.length > 0
			? { choices: Object.fromEntries(named.map((choice) => [choice.value, choice.label])) }
			: {}),
	};
}
