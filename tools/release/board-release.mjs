// One board's part of a release: checks what a build left, and makes the files that people download. Pure: bytes in, bytes
// and descriptions out; tools/release.mjs reads and writes.
import { createHash } from "node:crypto";
import { CHIPS, ImageError, requireImage } from "./image.mjs";
import {
	difference,
	firstApp,
	hex,
	otaData,
	otaSlots,
	PartitionError,
	parseCsv,
	parseTable,
	TABLE_OFFSET,
	TABLE_SIZE,
} from "./partitions.mjs";
import { updateFile } from "./update-file.mjs";

/** What mcconfig copies out of ESP-IDF's build (tools/mcconfig/make.esp32.mk, target `build`). */
export const BUILT = Object.freeze({
	app: "xs_esp32.bin",
	bootloader: "bootloader.bin",
	table: "partition-table.bin",
	otaData: "ota_data_initial.bin",
});

/** A build that must not be released; the message says why. */
export class ReleaseError extends Error {}

/**
 * @param {object} options
 * @param {{name: string, title: string, chip: string}} options.board
 * @param {string} options.version as in package.json
 * @param {string} options.csv the board's partitions.csv
 * @param {Record<keyof typeof BUILT, Buffer | undefined>} options.built
 * @param {string=} options.privateKey PEM: signs the update file; without it there is none
 * @returns files by name, with what each is: ESP Web Tools' manifest.json, release.json, SHA256SUMS among them
 */
export function boardRelease({ board, version, csv, built, privateKey }) {
	const chip = CHIPS[board.chip];
	if (!chip) throw new ReleaseError(`no release for the chip "${board.chip}"`);
	const parts = refusing(() => partsOf({ board, version, csv, built, chip }));
	const merged = { name: `meterling-${board.name}-${version}-merged.bin`, bytes: merge(parts) };
	const app = parts.find(({ name }) => name === `meterling-${board.name}-${version}.bin`);
	const update = privateKey && {
		name: `meterling-${board.name}-${version}.update`,
		bytes: updateFile({ image: app.bytes, version, board: board.name, chip: board.chip, privateKey }),
	};
	const images = [...parts, merged];
	const described = images.map(({ name, bytes, offset }) => ({
		name,
		size: bytes.length,
		...(offset === undefined ? { offset: 0 } : { offset }),
		sha256: sha256(bytes),
	}));
	const files = [
		...images.map(({ name, bytes }) => ({ name, bytes })),
		...(update ? [update] : []),
		{ name: "manifest.json", bytes: json(webManifest({ board, version, parts, chip })) },
		{
			name: "release.json",
			bytes: json({ version, board: board.name, chip: chip.family, files: described }),
		},
	];
	const sums = files.map(({ name, bytes }) => `${sha256(bytes)}  ${name}\n`).join("");
	return [...files, { name: "SHA256SUMS", bytes: Buffer.from(sums) }];
}

/** What is flashed, and where; sorted by offset. */
function partsOf({ board, version, csv, built, chip }) {
	const partitions = parseCsv(csv);
	const unlike = difference(partitions, parseTable(required(built, "table")));
	if (unlike) throw new ReleaseError(`the build has another partition table: ${unlike}`);
	const bootloader = required(built, "bootloader");
	const { flashSize } = requireImage(bootloader, board.chip, BUILT.bootloader);
	const app = required(built, "app");
	requireImage(app, board.chip, BUILT.app);
	if (!app.includes(`${version}\0`))
		throw new ReleaseError(`${BUILT.app} does not hold the version ${version}: build it again`);
	const first = firstApp(partitions);
	if (!first) throw new ReleaseError("the partition table has no place for an application");
	for (const slot of [first, ...otaSlots(partitions)])
		requireFit(app, BUILT.app, slot.size, `the partition "${slot.name}"`);
	requireFit(
		bootloader,
		BUILT.bootloader,
		TABLE_OFFSET - chip.bootloader,
		"the place before the partition table",
	);
	requireFit(built.table, BUILT.table, TABLE_SIZE, "its sector");
	const last = partitions[partitions.length - 1];
	if (last.offset + last.size > flashSize)
		throw new ReleaseError(
			`the partitions end at ${hex(last.offset + last.size)}, the flash at ${hex(flashSize)}`,
		);
	const parts = [
		{ name: "bootloader.bin", offset: chip.bootloader, bytes: bootloader },
		{ name: "partition-table.bin", offset: TABLE_OFFSET, bytes: built.table },
		{ name: `meterling-${board.name}-${version}.bin`, offset: first.offset, bytes: app },
	];
	// Without it a device that was updated before would go on starting the other slot.
	const choice = otaData(partitions);
	if (choice) {
		const bytes = required(built, "otaData");
		requireFit(bytes, BUILT.otaData, choice.size, `the partition "${choice.name}"`);
		parts.push({ name: "ota-data.bin", offset: choice.offset, bytes });
	}
	return parts.sort((a, b) => a.offset - b.offset);
}

/** ESP Web Tools 10's manifest (its dist/const.d.ts). Offsets are absolute; paths are relative to the manifest. */
function webManifest({ board, version, parts, chip }) {
	return {
		name: `Meterling, ${board.title}`,
		version,
		new_install_prompt_erase: true,
		// The firmware does not speak Improv: do not wait for it.
		new_install_improv_wait_time: 0,
		builds: [{ chipFamily: chip.family, parts: parts.map(({ name, offset }) => ({ path: name, offset })) }],
	};
}

/** All parts in one file that starts at 0 of the flash; what lies between is FF, as erased. */
export function merge(parts) {
	const last = parts.reduce((end, { offset, bytes }) => Math.max(end, offset + bytes.length), 0);
	const merged = Buffer.alloc(last, 0xff);
	for (const { offset, bytes } of parts) bytes.copy(merged, offset);
	return merged;
}

function required(built, what) {
	const bytes = built[what];
	if (!bytes) throw new ReleaseError(`the build has no ${BUILT[what]}`);
	return bytes;
}

function requireFit(bytes, name, room, where) {
	if (bytes.length > room)
		throw new ReleaseError(
			`${name} does not fit: ${bytes.length.toLocaleString("en")} bytes, ${where} has ${room.toLocaleString("en")}`,
		);
}

function refusing(make) {
	try {
		return make();
	} catch (error) {
		if (error instanceof ImageError || error instanceof PartitionError) throw new ReleaseError(error.message);
		throw error;
	}
}

function json(value) {
	return Buffer.from(`${JSON.stringify(value, null, "\t")}\n`);
}

function sha256(bytes) {
	return createHash("sha256").update(bytes).digest("hex");
}
