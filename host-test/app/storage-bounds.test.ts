// All files that the firmware may write, each at its longest, in the 512 KB of the storage partition at once: the sum by
// arithmetic, and on the SDK's littlefs. There everything goes on while it is so full: settings are saved, history and backlogs
// go round, a crash is noted.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ACCESS_FILE } from "../../app/gate";
import { keptFileName } from "../../app/kept-file";
import { PRICES_FILE } from "../../app/prices";
import { PROVISIONED_FILE } from "../../app/provisioning";
import { CRASH_FILE } from "../../app/survival";
import { UPDATE_FILE } from "../../app/updates";
import { DeviceFiles } from "../../hardware/files";
import { LONGEST_RECORD, RECORD } from "../../outputs/mqtt/home-assistant/announced";
import { OUTPUTS } from "../../outputs/registry";
import { Backlog, backlogFiles } from "../../outputs/shared/backlog";
import { PROTOCOLS } from "../../protocols/registry";
import { historyFileNames } from "../../readings/history/log";
import { GENERATIONS, LONGEST_STORED_TEXT, writeText } from "../../settings/generations";
import { readPartitions } from "../hardware/boards/partition-table";
import { FakeClock } from "../outputs/fakes";
import { Littlefs as Flash, type Littlefs, missingForLittlefs } from "../readings/history/littlefs";
import { counter, MemoryFiles, openHistory, reading } from "../readings/history/storage";

const mockFlash: { current?: Littlefs } = {};
jest.mock("embedded:storage/files", () => {
	const folder = () => mockFlash.current?.folder as Littlefs["folder"];
	return {
		__esModule: true,
		default: {
			status: (path: string) => folder().status(path),
			openFile: (options: { path: string; mode: string }) => folder().openFile(options),
			move: (from: string, to: string) => folder().move(from, to),
			delete: (path: string) => folder().delete(path),
		},
	};
});

const SECTOR = 4096;
const SECTORS = 128;
/** Superblock, the folder's pairs of sectors, and a file that is written beside the one it replaces. */
const FOR_LITTLEFS = 12;
const HOUR = 3600;
const START = Date.UTC(2025, 0, 1) / 1000;
/** `mqtt` and the three that push; blocks of 4 KB that wait in flash at most. */
const BACKLOGS: Readonly<Record<string, number>> = { mqtt: 16, "dsmr-reader": 8, influx: 8, webhook: 8 };
/** Files of less than a sector each, and those of a known longest. */
const SMALL = [
	...[CRASH_FILE, UPDATE_FILE, PROVISIONED_FILE, "device-secret", "id", PRICES_FILE],
	...PROTOCOLS.filter(({ name }) => name === "pulse").map(({ name }) => keptFileName(name)),
];
const LONG: Readonly<Record<string, number>> = {
	...Object.fromEntries(GENERATIONS.map((name) => [name, LONGEST_STORED_TEXT + 16])),
	[ACCESS_FILE]: 8 * 1024,
	[RECORD]: LONGEST_RECORD,
};

/** Of a file on littlefs, whose sectors beyond the first begin with pointers. */
function sectorsOf(length: number): number {
	let sectors = 0;
	for (let room = 0; room < length; sectors++)
		room += SECTOR - (sectors === 0 ? 0 : 4 * (Math.log2(sectors & -sectors) + 1));
	return sectors;
}

test("the storage partition has 512 KB", () => {
	const table = readPartitions(readFileSync(join(__dirname, "../../hardware/boards/partitions.csv"), "utf8"));
	expect(table.find(({ name }) => name === "storage")?.size).toBe(SECTORS * SECTOR);
});

test("the longest of all files together fit it", () => {
	const history = historyFileNames().length;
	const backlogs = Object.values(BACKLOGS).reduce((sum, blocks) => sum + blocks);
	const long = Object.values(LONG).reduce((sum, length) => sum + sectorsOf(length), 0);
	const sum = history + backlogs + long + SMALL.length + FOR_LITTLEFS;
	console.log(
		`sectors of 4 KB: history ${history}, backlogs ${backlogs}, settings, access and Home Assistant ${long}, small files ${SMALL.length}, littlefs ${FOR_LITTLEFS}: ${sum} of ${SECTORS}`,
	);
	expect(sum).toBeLessThanOrEqual(SECTORS);
});

test("no output keeps what it cannot send but these", () => {
	expect(OUTPUTS.map(({ name }) => name)).toEqual(expect.arrayContaining(Object.keys(BACKLOGS)));
	for (const [name, blocks] of Object.entries(BACKLOGS)) {
		const files = new MemoryFiles();
		fillBacklog(files, name, blocks, 1500, 400);
		fillBacklog(files, name, blocks, 4300, 100);
		expect(files.blocks).toBeLessThanOrEqual(blocks);
		for (const file of files.files.keys()) expect(backlogFiles(name)).toContain(file);
	}
});

function fillBacklog(
	files: MemoryFiles | DeviceFiles,
	name: string,
	blocks: number,
	length: number,
	lines: number,
) {
	const log: string[] = [];
	const backlog = new Backlog(
		{ files: files as DeviceFiles, timers: new FakeClock(), log: (line) => log.push(line) },
		name,
		blocks,
	);
	for (let line = 0; line < lines; line++) {
		const hourly = line % 10 === 0;
		if (backlog.wants(hourly)) backlog.add(hourly, [new Uint8Array(length - (line % 300)).fill(0x61)]);
	}
	expect([log, backlog.lost]).toEqual([[], 0]);
}

const why = missingForLittlefs();
(why ? test.skip : test)(
	`on littlefs everything goes on while all of it is there${why ? ` (not run: ${why})` : ""}`,
	() => {
		const flash = new Flash(SECTORS);
		mockFlash.current = flash;
		const files = new DeviceFiles();
		for (const name of SMALL) files.write(name, new Uint8Array(1000));
		for (const [name, length] of Object.entries(LONG)) files.write(name, new Uint8Array(length));
		const log: string[] = [];
		// Twelve busy counters, so that the ring of hours has gone round.
		const history = openHistory(files, "UTC0", (line) => log.push(line));
		const live = (hour: number) => {
			const time = START + hour * HOUR + 7;
			const energy = ["import", "export", "import_t1", "import_t2", "export_t1", "export_t2"];
			const names = energy.map((each) => `energy_${each}`);
			names.push("gas_volume", "water_volume", "heat_energy", "heat_volume", "cooling_energy");
			const units = (name: string) => (name.endsWith("volume") ? "m³" : "kWh");
			const all = names.map((name) => counter(name, 5_000_000 + hour * 60_000, units(name)));
			history.reading(
				reading(null, [
					...all,
					{ name: "pulse_count", value: { mantissa: hour * 60_000, exponent: 0 }, unit: "" },
				]),
				time,
				time,
			);
		};
		// Years of days and months first, by jumps that the clock is right about.
		let hour = 0;
		for (; hour < 24 * 1400; hour += 24) live(hour);
		for (const end = hour + 1700; hour < end; hour++) live(hour);
		for (const [name, blocks] of Object.entries(BACKLOGS)) fillBacklog(files, name, blocks, 1500, 400);
		const full = flash.sectorsInUse;
		for (let round = 0; round < 6; round++) {
			writeText(files, new Uint8Array(LONGEST_STORED_TEXT).fill(0x61 + round));
			for (const [name, length] of Object.entries(LONG))
				if (name !== GENERATIONS[0] && name !== GENERATIONS[1]) files.write(name, new Uint8Array(length));
			for (const name of SMALL) files.write(name, new Uint8Array(1000).fill(round));
			for (const [name, blocks] of Object.entries(BACKLOGS)) fillBacklog(files, name, blocks, 1500, 20);
			for (const end = hour + 48; hour < end; hour++) live(hour);
		}
		const { erasures, most } = flash.wear;
		console.log(
			`littlefs with all files at their longest: ${full} of ${SECTORS} sectors, then ${flash.sectorsInUse}; ${erasures} erasures, ${most} of one sector at most`,
		);
		expect(log).toEqual([]);
		expect(flash.sectorsInUse).toBeLessThan(SECTORS - 4);
		flash.close();
	},
	60_000,
);
