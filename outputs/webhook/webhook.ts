// Readings to whatever takes a POST: body by a template (the reading's JSON where there is none), one header of the owner's
// choice, signed where there is a secret. Several readings a request where the settings say so.

import type { Reading } from "../../readings/reading.js";
import type { SettingDescriptor } from "../../settings/setting.js";
import type { Output, OutputContext, OutputDescriptor, OutputHealth } from "../output.js";
import { Batch, type Ended } from "../shared/batch.js";
import { HourMark } from "../shared/hour-mark.js";
import { misconfigured } from "../shared/misconfigured.js";
import type { Parts } from "../shared/parts.js";
import { type HeaderList, post } from "../shared/post.js";
import { caSetting, everySetting, urlSetting } from "../shared/push-settings.js";
import { utf8 } from "../shared/text.js";
import { isHeaderText, parseUrl, type Target } from "../shared/url.js";
import { signed } from "./signature.js";
import { Template } from "./template.js";

const NAME = "webhook";
const MOST_READINGS = 20;
const MOST_BYTES = 8192;
/** Readings come a little early at times. */
const TOLERANCE_MS = 500;

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
	open: (context) => {
		const { url, contentType, header, secret } = context.settings;
		if (!url) return undefined;
		const target = parseUrl(`${url}`);
		if (typeof target === "string") return misconfigured(context, NAME, target);
		if (target.scheme === "udp") return misconfigured(context, NAME, "it takes no UDP");
		if (!isHeaderText(`${contentType}`)) return misconfigured(context, NAME, "the content type is none");
		const own = headerOf(`${header}`);
		if (!own) return misconfigured(context, NAME, "the header is not a name, a colon and a value");
		if (secret && !context.digests) return misconfigured(context, NAME, "nothing can sign here");
		return new WebhookOutput(context, target, own);
	},
};

class WebhookOutput implements Output {
	readonly #context: OutputContext;
	readonly #target: Target;
	readonly #own: HeaderList;
	readonly #template: Template;
	readonly #batch: Batch;
	readonly #mark = new HourMark();
	readonly #isJson: boolean;
	readonly #isArray: boolean;
	readonly #pause: number;
	#next = Number.NEGATIVE_INFINITY;

	constructor(context: OutputContext, target: Target, own: HeaderList) {
		const { template, contentType, batch, every } = context.settings;
		const most = Number(batch);
		const milliseconds = Number(every) * 1000;
		this.#context = context;
		this.#target = target;
		this.#own = own;
		this.#isJson = `${contentType}`.includes("json");
		this.#isArray = most > 1;
		this.#pause = this.#isArray ? 0 : milliseconds;
		this.#template = new Template(`${template}` || "{reading}", this.#isJson, context.gatewayId);
		this.#batch = new Batch(context, {
			name: NAME,
			...{ most, mostLate: most, mostBytes: MOST_BYTES, every: milliseconds },
			deliver: (items, late, end) => this.#deliver(items, late, end),
		});
	}

	reading(reading: Reading): void {
		const { store, now } = this.#context;
		if (now() < this.#next) return;
		this.#next = now() + this.#pause - TOLERANCE_MS;
		const hourly = this.#mark.isFirst(reading, this.#context.wallTime(), now());
		this.#batch.add(hourly, reading.time !== null, () => this.#template.parts(reading, store));
	}

	health(): OutputHealth {
		return this.#batch.health();
	}

	close(done: () => void): void {
		this.#batch.close();
		done();
	}

	#deliver(items: readonly Parts[], late: boolean, end: Ended): { cancel(): void } {
		const { network, timers, digests, settings } = this.#context;
		const headers: (readonly [string, string])[] = [
			["Content-Type", `${settings.contentType}`],
			...this.#own,
		];
		if (late) headers.push(["X-Meterling-Late", "1"]);
		const body = this.#body(items);
		if (!settings.secret || !digests)
			return post(network, this.#target, `${settings.ca}`, headers, body, end);
		const time = this.#context.wallTime();
		if (time === undefined) {
			const timer = timers.set(
				() => end(0, "the signature needs the time of day, which is not known yet"),
				0,
			);
			return { cancel: () => timers.clear(timer) };
		}
		const own = signed(digests, `${settings.secret}`, Math.floor(time / 1000), body);
		return post(network, this.#target, `${settings.ca}`, [...headers, ...own.headers], own.body, end);
	}

	/** The items behind one another: alone, as a JSON array, or as lines. */
	#body(items: readonly Parts[]): Parts {
		if (!this.#isArray) return items.flat();
		const between = utf8(this.#isJson ? "," : "\n");
		const body = items.flatMap((parts, index) => (index === 0 ? parts : [between, ...parts]));
		return this.#isJson ? [utf8("["), ...body, utf8("]")] : body;
	}
}

/** `Name: value` as a list of one header, none for an empty text; `undefined` where it is neither (RFC 9110, 5.1). */
function headerOf(text: string): HeaderList | undefined {
	if (text === "") return [];
	const colon = text.indexOf(":");
	const name = text.slice(0, Math.max(colon, 0));
	const value = text.slice(colon + 1).trim();
	const reserved = /^(host|connection|content-length|transfer-encoding|content-type)$/i;
	if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name) || reserved.test(name) || !isHeaderText(value)) return undefined;
	return [[name, value]];
}
