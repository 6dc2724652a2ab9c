// The HomeWizard-compatible API: the local interface, version 1, of another vendor's P1 reader, so that programs which
// know that interface find and read this gateway. Off by default. It has no sign-in, as its clients send none.
// Source: the interface's public documentation; what Home Assistant asks of a discovery.

import type { Output, OutputContext, OutputDescriptor, OutputHealth } from "../output.js";
import { type Answer, type Route, routeTable } from "../route.js";
import { type Parts, partsOf } from "../shared/parts.js";
import { utf8 } from "../shared/text.js";
import { writeMeasurement } from "./measurement.js";

const PRODUCT_TYPE = "HWE-P1";
/** What people see: never the other vendor's name. */
const PRODUCT_NAME = "Meterling";
const API_PATH = "/api/v1";
const SERVICE = "_hwenergy._tcp";
/** In front of the six digits of the gateway's id: a locally administered address, which nobody else's device has. */
const SERIAL_PREFIX = "024d6c";
const ID_DIGITS = 6;
const HTTP_PORT = 80;

export const homewizard: OutputDescriptor = {
	name: "homewizard",
	title: "HomeWizard-compatible API",
	settings: [
		{
			key: "enabled",
			type: "switch",
			default: false,
			label: "HomeWizard-compatible API",
			help: "Programs find and read the meter as they read a P1 meter of that kind. Without sign-in: anyone in the network may read. The HTTP port must be 80.",
		},
	],
	open: (context) => (context.settings.enabled === true ? new HomeWizardOutput(context) : undefined),
};

class HomeWizardOutput implements Output {
	static readonly #ROUTES = routeTable<HomeWizardOutput>([
		{ at: "GET /api", need: "open", answer: (self) => self.#device() },
		{ at: "GET /api/v1/data", need: "open", answer: (self) => self.#data() },
		{ at: "GET /api/v1/telegram", need: "open", answer: (self) => self.#telegram() },
		{ at: "GET /api/v1/system", need: "open", answer: (self) => self.#system() },
		{ at: "PUT /api/v1/identify", need: "open", answer: (self) => self.#identify() },
	]);
	readonly #context: OutputContext;
	readonly #serial: string;
	readonly #silence: (() => void) | undefined;
	#requests = 0;

	constructor(context: OutputContext) {
		this.#context = context;
		this.#serial = SERIAL_PREFIX.concat(context.gatewayId.slice(-ID_DIGITS));
		// All of it must be there, or Home Assistant turns away.
		if (context.httpPort === 0) return;
		this.#silence = context.announce?.({
			type: SERVICE,
			port: context.httpPort ?? HTTP_PORT,
			txt: [
				"api_enabled=1",
				`path=${API_PATH}`,
				`serial=${this.#serial}`,
				`product_name=${PRODUCT_NAME}`,
				`product_type=${PRODUCT_TYPE}`,
			],
		});
	}

	reading(): void {
		// Asked for, never sent.
	}

	get routes(): readonly Route<HomeWizardOutput>[] {
		return HomeWizardOutput.#ROUTES;
	}

	health(): OutputHealth {
		return { announced: this.#silence !== undefined, requests: this.#requests };
	}

	close(done: () => void): void {
		this.#silence?.();
		done();
	}

	#device(): Answer {
		this.#requests++;
		const device = JSON.stringify({
			product_type: PRODUCT_TYPE,
			product_name: PRODUCT_NAME,
			serial: this.#serial,
			firmware_version: this.#context.version,
			api_version: "v1",
		});
		return json([utf8(device)]);
	}

	#data(): Answer {
		this.#requests++;
		const { store } = this.#context;
		const { ssid = null, rssi = null } = this.#context.wifi?.() ?? {};
		const parts = partsOf((take) =>
			writeMeasurement(
				{
					...{ store, serial: this.#serial, ssid, rssi },
					now: this.#context.now(),
					wallTime: this.#context.wallTime(),
				},
				take,
			),
		);
		return json(parts);
	}

	#telegram(): Answer {
		this.#requests++;
		const telegram = this.#context.telegram();
		return telegram ? answer(200, "text/plain", [telegram]) : notFound();
	}

	#system(): Answer {
		this.#requests++;
		return json([utf8('{"cloud_enabled":false}')]);
	}

	#identify(): Answer {
		this.#requests++;
		return this.#context.commands?.identify() ? json([utf8('{"identify":"ok"}')]) : notFound();
	}
}

function json(body: Parts): Answer {
	return answer(200, "application/json", body);
}

/** What is not served here: clients take it for a function that this device does not have. */
function notFound(): Answer {
	return answer(404, "application/json", [utf8('{"error":{"id":1,"description":"Not found"}}')]);
}

function answer(status: number, type: string, body: Parts): Answer {
	return {
		status,
		headers: [
			["content-type", type],
			["cache-control", "no-store"],
		],
		body,
	};
}
