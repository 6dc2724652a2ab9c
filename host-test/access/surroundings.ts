// Digests of Node, random bytes that count, a clock that moves on command.

import "../../host/platform/globals";
import { createHash, createHmac, pbkdf2Sync } from "node:crypto";
import type { Surroundings } from "../../access/surroundings.js";
import type { Digests } from "../../settings/digests.js";

export const NODE_DIGESTS: Digests = {
	sha256: (bytes) => new Uint8Array(createHash("sha256").update(bytes).digest()),
	hmacSha256: (key, message) =>
		new Uint8Array(createHmac("sha256", key).update(Buffer.concat(message)).digest()),
	pbkdf2Sha256: (password, salt, iterations, length) =>
		new Uint8Array(pbkdf2Sync(password, salt, iterations, length, "sha256")),
};

export class FakeSurroundings implements Surroundings {
	readonly digests: Digests = NODE_DIGESTS;
	time = 1_000_000;
	/** Every array that was handed out, in hexadecimal. */
	readonly drawn: string[] = [];
	#next = 1;

	readonly now = (): number => this.time;

	readonly randomBytes = (count: number): Uint8Array => {
		const bytes = Uint8Array.from({ length: count }, (_, index) => (this.#next * 31 + index * 7) & 0xff);
		this.#next++;
		this.drawn.push(Buffer.from(bytes).toString("hex"));
		return bytes;
	};
}
