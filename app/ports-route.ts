// The computer's serial ports over HTTP: `GET /api/v1/ports`, for the page that chooses the meter's. A board, whose
// line is on pins, has no such address.

import type { Device } from "../hardware/device.js";
import { jsonOf } from "../outputs/http/answer.js";
import type { Route } from "../outputs/route.js";

const PATH = "/api/v1/ports";

export function portRoutes(device: Pick<Device, "ports">): readonly Route[] {
	const { ports } = device;
	if (!ports) return [];
	const list = () => ({
		begin: (reply: (answer: ReturnType<typeof jsonOf>) => void) =>
			ports((found) => reply(jsonOf({ ports: found }))),
	});
	return [{ method: "GET", path: PATH, need: "admin", answer: list }];
}
