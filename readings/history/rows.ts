// What was counted in each hour, day or month, computed from samples while they are read: at a boundary that was not
// sampled in time, counters are taken to have run evenly between the samples around it, which is marked as estimated.
// After a gap that is too long for that, or of a counter that was away, one row holds all of it, marked as a block.

import { DAY, HOUR, nextStart, type Period, periodStart } from "./calendar.js";
import { MONEY, MOST_CHANNELS } from "./channel.js";
import { LogReader } from "./reader.js";
import { type History, ON_TIME, SILENT } from "./recorder.js";

/** Longest gap, in periods, that is spread over them. */
const MOST_SPREAD = 32;
/** Boundaries that wait to be known. */
const MOST_WAITING = MOST_SPREAD + 3;
/** A gap longer than so many periods is passed over in one step. */
const LEAP = 40;
const DAYS_OF_MONTH = 31;

// Columns of what is past: time and counter of the sample before (a knot), and of the last boundary at which the counter
// was known (a base).
const KNOT_AT = 0;
const KNOT = MOST_CHANNELS;
const BASE_AT = 2 * MOST_CHANNELS;
const BASE = 3 * MOST_CHANNELS;

/** An end of a period: the counters by place, NaN where not known, and bits. */
interface Boundary {
	readonly time: number;
	readonly counters: Float64Array;
	settled: number;
	estimated: number;
	broken: number;
}

/** Rows from `from` on that end by `to`, one `next()` after the other. The array is the same each time. */
export class Rows {
	/** Begin and end of the row, seconds since 1970. */
	from = 0;
	to = 0;
	/** By place: what was counted, NaN where that is not known. */
	readonly change = new Float64Array(MOST_CHANNELS);
	/** Bits by place. */
	estimated = 0;
	block = 0;
	/** The row's period is not over. */
	open = false;

	readonly #history: History;
	readonly #period: Period;
	readonly #length: number;
	/** Bits of the channels that are wanted. */
	#wanted = 0;
	readonly #reader: LogReader;
	readonly #limit: number;
	/** Samples come from the log, then 1: the one that waits, 2: the newest counters, 3: nowhere. */
	#stage = 0;
	#nextBoundary: number;
	#openAt = Number.NaN;
	/** Oldest first. */
	readonly #waiting: Boundary[] = [];
	/** Four columns of places, NaN where there is nothing yet: one array costs less than four. */
	readonly #past = new Float64Array(4 * MOST_CHANNELS).fill(Number.NaN);
	#start = 0;
	#startEstimated = 0;
	#carriedBreaks = 0;
	/** The boundary that ends a long gap. */
	#leapt = Number.NaN;

	/** `places`: of the channels that are wanted. */
	constructor(history: History, period: Period, from: number, to: number, places: readonly number[]) {
		this.#history = history;
		this.#period = period;
		this.#length = period === "hour" ? HOUR : period === "day" ? DAY : DAYS_OF_MONTH * DAY;
		for (const place of places) this.#wanted |= 1 << place;
		this.#limit = to;
		const start = periodStart(period, from, history.zone);
		this.#nextBoundary = start === from ? start : nextStart(period, start, history.zone);
		this.#reader = new LogReader(history.log(period), this.#nextBoundary);
	}

	/** Moves on to the next row; false at the end. Rows of which nothing is known are left out. */
	next(): boolean {
		for (;;) {
			const [oldest] = this.#waiting;
			const isOver = this.#stage === 3;
			if (oldest && (isOver || this.#waiting.length > MOST_WAITING || !(this.#wanted & ~oldest.settled))) {
				this.#waiting.shift();
				if (this.#emit(oldest)) return true;
			} else if (isOver) return false;
			else if (this.#read()) this.#feed();
		}
	}

	/** The next sample; false where that stage has none. */
	#read(): boolean {
		const { sample } = this.#reader;
		const { pending, latest, channels, readAt } = this.#history;
		const log = this.#history.log(this.#period);
		if (this.#stage === 0 && (this.#nextBoundary <= this.#limit || this.#waiting.length > 0))
			if (this.#reader.next()) return true;
		this.#stage++;
		const from = this.#stage === 1 ? pending : latest;
		if (this.#stage === 3 || from.time <= log.last.time) return false;
		sample.time = from.time;
		sample.broken = log.broken;
		sample.present = 0;
		for (let place = 0; place < channels.length; place++) {
			const bit = 1 << place;
			const isKnown =
				from === pending
					? (pending.present & bit) !== 0
					: !Number.isNaN(latest.counters[place]) && (readAt[place] as number) > latest.time - SILENT;
			if (isKnown) sample.present |= bit;
		}
		sample.counters.set(from.counters);
		if (from === latest) sample.broken |= this.#history.unpriced;
		if (from === latest && latest.time < this.#limit) this.#openAt = latest.time;
		return true;
	}

	/** Takes the sample in. */
	#feed(): void {
		const { time, present, broken, counters } = this.#reader.sample;
		const { zone } = this.#history;
		if (time - this.#nextBoundary > LEAP * this.#length) {
			// The first period after a long gap begins next.
			for (const boundary of this.#waiting) boundary.settled = this.#wanted;
			this.#leapt = periodStart(this.#period, time, zone);
			this.#nextBoundary = Math.min(this.#leapt, this.#limit + 1);
		}
		while (this.#nextBoundary <= time && this.#nextBoundary <= this.#limit) {
			this.#push(this.#nextBoundary);
			this.#nextBoundary = nextStart(this.#period, this.#nextBoundary, zone);
		}
		const newest = this.#waiting[this.#waiting.length - 1]?.time ?? this.#start;
		// The row of the period that is not over ends now, where it has begun.
		if (this.#openAt === time && newest !== 0 && newest !== time) this.#push(time);
		for (let place = 0; place < MOST_CHANNELS; place++) {
			const bit = 1 << place;
			const isPresent = (present & bit) !== 0;
			// What was never read before cannot be told for boundaries that are past.
			if (!(this.#wanted & bit) || (!isPresent && !Number.isNaN(this.#past[KNOT_AT + place]))) continue;
			const count = isPresent ? (counters[place] as number) : Number.NaN;
			let isCarried = true;
			for (const boundary of this.#waiting) {
				if (boundary.settled & bit) continue;
				isCarried = false;
				this.#settle(boundary, place, count, time);
				boundary.broken |= broken & bit;
			}
			if (!isPresent) continue;
			if (isCarried) this.#carriedBreaks |= broken & bit;
			this.#past[KNOT_AT + place] = time;
			this.#past[KNOT + place] = count;
		}
	}

	/** What the counter was at a boundary, now that it is known at `time` after it. */
	#settle(boundary: Boundary, place: number, count: number, time: number): void {
		const knotAt = this.#past[KNOT_AT + place] as number;
		if (time - boundary.time <= ON_TIME) boundary.counters[place] = count;
		else if (time - knotAt <= MOST_SPREAD * this.#length) {
			const knot = this.#past[KNOT + place] as number;
			const share = (boundary.time - knotAt) / (time - knotAt);
			boundary.counters[place] = knot + Math.round((count - knot) * share);
			boundary.estimated |= 1 << place;
		}
		boundary.settled |= 1 << place;
	}

	#push(time: number): void {
		const counters = new Float64Array(MOST_CHANNELS).fill(Number.NaN);
		this.#waiting.push({ time, counters, settled: 0, estimated: 0, broken: this.#carriedBreaks });
		this.#carriedBreaks = 0;
	}

	/** The oldest boundary leaves; true where it ends a row. */
	#emit({ time, counters, estimated, broken }: Boundary): boolean {
		let known = 0;
		let from = time;
		this.block = 0;
		for (let place = 0; place < MOST_CHANNELS; place++) {
			const bit = 1 << place;
			const count = counters[place] as number;
			const baseAt = this.#past[BASE_AT + place] as number;
			this.change[place] = Number.NaN;
			if (count !== count) continue;
			const change = count - (this.#past[BASE + place] as number);
			// Energy without a known price is not free.
			const isUnknown = change === 0 && broken & bit && this.#history.channels[place]?.name.startsWith(MONEY);
			if (baseAt === baseAt && !isUnknown) {
				this.change[place] = change;
				known |= bit;
				if (baseAt < this.#start || time === this.#leapt) this.block |= bit;
				from = Math.min(from, baseAt);
			}
			this.#past[BASE + place] = count;
			this.#past[BASE_AT + place] = time;
		}
		// A row that is a block of all its counters begins where the block does.
		this.from = known === this.block ? from : this.#start;
		this.to = time;
		this.estimated = (this.#startEstimated | estimated | broken) & known & ~this.block;
		this.open = time === this.#openAt;
		this.#start = time;
		this.#startEstimated = estimated;
		return known !== 0;
	}
}
