// Bytes that are read together although they do not stand together in the source: segments of a message, unstuffed
// or hexadecimal characters. Each knows which source bytes it came from, so that a dump can show it there.

/** Source bytes `[start, end)`. */
export interface Span {
	readonly start: number;
	readonly end: number;
}

/** One byte of `bytes` stands for the source bytes `[starts[i], ends[i])`. */
export class View {
	private constructor(
		readonly bytes: Uint8Array,
		readonly starts: Uint32Array,
		readonly ends: Uint32Array,
	) {}

	/** The source itself. */
	static of(source: Uint8Array): View {
		const starts = Uint32Array.from(source, (_, index) => index);
		const ends = Uint32Array.from(source, (_, index) => index + 1);
		return new View(source, starts, ends);
	}

	/** Bytes of which each stands for one or more source bytes. */
	static from(
		parts: readonly { readonly byte: number; readonly start: number; readonly end: number }[],
	): View {
		return new View(
			Uint8Array.from(parts, ({ byte }) => byte),
			Uint32Array.from(parts, ({ start }) => start),
			Uint32Array.from(parts, ({ end }) => end),
		);
	}

	/** The views one behind the other. */
	static join(views: readonly View[]): View {
		const [only] = views;
		if (views.length === 1 && only) return only;
		return new View(
			Uint8Array.from(views.flatMap(({ bytes }) => [...bytes])),
			Uint32Array.from(views.flatMap(({ starts }) => [...starts])),
			Uint32Array.from(views.flatMap(({ ends }) => [...ends])),
		);
	}

	get length(): number {
		return this.bytes.length;
	}

	/** The byte at `index`; 0 beyond the end, which the caller tests. */
	at(index: number): number {
		return this.bytes[index] ?? 0;
	}

	slice(start: number, end = this.length): View {
		return new View(
			this.bytes.subarray(start, end),
			this.starts.subarray(start, end),
			this.ends.subarray(start, end),
		);
	}

	/** The same places with other bytes: parity taken off, for one. */
	map(change: (byte: number) => number): View {
		return new View(this.bytes.map(change), this.starts, this.ends);
	}

	/** Where the byte at `index` stands in the source; behind the last one for an index beyond the end. */
	sourceAt(index: number): number {
		return this.starts[index] ?? this.ends[this.length - 1] ?? 0;
	}

	/** The source bytes of `[start, end)`, joined where they are neighbours. */
	spans(start: number, end: number): readonly Span[] {
		const spans: { start: number; end: number }[] = [];
		for (let index = start; index < Math.min(end, this.length); index++) {
			const from = this.starts[index] as number;
			const to = this.ends[index] as number;
			const last = spans.at(-1);
			if (last?.end === from) last.end = to;
			else spans.push({ start: from, end: to });
		}
		return spans;
	}
}
