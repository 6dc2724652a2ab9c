// Readings to InfluxDB and what speaks its line protocol (VictoriaMetrics, QuestDB, Telegraf): by HTTP, POST /api/v2/write, or
// by UDP. Several readings a request; while the server is away lines with a time wait in flash.

import type { Reading } from "../../readings/reading.js";
import type { SettingDescriptor } from "../../settings/setting.js";
import type { OutputContext, OutputDescriptor } from "../output.js";
import type { Delivery, DeliveryOwner } from "../shared/batch.js";
import type { Parts } from "../shared/parts.js";
import { percentText } from "../shared/percent.js";
import { type HeaderList, Post } from "../shared/post.js";
import { caSetting, everySetting, tokenSetting, urlSetting } from "../shared/push-settings.js";
import { openPush, type Push, testRoutes } from "../shared/pushed.js";
import { isHeaderText, pathBelow, type Target } from "../shared/url.js";
import { Datagrams } from "./datagrams.js";
import { epoch, linesOf } from "./line-protocol.js";

const NAME = "influx";
const ROUTES = testRoutes(NAME);
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
	open: (context) => openPush(context, NAME, ROUTES, pushTo),
};

function pushTo(context: OutputContext, target: Target): Push | string {
	const { org, bucket, token, measurement } = context.settings;
	if (!measurement) return "the measurement has no name";
	const isUdp = target.scheme === "udp";
	if (!isUdp && !bucket) return "there is no bucket";
	if (!isUdp && !isHeaderText(`${token}`)) return "the token is not of plain characters";
	const orgQuery = org ? `&org=${percentText(`${org}`)}` : "";
	const query = `api/v2/write?bucket=${percentText(`${bucket}`)}${orgQuery}&precision=ns`;
	return new LinePush(context, { ...target, path: pathBelow(target, query) });
}

class LinePush implements Push {
	readonly name = NAME;
	readonly most: number;
	readonly mostLate = MOST_READINGS;
	readonly mostBytes = MOST_BYTES;
	readonly every: number;
	readonly pause = 0;
	readonly #context: OutputContext;
	readonly #target: Target;
	readonly #datagrams: Datagrams | undefined;

	constructor(context: OutputContext, target: Target) {
		const { batch, every } = context.settings;
		this.#context = context;
		this.#target = target;
		this.#datagrams = target.scheme === "udp" ? new Datagrams(context, target) : undefined;
		this.most = Number(batch);
		this.every = Number(every) * 1000;
	}

	parts(reading: Reading): Parts {
		const { settings, gatewayId } = this.#context;
		return linesOf(reading, {
			measurement: `${settings.measurement}`,
			gateway: gatewayId,
			texts: settings.texts === true,
			wallTime: this.#context.wallTime(),
		});
	}

	/** Without either the server puts its own time: right only at once. */
	isTimed({ time }: Reading): boolean {
		return this.#context.wallTime() !== undefined || epoch(time) !== undefined;
	}

	deliver(items: readonly Parts[], _late: boolean, owner: DeliveryOwner): Delivery {
		if (this.#datagrams) return this.#datagrams.deliver(items, owner);
		const { network, settings } = this.#context;
		const { token, ca } = settings;
		const type = ["Content-Type", "text/plain; charset=utf-8"] as const;
		const headers: HeaderList = token ? [["Authorization", `Token ${token}`], type] : [type];
		return network.request(new Post(this.#target, `${ca}`, headers, items.flat(), owner));
	}

	close(): void {
		this.#datagrams?.close();
	}
}
