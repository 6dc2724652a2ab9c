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

// Columns of an end of a period that waits to be known: its time, bits by place, and the counters, NaN where not known.
const TIME = 0;
const SETTLED = 1;
const ESTIMATED = 2;
const BROKEN = 3;
const COUNTERS = 4;
/** The room grows by so many: usually few wait, after a gap many. */
const SOME_BOUNDARIES = 8;

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
	/** Boundaries, oldest first, a row of columns each: an object with an array for each would take twice the room. */
	#waiting: Float64Array;
	/** Where the last of them ends. */
	#end = 0;
	/** Counters of a boundary, and its columns. */
	readonly #counters: number;
	readonly #width: number;
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
		this.#counters = history.channels.length;
		this.#width = COUNTERS + this.#counters;
		this.#waiting = new Float64Array(SOME_BOUNDARIES * this.#width);
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
			const isOver = this.#stage === 3;
			const isDue =
				isOver ||
				this.#end > MOST_WAITING * this.#width ||
				!(this.#wanted & ~(this.#waiting[SETTLED] as number));
			if (this.#end > 0 && isDue) {
				const isRow = this.#emit();
				this.#waiting.copyWithin(0, this.#width, this.#end);
				this.#end -= this.#width;
				if (isRow) return true;
			} else if (isOver) return false;
			else if (this.#read()) this.#feed();
		}
	}

	/** The next sample; false where that stage has none. */
	#read(): boolean {
		const { sample } = this.#reader;
		const { pending, latest, channels, readAt } = this.#history;
		const log = this.#history.log(this.#period);
		if (this.#stage === 0 && (this.#nextBoundary <= this.#limit || this.#end > 0))
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
			for (let at = 0; at < this.#end; at += this.#width) this.#waiting[at + SETTLED] = this.#wanted;
			this.#leapt = periodStart(this.#period, time, zone);
			this.#nextBoundary = Math.min(this.#leapt, this.#limit + 1);
		}
		while (this.#nextBoundary <= time && this.#nextBoundary <= this.#limit) {
			this.#push(this.#nextBoundary);
			this.#nextBoundary = nextStart(this.#period, this.#nextBoundary, zone);
		}
		const newest = this.#end > 0 ? this.#waiting[this.#end - this.#width + TIME] : this.#start;
		// The row of the period that is not over ends now, where it has begun.
		if (this.#openAt === time && newest !== 0 && newest !== time) this.#push(time);
		for (let place = 0; place < MOST_CHANNELS; place++) {
			const bit = 1 << place;
			const isPresent = (present & bit) !== 0;
			// What was never read before cannot be told for boundaries that are past.
			if (!(this.#wanted & bit) || (!isPresent && !Number.isNaN(this.#past[KNOT_AT + place]))) continue;
			const count = isPresent ? (counters[place] as number) : Number.NaN;
			let isCarried = true;
			for (let at = 0; at < this.#end; at += this.#width) {
				if ((this.#waiting[at + SETTLED] as number) & bit) continue;
				isCarried = false;
				this.#settle(at, place, count, time);
				if (broken & bit) this.#mark(at + BROKEN, bit);
			}
			if (!isPresent) continue;
			if (isCarried) this.#carriedBreaks |= broken & bit;
			this.#past[KNOT_AT + place] = time;
			this.#past[KNOT + place] = count;
		}
	}

	/** What the counter was at the boundary in the row at `at`, now that it is known at `time` after it. */
	#settle(at: number, place: number, count: number, time: number): void {
		const waiting = this.#waiting;
		const boundary = waiting[at + TIME] as number;
		const knotAt = this.#past[KNOT_AT + place] as number;
		if (time - boundary <= ON_TIME) waiting[at + COUNTERS + place] = count;
		else if (time - knotAt <= MOST_SPREAD * this.#length) {
			const knot = this.#past[KNOT + place] as number;
			const share = (boundary - knotAt) / (time - knotAt);
			waiting[at + COUNTERS + place] = knot + Math.round((count - knot) * share);
			this.#mark(at + ESTIMATED, 1 << place);
		}
		this.#mark(at + SETTLED, 1 << place);
	}

	#mark(at: number, bit: number): void {
		this.#waiting[at] = (this.#waiting[at] as number) | bit;
	}

	#push(time: number): void {
		const at = this.#end;
		if (at === this.#waiting.length) {
			const larger = new Float64Array(at + SOME_BOUNDARIES * this.#width);
			larger.set(this.#waiting);
			this.#waiting = larger;
		}
		this.#end += this.#width;
		this.#waiting.fill(0, at, at + COUNTERS).fill(Number.NaN, at + COUNTERS, this.#end);
		this.#waiting[at + TIME] = time;
		this.#waiting[at + BROKEN] = this.#carriedBreaks;
		this.#carriedBreaks = 0;
	}

	/** The oldest boundary leaves; true where it ends a row. */
	#emit(): boolean {
		const waiting = this.#waiting;
		const time = waiting[TIME] as number;
		const estimated = waiting[ESTIMATED] as number;
		const broken = waiting[BROKEN] as number;
		let known = 0;
		let from = time;
		this.block = 0;
		for (let place = 0; place < MOST_CHANNELS; place++) {
			const bit = 1 << place;
			const count = place < this.#counters ? (waiting[COUNTERS + place] as number) : Number.NaN;
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
