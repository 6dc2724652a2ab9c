// A reading's JSON in bytes, as MQTT, the event stream and the API send it.

import { readingToJson } from "../../readings/json.js";
import type { Reading } from "../../readings/reading.js";
import type { ReadingStore } from "../../readings/store.js";
import { utf8 } from "./text.js";

/** The newest reading's, made once for all outputs; `undefined` before the first. */
export function latestBytes(store: ReadingStore): Uint8Array | undefined {
	return store.rendered(bytesOf);
}

/** That reading's, shared where it is the newest. */
export function readingBytes(store: ReadingStore, reading: Reading): Uint8Array {
	return (reading === store.latest ? latestBytes(store) : undefined) ?? bytesOf(reading);
}

function bytesOf(reading: Reading): Uint8Array {
	return utf8(readingToJson(reading));
}
