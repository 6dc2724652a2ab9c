// Names to addresses for the SDK's MQTT client, in the shape of its DNS resolver but through the system's own
// resolver (`net`): the name server then is the one that DHCP or the computer's settings say.

import Net from "net";
import { isDotted } from "../readings/characters.js";
import { timers } from "./clock.js";
import type { ResolveRequest } from "./sdk.js";

export class SystemResolver {
	#closed = false;

	resolve({ host, onResolved, onError }: ResolveRequest): void {
		const address = host === "localhost" ? "127.0.0.1" : isDotted(host) ? host : undefined;
		if (address !== undefined) {
			timers.set(() => {
				if (!this.#closed) onResolved?.(host, address);
			}, 0);
			return;
		}
		Net.resolve(host, (_, found) => {
			if (this.#closed) return;
			if (found) onResolved?.(host, found);
			else onError?.(host);
		});
	}

	close(): void {
		this.#closed = true;
	}
}
