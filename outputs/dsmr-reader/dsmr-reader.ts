// Telegrams to a dsmr-reader (https://dsmr-reader.readthedocs.io, "Remote datalogger"): each in a form field by POST, with
// the API key. P1 telegrams go as the meter sent them, of other meters one made of the newest values.

import type { SettingDescriptor } from "../../settings/setting.js";
import type { OutputContext, OutputDescriptor } from "../output.js";
import { percentEncoded } from "../shared/percent.js";
import { type HeaderList, post } from "../shared/post.js";
import { caSetting, everySetting, tokenSetting, urlSetting } from "../shared/push-settings.js";
import { openPush, type Push, testRoutes } from "../shared/pushed.js";
import { utf8 } from "../shared/text.js";
import { isHeaderText, pathBelow, type Target } from "../shared/url.js";

const NAME = "dsmr-reader";
const ROUTES = testRoutes(NAME);
const PATH = "api/v1/datalogger/dsmrreading";
const CREATED = 201;
const LONGEST_TELEGRAM = 4096;

const SETTINGS: readonly SettingDescriptor[] = [
	urlSetting("Address", "Such as http://192.168.1.9:7777. Empty turns it off."),
	tokenSetting("API key", "From dsmr-reader's configuration, API settings."),
	everySetting(10, "At most one telegram in this time. 0: each."),
	caSetting(),
];

export const dsmrReader: OutputDescriptor = {
	name: NAME,
	title: "dsmr-reader",
	settings: SETTINGS,
	open: (context) => openPush(context, NAME, ROUTES, (target) => pushTo(context, target)),
};

function pushTo(context: OutputContext, target: Target): Push | string {
	const { token, every, ca } = context.settings;
	if (target.scheme === "udp") return "it takes no UDP";
	if (!token || !isHeaderText(`${token}`)) return "there is no API key";
	const to = { ...target, path: pathBelow(target, PATH) };
	const headers: HeaderList = [
		["Authorization", `Token ${token}`],
		["Content-Type", "application/x-www-form-urlencoded"],
	];
	return {
		...{ most: 1, mostLate: 1, mostBytes: LONGEST_TELEGRAM, every: 0 },
		pause: Number(every) * 1000,
		item: () => {
			const telegram = context.telegram();
			return telegram && (() => [telegram]);
		},
		isTimed: ({ time }) => time !== null,
		deliver: ([telegram = []], _, end) =>
			post(
				context.network,
				to,
				`${ca}`,
				headers,
				[utf8("telegram="), percentEncoded(telegram)],
				// Any other success is a page that somebody else serves.
				(status, problem, text) =>
					status >= 200 && status < 300 && status !== CREATED
						? end(0, `the server answers ${status}, which dsmr-reader does not`)
						: end(status, problem, text),
			),
	};
}
