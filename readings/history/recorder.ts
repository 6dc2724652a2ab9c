// Readings in, samples out: notes what every counter says at the first reading of each hour, day and month. The rest of
// history is computed from that when it is asked for. Pure: files, zone and CRC are given, times are arguments.

import type { Decimal } from "../decimal.js";
import type { Quantity, Reading } from "../reading.js";
import { nextStart, PERIODS, type Period, periodStart, timeOf, type ZoneOffset } from "./calendar.js";
import { Channels, finer, MOST_CHANNELS, mantissaAt } from "./channels.js";
import { AGREEMENT, HistoryClock } from "./clock.js";
import { type Crc32, type HistoryFiles, LogReader, SampleLog, segmentName } from "./log.js";
import { dayPeaks, monthPeaks } from "./peaks.js";
import { PowerRing } from "./power-ring.js";
import { emptySample, type Sample } from "./record.js";

/** Segments of each log: hours for 62 days, days for 3 years, months for 25 years with twelve busy counters, and two more. */
const SLOTS: readonly number[] = [21, 17, 7];
const LOG_NAMES: readonly string[] = ["h", "d", "m"];

/** A counter that is read so many seconds after a boundary counts as read at it. */
export const ON_TIME = 300;
/** How long after a boundary a sub-meter's value is waited for. */
const GRACE = 1200;
/** A sub-meter that kept silent for so long is not waited for. */
const SILENT = 3 * 3600;
/** Between the sample before a gap and the one before that. */
const SOONEST = 60;
const QUARTER = 900;
/** A quarter of an hour counts as measured where both its ends were read within so many seconds. */
const QUARTER_ON_TIME = 30;
/** A counter above this share of its range that falls below the rest has run over. */
const NEARLY_FULL = 0.99;
const WHOLE_DIGITS = 5;
const BINARY_RANGE = 2 ** 32;

export interface HistoryOptions {
	readonly files: HistoryFiles;
	readonly crc32: Crc32;
	readonly zone: ZoneOffset;
	log(line: string): void;
	/** What a device's id is kept as. */
	idOf(text: string): number;
}

export function historyFileNames(): string[] {
	return LOG_NAMES.flatMap((name, index) =>
		Array.from({ length: SLOTS[index] as number }, (_, slot) => segmentName(name, slot)),
	);
}

export class History {
	readonly zone: ZoneOffset;
	readonly channels = new Channels();
	readonly power = new PowerRing();
	/** Counters as they are now; `sums` grow from the start of the program. */
	readonly latest: Sample = emptySample();
	/** A sample that waits for sub-meters; its time is 0 where there is none. */
	readonly pending: Sample = emptySample();
	readonly #options: HistoryOptions;
	readonly #logs: readonly SampleLog[];
	readonly #clock: HistoryClock;
	/** By place: when the counter was read. */
	readonly #readAt = new Float64Array(MOST_CHANNELS);
	/** By place: a value below the one before it, which the next reading must confirm. */
	readonly #suspects = new Float64Array(MOST_CHANNELS).fill(Number.NaN);
	#boundary = 0;
	#nextHour = 0;
	#retryAt = 0;
	#quarter = -1;
	#quarterFrom = Number.NaN;
	#peak = 0;
	#told = false;
	#isImporting = false;

	constructor(options: HistoryOptions) {
		this.#options = options;
		this.zone = options.zone;
		const { files, crc32 } = options;
		this.#logs = LOG_NAMES.map(
			(name, index) => new SampleLog(files, crc32, this.channels, name, SLOTS[index] as number),
		);
		this.#clock = new HistoryClock({
			newest: () => this.log("hour").last.time,
			later: (time) => this.#countAfter(time),
		});
		this.reload();
	}

	log(period: Period): SampleLog {
		return this.#logs[PERIODS.indexOf(period)] as SampleLog;
	}

	/** Takes what the logs hold as the newest that is known: at the start, and after an import. */
	reload(): void {
		const { latest } = this;
		for (const log of this.#logs) log.load();
		latest.time = 0;
		latest.sums.fill(0);
		for (const { last } of this.#logs) {
			if (last.time <= latest.time) continue;
			latest.time = last.time;
			latest.counters.set(last.counters);
		}
		this.#readAt.fill(latest.time);
		this.pending.time = 0;
		this.#nextHour = 0;
		// What was counted since a log's last sample, over breaks: the finer log before it knows.
		for (let index = 0; index < this.#logs.length; index++) {
			const { last } = this.#logs[index] as SampleLog;
			last.sums.fill(0);
			const before = this.#logs[index - 1];
			if (!before || last.time === 0) continue;
			const reader = new LogReader(before, before.slotAt(last.time));
			let started = false;
			while (reader.next()) {
				const { time, sums } = reader.sample;
				if (time <= last.time || !started) last.sums.set(sums);
				started = true;
			}
			for (let place = 0; place < MOST_CHANNELS; place++)
				last.sums[place] =
					(last.sums[place] as number) -
					(reader.sample.sums[place] as number) +
					(before.last.sums[place] as number);
		}
	}

	/** A reading has come; `wall` and `mono` in seconds. */
	reading(reading: Reading, wall: number | undefined, mono: number): void {
		if (this.#isImporting) return;
		const said = reading.time === null ? undefined : timeOf(reading.time, this.zone);
		const time = this.#clock.judge(said, wall, mono);
		if (time === undefined) return;
		this.power.add(reading, time);
		const shift = said === undefined ? 0 : time - said;
		const now = Math.floor(time);
		const { latest } = this;
		const back = now < this.log("hour").last.time - AGREEMENT;
		if (now >= this.#nextHour || back) this.#beforeBoundary(now);
		const seen = this.#take(reading, now, shift);
		if (seen !== 0) latest.time = now;
		this.#followQuarter(now);
		if (this.pending.time !== 0) this.#settle(now);
		if (seen !== 0 && (now >= this.#nextHour || back) && now >= this.#retryAt) this.#begin(now, back);
	}

	/**
	 * Makes `sample`, whose log ended with `last` and with sums of `ends`, the sample that waits or the newest counters; false where there
	 * is none. For readers of rows.
	 */
	tail(which: "pending" | "latest", last: Sample, ends: Float64Array, sample: Sample): boolean {
		const from = this[which];
		if (from.time === 0) return false;
		sample.time = from.time;
		sample.broken = 0;
		sample.present = 0;
		for (let place = 0; place < this.channels.list.length; place++) {
			const bit = 1 << place;
			const isKnown =
				which === "pending"
					? from.present & bit
					: !Number.isNaN(from.counters[place]) && (this.#readAt[place] as number) > from.time - SILENT;
			if (!isKnown) continue;
			sample.present |= bit;
			const was = last.counters[place] as number;
			const counted = was === was ? (from.sums[place] as number) - (last.sums[place] as number) : 0;
			if (was === was && counted !== (from.counters[place] as number) - was) sample.broken |= bit;
			sample.sums[place] = (ends[place] as number) + counted;
		}
		return true;
	}

	/** Forgets all samples, for those of an import; readings are not taken until it has finished. */
	begin(): void {
		this.#isImporting = true;
		for (const log of this.#logs) {
			log.clear();
			log.hold(true);
		}
		this.channels.list.length = 0;
		this.latest.counters.fill(Number.NaN);
	}

	/** Goes on from what was imported. */
	finish(): void {
		for (const log of this.#logs) log.hold(false);
		this.reload();
		this.#isImporting = false;
	}

	/** The table changed: segments with the old one are not added to. */
	tableChanged(place = -1, factor = 1): void {
		for (const log of this.#logs) log.changed(place, factor);
	}

	/** The last reading before a gap is a sample, too: what lies before it need not be estimated. */
	#beforeBoundary(now: number): void {
		const { latest } = this;
		if (this.pending.time !== 0) this.#write();
		if (latest.time === 0 || now - periodStart("hour", now, this.zone) <= ON_TIME) return;
		this.#addMissing(now);
	}

	/** `now` is undefined where something else than time has ended. */
	#addMissing(now?: number): void {
		const { latest } = this;
		if (latest.time === 0) return;
		latest.present = this.#known();
		latest.quarter = 0;
		latest.hour = 0;
		for (const period of PERIODS) {
			const { last } = this.log(period);
			const isOver = now === undefined || latest.time < periodStart(period, now, this.zone);
			if (isOver && last.time !== 0 && latest.time > last.time + SOONEST) this.#add(this.log(period), latest);
		}
	}

	#known(): number {
		let known = 0;
		for (let place = 0; place < this.channels.list.length; place++)
			if (!Number.isNaN(this.latest.counters[place])) known |= 1 << place;
		return known;
	}

	/** Takes the reading's counters in; the bits of those it has. */
	#take(reading: Reading, now: number, shift: number): number {
		const meterId = reading.meter.id;
		let seen = this.#device(reading.quantities, "meter", 0, meterId, now, shift);
		for (const { kind, id, channel, time, quantities } of reading.devices) {
			const said = time === null ? undefined : timeOf(time, this.zone);
			const at = said === undefined ? now : Math.min(now, Math.floor(said + shift));
			seen |= this.#device(quantities, kind, channel ?? 0, id, at, shift);
		}
		return seen;
	}

	#device(
		quantities: readonly Quantity[],
		kind: string,
		bus: number,
		id: string | undefined,
		at: number,
		shift: number,
	): number {
		let seen = 0;
		for (const { name, value, unit, time } of withTotals(quantities)) {
			if (typeof value === "string") continue;
			const place = this.channels.place(name, unit ?? "", kind, bus);
			const channel = this.channels.list[place];
			if (!channel) continue;
			const exponent = finer(channel.exponent, value.exponent);
			if (exponent === undefined) continue;
			if (exponent !== channel.exponent) this.#refine(place, 10 ** (channel.exponent - exponent), exponent);
			const counter = mantissaAt(value, exponent);
			if (counter === undefined) continue;
			const own = time === undefined ? undefined : timeOf(time, this.zone);
			const another = id !== undefined && this.#isAnother(place, this.#options.idOf(id));
			if (!this.#count(place, counter, another, value.exponent - exponent)) continue;
			this.#readAt[place] = own === undefined ? at : Math.min(at, Math.floor(own + shift));
			seen |= 1 << place;
		}
		return seen;
	}

	#refine(place: number, factor: number, exponent: number): void {
		for (const each of [this.latest, this.pending]) {
			each.counters[place] = (each.counters[place] as number) * factor;
			each.sums[place] = (each.sums[place] as number) * factor;
		}
		if (place === this.channels.find("energy_import")) {
			this.#peak *= factor;
			this.#quarterFrom *= factor;
			this.pending.quarter *= factor;
		}
		(this.channels.list[place] as { exponent: number }).exponent = exponent;
		this.tableChanged(place, factor);
	}

	/** Notes whose counter it is; true where it was another device's. */
	#isAnother(place: number, id: number): boolean {
		const channel = this.channels.list[place] as { id: number };
		if (channel.id === id) return false;
		const another = channel.id !== 0;
		if (another) this.#addMissing();
		channel.id = id;
		this.tableChanged();
		return another;
	}

	/** Adds what was counted since; false where the value is not believed. */
	#count(place: number, counter: number, another: boolean, power: number): boolean {
		const { counters, sums } = this.latest;
		const was = counters[place] as number;
		let counted = counter - was;
		if (was !== was || another) counted = 0;
		else if (counted < 0) {
			// A telegram with a wrong digit is not a new meter: the next one must agree.
			const suspect = this.#suspects[place] as number;
			this.#suspects[place] = counter;
			if (!(counter >= suspect)) return false;
			counted = overflow(was, counter, power);
			if (counted === 0) this.#addMissing();
		}
		this.#suspects[place] = Number.NaN;
		counters[place] = counter;
		sums[place] = (sums[place] as number) + counted;
		return true;
	}

	#followQuarter(now: number): void {
		const quarter = Math.floor(now / QUARTER);
		if (quarter === this.#quarter) return;
		const sum = this.latest.sums[this.channels.find("energy_import")] ?? Number.NaN;
		const isOnTime = now - quarter * QUARTER <= QUARTER_ON_TIME;
		const counted = sum - this.#quarterFrom;
		if (isOnTime && quarter === this.#quarter + 1 && counted > this.#peak) this.#peak = counted;
		this.#quarterFrom = isOnTime ? sum : Number.NaN;
		this.#quarter = quarter;
	}

	/** The first reading of an hour. */
	#begin(now: number, back: boolean): void {
		const { zone, pending } = this;
		this.#boundary = periodStart("hour", now, zone);
		this.#nextHour = nextStart("hour", this.#boundary, zone);
		const { last } = this.log("hour");
		// After a restart within the hour.
		if (!back && last.time !== 0 && periodStart("hour", last.time, zone) >= this.#boundary) return;
		pending.time = now;
		pending.present = 0;
		pending.counters.fill(Number.NaN);
		pending.quarter = this.#peak;
		pending.hour = 0;
		this.#peak = 0;
		this.#settle(now);
	}

	/** Fills the sample that waits; writes it when nothing more is to be expected. */
	#settle(now: number): void {
		const { pending, latest } = this;
		let waits = false;
		for (let place = 0; place < this.channels.list.length; place++) {
			const bit = 1 << place;
			const at = this.#readAt[place] as number;
			if (pending.present & bit || Number.isNaN(latest.counters[place])) continue;
			if (at >= this.#boundary && at <= now) {
				pending.present |= bit;
				pending.counters[place] = latest.counters[place] as number;
				pending.sums[place] = latest.sums[place] as number;
			} else if (at > now - SILENT) waits = true;
		}
		if (!waits || now >= this.#boundary + GRACE) this.#write();
	}

	#write(): void {
		const { pending, zone } = this;
		const { time } = pending;
		for (const period of PERIODS) {
			const log = this.log(period);
			const start = periodStart(period, time, zone);
			const first = log.last.time === 0;
			// A clock that had been wrong, and is set back, makes what lies ahead void.
			const isBack = time < log.last.time - AGREEMENT;
			if (!first && !isBack && periodStart(period, log.last.time, zone) >= start) continue;
			if (period === "day" && !first) dayPeaks(this, periodStart("day", start - 1, zone), start, pending);
			if (period === "month" && !first)
				monthPeaks(this, periodStart("month", start - 1, zone), start, pending);
			this.#add(log, pending);
		}
		pending.time = 0;
	}

	#add(log: SampleLog, sample: Sample): void {
		try {
			log.add(sample);
			this.#told = false;
		} catch (error) {
			// The counters go on: what is not written now is within the next sample.
			this.#retryAt = sample.time + GRACE;
			this.#nextHour = 0;
			if (!this.#told) this.#options.log(`history could not be written: ${error}`);
			this.#told = true;
		}
	}

	#countAfter(time: number): number {
		const log = this.log("hour");
		const reader = new LogReader(log, log.slotAt(time));
		let count = 0;
		while (reader.next()) if (reader.sample.time > time) count++;
		return count;
	}
}

/** What was counted where a counter began anew at zero: 0 where it had not been full, so is another's. */
function overflow(was: number, counter: number, power: number): number {
	const unit = 10 ** power;
	const binary = BINARY_RANGE * unit;
	const range =
		Math.abs(was - binary) < binary * (1 - NEARLY_FULL) ? binary : 10 ** Math.ceil(Math.log10(was + 1));
	const isFull =
		range >= 10 ** WHOLE_DIGITS && was >= range * NEARLY_FULL && counter <= range * (1 - NEARLY_FULL);
	return isFull ? range - was + counter : 0;
}

const TOTALS: readonly string[] = ["energy_import", "energy_export"];

/** The quantities, and the sum of the tariffs where the meter sends no total. */
function withTotals(quantities: readonly Quantity[]): readonly Quantity[] {
	let all = quantities;
	for (const name of TOTALS) {
		let total: Quantity | undefined;
		for (const quantity of quantities) {
			if (!quantity.name.startsWith(name) || typeof quantity.value === "string") continue;
			if (quantity.name === name) {
				total = undefined;
				break;
			}
			if (quantity.name.startsWith("_t", name.length))
				total = total ? sum(total, quantity.value) : { ...quantity, name };
		}
		if (total) all = [...all, total];
	}
	return all;
}

function sum(total: Quantity, more: Decimal): Quantity {
	const { value } = total;
	if (typeof value === "string") return total;
	const exponent = Math.min(value.exponent, more.exponent);
	const mantissa =
		Number(value.mantissa) * 10 ** (value.exponent - exponent) +
		Number(more.mantissa) * 10 ** (more.exponent - exponent);
	return { ...total, value: { mantissa, exponent } };
}
