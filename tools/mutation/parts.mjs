// The parts that mutation testing is run on, and for each the tests that state its behaviour. Tests that take seconds
// (captured frames, thousands of power cuts, years of history) are left out: each mutant would pay for them.

/** What a protocol is to the rest: its lines, its settings, the questions that a person may ask. */
const SEAM = ["protocols/(line-choice|lines)", "meters/questions", "settings/(schema|documentation)"];

const PARTS = {
	"protocols/shared": {
		tests: ["protocols/(shared|kmp|kmp382|iec62056)/", "protocols/known-texts", ...SEAM],
	},
	"protocols/p1": { tests: ["protocols/p1/", ...SEAM] },
	"protocols/kmp": { tests: ["protocols/kmp/", ...SEAM] },
	"protocols/kmp382": { tests: ["protocols/kmp382/", ...SEAM] },
	"protocols/iec62056": { tests: ["protocols/iec62056/", ...SEAM] },
	"protocols/pulse": { tests: ["protocols/pulse/", ...SEAM] },
	"protocols/dlms": { tests: ["protocols/dlms/", ...SEAM] },
	readings: { mutate: ["readings/*.ts"], tests: ["readings/[^/]+$"] },
	"readings/history": { tests: ["readings/history/", "cost/bill"] },
	"readings/cost": { tests: ["cost/(bill|price-list|tariff)"] },
};

/** Test files that no part runs: they sample what the others state, at a price of seconds for each mutant. */
const SLOW = ["corpora", "year", "kill", "power-cut", "full-storage", "littlefs"];

/** Tests left out for the same reason: they try a stream at each of its bytes or bits, megabytes, or what comes at random. */
export const SLOW_TESTS =
	/split (at|any|in)|inside of (envelopes|messages)|are harmless|elsewhere, in whatever pieces|hours to days|no digit is lost|rows as JSON keep|mean of the three highest|gone round the oldest|flipped|(truncated|cut) anywhere|a power cut at any|megabyte|100 kB|any value|whatever the bytes|segments of any|noise of all|come back exactly|rubbish|random bytes|without CRC a flipped|of a text the first|helpers › digits/;

export const MUTATION_PARTS = Object.keys(PARTS);

/** The part of that folder: the files to mutate, its tests and those left out. Throws for an unknown one. */
export function mutationPart(folder) {
	const part = PARTS[folder];
	if (!part) throw new Error(`METERLING_MUTATE names one of ${MUTATION_PARTS.join(", ")}`);
	return {
		name: folder.replaceAll("/", "-"),
		mutate: part.mutate ?? [`${folder}/**/*.ts`],
		tests: part.tests.map((pattern) => new RegExp(`^host-test/${pattern}`)),
		slow: SLOW.map((name) => new RegExp(`/${name}\\.test\\.ts$`)),
	};
}
