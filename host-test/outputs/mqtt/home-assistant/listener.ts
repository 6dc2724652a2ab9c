// The part of MQTT that Home Assistant's discovery needs, driven by a test: readings go in, messages come out. Not a test.

import "../../../../host/platform/globals";
import {
	HOME_ASSISTANT_SETTINGS,
	HomeAssistant,
} from "../../../../outputs/mqtt/home-assistant/home-assistant";
import type { Message } from "../../../../outputs/mqtt/message";
import type { Commands } from "../../../../outputs/output";
import { lengthOf, PartReader } from "../../../../outputs/shared/parts";
import type { Reading } from "../../../../readings/reading";
import { Bench, textOf } from "../../fakes";
import { type Discovery, readDiscovery } from "./documented";

export const COMMANDS: Commands = {
	canAsk: true,
	restart: () => {},
	identify: () => true,
	readNow: () => true,
	readRegister: () => {},
};

export const HEALTH = JSON.stringify({
	gateway: { id: "meterling-a1b2c3", version: "1.2.3", uptime: 123.4 },
	meter: { protocol: "dlms", line: "open", bytes: 5000, parity: 1, overflow: 2, framing: 4 },
	readings: { count: 17, age: 3.2, overflow: 0 },
	rejected: { count: 5, byLayer: [] },
	warnings: [{ text: "a" }, { text: "b" }],
	network: { state: "online", rssi: -61 },
});

export interface Sent {
	readonly topic: string;
	readonly text: string;
	readonly retain: boolean;
	/** The largest part that was in memory at once. */
	readonly largest: number;
}

export class Listener {
	readonly bench: Bench;
	readonly homeAssistant: HomeAssistant;
	woken = 0;

	constructor(
		options: {
			bench?: Bench;
			on?: boolean;
			prefix?: string;
			rssi?: number | null;
			commands?: Commands | null;
		} = {},
	) {
		this.bench = options.bench ?? new Bench();
		const { rssi = -61, commands = COMMANDS } = options;
		const context = {
			...this.bench.context(HOME_ASSISTANT_SETTINGS, {}),
			writeHealth: (take: (piece: string) => void) => take(HEALTH),
			wifi: () => ({ ssid: null, rssi }),
			...(commands ? { commands } : {}),
		};
		const { on = true, prefix = "homeassistant" } = options;
		this.homeAssistant = new HomeAssistant(context, on, prefix, "home", this);
	}

	wake(): void {
		this.woken++;
	}

	/** As the app does it: into the store, then to the output. */
	reading(reading: Reading): void {
		this.bench.store.add(reading, this.bench.clock.now);
		this.homeAssistant.reading(reading);
	}

	/** All that waits to be sent. */
	take(): readonly Sent[] {
		const sent: Sent[] = [];
		for (let message = this.homeAssistant.next(); message; message = this.homeAssistant.next())
			sent.push(sentOf(message));
		return sent;
	}

	/** The devices of what waits, checked. */
	discoveries(): readonly Discovery[] {
		return this.take()
			.filter(({ topic, text }) => topic.endsWith("/config") && text !== "")
			.map(({ topic, text }) => readDiscovery(topic, text));
	}
}

/** Written as the connection does it, a few bytes at a time. */
function sentOf({ topic, payload, retain }: Message): Sent {
	const total = lengthOf(payload);
	const reader = new PartReader(payload);
	const pieces: Uint8Array[] = [];
	let largest = 0;
	while (!reader.atEnd) {
		const piece = reader.take(700);
		pieces.push(piece.slice());
		largest = Math.max(largest, piece.buffer.byteLength);
	}
	const text = textOf(Buffer.concat(pieces));
	if (Buffer.byteLength(text) !== total)
		throw new Error(`${topic}: ${total} bytes told, ${text.length} sent`);
	return { topic, text, retain, largest };
}
