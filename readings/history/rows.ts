// What was counted in each hour, day or month, computed from samples while they are read: at a boundary that was not
// sampled in time, counters are taken to have run evenly between the samples around it, which is marked as estimated.
// After a gap that is too long for that, or of a counter that was away, one row holds all of it, marked as a block.

import { DAY, HOUR, nextStart, type Period, periodStart } from "./calendar.js";
import { MOST_CHANNELS } from "./channels.js";
import { LogReader } from "./log.js";
import { type History, ON_TIME } from "./recorder.js";

/** Longest gap, in periods, that is spread over them. */
export const MOST_SPREAD = 32;
/** Boundaries that wait to be known. */
const QUEUE = MOST_SPREAD + 3;
/** A gap longer than so many periods is passed over in one step. */
const LEAP = 40;
const DAYS_OF_MONTH = 31;

/** What is read, one after the other. */
const Stage = Object.freeze({ Log: 0, Pending: 1, Latest: 2, End: 3 });

/** Rows from `from` on that end by `to`, one `next()` after the other. The arrays are the same each time. */
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
	readonly #places: readonly number[];
	readonly #reader: LogReader;
	readonly #limit: number;
	#stage: number = Stage.Log;
	#inHand = false;
	#nextBoundary: number;
	#openAt = Number.NaN;
	/** The reader's sums at the log's end: those of the program go on from there. */
	readonly #ends = new Float64Array(MOST_CHANNELS);

	// A queue of boundaries, oldest first: time, sums in the order of `#places`, and bits: settled, estimated, broken.
	readonly #times = new Float64Array(QUEUE);
	readonly #sums: Float64Array;
	readonly #settled = new Uint16Array(QUEUE);
	readonly #estimated = new Uint16Array(QUEUE);
	readonly #broken = new Uint16Array(QUEUE);
	#head = 0;
	#count = 0;

	/** By place: the sample before. */
	readonly #knotAt = new Float64Array(MOST_CHANNELS).fill(Number.NaN);
	readonly #knots = new Float64Array(MOST_CHANNELS);
	/** By place: the last boundary at which the sum was known. */
	readonly #baseAt = new Float64Array(MOST_CHANNELS).fill(Number.NaN);
	readonly #bases = new Float64Array(MOST_CHANNELS);
	#start = 0;
	#startEstimated = 0;
	#carriedBreaks = 0;
	/** The boundary that ends a long gap. */
	#leapt = Number.NaN;

	/** `places`: the channels that are wanted. */
	constructor(history: History, period: Period, from: number, to: number, places: readonly number[]) {
		this.#history = history;
		this.#period = period;
		this.#length = period === "hour" ? HOUR : period === "day" ? DAY : DAYS_OF_MONTH * DAY;
		this.#places = places;
		this.#limit = to;
		this.#sums = new Float64Array(QUEUE * places.length);
		const log = history.log(period);
		const start = periodStart(period, from, history.zone);
		this.#nextBoundary = start === from ? start : nextStart(period, start, history.zone);
		this.#reader = new LogReader(log, log.slotAt(this.#nextBoundary));
	}

	/** Moves on to the next row; false at the end. Rows of which nothing is known are left out. */
	next(): boolean {
		for (;;) {
			while (this.#count > 0 && this.#isSettled(this.#head)) if (this.#emit()) return true;
			if (this.#stage === Stage.End && !this.#inHand) {
				if (this.#count === 0) return false;
				this.#settled[this.#head] = 0xffff;
			} else if (this.#inHand || this.#read()) this.#inHand = !this.#feed();
		}
	}

	/** The next sample; false where that stage had none. */
	#read(): boolean {
		const { sample } = this.#reader;
		const history = this.#history;
		const { last } = history.log(this.#period);
		switch (this.#stage) {
			case Stage.Log:
				if (this.#nextBoundary <= this.#limit || this.#count > 0) {
					if (this.#reader.next()) return true;
					this.#stage = Stage.Pending;
					this.#ends.set(sample.sums);
				} else this.#stage = Stage.End;
				return false;
			case Stage.Pending:
				this.#stage = Stage.Latest;
				return history.pending.time > last.time && history.tail("pending", last, this.#ends, sample);
			default:
				this.#stage = Stage.End;
				if (history.latest.time <= last.time || !history.tail("latest", last, this.#ends, sample))
					return false;
				if (sample.time < this.#limit) this.#openAt = sample.time;
				return true;
		}
	}

	/** Takes the sample in; false where boundaries must leave first. */
	#feed(): boolean {
		const { sample } = this.#reader;
		const { time, present, broken } = sample;
		this.#leap(time);
		while (this.#nextBoundary <= time && this.#nextBoundary <= this.#limit) {
			if (!this.#push(this.#nextBoundary)) return false;
			this.#nextBoundary = nextStart(this.#period, this.#nextBoundary, this.#history.zone);
		}
		if (this.#openAt === time && !this.#pushOpen(time)) return false;
		for (let index = 0; index < this.#places.length; index++) {
			const place = this.#places[index] as number;
			const bit = 1 << place;
			const isPresent = (present & bit) !== 0;
			const knotAt = this.#knotAt[place] as number;
			// What was never read before cannot be told for boundaries that are past.
			if (!isPresent && !Number.isNaN(knotAt)) continue;
			const sum = sample.sums[place] as number;
			let isCarried = true;
			for (let each = 0; each < this.#count; each++) {
				const at = (this.#head + each) % QUEUE;
				if ((this.#settled[at] as number) & bit) continue;
				isCarried = false;
				this.#settle(at, index, bit, isPresent ? sum : Number.NaN, time);
				if (broken & bit) (this.#broken[at] as number) |= bit;
			}
			if (!isPresent) continue;
			if (isCarried && broken & bit) this.#carriedBreaks |= bit;
			this.#knotAt[place] = time;
			this.#knots[place] = sum;
		}
		return true;
	}

	/** What the sum was at a boundary, now that it is known at `time` after it. */
	#settle(at: number, index: number, bit: number, sum: number, time: number): void {
		const place = this.#places[index] as number;
		const boundary = this.#times[at] as number;
		const knotAt = this.#knotAt[place] as number;
		let value = Number.NaN;
		if (time - boundary <= ON_TIME) value = sum;
		else if (time - knotAt <= MOST_SPREAD * this.#length) {
			const knot = this.#knots[place] as number;
			value = knot + Math.round(((sum - knot) * (boundary - knotAt)) / (time - knotAt));
			(this.#estimated[at] as number) |= bit;
		}
		this.#sums[at * this.#places.length + index] = value;
		(this.#settled[at] as number) |= bit;
	}

	/** Passes a long gap over: the first period after it begins next. */
	#leap(time: number): void {
		if (time - this.#nextBoundary <= LEAP * this.#length) return;
		for (let each = 0; each < this.#count; each++) this.#settled[(this.#head + each) % QUEUE] = 0xffff;
		const start = periodStart(this.#period, time, this.#history.zone);
		this.#nextBoundary = Math.min(start, this.#limit + 1);
		this.#leapt = start;
	}

	/** The row of the period that is not over ends now, where it has begun. */
	#pushOpen(time: number): boolean {
		const newest = this.#count > 0 ? this.#times[(this.#head + this.#count - 1) % QUEUE] : this.#start;
		if (newest !== 0 && newest !== time) return this.#push(time);
		this.#openAt = Number.NaN;
		return true;
	}

	/** Puts a boundary at the queue's end; false where it is full: the oldest leaves with what is known. */
	#push(time: number): boolean {
		if (this.#count === QUEUE) {
			this.#settled[this.#head] = 0xffff;
			return false;
		}
		const at = (this.#head + this.#count++) % QUEUE;
		const { length } = this.#places;
		this.#times[at] = time;
		this.#sums.fill(Number.NaN, at * length, (at + 1) * length);
		this.#settled[at] = 0;
		this.#estimated[at] = 0;
		this.#broken[at] = this.#carriedBreaks;
		this.#carriedBreaks = 0;
		return true;
	}

	#isSettled(at: number): boolean {
		for (const place of this.#places) if (!((this.#settled[at] as number) & (1 << place))) return false;
		return true;
	}

	/** The oldest boundary leaves the queue; true where it ends a row. */
	#emit(): boolean {
		const at = this.#head;
		this.#head = (at + 1) % QUEUE;
		this.#count--;
		const time = this.#times[at] as number;
		const uncertain = this.#startEstimated | (this.#estimated[at] as number) | (this.#broken[at] as number);
		let known = 0;
		let from = time;
		this.block = 0;
		for (let index = 0; index < this.#places.length; index++) {
			const place = this.#places[index] as number;
			const sum = this.#sums[at * this.#places.length + index] as number;
			const change = sum - (this.#bases[place] as number);
			const baseAt = this.#baseAt[place] as number;
			this.change[place] = Number.isNaN(baseAt) ? Number.NaN : change;
			if (Number.isNaN(sum)) continue;
			if (!Number.isNaN(baseAt)) {
				known |= 1 << place;
				if (baseAt < this.#start || time === this.#leapt) this.block |= 1 << place;
				from = Math.min(from, baseAt);
			}
			this.#bases[place] = sum;
			this.#baseAt[place] = time;
		}
		// A row that is a block of all its counters begins where the block does.
		this.from = (known & ~this.block) === 0 ? from : this.#start;
		this.to = time;
		this.estimated = uncertain & known & ~this.block;
		this.open = time === this.#openAt;
		this.#start = time;
		this.#startEstimated = this.#estimated[at] as number;
		return known !== 0;
	}
}
