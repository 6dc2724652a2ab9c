// The computer's serial ports over HTTP: `GET /api/v1/ports`, for the page that chooses the meter's. A board, whose
// line is on pins, has no such address.

import type { Device } from "../hardware/device.js";
import { jsonOf } from "../outputs/http/answer.js";
import { type Responder, routeTable } from "../outputs/route.js";

interface PortsResponder extends Responder {
	readonly ports: NonNullable<Device["ports"]>;
}

const ROUTES = routeTable<PortsResponder>([
	{
		at: "GET /api/v1/ports",
		answer: (self) => ({ begin: (reply) => self.ports((found) => reply(jsonOf({ ports: found }))) }),
	},
]);

export function portsResponder({ ports }: Pick<Device, "ports">): PortsResponder | undefined {
	return ports && { routes: ROUTES, ports };
}
