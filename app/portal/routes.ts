// The set-up's addresses below /api/v1/portal: JSON in, JSON out. What they need of rights the web server sees to:
// an admin's, which before there is a password is who has joined the access point.

import { jsonOf, problem } from "../../outputs/http/answer.js";
import { SMALL_JSON } from "../../outputs/http/session-routes.js";
import {
	type Answer,
	type BodyRule,
	type Call,
	type Responder,
	type Route,
	routeTable,
} from "../../outputs/route.js";
import { problemWith, type SettingDescriptor, type SettingValues } from "../../settings/setting.js";
import { timeZoneNames } from "../../settings/time-zones.js";
import type { BrokerTest } from "./broker-test.js";
import type { MeterSearch } from "./meter-search.js";
import type { Refusal, SetUp } from "./set-up.js";

const LARGE: BodyRule = Object.freeze({ ...SMALL_JSON, most: 4096 });
const ACCEPTED = 202;
const LONGEST_PORT_NAME = 255;

/** What was sent. */
type Given = Record<string, unknown>;

/** The two keys of meters that encrypt; protocols have them under these names. */
const KEYS: readonly SettingDescriptor[] = Object.freeze(
	["encryptionKey", "authenticationKey"].map(
		(key): SettingDescriptor => ({
			...{ key, type: "text", default: "", secret: true, format: "hex32", label: key, help: "" },
		}),
	),
);

export interface PortalResponder extends Responder {
	readonly setUp: SetUp;
	readonly search: MeterSearch;
	readonly broker: BrokerTest;
}

const ROUTES = routeTable<PortalResponder>([
	{ at: "GET /api/v1/portal/state", need: "open", answer: state },
	{ at: "GET /api/v1/portal/time-zones", need: "open", answer: () => jsonOf(timeZoneNames()) },
	{ at: "GET /api/v1/portal/scan", answer: ({ setUp }) => jsonOf(setUp.scanReport) },
	{
		at: "POST /api/v1/portal/scan",
		answer: ({ setUp }) => outcome(setUp.scan(), () => setUp.scanReport),
	},
	post("connect", ({ setUp }, given) => outcome(setUp.connect(given), () => setUp.joinReport)),
	{ at: "GET /api/v1/portal/result", answer: ({ setUp }) => jsonOf(setUp.joinReport) },
	{ at: "GET /api/v1/portal/detect", answer: ({ search }) => jsonOf(search.report) },
	post("detect", detect),
	{ at: "DELETE /api/v1/portal/detect", answer: stopDetecting },
	post("key-check", checkKey),
	{ at: "GET /api/v1/portal/mqtt-test", answer: ({ broker }) => jsonOf(broker.report) },
	post(
		"mqtt-test",
		({ setUp, broker }, given) => outcome(setUp.tryBroker(given), () => broker.report),
		LARGE,
	),
	post("finish", ({ setUp }, { settings = {} }) => outcome(setUp.finish(settings), () => setUp.state), LARGE),
]);

export function portalResponder(setUp: SetUp, search: MeterSearch, broker: BrokerTest): PortalResponder {
	return { routes: ROUTES, setUp, search, broker };
}

/** Takes a JSON object. */
function post(
	name: string,
	answer: (self: PortalResponder, given: Given) => Answer,
	body = SMALL_JSON,
): Route<PortalResponder> {
	return {
		...{ at: `POST /api/v1/portal/${name}`, body },
		answer(self, call) {
			const given = objectOf(call.body);
			return given ? answer(self, given) : problem(400, "Not understood", "The body must be a JSON object.");
		},
	};
}

function state({ setUp }: PortalResponder, { identity }: Call): Answer {
	if (identity.right !== "admin") return jsonOf(setUp.summary);
	setUp.attend();
	return jsonOf(setUp.state);
}

function detect({ search }: PortalResponder, { listenOnly, port, ...given }: Given): Answer {
	const keys = keysOf(given);
	if ("status" in keys) return keys;
	if (port !== undefined && !isPortName(port)) return problem(422, "Refused", "port must be a short text.");
	search.start(listenOnly === true, keys.values, port);
	return jsonOf(search.report, ACCEPTED);
}

function stopDetecting({ search }: PortalResponder): Answer {
	search.stop();
	return jsonOf(search.report);
}

function checkKey({ search }: PortalResponder, given: Given): Answer {
	const keys = keysOf(given);
	return "status" in keys ? keys : jsonOf({ verdict: search.checkKey(keys.values) });
}

function outcome(refusal: Refusal | undefined, report: () => object): Answer {
	if (!refusal) return jsonOf(report(), ACCEPTED);
	const { status, detail, problems } = refusal;
	return problem(status, "Refused", detail, [], problems ? { problems } : {});
}

/** Checked as the settings would; a refusal never repeats them. */
function keysOf(given: Given): { readonly values: SettingValues } | Answer {
	const values: Record<string, string> = {};
	for (const descriptor of KEYS) {
		const value = given[descriptor.key] ?? "";
		const wrong = problemWith(descriptor, value);
		if (wrong) return problem(422, "Refused", `${descriptor.key} ${wrong}.`);
		values[descriptor.key] = value as string;
	}
	return { values };
}

/** As setting `meter.port`: what is no port is told by the search. */
function isPortName(value: unknown): value is string {
	return typeof value === "string" && value.length <= LONGEST_PORT_NAME;
}

function objectOf(body: Uint8Array): Given | undefined {
	try {
		const value: unknown = JSON.parse(String.fromArrayBuffer(body.slice().buffer as ArrayBuffer));
		return typeof value === "object" && value !== null && !Array.isArray(value)
			? (value as Given)
			: undefined;
	} catch {
		return undefined;
	}
}
