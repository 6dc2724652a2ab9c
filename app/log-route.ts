// The log over HTTP: `GET /api/v1/log`, for who may administer the gateway, as lines tell of brokers and networks.

import { json } from "../outputs/http/answer.js";
import type { Route } from "../outputs/route.js";
import { utf8 } from "../outputs/shared/text.js";
import type { Log } from "./log.js";

export function logRoute(log: Pick<Log, "json">): Route {
	return { method: "GET", path: "/api/v1/log", need: "admin", answer: () => json(utf8(log.json())) };
}
