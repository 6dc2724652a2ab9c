// Readings to InfluxDB and what speaks its line protocol (VictoriaMetrics, QuestDB, Telegraf): by HTTP, POST /api/v2/write, or
// by UDP. Several readings a request; while the server is away lines with a time wait in flash.

import type { SettingDescriptor } from "../../settings/setting.js";
import type { OutputContext, OutputDescriptor } from "../output.js";
import { percentText } from "../shared/percent.js";
import { post } from "../shared/post.js";
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
	open: (context) => openPush(context, NAME, ROUTES, (target) => pushTo(context, target)),
};

function pushTo(context: OutputContext, target: Target): Push | string {
	const { network, settings, gatewayId } = context;
	const { org, bucket, token, measurement, texts, batch, every, ca } = settings;
	if (!measurement) return "the measurement has no name";
	const datagrams = target.scheme === "udp" ? new Datagrams(context, target) : undefined;
	if (!datagrams && !bucket) return "there is no bucket";
	if (!datagrams && !isHeaderText(`${token}`)) return "the token is not of plain characters";
	const orgQuery = org ? `&org=${percentText(`${org}`)}` : "";
	const query = `api/v2/write?bucket=${percentText(`${bucket}`)}${orgQuery}&precision=ns`;
	const to = { ...target, path: pathBelow(target, query) };
	const type = ["Content-Type", "text/plain; charset=utf-8"] as const;
	const headers = token ? [["Authorization", `Token ${token}`] as const, type] : [type];
	return {
		most: Number(batch),
		mostLate: MOST_READINGS,
		mostBytes: MOST_BYTES,
		every: Number(every) * 1000,
		pause: 0,
		item: (reading) => () =>
			linesOf(reading, {
				measurement: `${measurement}`,
				gateway: gatewayId,
				texts: texts === true,
				wallTime: context.wallTime(),
			}),
		// Without either the server puts its own time: right only at once.
		isTimed: ({ time }) => context.wallTime() !== undefined || epoch(time) !== undefined,
		deliver: (items, _, end) =>
			datagrams?.deliver(items, end) ?? post(network, to, `${ca}`, headers, items.flat(), end),
		close: () => datagrams?.close(),
	};
}
