// The SDK's `embedded:network/dnssd`, as far as the firmware uses it, over the npm package bonjour-service. Where that
// is not installed, or the computer lets nobody multicast, nothing is made known, and nothing else is missing.

const PACKAGE: string = "bonjour-service";

interface Published {
	stop?(done?: () => void): void;
}

interface Bonjour {
	publish(options: {
		readonly name: string;
		readonly type: string;
		readonly protocol: "tcp" | "udp";
		readonly port: number;
		readonly host: string;
		readonly txt: Readonly<Record<string, string>>;
		readonly disableIPv6: boolean;
	}): Published;
	destroy(): void;
}

interface BonjourModule {
	readonly Bonjour: new (options: object, onError: (error: unknown) => void) => Bonjour;
}

export interface AdvertiseOptions {
	/** `_http._tcp`. */
	readonly serviceType: string;
	readonly host: string;
	readonly port: number;
	readonly txt: Uint8Array;
}

export default class DNSSD {
	readonly #bonjour: Promise<Bonjour | undefined>;
	#closed = false;

	constructor(_options: object) {
		this.#bonjour = load();
	}

	/** The package looks for the name's other owners by itself, for each service. */
	claim({ onReady }: { readonly host: string; onReady?(): void }): object {
		void this.#bonjour.then((bonjour) => {
			if (bonjour && !this.#closed) onReady?.();
		});
		return {};
	}

	advertise({ serviceType, host, port, txt }: AdvertiseOptions): object {
		const [type = "", protocol] = serviceType.split(".").map((part) => part.replace(/^_/, ""));
		void this.#bonjour.then((bonjour) => {
			if (!bonjour || this.#closed) return;
			bonjour.publish({
				...{ name: host, type, protocol: protocol === "udp" ? "udp" : "tcp", port },
				...{ host: `${host}.local`, txt: record(txt), disableIPv6: true },
			});
		});
		return {};
	}

	close(): void {
		this.#closed = true;
		void this.#bonjour.then((bonjour) => bonjour?.destroy());
	}
}

async function load(): Promise<Bonjour | undefined> {
	try {
		const { Bonjour } = (await import(PACKAGE)) as BonjourModule;
		return new Bonjour({}, () => {});
	} catch {
		return undefined;
	}
}

/** The pairs of a TXT record's bytes. */
function record(bytes: Uint8Array): Record<string, string> {
	const pairs: Record<string, string> = {};
	for (let at = 0; at < bytes.length; at += 1 + (bytes[at] ?? 0)) {
		const text = Buffer.from(bytes.subarray(at + 1, at + 1 + (bytes[at] ?? 0))).toString("utf8");
		const equals = text.indexOf("=");
		if (equals > 0) pairs[text.slice(0, equals)] = text.slice(equals + 1);
	}
	return pairs;
}
