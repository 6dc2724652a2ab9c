// Readings of every emulated meter, and of every capture in ../shared/corpora where that folder is. Not a test.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { AskedMeter } from "../../../../host/meters/asked-meter";
import { METERS } from "../../../../host/meters/meters";
import { nodeCipher } from "../../../../host/platform/cipher";
import type { Action, Protocol } from "../../../../protocols/protocol";
import { findProtocol } from "../../../../protocols/registry";
import { tableChecksums } from "../../../../protocols/shared/checksums";
import type { Reading } from "../../../../readings/reading";
import { defaultValues, type SettingValues } from "../../../../settings/setting";
import { Dialogue } from "../../../meters/asked-dialogue";

/** A Wednesday, 16:59:47 local time: the full hour is near. */
const START = Date.UTC(2026, 0, 14, 16, 59, 47);
const LISTENED_MS = 40_000;
const CORPORA = join(__dirname, "../../../../../shared/corpora");

export interface Source {
	readonly name: string;
	readonly readings: readonly Reading[];
}

interface Case {
	readonly corpus: string;
	readonly id: string;
	readonly file: string;
	readonly protocol: string;
	readonly layer: string;
	readonly options?: { readonly encryption_key?: string; readonly authentication_key?: string };
}

export function emulatedMeters(): readonly Source[] {
	return METERS.map(({ name, protocol, settings, make }) => {
		const meter = make({ seed: 7, start: START, solarWatts: 4000, longListFirst: true });
		const spoken = findProtocol(protocol) as Protocol;
		if (meter instanceof AskedMeter) {
			const dialogue = new Dialogue({
				protocol: spoken,
				meter,
				start: START,
				...(settings ? { settings } : {}),
			});
			dialogue.advance(LISTENED_MS);
			return { name, readings: dialogue.readings.map(({ reading }) => reading) };
		}
		const session = open(spoken, settings);
		const readings: Reading[] = [];
		for (let at = meter.nextSend(START); at < START + LISTENED_MS; at = meter.nextSend(at)) {
			readings.push(...readingsOf(session.receive(meter.telegram(at), at - START)));
			readings.push(...readingsOf(session.tick(at - START)));
		}
		return { name, readings };
	});
}

/** Empty where the folder is absent. */
export function captures(): readonly Source[] {
	const list = join(CORPORA, "normalized.json");
	if (!existsSync(list)) {
		process.stdout.write(`corpora are not at ${CORPORA}: their readings are left out\n`);
		return [];
	}
	const { cases } = JSON.parse(readFileSync(list, "utf8")) as { cases: Case[] };
	return cases.flatMap((one) => {
		const protocol = findProtocol(one.protocol);
		const path = join(CORPORA, one.file);
		if (!protocol || !existsSync(path)) return [];
		const settings = {
			encryptionKey: one.options?.encryption_key ?? "",
			authenticationKey: one.options?.authentication_key ?? "",
		};
		const bytes = one.file.endsWith(".hex")
			? Buffer.from(readFileSync(path, "latin1").replace(/[^0-9a-f]/gi, ""), "hex")
			: readFileSync(path);
		const session = open(protocol, settings);
		const isFragment = one.layer === "apdu" || one.layer === "llc";
		const actions = isFragment
			? (protocol.decodeFragment?.(Uint8Array.from(bytes), sessionOptions(protocol, settings)) ?? [])
			: [...session.receive(Uint8Array.from(bytes), 0), ...session.end(0)];
		const readings = readingsOf(actions);
		return readings.length > 0 ? [{ name: `${one.corpus}/${one.id}`, readings }] : [];
	});
}

function open(protocol: Protocol, settings?: SettingValues) {
	return protocol.open(sessionOptions(protocol, settings));
}

function sessionOptions(protocol: Protocol, settings: SettingValues = {}) {
	const all = { ...defaultValues(protocol.settings), ...settings };
	return { checksums: tableChecksums(), cipher: nodeCipher(), settings: all };
}

function readingsOf(actions: readonly Action[]): readonly Reading[] {
	return actions.flatMap((action) => (action.do === "reading" ? [action.reading] : []));
}
