// A question to the meter over HTTP: `POST /api/v1/meter/read`, with `{"register": "60"}` for one register or code, which is
// answered with a reading of its own, or `{}` for a poll now. For who may administer: it wakes a meter on a battery.

import { json, jsonOf, problem } from "../outputs/http/answer.js";
import { flatTexts } from "../outputs/http/flat-json.js";
import type { Commands } from "../outputs/output.js";
import {
	type Answer,
	type BodyRule,
	type Call,
	type Responder,
	type RouteAnswer,
	routeTable,
} from "../outputs/route.js";
import { partsOf } from "../outputs/shared/parts.js";
import { writeReading } from "../readings/json.js";

const BODY: BodyRule = Object.freeze({ most: 256, type: "application/json" });

export interface ReadResponder extends Responder {
	readonly commands: Pick<Commands, "readNow" | "readRegister">;
}

const ROUTES = routeTable<ReadResponder>([{ at: "POST /api/v1/meter/read", body: BODY, answer: read }]);

export function readResponder(commands: ReadResponder["commands"]): ReadResponder {
	return { routes: ROUTES, commands };
}

function read({ commands }: ReadResponder, { body }: Call): RouteAnswer {
	const texts = flatTexts(body, ["register"]);
	if (!texts) return problem(400, "Malformed", 'The body must be {"register": "…"} or {}.');
	const [register] = texts;
	if (register === undefined)
		return commands.readNow() ? jsonOf({ asked: true }, 202) : notRead("the meter cannot be asked now");
	return {
		begin: (reply) =>
			commands.readRegister(register, (reading, reason) =>
				reply(reading ? json(partsOf((take) => writeReading(reading, take))) : notRead(reason ?? "")),
			),
	};
}

function notRead(reason: string): Answer {
	return problem(409, "Not read", `${reason}.`);
}
