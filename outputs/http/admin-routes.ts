// Settings, restart and factory reset over HTTP. What is refused is told field by field, without the values.

import type { Admin, AdminOutcome } from "../admin.js";
import { type Answer, type BodyRule, type Call, type Responder, routeTable } from "../route.js";
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

interface AdminResponder extends Responder {
	readonly admin: Admin;
}

const ROUTES = routeTable<AdminResponder>([
	{ at: "GET /api/v1/settings", answer: form },
	{ at: "PATCH /api/v1/settings", body: SETTINGS, answer: change },
	{ at: "GET /api/v1/settings/export", answer: ({ admin }) => exported(admin.exportSettings(undefined)) },
	// Not GET: a passphrase in an address would lie in every log on its way.
	{ at: "POST /api/v1/settings/export", body: SMALL_JSON, answer: exportSealed },
	{ at: "POST /api/v1/settings/import", body: IMPORT, answer: importFile },
	{ at: "POST /api/v1/restart", need: "control", answer: restart },
	{ at: "POST /api/v1/factory-reset", body: SMALL_JSON, answer: factoryReset },
]);

export function adminResponder(admin: Admin): AdminResponder {
	return { routes: ROUTES, admin };
}

function form({ admin }: AdminResponder, { request }: Call): Answer {
	const text = admin.settingsForm(queryText(request.path, "section"));
	return text === undefined
		? problem(404, "No such section", "Without ?section= all of them are told.")
		: json(utf8(text));
}

function change({ admin }: AdminResponder, { body }: Call): Answer {
	const given = parsed(body);
	return given === undefined ? malformed('{"mqtt": {"host": "…"}}') : told(admin.changeSettings(given));
}

function exportSealed({ admin }: AdminResponder, { body }: Call): Answer {
	const [passphrase] = flatTexts(body, ["passphrase"]) ?? [];
	return passphrase === undefined
		? malformed('{"passphrase": "…"}')
		: exported(admin.exportSettings(passphrase));
}

function importFile({ admin }: AdminResponder, { body }: Call): Answer {
	const given = parsed(body) as ImportBody | undefined;
	if (typeof given?.file !== "object" || !given.file) return malformed('{"file": {…}, "passphrase": "…"}');
	const passphrase = typeof given.passphrase === "string" ? given.passphrase : undefined;
	const file = utf8(JSON.stringify(given.file));
	return told(admin.importSettings(file, passphrase, given.leaveSecrets === true));
}

function restart({ admin }: AdminResponder): Answer {
	admin.restart();
	return noContent();
}

function factoryReset({ admin }: AdminResponder, { body }: Call): Answer {
	const [confirm] = flatTexts(body, ["confirm"]) ?? [];
	if (confirm !== "erase everything") return malformed('{"confirm": "erase everything"}');
	admin.factoryReset();
	return noContent();
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
