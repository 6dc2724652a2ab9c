// Security beside biome's lint: regular expressions that take long or say what they do not mean, code and markup made of
// strings, comparisons that leak time. TypeScript is parsed by Babel: typescript-eslint needs an API that TypeScript 7 lacks.
import parser from "@babel/eslint-parser";
import unsanitized from "eslint-plugin-no-unsanitized";
import regexp from "eslint-plugin-regexp";
import security from "eslint-plugin-security";

export default [
	{ ignores: ["build/**", "dist/**", "web/dist/**", "coverage/**", "**/*.d.ts", "host-test/**"] },
	{
		files: ["**/*.ts", "**/*.tsx", "**/*.mjs"],
		languageOptions: {
			parser,
			parserOptions: {
				requireConfigFile: false,
				babelOptions: { parserOpts: { plugins: ["typescript", "jsx"] } },
			},
		},
		plugins: { regexp, security, "no-unsanitized": unsanitized },
		rules: {
			...regexp.configs["flat/recommended"].rules,
			...security.configs.recommended.rules,
			...unsanitized.configs.recommended.rules,
			// Every a[i] is a finding for it: 853 of them, nearly all typed arrays. What the wire names is never a property's name.
			"security/detect-object-injection": "off",
			// Telegrams have control characters in them.
			"no-control-regex": "off",
			// regexp/no-super-linear-backtracking decides by the automaton what this one guesses from the number of stars.
			"security/detect-unsafe-regex": "off",
			// It goes by names: `password === undefined` is a finding. Secrets are compared by access/bytes.ts.
			"security/detect-possible-timing-attacks": "off",
			// Matters of taste, in which the sources have their own.
			"regexp/no-unused-capturing-group": "off",
			"regexp/use-ignore-case": "off",
			"regexp/no-obscure-range": "off",
			"regexp/prefer-d": "off",
			"regexp/prefer-w": "off",
			"regexp/match-any": "off",
			"regexp/no-useless-character-class": "off",
		},
	},
	{
		// What runs on a computer, with files and folders that its user names, and loads what this project has built.
		files: ["host/**", "tools/**", "*.mjs"],
		rules: {
			"security/detect-non-literal-fs-filename": "off",
			"security/detect-child-process": "off",
			"security/detect-non-literal-regexp": "off",
			"no-unsanitized/method": "off",
		},
	},
];
