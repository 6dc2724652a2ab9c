// History at work: readings go in with the clocks' times, and its addresses of the API are answered. What is kept and
// computed is readings/history's matter.

import type { Device } from "../hardware/device.js";
import { json, jsonOf, problem } from "../outputs/http/answer.js";
import { conditional } from "../outputs/http/conditional.js";
import { queryList, queryText } from "../outputs/http/query.js";
import type { Answer, BodyReceiver, Call, Route, RouteAnswer } from "../outputs/route.js";
import { streamed } from "../outputs/shared/streamed.js";
import { utf8 } from "../outputs/shared/text.js";
import { toText } from "../readings/decimal.js";
import {
	DAY,
	isoTime,
	nextStart,
	PERIODS,
	type Period,
	periodStart,
	timeOf,
} from "../readings/history/calendar.js";
import { dayPeaks, insert, mean, monthPeaks } from "../readings/history/peaks.js";
import { POWER_STEP } from "../readings/history/power-ring.js";
import { emptySample } from "../readings/history/record.js";
import { History } from "../readings/history/recorder.js";
import { csvRows, jsonRows, type Query } from "../readings/history/rows-text.js";
import { exportLines, Import } from "../readings/history/transfer.js";
import type { Reading } from "../readings/reading.js";
import { crc32 } from "../settings/crc32.js";
import { zoneOffsets } from "../settings/posix-time-zone.js";
import { posixOf } from "../settings/time-zones.js";

export type HistoryDevice = Pick<Device, "files" | "now" | "wallTime" | "log">;

const PATH = "/api/v1/history";
const SECOND_MS = 1000;
/** Rows that are given where the request does not say from when. */
const USUAL_SPAN: Readonly<Record<Period, number>> = Object.freeze({
	hour: 2 * DAY,
	day: 31 * DAY,
	month: 760 * DAY,
});
const LARGEST_IMPORT = 1024 * 1024;
const IMPORT_MS = 300_000;
const CSV = "text/csv";

export class HistoryKeeper {
	readonly #device: HistoryDevice;
	readonly #timeZone: string;
	readonly #history: History;
	#import: Import | undefined;

	/** `timeZone`: a name or a POSIX string, as the setting has it. */
	constructor(device: HistoryDevice, timeZone: string) {
		this.#device = device;
		this.#timeZone = timeZone;
		this.#history = new History({
			files: device.files,
			crc32,
			zone: zoneOffsets(posixOf(timeZone) ?? "UTC0"),
			log: (line) => device.log(line, "warning"),
			idOf: (text) => crc32(utf8(text)),
		});
	}

	reading(reading: Reading): void {
		const wall = this.#device.wallTime();
		this.#history.reading(
			reading,
			wall === undefined ? undefined : wall / SECOND_MS,
			this.#device.now() / SECOND_MS,
		);
	}

	/** Addresses of the API. */
	get routes(): readonly Route[] {
		const read = { method: "GET", need: "read" } as const;
		return [
			{ ...read, path: PATH, answer: (call) => this.#rows(call) },
			{ ...read, path: `${PATH}/power`, answer: () => this.#power() },
			{ ...read, path: `${PATH}/peaks`, answer: (call) => this.#peaks(call) },
			{ ...read, path: `${PATH}/export`, answer: () => this.#export() },
			{
				method: "POST",
				path: `${PATH}/import`,
				body: {
					most: LARGEST_IMPORT,
					type: CSV,
					milliseconds: IMPORT_MS,
					receive: () => this.#receiver(),
				},
				answer: () => this.#imported(),
			},
		];
	}

	#rows({ request }: Call): RouteAnswer {
		const history = this.#history;
		const { zone } = history;
		const period = (queryText(request.path, "period") ?? "day") as Period;
		if (!PERIODS.includes(period)) return wrong("period is hour, day or month.");
		const newest = history.latest.time;
		const to = timeAt(request.path, "to", newest + 1, history);
		const from = timeAt(
			request.path,
			"from",
			periodStart(period, (to ?? 0) - USUAL_SPAN[period], zone),
			history,
		);
		if (to === undefined || from === undefined)
			return wrong("from and to are times: 2025-01-31, or with T13:00:00+01:00.");
		const wanted = queryList(request.path, "quantity");
		const places = history.channels.list.flatMap(({ name }, place) =>
			!wanted || wanted.includes(name) ? [place] : [],
		);
		const query: Query = { period, from, to, places };
		const asCsv =
			queryText(request.path, "format") === "csv" || (request.headers.get("accept") ?? "").startsWith(CSV);
		const tag = `W/"${history.log(period).last.time}-${to > newest ? newest : 0}"`;
		const stale = conditional(request, tag, () => ({ status: 200, headers: [] }));
		if (stale.status !== 200) return stale;
		const headers = [...typed(asCsv ? `${CSV}; charset=utf-8` : "application/json"), ...stale.headers];
		const pieces = () => (asCsv ? csvRows(history, query) : jsonRows(history, query, this.#timeZone));
		return streamed(headers, pieces, () => this.#device.now());
	}

	/** `{"step":10,"until":…,"unit":"W","power":[…]}`, oldest first, null for what was not measured. */
	#power(): Answer {
		const { power, zone } = this.#history;
		if (power.until === 0)
			return problem(404, "No power yet", "No reading with a power and a time has come.");
		const parts = [
			utf8(`{"step":${POWER_STEP},"until":"${isoTime(power.until, zone)}","unit":"W","power":[`),
		];
		let some: string[] = [];
		power.each((watts) => {
			some.push(Number.isNaN(watts) ? "null" : `${Math.round(watts)}`);
			if (some.length < 60) return;
			parts.push(utf8(`${parts.length > 1 ? "," : ""}${some.join()}`));
			some = [];
		});
		parts.push(utf8("]}"));
		return json(parts);
	}

	/** `{"month":…,"days":[{"day":…,"energy":…}],"mean":…,"quarter":…,"unit":"kWh"}`: energies of hours and of a quarter of an hour. */
	#peaks({ request }: Call): Answer {
		const history = this.#history;
		const { zone } = history;
		const newest = history.latest.time;
		const time = timeAt(request.path, "month", newest, history);
		const channel = history.channels.list[history.channels.find("energy_import")];
		if (time === undefined) return wrong("month is a month: 2025-01.");
		if (!channel) return problem(404, "No import counter", "The meter has told no counter of import yet.");
		const start = periodStart("month", time, zone);
		const end = nextStart("month", start, zone);
		const month = emptySample();
		const days = [...monthPeaks(history, start, end, month)];
		const today = periodStart("day", newest, zone);
		if (today >= start && today < end) {
			const running = emptySample();
			dayPeaks(history, today, newest, running);
			insert(days, { day: today, hour: running.hour });
			month.quarter = Math.max(month.quarter, running.quarter);
			month.hour = mean(days);
		}
		const text = (mantissa: number) => toText({ mantissa, exponent: channel.exponent });
		const list = days.map(
			({ day, hour }) => `{"day":"${isoTime(day, zone).slice(0, 10)}","energy":${text(hour)}}`,
		);
		return json(
			utf8(
				`{"month":"${isoTime(start, zone).slice(0, 7)}","days":[${list.join()}],"mean":${month.hour === 0 ? null : text(month.hour)},"quarter":${month.quarter === 0 ? null : text(month.quarter)},"unit":"${channel.unit}"}`,
			),
		);
	}

	#export(): RouteAnswer {
		const disposition = ["content-disposition", 'attachment; filename="meterling-history.csv"'] as const;
		return streamed(
			[...typed(`${CSV}; charset=utf-8`), disposition],
			() => exportLines(this.#history),
			() => this.#device.now(),
		);
	}

	#receiver(): BodyReceiver {
		this.#import?.end();
		const running = new Import(this.#history);
		this.#import = running;
		return { take: (bytes) => running.take(bytes), abandon: () => void running.end() };
	}

	#imported(): Answer {
		const { samples, problem: fault } = this.#import?.end() ?? { samples: 0, problem: "nothing came" };
		this.#import = undefined;
		if (fault === undefined) {
			this.#device.log(`history: ${samples} samples imported`);
			return jsonOf({ samples });
		}
		return problem(422, "Not imported", `The file is not as it was exported: ${fault}.`, [], { samples });
	}
}

function timeAt(path: string, name: string, usual: number, history: History): number | undefined {
	const text = queryText(path, name);
	return text === undefined ? usual : timeOf(text, history.zone);
}

function wrong(detail: string): Answer {
	return problem(400, "Bad query", detail);
}

function typed(type: string): readonly (readonly [string, string])[] {
	return [
		["content-type", type],
		["cache-control", "no-store"],
	];
}
