// Readings to InfluxDB and what speaks its line protocol (VictoriaMetrics, QuestDB, Telegraf): by HTTP, POST /api/v2/write, or
// by UDP. Several readings a request; while the server is away lines with a time wait in flash.

import type { Reading } from "../../readings/reading.js";
import type { SettingDescriptor } from "../../settings/setting.js";
import type { Output, OutputContext, OutputDescriptor, OutputHealth } from "../output.js";
import { Batch, type Ended } from "../shared/batch.js";
import { HourMark } from "../shared/hour-mark.js";
import { misconfigured } from "../shared/misconfigured.js";
import type { Parts } from "../shared/parts.js";
import { percentText } from "../shared/percent.js";
import { post } from "../shared/post.js";
import { caSetting, everySetting, tokenSetting, urlSetting } from "../shared/push-settings.js";
import { isHeaderText, parseUrl, pathBelow, type Target } from "../shared/url.js";
import { Datagrams } from "./datagrams.js";
import { epoch, linesOf } from "./line-protocol.js";

const NAME = "influx";
const MOST_READINGS = 60;
/** Bytes of one request: what a board has room for. */
const MOST_BYTES = 4096;

const SETTINGS: readonly SettingDescriptor[] = [
	urlSetting("Address", "Such as http://192.168.1.9:8086, or udp://192.168.1.9:8089. Empty turns it off."),
	{ key: "org", type: "text", default: "", label: "Organisation", help: "Empty where there is none." },
	{ key: "bucket", type: "text", default: "", label: "Bucket", help: "InfluxDB 1: database/policy." },
	tokenSetting("Token", "InfluxDB 1: user:password. Empty where none is asked for."),
	{
		key: "measurement",
		type: "text",
		default: "meter",
		longest: 64,
		label: "Measurement",
		help: "The name under which readings are stored.",
	},
	{ key: "texts", type: "switch", default: false, label: "Texts too", help: "Not numbers alone." },
	{
		key: "batch",
		type: "number",
		default: 10,
		least: 1,
		most: MOST_READINGS,
		label: "Readings",
		help: "So many go in one request.",
	},
	everySetting(10, "Fewer readings are sent after this time."),
	caSetting(),
];

export const influx: OutputDescriptor = {
	name: NAME,
	title: "InfluxDB",
	settings: SETTINGS,
	open: (context) => {
		const { url, org, bucket, token, measurement } = context.settings;
		if (!url) return undefined;
		const target = parseUrl(`${url}`);
		if (typeof target === "string") return misconfigured(context, NAME, target);
		if (!measurement) return misconfigured(context, NAME, "the measurement has no name");
		if (target.scheme === "udp") return new InfluxOutput(context, target);
		if (!bucket) return misconfigured(context, NAME, "there is no bucket");
		if (!isHeaderText(`${token}`))
			return misconfigured(context, NAME, "the token is not of plain characters");
		const orgQuery = org ? `&org=${percentText(`${org}`)}` : "";
		const query = `api/v2/write?bucket=${percentText(`${bucket}`)}${orgQuery}&precision=ns`;
		return new InfluxOutput(context, { ...target, path: pathBelow(target, query) });
	},
};

class InfluxOutput implements Output {
	readonly #context: OutputContext;
	readonly #target: Target;
	readonly #batch: Batch;
	readonly #mark = new HourMark();
	readonly #datagrams: Datagrams | undefined;

	constructor(context: OutputContext, target: Target) {
		const { batch, every } = context.settings;
		this.#context = context;
		this.#target = target;
		this.#datagrams = target.scheme === "udp" ? new Datagrams(context, target) : undefined;
		this.#batch = new Batch(context, {
			name: NAME,
			most: Number(batch),
			mostLate: MOST_READINGS,
			mostBytes: MOST_BYTES,
			every: Number(every) * 1000,
			deliver: (items, _, end) => this.#datagrams?.deliver(items, end) ?? this.#post(items, end),
		});
	}

	reading(reading: Reading): void {
		const { settings, gatewayId, now } = this.#context;
		const wallTime = this.#context.wallTime();
		const hourly = this.#mark.isFirst(reading, wallTime, now());
		// Without either the server puts its own time: right only at once.
		const timed = wallTime !== undefined || epoch(reading.time) !== undefined;
		const lines = () =>
			linesOf(reading, {
				measurement: `${settings.measurement}`,
				gateway: gatewayId,
				texts: settings.texts === true,
				wallTime,
			});
		this.#batch.add(hourly, timed, lines);
	}

	health(): OutputHealth {
		return this.#batch.health();
	}

	close(done: () => void): void {
		this.#batch.close();
		this.#datagrams?.close();
		done();
	}

	#post(items: readonly Parts[], end: Ended): { cancel(): void } {
		const { token, ca } = this.#context.settings;
		const type = ["Content-Type", "text/plain; charset=utf-8"] as const;
		const headers = token ? [["Authorization", `Token ${token}`] as const, type] : [type];
		return post(this.#context.network, this.#target, `${ca}`, headers, items.flat(), end);
	}
}
