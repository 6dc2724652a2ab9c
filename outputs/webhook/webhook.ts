// Readings to whatever takes a POST: body by a template (the reading's JSON where there is none), one header of the owner's
// choice, signed where there is a secret. Several readings a request where the settings say so.

import { consistsOf } from "../../readings/characters.js";
import type { Reading } from "../../readings/reading.js";
import type { SettingDescriptor } from "../../settings/setting.js";
import type { OutputContext, OutputDescriptor, Timers } from "../output.js";
import type { Delivery, DeliveryOwner } from "../shared/batch.js";
import type { Parts } from "../shared/parts.js";
import { type HeaderList, Post } from "../shared/post.js";
import { caSetting, everySetting, urlSetting } from "../shared/push-settings.js";
import { openPush, type Push, testRoutes } from "../shared/pushed.js";
import { utf8 } from "../shared/text.js";
import { isHeaderText, type Target } from "../shared/url.js";
import { signatureOf } from "./signature.js";
import { Template } from "./template.js";

const NAME = "webhook";
const ROUTES = testRoutes(NAME);
const MOST_READINGS = 20;
const MOST_BYTES = 8192;

const SETTINGS: readonly SettingDescriptor[] = [
	urlSetting(
		"Address",
		"With http:// or https://; kept secret, as many hold a token. Empty turns it off.",
		true,
	),
	{
		key: "template",
		type: "text",
		default: "",
		longest: 1024,
		label: "Body",
		help: "With placeholders such as {power_import}, {time}, {meter}. Empty: the whole reading, {reading}.",
	},
	{
		key: "contentType",
		type: "text",
		default: "application/json",
		longest: 80,
		label: "Content type",
		help: "With JSON, texts are put in quotes.",
	},
	{
		key: "header",
		type: "text",
		default: "",
		secret: true,
		label: "Header",
		help: "One more, such as Authorization: Bearer and a token.",
	},
	{
		key: "secret",
		type: "text",
		default: "",
		secret: true,
		label: "Secret",
		help: "Signs time and body by HMAC-SHA-256. Empty: no signature.",
	},
	{
		key: "batch",
		type: "number",
		default: 1,
		least: 1,
		most: MOST_READINGS,
		label: "Readings",
		help: "So many go in one request; more than one as a JSON array, or line by line.",
	},
	everySetting(
		10,
		"With one reading a request: at most one in this time. Otherwise fewer are sent after it.",
	),
	caSetting(),
];

export const webhook: OutputDescriptor = {
	name: NAME,
	title: "Webhook",
	settings: SETTINGS,
	open: (context) => openPush(context, NAME, ROUTES, pushTo),
};

function pushTo(context: OutputContext, target: Target): Push | string {
	const { digests, settings } = context;
	if (target.scheme === "udp") return "it takes no UDP";
	if (!isHeaderText(`${settings.contentType}`)) return "the content type is none";
	const own = headerOf(`${settings.header}`);
	if (!own) return "the header is not a name, a colon and a value";
	if (settings.secret && !digests) return "nothing can sign here";
	return new HookPush(context, target, own);
}

class HookPush implements Push {
	readonly name = NAME;
	readonly most: number;
	readonly mostLate: number;
	readonly mostBytes = MOST_BYTES;
	readonly every: number;
	readonly pause: number;
	readonly #context: OutputContext;
	readonly #target: Target;
	/** The owner's header, where there is one. */
	readonly #own: HeaderList;
	readonly #isJson: boolean;
	readonly #template: Template;

	constructor(context: OutputContext, target: Target, own: HeaderList) {
		const { settings, gatewayId } = context;
		this.#context = context;
		this.#target = target;
		this.#own = own;
		this.most = Number(settings.batch);
		this.mostLate = this.most;
		this.every = Number(settings.every) * 1000;
		this.pause = this.most > 1 ? 0 : this.every;
		this.#isJson = `${settings.contentType}`.includes("json");
		this.#template = new Template(`${settings.template}` || "{reading}", this.#isJson, gatewayId);
	}

	parts(reading: Reading): Parts {
		return this.#template.parts(reading, this.#context.store);
	}

	deliver(items: readonly Parts[], late: boolean, owner: DeliveryOwner): Delivery {
		const { network, digests, settings, timers } = this.#context;
		let headers: HeaderList = [
			["Content-Type", `${settings.contentType}`],
			...this.#own,
			...(late ? [["X-Meterling-Late", "1"] as const] : []),
		];
		const body = this.most > 1 ? joined(items, this.#isJson) : items.flat();
		if (settings.secret && digests) {
			const time = this.#context.wallTime();
			if (time === undefined) return notYet(timers, owner);
			const signature = signatureOf(digests, `${settings.secret}`, Math.floor(time / 1000), body);
			headers = [...headers, ...signature];
		}
		return network.request(new Post(this.#target, `${settings.ca}`, headers, body, owner));
	}
}

/** The items behind one another, as a JSON array or as lines. */
function joined(items: readonly Parts[], isJson: boolean): Parts {
	const between = utf8(isJson ? "," : "\n");
	const body = items.flatMap((parts, index) => (index === 0 ? parts : [between, ...parts]));
	return isJson ? [utf8("["), ...body, utf8("]")] : body;
}

function notYet(timers: Timers, owner: DeliveryOwner): Delivery {
	const why = "the signature needs the time of day, which is not known yet";
	const timer = timers.set(() => owner.ended(0, why), 0);
	return { cancel: () => timers.clear(timer) };
}

/** Headers that are the gateway's to say. */
const RESERVED = " host connection content-length transfer-encoding content-type ";

/** `Name: value` as a list of one header, none for an empty text; `undefined` where it is neither (RFC 9110, 5.1). */
function headerOf(text: string): HeaderList | undefined {
	if (text === "") return [];
	const colon = text.indexOf(":");
	const name = text.slice(0, Math.max(colon, 0));
	const value = text.slice(colon + 1).trim();
	const isToken = name !== "" && consistsOf(name, "a-zA-Z0-9_!#$%&'*+.^`|~-");
	if (!isToken || RESERVED.includes(` ${name.toLowerCase()} `) || !isHeaderText(value)) return undefined;
	return [[name, value]];
}
