// History at work: readings go in with the clocks' times, and its addresses of the API are answered. What is kept and
// computed is readings/history's matter.

import type { Device } from "../hardware/device.js";
import { json, jsonOf, problem } from "../outputs/http/answer.js";
import { conditional } from "../outputs/http/conditional.js";
import { queryList, queryText } from "../outputs/http/query.js";
import {
	type Answer,
	type BodyReceiver,
	type BodyRule,
	type Call,
	type Headers,
	type Responder,
	type Route,
	type RouteAnswer,
	routeTable,
} from "../outputs/route.js";
import { Streamed } from "../outputs/shared/streamed.js";
import { utf8 } from "../outputs/shared/text.js";
import { toText } from "../readings/decimal.js";
import type { Bill } from "../readings/history/bill.js";
import {
	DAY,
	isoTime,
	nextStart,
	PERIODS,
	type Period,
	periodStart,
	timeOf,
} from "../readings/history/calendar.js";
import { placeOf } from "../readings/history/channel.js";
import { Import } from "../readings/history/import.js";
import type { HistoryOptions } from "../readings/history/log.js";
import {
	dayPeaks,
	insertPeak,
	meanPeak,
	monthPeaks,
	POWER_COUNT,
	POWER_STEP,
} from "../readings/history/peaks.js";
import { History } from "../readings/history/recorder.js";
import { emptySample } from "../readings/history/sample.js";
import { csvRows, exportLines, jsonRows, type Pieces } from "../readings/history/text.js";
import type { Reading } from "../readings/reading.js";
import { crc32 } from "../settings/crc32.js";
import { zoneOffsets } from "../settings/posix-time-zone.js";
import { posixOf } from "../settings/time-zones.js";

export interface HistoryDevice extends Pick<Device, "now" | "wallTime" | "log"> {
	readonly files: HistoryOptions["files"];
}

const SECOND_MS = 1000;
/** Days of rows that are given where the request does not say from when; in the order of the periods. */
const USUAL_DAYS: readonly number[] = [2, 31, 760];
const LARGEST_IMPORT = 1024 * 1024;
const IMPORT_MS = 300_000;
const CSV = "text/csv";
/** Values of power in one part of an answer. */
const PART = 60;

export class HistoryKeeper implements Responder {
	static readonly #IMPORT: BodyRule<HistoryKeeper> = Object.freeze({
		...{ most: LARGEST_IMPORT, type: CSV, milliseconds: IMPORT_MS },
		receive: (keeper: HistoryKeeper) => keeper.#receiver(),
	});
	static readonly #ROUTES = routeTable<HistoryKeeper>([
		{ at: "GET /api/v1/history", need: "read", answer: (keeper, call) => keeper.#rows(call) },
		{ at: "GET /api/v1/history/power", need: "read", answer: (keeper) => keeper.#power() },
		{ at: "GET /api/v1/history/peaks", need: "read", answer: (keeper, call) => keeper.#peaks(call) },
		{ at: "GET /api/v1/history/export", need: "read", answer: (keeper) => keeper.#exported() },
		{ at: "POST /api/v1/history/import", body: this.#IMPORT, answer: (keeper) => keeper.#imported() },
	]);
	readonly #device: HistoryDevice;
	readonly #timeZone: string;
	/** What is kept, for who computes more of it. */
	readonly history: History;
	#import: Import | undefined;

	/** `timeZone`: a name or a POSIX string, as the setting has it; `bill`: follows what energy costs. */
	constructor(device: HistoryDevice, timeZone: string, bill?: Bill) {
		this.#device = device;
		this.#timeZone = timeZone;
		this.history = new History({
			bill,
			files: device.files,
			crc32,
			zone: zoneOffsets(posixOf(timeZone) ?? "UTC0"),
			log: (line) => device.log(line, "warning"),
			bytesOf: utf8,
		});
	}

	reading(reading: Reading): void {
		const wall = this.#device.wallTime();
		const seconds = wall === undefined ? undefined : wall / SECOND_MS;
		this.history.reading(reading, seconds, this.#device.now() / SECOND_MS);
	}

	get routes(): readonly Route<HistoryKeeper>[] {
		return HistoryKeeper.#ROUTES;
	}

	#streamed(type: string, headers: Headers, pieces: Pieces): RouteAnswer {
		const all = [["content-type", type] as const, ["cache-control", "no-store"] as const, ...headers];
		return new Streamed(all, pieces, this.#device);
	}

	#rows({ request }: Call): RouteAnswer {
		const history = this.history;
		const { zone, channels } = history;
		const { path, headers } = request;
		const period = (queryText(path, "period") ?? "day") as Period;
		if (!PERIODS.includes(period)) return wrong("period is hour, day or month.");
		const newest = history.latest.time;
		const to = timeAt(path, "to", newest + 1, history);
		const span = (USUAL_DAYS[PERIODS.indexOf(period)] as number) * DAY;
		const from = timeAt(path, "from", periodStart(period, (to ?? 0) - span, zone), history);
		if (to === undefined || from === undefined)
			return wrong("from and to are times: 2025-01-31, or with T13:00:00+01:00.");
		const wanted = queryList(path, "quantity");
		const places: number[] = [];
		channels.forEach(({ name }, place) => {
			if (!wanted || wanted.includes(name)) places.push(place);
		});
		const query = { period, from, to, places };
		const isCsv = queryText(path, "format") === "csv" || (headers.get("accept") ?? "").startsWith(CSV);
		const tag = `W/"${history.log(period).last.time}-${to > newest ? newest : 0}"`;
		const stale = conditional(request, tag, () => ({ status: 200, headers: [] }));
		if (stale.status !== 200) return stale;
		const type = isCsv ? `${CSV}; charset=utf-8` : "application/json";
		const rows = isCsv ? csvRows(history, query) : jsonRows(history, query, this.#timeZone);
		return this.#streamed(type, stale.headers, rows);
	}

	/** `{"step":10,"unit":"W","until":…,"power":[…]}`, oldest first, null for what was not measured; none and no end before the first. */
	#power(): Answer {
		const { power, zone } = this.history;
		if (power.until === 0) return json(utf8(`{"step":${POWER_STEP},"unit":"W","power":[]}`));
		const until = isoTime(power.until, zone);
		const parts = [utf8(`{"step":${POWER_STEP},"unit":"W","until":"${until}","power":[`)];
		let some = "";
		for (let index = 0; index < POWER_COUNT; index++) {
			const watts = power.at(index);
			some = some.concat(index === 0 ? "" : ",", watts === watts ? `${Math.round(watts)}` : "null");
			if (index % PART < PART - 1) continue;
			parts.push(utf8(some));
			some = "";
		}
		return json([...parts, utf8("]}")]);
	}

	/** `{"month":…,"days":[{"day":…,"energy":…}],"mean":…,"quarter":…,"unit":"kWh"}`: energies of hours and of a quarter of an hour; null and no unit without a counter of import. */
	#peaks({ request }: Call): Answer {
		const history = this.history;
		const { zone, channels, latest } = history;
		const time = timeAt(request.path, "month", latest.time, history);
		const channel = channels[placeOf(channels, "energy_import")];
		if (time === undefined) return wrong("month is a month: 2025-01.");
		const start = periodStart("month", time, zone);
		const name = isoTime(start, zone).slice(0, 7);
		if (!channel) return json(utf8(`{"month":"${name}","days":[],"mean":null,"quarter":null}`));
		const month = emptySample();
		const days = monthPeaks(history, start, nextStart("month", start, zone), month);
		const day = periodStart("day", latest.time, zone);
		if (periodStart("month", day, zone) === start) {
			const running = emptySample();
			dayPeaks(history, day, latest.time, running);
			insertPeak(days, { day, hour: running.hour });
			month.quarter = Math.max(month.quarter, running.quarter);
			month.hour = meanPeak(days);
		}
		const energy = (mantissa: number) =>
			mantissa === 0 ? "null" : toText({ mantissa, exponent: channel.exponent });
		const list = days.map(
			({ day, hour }) => `{"day":"${isoTime(day, zone).slice(0, 10)}","energy":${energy(hour)}}`,
		);
		return json(
			utf8(
				`{"month":"${name}","days":[${list.join()}],"mean":${energy(month.hour)},"quarter":${energy(month.quarter)},"unit":"${channel.unit}"}`,
			),
		);
	}

	#exported(): RouteAnswer {
		const disposition = ["content-disposition", 'attachment; filename="meterling-history.csv"'] as const;
		return this.#streamed(CSV, [disposition], exportLines(this.history));
	}

	#receiver(): BodyReceiver {
		this.#import?.end();
		const running = new Import(this.history);
		this.#import = running;
		return { take: (bytes) => running.take(bytes), abandon: () => void running.end() };
	}

	#imported(): Answer {
		const { samples, problem: fault } = this.#import?.end() ?? { samples: 0, problem: "nothing came" };
		this.#import = undefined;
		if (fault !== undefined)
			return problem(422, "Not imported", `The file is not as it was exported: ${fault}.`, [], { samples });
		this.#device.log(`history: ${samples} samples imported`);
		return jsonOf({ samples });
	}
}

function timeAt(path: string, name: string, usual: number, history: History): number | undefined {
	const text = queryText(path, name);
	return text === undefined ? usual : timeOf(text, history.zone);
}

function wrong(detail: string): Answer {
	return problem(400, "Bad query", detail);
}
