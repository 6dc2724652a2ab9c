// A coverage-guided fuzzer for code that instrument.mjs has counted: keeps the inputs that reach something new, and changes
// them again. Everything is drawn from one seed, so that a run can be repeated. Finds exceptions, branches taken without
// end, and inputs that cost more steps than their length allows.

const SLOTS = 1 << 16;
/** So often may one branch be taken for one input. */
const ENDLESS = 3_000_000;
const MOST_FAULTS = 8;
const SHRINKING = 2000;

globalThis.fuzzCounts = {
	counts: new Uint32Array(SLOTS),
	touched: new Uint32Array(SLOTS),
	state: { touched: 0, most: ENDLESS },
};
const { counts, touched, state } = globalThis.fuzzCounts;

/** `tools`: host-test/fuzz/edits.ts and its generator. `kept`: inputs of earlier runs. */
export class Fuzzer {
	/** The inputs that reached something new, in their order; `features` of each. */
	corpus = [];
	inputs = 0;
	faults = [];
	/** The dearest input so far, and its share of what it may cost. */
	dearest = { share: 0, steps: 0, length: 0 };
	#target;
	#tools;
	#random;
	#seen = new Uint8Array(SLOTS);
	#features = 0;
	#signatures = new Set();

	constructor(target, tools, seed) {
		this.#target = target;
		this.#tools = tools;
		this.#random = new tools.Random(seed);
	}

	get features() {
		return this.#features;
	}

	/** Right inputs and those that are kept: as they are. */
	begin(inputs) {
		for (const input of inputs) this.#run(input, true);
	}

	/** So many inputs more, or until the time is over. */
	run(most, until, progress = () => {}) {
		const { edited, randomEdits } = this.#tools;
		const words = (this.#target.words ?? []).map((word) =>
			Uint8Array.from(word, (sign) => sign.charCodeAt(0)),
		);
		const others = this.corpus.map(({ input }) => input);
		const around = { longest: this.#target.longest, words, others };
		const random = this.#random;
		for (let count = 0; count < most && this.faults.length < MOST_FAULTS; count++) {
			if (count % 256 === 0) {
				if (Date.now() > until) break;
				progress();
			}
			// The newest have been tried least.
			const span = random.chance(0.4) ? Math.min(32, others.length) : others.length;
			const from = others[others.length - 1 - random.whole(0, span - 1)];
			const input = edited(from, randomEdits(random), around);
			if (this.#run(input)) others.push(input);
		}
	}

	/** True where it reached something new. */
	#run(input, isGiven = false) {
		this.inputs++;
		const error = this.#attempt(input);
		if (error) this.#fault(input, error);
		const news = this.#news();
		if (news > 0 && !error) this.corpus.push({ input, given: isGiven });
		return news > 0;
	}

	/** What escaped, if anything did. The target gets a copy: it may write into it. */
	#attempt(input) {
		for (let at = 0; at < state.touched; at++) counts[touched[at]] = 0;
		state.touched = 0;
		state.most = ENDLESS;
		try {
			this.#target.run(input.slice());
		} catch (error) {
			return error instanceof Error ? error : new Error(`${error}`);
		}
		let steps = 0;
		for (let at = 0; at < state.touched; at++) steps += counts[touched[at]];
		const [base, perByte] = this.#target.work;
		const share = steps / (base + perByte * input.length);
		if (share > this.dearest.share) this.dearest = { share, steps, length: input.length };
		if (share > 1) return new Error(`too much work: ${steps} steps for ${input.length} bytes`);
		return undefined;
	}

	#news() {
		let news = 0;
		for (let at = 0; at < state.touched; at++) {
			const id = touched[at];
			const count = counts[id];
			// Once, twice, 3, 4–7, 8–15, 16–31, 32–127, more.
			const bucket =
				count < 4 ? count - 1 : count < 8 ? 3 : count < 16 ? 4 : count < 32 ? 5 : count < 128 ? 6 : 7;
			if (this.#seen[id] & (1 << bucket)) continue;
			this.#seen[id] |= 1 << bucket;
			news++;
		}
		this.#features += news;
		return news;
	}

	#fault(input, error) {
		const signature = signatureOf(error);
		if (this.#signatures.has(signature)) return;
		this.#signatures.add(signature);
		// Counters of the attempts below are no news.
		const before = this.#seen.slice();
		const small = this.#shrunk(input, signature);
		this.#seen = before;
		this.faults.push({ signature, error, input: small });
	}

	/** Leaves out what is not needed for the same fault. */
	#shrunk(input, signature) {
		let best = input;
		let tries = SHRINKING;
		const same = (candidate) => {
			const error = this.#attempt(candidate);
			return error !== undefined && signatureOf(error) === signature;
		};
		for (let size = best.length >> 1; size >= 1; size >>= 1) {
			for (let at = 0; at + size <= best.length && tries-- > 0; ) {
				const shorter = new Uint8Array(best.length - size);
				shorter.set(best.subarray(0, at));
				shorter.set(best.subarray(at + size), at);
				if (same(shorter)) best = shorter;
				else at += size;
			}
		}
		return best;
	}
}

/** Of the same fault in another input, the same: numbers and quoted texts do not count. */
function signatureOf(error) {
	const where = `${error.stack}`
		.split("\n")
		.slice(1, 4)
		.map((line) => line.trim().replace(/\(.*\//, "("))
		.join(" < ");
	return `${error.message
		.slice(0, 60)
		.replace(/[0-9]+/g, "#")
		.replace(/[:'"`].*/s, "")} ${where}`;
}

/** The smallest inputs that together reach all that the corpus reaches, and of each no more than that takes. */
export function fewest(target, entries) {
	const featuresOf = (input) => {
		for (let at = 0; at < state.touched; at++) counts[touched[at]] = 0;
		state.touched = 0;
		state.most = ENDLESS;
		try {
			target.run(input.slice());
		} catch {
			return [];
		}
		return [...touched.subarray(0, state.touched)];
	};
	const without = (input, at, size) => {
		const shorter = new Uint8Array(input.length - size);
		shorter.set(input.subarray(0, at));
		shorter.set(input.subarray(at + size), at);
		return shorter;
	};
	const trimmed = (input, wanted) => {
		let best = input;
		for (let size = best.length >> 1; size >= 4; size >>= 1) {
			for (let at = 1; at + size <= best.length; ) {
				const candidate = without(best, at, size);
				const reached = new Set(featuresOf(candidate));
				if (wanted.every((feature) => reached.has(feature))) best = candidate;
				else at += size;
			}
		}
		return best;
	};
	const seen = new Set();
	const chosen = [];
	const order = (entry) => (entry.given ? 0 : entry.input.length);
	for (const { input, given } of [...entries].sort((one, other) => order(one) - order(other))) {
		const news = featuresOf(input).filter((feature) => !seen.has(feature));
		if (news.length === 0) continue;
		const kept = given ? input : trimmed(input, news);
		for (const feature of given ? news : featuresOf(kept)) seen.add(feature);
		if (!given) chosen.push(kept);
	}
	return chosen;
}
