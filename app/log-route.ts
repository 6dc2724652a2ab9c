// The log over HTTP: `GET /api/v1/log`, for who may administer the gateway, as lines tell of brokers and networks.

import { json } from "../outputs/http/answer.js";
import { type Responder, routeTable } from "../outputs/route.js";
import { utf8 } from "../outputs/shared/text.js";
import type { Log } from "./log.js";

interface LogResponder extends Responder {
	readonly log: Pick<Log, "json">;
}

const ROUTES = routeTable<LogResponder>([
	{ at: "GET /api/v1/log", answer: ({ log }) => json(utf8(log.json())) },
]);

export function logResponder(log: LogResponder["log"]): LogResponder {
	return { routes: ROUTES, log };
}
