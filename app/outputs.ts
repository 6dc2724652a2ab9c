// The outputs of the registry at work: opens those that the settings want, hands each frame and reading to all of them,
// and closes them in time. One output's fault is told and does not reach the others.

import type { Device } from "../hardware/device.js";
import type { Output, OutputContext, OutputDescriptor } from "../outputs/output.js";
import { OUTPUTS } from "../outputs/registry.js";
import type { Responder } from "../outputs/route.js";
import type { Reading } from "../readings/reading.js";
import type { Settings } from "../settings/schema.js";
import type { TellHealth } from "./health.js";
import { layered } from "./layered.js";
import { VERSION } from "./version.js";

/** The output that is opened even in safe mode. */
const PAGE = "http";
/** Longest wait for outputs to say goodbye. */
const CLOSE_TIMEOUT_MS = 2000;

/** What all outputs are given alike, besides what the device has. */
export type SharedContext = Pick<
	OutputContext,
	| "store"
	| "writeHealth"
	| "frames"
	| "telegram"
	| "commands"
	| "meterTap"
	| "announce"
	| "httpPort"
	| "wifi"
	| "prices"
>;

/** What the web server alone is given. */
export type WebContext = Pick<OutputContext, "gate" | "admin" | "responders">;

export class Outputs {
	readonly #device: Device;
	readonly #open: (readonly [OutputDescriptor, Output])[] = [];

	constructor(device: Device) {
		this.#device = device;
	}

	/** Opens every output, or the page alone after several crashes in a row: what a person needs to see why. */
	open(settings: Settings, shared: SharedContext, web: WebContext, pageOnly: boolean): void {
		// One object for all, and a small one on top of it for each: copies would be hundreds of slots.
		const common = Object.assign(this.#common(), shared);
		for (const descriptor of OUTPUTS) {
			const isPage = descriptor.name === PAGE;
			if (pageOnly && !isPage) continue;
			const context: OutputContext = layered(common, {
				settings: settings[descriptor.name] ?? {},
				...(isPage && web),
			});
			const output = descriptor.open(context);
			if (!output) continue;
			this.#open.push([descriptor, output]);
			if (hasRoutes(output)) web.responders?.push(output);
		}
	}

	/** A frame as it was on the wire; its reading follows. */
	frame(bytes: Uint8Array): void {
		this.#each((output) => output.frame?.(bytes));
	}

	reading(reading: Reading): void {
		this.#each((output) => output.reading(reading));
	}

	/** What each says of itself. */
	health(tell: TellHealth): void {
		for (const [{ name }, output] of this.#open) tell(name, output.health());
	}

	/** Lets each say goodbye; `done` once, after two seconds at the latest. */
	close(done: () => void): void {
		const { timers } = this.#device;
		let open = this.#open.length;
		let finished = false;
		const finish = () => {
			if (finished) return;
			finished = true;
			timers.clear(timeout);
			done();
		};
		const timeout = timers.set(finish, CLOSE_TIMEOUT_MS);
		for (const [, output] of this.#open) {
			output.close(() => {
				open--;
				if (open === 0) finish();
			});
		}
		if (open === 0) finish();
	}

	#each(run: (output: Output) => void): void {
		for (const [descriptor, output] of this.#open) {
			try {
				run(output);
			} catch (error) {
				this.#device.log(`${descriptor.name}: ${error}`, "error");
			}
		}
	}

	/** Under each context: what the device has, and the gateway's name. */
	#common(): Omit<OutputContext, keyof SharedContext | "settings"> {
		const device = this.#device;
		return layered(device, {
			gatewayId: device.id,
			version: VERSION,
			model: device.board ?? device.platform,
		});
	}
}

function hasRoutes(output: Output): output is Output & Responder {
	return output.routes !== undefined;
}
