// Tests run the sources as they are: swc turns TypeScript into CommonJS, `.js` specifiers find their `.ts` files,
// and the SDK's specifiers resolve to host/platform, exactly as in the built command line.
import { readFileSync } from "node:fs";

const specifiers = JSON.parse(
	readFileSync(new URL("./host/platform/specifiers.json", import.meta.url), "utf8"),
);
const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

export default {
	testEnvironment: "node",
	roots: ["<rootDir>/host-test"],
	testMatch: ["**/*.test.ts"],
	transform: {
		"\\.ts$": [
			"@swc/jest",
			{ jsc: { parser: { syntax: "typescript" }, target: "es2022" }, module: { type: "commonjs" } },
		],
	},
	moduleNameMapper: {
		...Object.fromEntries(
			Object.entries(specifiers).map(([name, file]) => [
				`^${escaped(name)}$`,
				`<rootDir>/host/platform/${file}`,
			]),
		),
		"^(\\.{1,2}/.*)\\.js$": "$1",
	},
};
