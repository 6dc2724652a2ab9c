// What an emulated meter sends, for tools that measure the gateway.
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { ROOT } from "./xs-sdk.mjs";

/** The emulated meters and P1's encoder, bundled for Node. */
async function emulation() {
	const outfile = join(ROOT, "build/rig/meters.mjs");
	const contents = [
		'export { findMeter } from "./host/meters/meters.ts";',
		'export { encodeTelegram } from "./protocols/p1/p1-encoder.ts";',
		'export { tableChecksums } from "./protocols/shared/checksums.ts";',
	].join("\n");
	const options = {
		bundle: true,
		format: "esm",
		platform: "node",
		packages: "external",
		logLevel: "warning",
	};
	await build({ ...options, stdin: { contents, resolveDir: ROOT, loader: "ts" }, outfile });
	return import(pathToFileURL(outfile));
}

/** Milliseconds since 1970 of the first telegrams' noon. */
export const NOON = Date.UTC(2025, 2, 20, 12);

/**
 * The telegrams of `seconds` of an emulated meter's day, from its noon on. `least`: P1 telegrams that are shorter get
 * more registers, in tariffs and quadrants, as meters in Hungary send them, until they have as many bytes.
 * `wanted(milliseconds)`: whether that after noon is one of them.
 */
export async function meterTelegrams(name, seconds, least = 0, wanted = () => true) {
	const { findMeter, encodeTelegram, tableChecksums } = await emulation();
	const model = findMeter(name);
	const meter = model.make({ seed: 1, start: NOON, solarWatts: 3000, longListFirst: false });
	const checksums = tableChecksums();
	const telegrams = [];
	for (let time = meter.nextSend(NOON); time <= NOON + seconds * 1000; time = meter.nextSend(time)) {
		if (!wanted(time - NOON)) continue;
		const telegram = meter.telegram(time);
		telegrams.push(telegram.length < least ? lengthened(telegram, least) : telegram);
	}
	return { protocol: model.protocol, telegrams };

	function lengthened(telegram, size) {
		const [head, , ...lines] = new TextDecoder().decode(telegram).split("\r\n");
		const objects = lines.filter((line) => line !== "" && !line.startsWith("!"));
		for (let extra = 0, length = telegram.length; length < size; extra++) {
			const quadrant = 5 + (extra % 4);
			const tariff = Math.floor(extra / 4);
			const line = `1-0:${quadrant}.8.${tariff}(${`${telegrams.length * 7 + extra}`.padStart(6, "0")}.${`${extra}`.padStart(3, "0")}*kvarh)`;
			objects.push(line);
			length += line.length + 2;
		}
		return encodeTelegram({ identification: head.slice(1), lines: objects, crc: true }, checksums);
	}
}
