// Telegrams to a dsmr-reader (https://dsmr-reader.readthedocs.io, "Remote datalogger"): each in a form field by POST, with
// the API key. P1 telegrams go as the meter sent them, of other meters one made of the newest values.

import type { SettingDescriptor } from "../../settings/setting.js";
import type { OutputContext, OutputDescriptor } from "../output.js";
import type { Delivery, DeliveryOwner } from "../shared/batch.js";
import type { Parts } from "../shared/parts.js";
import { FormField } from "../shared/percent.js";
import { type HeaderList, Post } from "../shared/post.js";
import { caSetting, everySetting, tokenSetting, urlSetting } from "../shared/push-settings.js";
import { openPush, type Push, testRoutes } from "../shared/pushed.js";
import { isHeaderText, pathBelow, type Target } from "../shared/url.js";

const NAME = "dsmr-reader";
const ROUTES = testRoutes(NAME);
const PATH = "api/v1/datalogger/dsmrreading";
/** Any other success is a page that somebody else serves. */
const CREATED = 201;
const LONGEST_TELEGRAM = 4096;
const NOTHING = new Uint8Array(0);

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
	open: (context) => openPush(context, NAME, ROUTES, pushTo),
};

function pushTo(context: OutputContext, target: Target): Push | string {
	const { token } = context.settings;
	if (target.scheme === "udp") return "it takes no UDP";
	if (!token || !isHeaderText(`${token}`)) return "there is no API key";
	return new TelegramPush(context, { ...target, path: pathBelow(target, PATH) });
}

class TelegramPush implements Push {
	readonly name = NAME;
	readonly most = 1;
	readonly mostLate = 1;
	readonly mostBytes = LONGEST_TELEGRAM;
	readonly every = 0;
	readonly pause: number;
	readonly #context: OutputContext;
	readonly #target: Target;

	constructor(context: OutputContext, target: Target) {
		this.#context = context;
		this.#target = target;
		this.pause = Number(context.settings.every) * 1000;
	}

	parts(): Parts {
		const telegram = this.#context.telegram();
		return telegram ? [telegram] : [];
	}

	deliver([[telegram = NOTHING] = []]: readonly Parts[], _late: boolean, owner: DeliveryOwner): Delivery {
		const { network, settings } = this.#context;
		const headers: HeaderList = [
			["Authorization", `Token ${settings.token}`],
			["Content-Type", "application/x-www-form-urlencoded"],
		];
		const body = new FormField("telegram", telegram);
		return network.request(new Post(this.#target, `${settings.ca}`, headers, body, owner, CREATED));
	}
}
