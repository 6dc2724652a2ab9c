// Settings, restart and factory reset over HTTP. What is refused is told field by field, without the values.

import type { Admin, AdminOutcome } from "../admin.js";
import type { Answer, BodyRule, Route } from "../route.js";
import { utf8 } from "../shared/text.js";
import { json, jsonOf, noContent, problem } from "./answer.js";
import { flatTexts } from "./flat-json.js";
import { queryText } from "./query.js";
import { malformed, SMALL_JSON } from "./session-routes.js";

const SETTINGS: BodyRule = Object.freeze({ most: 16 * 1024, type: "application/json" });
/** An export of the longest kind, its passphrase and what is around them. */
const IMPORT: BodyRule = Object.freeze({ most: 26 * 1024, type: "application/json" });
const FILE_NAME: readonly [string, string] = Object.freeze([
	"content-disposition",
	'attachment; filename="meterling-settings.json"',
] as const);

export function adminRoutes(admin: Admin): readonly Route[] {
	return [
		{
			method: "GET",
			path: "/api/v1/settings",
			answer({ request }) {
				const form = admin.settingsForm(queryText(request.path, "section"));
				return form === undefined
					? problem(404, "No such section", "Without ?section= all of them are told.")
					: json(utf8(form));
			},
		},
		{
			method: "PATCH",
			path: "/api/v1/settings",
			body: SETTINGS,
			answer({ body }) {
				const change = parsed(body);
				return change === undefined
					? malformed('{"mqtt": {"host": "…"}}')
					: told(admin.changeSettings(change));
			},
		},
		{
			method: "GET",
			path: "/api/v1/settings/export",
			answer: () => exported(admin.exportSettings(undefined)),
		},
		{
			// Not GET: a passphrase in an address would lie in every log on its way.
			method: "POST",
			path: "/api/v1/settings/export",
			body: SMALL_JSON,
			answer({ body }) {
				const [passphrase] = flatTexts(body, ["passphrase"]) ?? [];
				return passphrase === undefined
					? malformed('{"passphrase": "…"}')
					: exported(admin.exportSettings(passphrase));
			},
		},
		{
			method: "POST",
			path: "/api/v1/settings/import",
			body: IMPORT,
			answer({ body }) {
				const given = parsed(body) as ImportBody | undefined;
				if (typeof given?.file !== "object" || !given.file)
					return malformed('{"file": {…}, "passphrase": "…"}');
				const passphrase = typeof given.passphrase === "string" ? given.passphrase : undefined;
				const file = utf8(JSON.stringify(given.file));
				return told(admin.importSettings(file, passphrase, given.leaveSecrets === true));
			},
		},
		{
			method: "POST",
			path: "/api/v1/restart",
			need: "control",
			answer() {
				admin.restart();
				return noContent();
			},
		},
		{
			method: "POST",
			path: "/api/v1/factory-reset",
			body: SMALL_JSON,
			answer({ body }) {
				const [confirm] = flatTexts(body, ["confirm"]) ?? [];
				if (confirm !== "erase everything") return malformed('{"confirm": "erase everything"}');
				admin.factoryReset();
				return noContent();
			},
		},
	];
}

interface ImportBody {
	readonly file?: unknown;
	readonly passphrase?: unknown;
	readonly leaveSecrets?: unknown;
}

/** JSON of who is signed in; `undefined` where it is none. The parser's message quotes the text: it goes nowhere. */
function parsed(body: Uint8Array): unknown {
	try {
		return JSON.parse(String.fromArrayBuffer(body.slice().buffer as ArrayBuffer));
	} catch {
		return undefined;
	}
}

function told(outcome: AdminOutcome): Answer {
	if (!outcome.problems) return jsonOf(outcome);
	const { problems } = outcome;
	return problem(422, "Refused", "Nothing was changed.", [], { problems });
}

function exported(result: ReturnType<Admin["exportSettings"]>): Answer {
	if ("problem" in result) return problem(422, "Refused", `${result.problem}.`);
	const answer = json(utf8(result.text));
	return { ...answer, headers: [...answer.headers, FILE_NAME] };
}
