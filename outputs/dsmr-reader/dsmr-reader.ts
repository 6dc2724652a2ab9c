// Telegrams to a dsmr-reader (https://dsmr-reader.readthedocs.io, "Remote datalogger"): each in a form field by POST, with
// the API key. P1 telegrams go as the meter sent them, of other meters one made of the newest values.

import type { Reading } from "../../readings/reading.js";
import type { SettingDescriptor } from "../../settings/setting.js";
import type { Output, OutputContext, OutputDescriptor, OutputHealth } from "../output.js";
import { Batch, type Ended } from "../shared/batch.js";
import { HourMark } from "../shared/hour-mark.js";
import { misconfigured } from "../shared/misconfigured.js";
import type { Parts } from "../shared/parts.js";
import { percentEncoded } from "../shared/percent.js";
import { post } from "../shared/post.js";
import { caSetting, everySetting, tokenSetting, urlSetting } from "../shared/push-settings.js";
import { utf8 } from "../shared/text.js";
import { isHeaderText, parseUrl, pathBelow, type Target } from "../shared/url.js";

const NAME = "dsmr-reader";
const PATH = "api/v1/datalogger/dsmrreading";
const CREATED = 201;
/** Readings come a little early at times. */
const TOLERANCE_MS = 500;
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
	open: (context) => {
		const { url, token } = context.settings;
		if (!url) return undefined;
		const target = parseUrl(`${url}`);
		if (typeof target === "string") return misconfigured(context, NAME, target);
		if (target.scheme === "udp") return misconfigured(context, NAME, "it takes no UDP");
		if (!token || !isHeaderText(`${token}`)) return misconfigured(context, NAME, "there is no API key");
		return new DsmrReaderOutput(context, { ...target, path: pathBelow(target, PATH) });
	},
};

class DsmrReaderOutput implements Output {
	readonly #context: OutputContext;
	readonly #target: Target;
	readonly #batch: Batch;
	readonly #mark = new HourMark();
	readonly #every: number;
	#next = Number.NEGATIVE_INFINITY;

	constructor(context: OutputContext, target: Target) {
		this.#context = context;
		this.#target = target;
		this.#every = Number(context.settings.every) * 1000;
		this.#batch = new Batch(context, {
			name: NAME,
			...{ most: 1, mostLate: 1, mostBytes: LONGEST_TELEGRAM, every: 0 },
			deliver: ([telegram], _, end) => this.#deliver(telegram ?? [], end),
		});
	}

	reading(reading: Reading): void {
		const now = this.#context.now();
		if (now < this.#next) return;
		const telegram = this.#context.telegram();
		if (!telegram) return;
		this.#next = now + this.#every - TOLERANCE_MS;
		const hourly = this.#mark.isFirst(reading, this.#context.wallTime(), now);
		this.#batch.add(hourly, reading.time !== null, () => [telegram]);
	}

	health(): OutputHealth {
		return this.#batch.health();
	}

	close(done: () => void): void {
		this.#batch.close();
		done();
	}

	#deliver(telegram: Parts, end: Ended): { cancel(): void } {
		const { token, ca } = this.#context.settings;
		return post(
			this.#context.network,
			this.#target,
			`${ca}`,
			[
				["Authorization", `Token ${token}`],
				["Content-Type", "application/x-www-form-urlencoded"],
			],
			[utf8("telegram="), percentEncoded(telegram)],
			// Any other success is a page that somebody else serves.
			(status, problem, text) =>
				status >= 200 && status < 300 && status !== CREATED
					? end(0, `the server answers ${status}, which dsmr-reader does not`)
					: end(status, problem, text),
		);
	}
}
