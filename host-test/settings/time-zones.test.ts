// Local time by POSIX TZ strings, compared with Intl (ICU's own tables) in every zone of the list, and with the
// examples of POSIX and RFC 8536.

import { isPosixTimeZone, localTime } from "../../settings/posix-time-zone";
import { localTimeIn, posixOf, timeZoneNames } from "../../settings/time-zones";

/** Wall clock of `zone` by ICU, as milliseconds in which local time stands for UTC. */
function byIntl(format: Intl.DateTimeFormat, utc: number): number {
	const parts: Record<string, number> = {};
	for (const { type, value } of format.formatToParts(utc)) parts[type] = Number(value);
	const { year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0 } = parts;
	return Date.UTC(year, month - 1, day, hour % 24, minute, second);
}

function formatOf(timeZone: string): Intl.DateTimeFormat | undefined {
	const numeric = "numeric";
	try {
		return new Intl.DateTimeFormat("en-US", {
			...{ timeZone, hourCycle: "h23", year: numeric, month: numeric, day: numeric },
			...{ hour: numeric, minute: numeric, second: numeric },
		});
	} catch {
		return undefined;
	}
}

/** Whether ours is ICU's at each instant; zones that this Node's ICU does not know are passed over. */
function agreesAt(zone: string, instants: readonly number[]): boolean {
	const format = formatOf(zone);
	return (
		format === undefined ||
		instants.every((utc) => localTimeIn(zone, utc).milliseconds === byIntl(format, utc))
	);
}

const HOUR = 3_600_000;

describe("local time", () => {
	test("every zone of the list, each eleventh day of two years, as ICU has it", () => {
		const instants: number[] = [];
		for (let utc = Date.UTC(2025, 0, 1, 0, 30); utc < Date.UTC(2027, 0, 1); utc += 11 * 24 * HOUR + 5 * HOUR)
			instants.push(utc);
		const names = timeZoneNames();
		expect(names.length).toBeGreaterThan(400);
		const differing = names.filter((zone) => !agreesAt(zone, instants));
		// Morocco and Palestine change their time for Ramadan, which no POSIX rule can say.
		expect(differing).toEqual(["Africa/Casablanca", "Africa/El_Aaiun", "Asia/Gaza", "Asia/Hebron"]);
	});

	test.each(["Europe/Copenhagen", "Europe/Dublin", "Europe/Lisbon", "America/New_York", "America/Nuuk"])(
		"%s: each quarter of an hour around every change, 2024 to 2035",
		(zone) => {
			const format = formatOf(zone) as Intl.DateTimeFormat;
			let changes = 0;
			let before = byIntl(format, Date.UTC(2024, 0, 1)) - Date.UTC(2024, 0, 1);
			for (let utc = Date.UTC(2024, 0, 1); utc < Date.UTC(2036, 0, 1); utc += 24 * HOUR) {
				const offset = byIntl(format, utc) - utc;
				if (offset === before) continue;
				changes++;
				before = offset;
				for (let near = utc - 24 * HOUR; near <= utc; near += HOUR / 4)
					expect(localTimeIn(zone, near).milliseconds).toBe(byIntl(format, near));
			}
			expect(changes).toBe(24);
		},
	);

	test("the southern half of the earth, where summer spans New Year", () => {
		const summer = localTime(Date.UTC(2026, 0, 1), "AEST-10AEDT,M10.1.0,M4.1.0/3");
		expect(summer).toMatchObject({ offsetMinutes: 660, isDaylightSaving: true, abbreviation: "AEDT" });
		const winter = localTime(Date.UTC(2026, 6, 1), "AEST-10AEDT,M10.1.0,M4.1.0/3");
		expect(winter).toMatchObject({ offsetMinutes: 600, isDaylightSaving: false, abbreviation: "AEST" });
	});

	test("days of the year: J counts no February 29, a plain number does", () => {
		const at = (posix: string, month: number, day: number) =>
			localTime(Date.UTC(2028, month - 1, day, 12), posix)?.isDaylightSaving;
		// 2028 is a leap year: J60 is March 1, day 60 from 0 as well; J59 is February 28, day 59 February 29.
		expect([at("AAA0BBB,J60,J300", 2, 29), at("AAA0BBB,J60,J300", 3, 1)]).toEqual([false, true]);
		expect([at("AAA0BBB,59,J300", 2, 28), at("AAA0BBB,59,J300", 2, 29)]).toEqual([false, true]);
	});

	test("RFC 8536's example of hours beyond a day", () => {
		// "<-03>3<-02>,M3.5.0/-2,M10.5.0/-1": the change is on the Saturday at 22:00.
		const posix = "<-03>3<-02>,M3.5.0/-2,M10.5.0/-1";
		expect(localTime(Date.UTC(2020, 2, 29, 0, 59), posix)?.isDaylightSaving).toBe(false);
		expect(localTime(Date.UTC(2020, 2, 29, 1, 0), posix)?.isDaylightSaving).toBe(true);
	});
});

describe("the setting", () => {
	test("a name, or a POSIX TZ string itself", () => {
		expect(posixOf("Europe/Copenhagen")).toBe("CET-1CEST,M3.5.0,M10.5.0/3");
		expect(posixOf("UTC")).toBe("UTC0");
		expect(posixOf("NZST-12NZDT,M9.5.0,M4.1.0/3")).toBe("NZST-12NZDT,M9.5.0,M4.1.0/3");
		expect(posixOf("Europe/Atlantis")).toBeUndefined();
		expect(posixOf("")).toBeUndefined();
	});

	test.each([
		["", "CET", "CE-1", "CET-1CEST,M3", "CET-1CEST,M13.5.0,M10.5.0", "CET-1CEST,M3.5.0", "CET-99", "<CET-1"],
		[
			"CET-1CEST,M3.5.0,M10.5.0/3x",
			"CET-1 CEST",
			"CET-1CEST,J0,J1",
			`${"A".repeat(70)}0`,
			"CET-1CEST,M3.6.0,M1.1.1",
		],
	])("what is none is refused", (...texts) => {
		expect(texts.filter(isPosixTimeZone)).toEqual([]);
	});
});
