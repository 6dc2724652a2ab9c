// Updates of the firmware: takes one in over HTTP while readings go on, restarts into it, watches its trial, goes back
// where it fails, and tells how it ended. What may be written and started is firmware/'s to judge.

import { type UpdateProblem, UpdateReceiver } from "../firmware/receiver.js";
import { type Outcome, outcomeOf, readUpdateRecord, type UpdateRecord, verdict } from "../firmware/trial.js";
import { LONGEST_HEAD } from "../firmware/update-file.js";
import type { FileStore } from "../hardware/device.js";
import type { Updates as DeviceUpdates } from "../hardware/updates.js";
import { jsonOf, problem } from "../outputs/http/answer.js";
import { flatTexts } from "../outputs/http/flat-json.js";
import type { DownloadOptions, Network } from "../outputs/network.js";
import type { LogLevel, Timers } from "../outputs/output.js";
import {
	type Answer,
	type BodyReceiver,
	type BodyRule,
	type Call,
	type Responder,
	type Route,
	type RouteAnswer,
	routeTable,
} from "../outputs/route.js";
import { utf8 } from "../outputs/shared/text.js";
import { consistsOf, isDigits } from "../readings/characters.js";

export const UPDATE_FILE = "update.json";
/** A phone at the edge of the network uploads a megabyte in this. */
const UPLOAD_MS = 600_000;
const WATCH_MS = 1000;
const ADDRESS: BodyRule = Object.freeze({ most: 1024, type: "application/json" });
const HTTP_PORT = 80;
const HTTP = "http://";
const LONGEST_HOST = 253;

export interface UpdatesOptions {
	/** `undefined` on a computer: there is nothing to update here. */
	readonly device: DeviceUpdates | undefined;
	readonly files: Pick<FileStore, "read" | "write" | "remove">;
	readonly timers: Timers;
	readonly network: Pick<Network, "download">;
	now(): number;
	readonly version: string;
	readonly trialSeconds: number;
	log(line: string, level?: LogLevel): void;
	readonly owner: UpdatesOwner;
}

/** What a trial goes by, and who restarts. */
export interface UpdatesOwner {
	/** The network is there. */
	readonly isOnline: boolean;
	/** Since the start. */
	readonly readings: number;
	/** Starts again, after answers have left. */
	restart(reason: string): void;
}

type State = "idle" | "receiving" | "restarting" | "refused";

export class Updates implements Responder {
	static readonly #ROUTES = routeTable<Updates>([
		{ at: "GET /api/v1/update", need: "read", answer: (updates) => jsonOf(updates.#report()) },
		{
			at: "POST /api/v1/update",
			bodyFor: (updates) => updates.#body(),
			answer: (updates, call) => updates.#received(call),
		},
		{
			...{ at: "POST /api/v1/update/fetch", body: ADDRESS },
			answer: (updates, { body }) => updates.#fetch(body),
		},
	]);
	readonly #options: UpdatesOptions;
	readonly #started: number;
	readonly #record: UpdateRecord | undefined;
	#outcome: Outcome | undefined;
	#state: State = "idle";
	#receiver: UpdateReceiver | undefined;
	#watch: unknown;
	#download: { cancel(): void } | undefined;

	constructor(options: UpdatesOptions) {
		const { device, files, timers } = options;
		this.#options = options;
		this.#started = options.now();
		this.#record = device && readUpdateRecord(files.read(UPDATE_FILE));
		this.#outcome =
			device && outcomeOf(this.#record, { slot: device.slots.running, onTrial: device.slots.onTrial });
		if (this.#outcome === "rolled back")
			options.log(
				`update: version ${this.#record?.version} failed its trial; this is the older one`,
				"error",
			);
		if (device?.slots.onTrial) this.#watch = timers.repeat(() => this.#judge(), WATCH_MS);
	}

	get routes(): readonly Route<Updates>[] {
		return Updates.#ROUTES;
	}

	/** The part of health that is told under `update`. */
	health(): { readonly version: string; readonly slot: string | null; readonly last: Outcome | null } {
		const { device, version } = this.#options;
		return { version, slot: device?.slots.running ?? null, last: this.#outcome ?? null };
	}

	close(): void {
		this.#options.timers.clear(this.#watch);
		this.#download?.cancel();
		this.#receiver?.abandon();
	}

	#report(): object {
		const { device, version, trialSeconds } = this.#options;
		const receiver = this.#receiver;
		const trial = this.#outcome === "on trial";
		return {
			state: device ? this.#state : "absent",
			version,
			board: device?.board ?? null,
			slot: device?.slots.running ?? null,
			takesUpdates: device?.publicKey !== undefined,
			progress: receiver ? Math.round(receiver.progress * 100) / 100 : 0,
			incoming: receiver?.description?.version ?? null,
			problem: receiver?.problem ? { code: receiver.problem, text: wordsOf(receiver) } : null,
			trial: trial ? { secondsLeft: Math.max(0, Math.round(trialSeconds - this.#uptime())) } : null,
			last: this.#record && this.#outcome ? { version: this.#record.version, outcome: this.#outcome } : null,
		};
	}

	/** As large as a slot of this board. */
	#body(): BodyRule<Updates> {
		const size = this.#options.device?.slots.size ?? 0;
		return {
			most: size + LONGEST_HEAD,
			type: "application/octet-stream",
			milliseconds: UPLOAD_MS,
			receive: (updates) => updates.#receive(),
		};
	}

	/** Why nothing can be taken in now; `undefined` where it can. */
	#closed(): Answer | undefined {
		const { device } = this.#options;
		if (!device)
			return problem(404, "No updates here", "On a computer Meterling is updated as it was installed.");
		if (device.slots.onTrial)
			return problem(409, "On trial", "The last update is still on its trial; try again when that is over.");
		if (this.#state === "receiving" || this.#state === "restarting")
			return problem(409, "Busy", "Another update is being received or started.");
		return undefined;
	}

	#begin(device: DeviceUpdates): UpdateReceiver {
		const receiver = new UpdateReceiver(device);
		this.#receiver = receiver;
		this.#state = "receiving";
		this.#options.log("update: receiving");
		return receiver;
	}

	/** An upload. One that cannot be taken is read to its end and thrown away, so that the client hears why. */
	#receive(): BodyReceiver {
		const { device } = this.#options;
		return !device || this.#closed()
			? new Upload(undefined, () => {})
			: new Upload(this.#begin(device), (receiver) => this.#abandon(receiver));
	}

	/** The upload is complete. */
	#received({ receiver: upload }: Call): RouteAnswer {
		const receiver = upload instanceof Upload ? upload.receiver : undefined;
		if (!receiver)
			return (
				this.#closed() ?? problem(409, "Busy", "Another update was being received: send this one again.")
			);
		const refusal = this.#conclude(receiver);
		return refusal ?? jsonOf({ version: receiver.description?.version, restarts: true }, 202);
	}

	/** Fetches an update from where `{"url"}` says; how that goes is told by GET. */
	#fetch(body: Uint8Array): RouteAnswer {
		const { device, network } = this.#options;
		const refusal = this.#closed();
		if (refusal || !device) return refusal ?? jsonOf({}, 404);
		const [url = ""] = flatTexts(body, ["url"]) ?? [];
		const from = sourceOf(url);
		if (!from)
			return problem(
				422,
				"No such address",
				'The body must be {"url": "http://host/path"}; the file is signed, so http will do.',
			);
		const receiver = this.#begin(device);
		this.#download = network.download({
			...from,
			onBytes: (bytes) => {
				receiver.take(bytes);
				if (!receiver.problem) return;
				this.#download?.cancel();
				this.#abandon(receiver);
			},
			onEnd: (trouble) => {
				if (trouble === undefined) this.#conclude(receiver);
				else {
					this.#options.log(`update: ${trouble}`, "warning");
					this.#abandon(receiver, trouble);
				}
			},
		});
		return jsonOf({ fetching: true }, 202);
	}

	/** The file is complete: starts it, or says why not. */
	#conclude(receiver: UpdateReceiver): Answer | undefined {
		const { device, files, log, owner } = this.#options;
		if (!receiver.end() || !device) {
			this.#refused(receiver);
			const code = receiver.problem ?? "no-update";
			return problem(statusOf(code), "Update refused", wordsOf(receiver), [], { code });
		}
		const version = receiver.description?.version ?? "";
		const record: UpdateRecord = { version, from: device.slots.running, readings: owner.readings > 0 };
		try {
			files.write(UPDATE_FILE, utf8(JSON.stringify(record)));
		} catch (error) {
			log(`update: its record could not be kept: ${error}`, "warning");
		}
		this.#state = "restarting";
		log(`update: version ${version} is written; restarting into it`);
		owner.restart(`update to ${version}`);
		return undefined;
	}

	#abandon(receiver: UpdateReceiver, reason?: string): void {
		receiver.abandon(reason);
		this.#refused(receiver);
	}

	#refused(receiver: UpdateReceiver): void {
		if (this.#receiver !== receiver || this.#state !== "receiving") return;
		this.#state = "refused";
		this.#options.log(`update refused: ${receiver.problem}`, "warning");
	}

	#uptime(): number {
		return (this.#options.now() - this.#started) / 1000;
	}

	#judge(): void {
		const { device, trialSeconds, log, timers, owner } = this.#options;
		const facts = { uptime: this.#uptime(), network: owner.isOnline, reading: owner.readings > 0 };
		const decision = verdict(facts, this.#record, trialSeconds);
		if (!device || decision === undefined) return;
		timers.clear(this.#watch);
		this.#watch = undefined;
		try {
			if (decision === "confirm") {
				device.slots.confirm();
				this.#outcome = "installed";
				log(`update: version ${this.#record?.version ?? this.#options.version} has passed its trial`);
			} else {
				log("update: no network or no reading in time; going back to the older firmware", "error");
				device.slots.rollBack();
				owner.restart("update rolled back");
			}
		} catch (error) {
			log(`update: ${error}`, "error");
		}
	}
}

/** One request's upload; without a receiver it is only read to be refused. */
class Upload implements BodyReceiver {
	readonly receiver: UpdateReceiver | undefined;
	readonly #gone: (receiver: UpdateReceiver) => void;

	constructor(receiver: UpdateReceiver | undefined, gone: (receiver: UpdateReceiver) => void) {
		this.receiver = receiver;
		this.#gone = gone;
	}

	take(bytes: Uint8Array): void {
		this.receiver?.take(bytes);
	}

	abandon(): void {
		if (this.receiver) this.#gone(this.receiver);
	}
}

/** The parts of `http://host[:port]/path`; `undefined` for all else, and for what names a user. */
export function sourceOf(url: string): Pick<DownloadOptions, "host" | "port" | "path"> | undefined {
	const rest = url.startsWith(HTTP) ? url.slice(HTTP.length) : "";
	const authority = rest.slice(0, Math.max(rest.indexOf("/"), 0));
	const colon = authority.indexOf(":");
	const host = colon < 0 ? authority : authority.slice(0, colon);
	const port = colon < 0 ? `${HTTP_PORT}` : authority.slice(colon + 1);
	if (host === "" || host.length > LONGEST_HOST || !consistsOf(host, "A-Za-z0-9.-")) return undefined;
	if (!isDigits(port, 5) || !consistsOf(rest, "!-~")) return undefined;
	return { host, port: Number(port), path: rest.slice(authority.length) };
}

/** RFC 9110: 422 for what is well sent and not acceptable, 507 where there is no room for it. */
function statusOf(code: UpdateProblem): number {
	if (code === "storage") return 507;
	if (code === "no-key") return 403;
	return code === "truncated" ? 400 : 422;
}

function wordsOf({ problem: code, detail }: UpdateReceiver): string {
	const words = code === undefined ? "" : WORDS[code];
	return detail === "" ? words : `${words} (${detail})`;
}

const WORDS: Readonly<Record<UpdateProblem, string>> = Object.freeze({
	"no-key": "This firmware was built without a key for updates: it takes none.",
	"no-update": "This is no update file of Meterling.",
	signature: "The file is not signed by the maker of this firmware, or it is damaged.",
	description: "The file is signed, but does not say what it holds.",
	chip: "The update is for another chip.",
	board: "The update is for another board.",
	size: "The update is larger than a slot of this board.",
	truncated: "The file ended before it was complete.",
	"too-long": "The file is longer than it says.",
	digest: "The image is not the one that was signed.",
	storage: "Flash could not be written, or the image is not sound.",
});
