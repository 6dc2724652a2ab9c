// The set-up's addresses below /api/v1/portal: JSON in, JSON out. What they need of rights the web server sees to:
// an admin's, which before there is a password is who has joined the access point.

import { jsonOf, problem } from "../../outputs/http/answer.js";
import type { Answer, Call, Route } from "../../outputs/route.js";
import { problemWith, type SettingDescriptor, type SettingValues } from "../../settings/setting.js";
import { timeZoneNames } from "../../settings/time-zones.js";
import type { BrokerTest } from "./broker-test.js";
import type { MeterSearch } from "./meter-search.js";
import type { Refusal, SetUp } from "./set-up.js";

const ROOT = "/api/v1/portal";
const JSON_TYPE = "application/json";
const LARGEST_BODY = 1024;
const LARGEST_FINISH = 4096;
const ACCEPTED = 202;
const LONGEST_PORT_NAME = 255;

/** The two keys of meters that encrypt; protocols have them under these names. */
const KEYS: readonly SettingDescriptor[] = Object.freeze(
	["encryptionKey", "authenticationKey"].map(
		(key): SettingDescriptor => ({
			...{ key, type: "text", default: "", secret: true, format: "hex32", label: key, help: "" },
		}),
	),
);

export function portalRoutes(setUp: SetUp, search: MeterSearch, broker: BrokerTest): readonly Route[] {
	const get = (path: string, answer: (call: Call) => Answer, need: "open" | "admin" = "admin"): Route => ({
		...{ method: "GET", path: ROOT + path, need, answer },
	});
	const post = (
		path: string,
		answer: (given: Record<string, unknown>) => Answer,
		most = LARGEST_BODY,
	): Route => ({
		method: "POST",
		path: ROOT + path,
		body: { most, type: JSON_TYPE },
		answer: ({ body }) => {
			const given = objectOf(body);
			return given ? answer(given) : problem(400, "Not understood", "The body must be a JSON object.");
		},
	});
	return [
		get(
			"/state",
			({ identity }) => {
				if (identity.right !== "admin") return jsonOf(setUp.summary);
				setUp.attend();
				return jsonOf(setUp.state);
			},
			"open",
		),
		get("/time-zones", () => jsonOf(timeZoneNames()), "open"),
		get("/scan", () => jsonOf(setUp.scanReport)),
		{
			...{ method: "POST", path: `${ROOT}/scan` },
			answer: () => outcome(setUp.scan(), () => setUp.scanReport),
		},
		post("/connect", (given) => outcome(setUp.connect(given), () => setUp.joinReport)),
		get("/result", () => jsonOf(setUp.joinReport)),
		get("/detect", () => jsonOf(search.report)),
		post("/detect", ({ listenOnly, port, ...given }) => {
			const keys = keysOf(given);
			if ("status" in keys) return keys;
			if (port !== undefined && !isPortName(port))
				return problem(422, "Refused", "port must be a short text.");
			search.start(listenOnly === true, keys.values, port);
			return jsonOf(search.report, ACCEPTED);
		}),
		{
			...{ method: "DELETE", path: `${ROOT}/detect` },
			answer: () => {
				search.stop();
				return jsonOf(search.report);
			},
		},
		post("/key-check", (given) => {
			const keys = keysOf(given);
			if ("status" in keys) return keys;
			return jsonOf({ verdict: search.checkKey(keys.values) });
		}),
		get("/mqtt-test", () => jsonOf(broker.report)),
		post("/mqtt-test", (given) => outcome(setUp.tryBroker(given), () => broker.report), LARGEST_FINISH),
		post(
			"/finish",
			({ settings = {} }) => outcome(setUp.finish(settings), () => setUp.state),
			LARGEST_FINISH,
		),
	];
}

function outcome(refusal: Refusal | undefined, report: () => object): Answer {
	if (!refusal) return jsonOf(report(), ACCEPTED);
	const { status, detail, problems } = refusal;
	return problem(status, "Refused", detail, [], problems ? { problems } : {});
}

/** Checked as the settings would; a refusal never repeats them. */
function keysOf(given: Record<string, unknown>): { readonly values: SettingValues } | Answer {
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

function objectOf(body: Uint8Array): Record<string, unknown> | undefined {
	try {
		const value: unknown = JSON.parse(String.fromArrayBuffer(body.slice().buffer as ArrayBuffer));
		return typeof value === "object" && value !== null && !Array.isArray(value)
			? (value as Record<string, unknown>)
			: undefined;
	} catch {
		return undefined;
	}
}
