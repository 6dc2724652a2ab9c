// Readings in, samples out: notes what every counter says at the first reading of each hour, day and month. The rest of
// history is computed from that when it is asked for. Pure: files, zone and CRC are given, times are arguments.

import type { Quantity, Reading } from "../reading.js";
import { nextStart, PERIODS, type Period, periodStart, timeOf, type ZoneOffset } from "./calendar.js";
import {
	addChannel,
	type Channel,
	countOf,
	MOST_CHANNELS,
	missingTotals,
	overflow,
	placeOf,
	readTable,
	tableOf,
} from "./channel.js";
import { AGREEMENT, HistoryClock } from "./clock.js";
import { type HistoryOptions, openLogs, type SampleLog, TABLE_FILE } from "./log.js";
import { dayPeaks, monthPeaks, PowerRing } from "./peaks.js";
import { emptySample, type Sample } from "./sample.js";

/** A counter that is read so many seconds after a boundary counts as read at it. */
export const ON_TIME = 300;
/** How long after a boundary a sub-meter's value is waited for. */
const GRACE = 1200;
/** A sub-meter that kept silent for so long is not waited for. */
export const SILENT = 3 * 3600;
const QUARTER = 900;
/** A quarter of an hour counts as measured where both its ends were read within so many seconds. */
const QUARTER_ON_TIME = 30;

export class History {
	readonly zone: ZoneOffset;
	readonly channels: Channel[] = [];
	readonly power = new PowerRing();
	/** Counters as they are now. */
	readonly latest = emptySample();
	/** A sample that waits for sub-meters; its time is 0 where there is none. */
	readonly pending = emptySample();
	/** Bits of the counters of money that wait for a price. */
	unpriced = 0;
	/** By place: when the counter was read. */
	readonly readAt = new Float64Array(MOST_CHANNELS);
	readonly #options: HistoryOptions;
	readonly #logs: readonly SampleLog[];
	readonly #clock: HistoryClock;
	/** The table of channels is not as it was written. */
	#isNewTable = false;
	/** A restart must not find another meter without its offset: the table cannot wait for the next sample. */
	#hasNewOffset = false;
	#boundary = 0;
	#nextHour = 0;
	#retryAt = 0;
	#quarter = -1;
	#quarterFrom = Number.NaN;
	#peak = 0;
	#told = false;
	#isImporting = false;

	constructor(options: HistoryOptions) {
		const { files, crc32, zone } = options;
		this.#options = options;
		this.zone = zone;
		this.#logs = openLogs(files, crc32);
		this.#clock = new HistoryClock(this.log("hour"));
		readTable(this.channels, files.read(TABLE_FILE), crc32);
		this.#goOn();
	}

	log(period: Period): SampleLog {
		return this.#logs[PERIODS.indexOf(period)] as SampleLog;
	}

	/** A reading has come; `wall` and `mono` in seconds. */
	reading(reading: Reading, wall: number | undefined, mono: number): void {
		if (this.#isImporting) return;
		const said = reading.time === null ? undefined : timeOf(reading.time, this.zone);
		const time = this.#clock.judge(said, wall, mono);
		if (time !== time) return;
		this.power.add(reading, time);
		const now = Math.floor(time);
		const isBack = now < this.log("hour").last.time - AGREEMENT;
		// After a failed write; a clock that is set back does not wait for what had been its future.
		const isWaiting = now < this.#retryAt && now >= this.#retryAt - GRACE;
		const isNext = (now >= this.#nextHour || isBack) && !isWaiting;
		if (isNext) {
			if (this.pending.time !== 0) this.#write();
			this.#addMissing(now);
		}
		const isSeen = this.#take(reading, now, said === undefined ? 0 : time - said);
		if (isSeen) this.latest.time = now;
		if (this.#hasNewOffset) this.#try(now, () => this.#keepTable());
		this.#followQuarter(now);
		if (this.pending.time !== 0) this.#settle(now);
		if (isSeen && isNext) this.#begin(now, isBack);
	}

	/** The place of that counter, in the table from now on where there is room; -1 where there is none. */
	place(name: string, unit: string, kind: string, bus: number, exponent: number): number {
		const { channels } = this;
		const found = placeOf(channels, name, unit, kind, bus);
		if (found >= 0 || !addChannel(channels, name, unit, kind, bus, exponent)) return found;
		this.#isNewTable = true;
		return channels.length - 1;
	}

	/** That counter began anew since the newest samples. */
	break(place: number): void {
		for (const log of this.#logs) log.broken |= 1 << place;
	}

	/** Forgets all samples, for those of an import; readings are not taken until it has finished. */
	begin(): void {
		this.#isImporting = true;
		for (const log of this.#logs) {
			log.clear();
			log.hold(true);
		}
		this.channels.length = 0;
		this.#isNewTable = true;
		this.latest.counters.fill(Number.NaN);
		this.#options.bill?.forget();
	}

	/** Goes on from what was imported; nothing where no import has begun. Throws where the last samples could not be written. */
	finish(): void {
		if (!this.#isImporting) return;
		this.#isImporting = false;
		let problem: unknown;
		for (const log of this.#logs)
			try {
				log.hold(false);
			} catch (error) {
				problem = error;
			}
		this.#goOn();
		if (problem !== undefined) throw problem;
	}

	/** Writes a sample; throws where the storage does not take it. */
	keep(log: SampleLog, sample: Sample): void {
		this.#keepTable();
		log.add(sample);
	}

	#keepTable(): void {
		this.#hasNewOffset = false;
		if (!this.#isNewTable) return;
		const { files, crc32, bytesOf } = this.#options;
		files.write(TABLE_FILE, tableOf(this.channels, crc32, bytesOf));
		this.#isNewTable = false;
	}

	/** What the logs hold is the newest that is known. */
	#goOn(): void {
		const { latest } = this;
		latest.time = 0;
		for (const { last } of this.#logs) {
			if (last.time <= latest.time) continue;
			latest.time = last.time;
			latest.counters.set(last.counters);
		}
		this.readAt.fill(latest.time);
		this.pending.time = 0;
		this.#nextHour = 0;
	}

	/**
	 * The last reading before a gap is a sample, too: what lies before it need not be estimated. Adds it to the logs whose
	 * period's end was missed; to all where `now` is undefined: something else than time has ended.
	 */
	#addMissing(now?: number): void {
		const { latest, zone } = this;
		latest.present = 0;
		for (let place = 0; place < MOST_CHANNELS; place++)
			if (!Number.isNaN(latest.counters[place])) latest.present |= 1 << place;
		for (const period of PERIODS) {
			const { time } = this.log(period).last;
			if (time === 0 || latest.time <= time) continue;
			const start = periodStart(period, latest.time, zone);
			// The power had failed between the hour's sample and the day's.
			const isDue = start > time;
			const isOver = now === undefined || now - nextStart(period, start, zone) > ON_TIME;
			if (isDue || isOver) this.#add(period, latest);
		}
	}

	/** Takes the reading's counters in; false where it has none. `shift`: from the meter's clock to ours. */
	#take({ meter, quantities, devices }: Reading, now: number, shift: number): boolean {
		let isSeen = this.#device(quantities, "meter", 0, meter.id, now, shift);
		for (const { kind, id, channel = 0, time, quantities } of devices) {
			const at = this.#timeAt(time ?? undefined, now, shift);
			if (this.#device(quantities, kind, channel, id, at, shift)) isSeen = true;
		}
		return isSeen;
	}

	/** When a value was read that has a time of its own. */
	#timeAt(text: string | undefined, now: number, shift: number): number {
		const said = text === undefined ? undefined : timeOf(text, this.zone);
		return said === undefined ? now : Math.min(now, Math.floor(said + shift));
	}

	#device(
		quantities: readonly Quantity[],
		kind: string,
		bus: number,
		id: string | undefined,
		now: number,
		shift: number,
	): boolean {
		const { crc32, bytesOf } = this.#options;
		const { channels } = this;
		const crc = id === undefined ? 0 : crc32(bytesOf(id));
		let isSeen = false;
		for (const some of [quantities, missingTotals(quantities)])
			for (const { name, value, unit = "", time } of some) {
				if (typeof value === "string") continue;
				const place = this.place(name, unit, kind, bus, value.exponent);
				const channel = channels[place];
				if (!channel) continue;
				const count = countOf(value, channel.exponent);
				if (count !== count) continue;
				const isAnother = crc !== 0 && channel.id !== 0 && channel.id !== crc;
				const was = this.latest.counters[place] as number;
				const wasAt = this.readAt[place] as number;
				const digit = 10 ** (value.exponent - channel.exponent);
				if (!this.#count(place, channel, count, isAnother, digit)) continue;
				// Not before its offset: one must never be on flash without the other.
				if (crc !== 0 && channel.id !== crc) {
					channel.id = crc;
					this.#isNewTable = true;
				}
				this.readAt[place] = this.#timeAt(time, now, shift);
				if (kind === "meter") this.#options.bill?.counted(this, place, was, wasAt);
				isSeen = true;
			}
		return isSeen;
	}

	/** Notes what a counter says; false where that is not believed. `digit`: its last one, in units of the channel's. */
	#count(place: number, channel: Channel, count: number, isAnother: boolean, digit: number): boolean {
		const { counters } = this.latest;
		const was = counters[place] as number;
		const isLess = count + channel.offset < was;
		if (isLess || (isAnother && was === was)) {
			const { suspect = Number.NaN } = channel;
			channel.suspect = count;
			// A telegram with a wrong digit is not a new meter: the next one must agree.
			if (!isAnother && !(count >= suspect)) return false;
			const range = isAnother ? 0 : overflow(was - channel.offset, count, digit);
			if (range === 0) {
				this.#addMissing();
				this.break(place);
			}
			// What was counted since the reading that had to be confirmed is consumption.
			channel.offset = range === 0 ? was - (isAnother ? count : suspect) : channel.offset + range;
			this.#isNewTable = true;
			this.#hasNewOffset = true;
		}
		if (channel.suspect !== undefined) channel.suspect = undefined;
		counters[place] = count + channel.offset;
		return true;
	}

	#followQuarter(now: number): void {
		const quarter = Math.floor(now / QUARTER);
		if (quarter === this.#quarter) return;
		const count = this.latest.counters[placeOf(this.channels, "energy_import")] ?? Number.NaN;
		const isOnTime = now - quarter * QUARTER <= QUARTER_ON_TIME;
		if (isOnTime && quarter === this.#quarter + 1)
			this.#peak = Math.max(this.#peak, count - this.#quarterFrom || 0);
		this.#quarterFrom = isOnTime ? count : Number.NaN;
		this.#quarter = quarter;
	}

	/** The first reading of an hour. */
	#begin(now: number, isBack: boolean): void {
		const { zone, pending } = this;
		this.#boundary = periodStart("hour", now, zone);
		this.#nextHour = nextStart("hour", this.#boundary, zone);
		const { last } = this.log("hour");
		// After a restart within the hour.
		if (!isBack && periodStart("hour", last.time, zone) >= this.#boundary) return;
		pending.time = now;
		pending.present = 0;
		pending.quarter = this.#peak;
		pending.hour = 0;
		this.#peak = 0;
		this.#settle(now);
	}

	/** Fills the sample that waits; writes it when nothing more is to be expected. */
	#settle(now: number): void {
		const { pending, latest } = this;
		let waits = false;
		for (let place = 0; place < this.channels.length; place++) {
			const bit = 1 << place;
			const at = this.readAt[place] as number;
			if (pending.present & bit || Number.isNaN(latest.counters[place])) continue;
			if (at >= this.#boundary && at <= now) {
				pending.present |= bit;
				pending.counters[place] = latest.counters[place] as number;
			} else if (at > now - SILENT) waits = true;
		}
		if (!waits || now >= this.#boundary + GRACE) this.#write();
	}

	#write(): void {
		const { pending, zone } = this;
		const { time } = pending;
		for (const period of PERIODS) {
			const { last } = this.log(period);
			const start = periodStart(period, time, zone);
			// A clock that had been wrong, and is set back, makes what lies ahead void.
			const isBack = time < last.time - AGREEMENT;
			if (!isBack && periodStart(period, last.time, zone) >= start) continue;
			const before = periodStart(period, start - 1, zone);
			if (period === "day") dayPeaks(this, before, start, pending);
			if (period === "month") monthPeaks(this, before, start, pending);
			this.#add(period, pending);
		}
		pending.time = 0;
	}

	#add(period: Period, sample: Sample): void {
		this.#try(sample.time, () => this.keep(this.log(period), sample));
	}

	#try(time: number, write: () => void): void {
		try {
			write();
			this.#told = false;
		} catch (error) {
			// The counters go on: what is not written now is within the next sample.
			this.#retryAt = time + GRACE;
			this.#nextHour = 0;
			if (!this.#told) this.#options.log(`history could not be written: ${error}`);
			this.#told = true;
		}
	}
}
