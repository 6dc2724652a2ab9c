// A house for the drills, on a clock that only they move: the whole gateway (app/app.ts) on an emulated meter, in a network with
// Wi-Fi, names, a time server and a broker, and with a storage - each of which can be taken away. Not a test.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type App, startApp } from "../../app/app.js";
import { ACCESS_FILE } from "../../app/gate.js";
import type { Device } from "../../hardware/device.js";
import type { Line, LineOptions } from "../../hardware/line.js";
import { openDevice } from "../../hardware/this-device.js";
import { AskedMeter } from "../../host/meters/asked-meter.js";
import { lineOf, type RunningLine } from "../../host/meters/line-of-meter.js";
import type { PushMeter } from "../../host/meters/push-meter.js";
import { configuration } from "../../host/platform/configuration.js";
import "../../host/platform/globals.js";
import type { MqttClientOptions, UdpOptions, UdpSocket } from "../../outputs/network.js";
import { FakeRadio } from "../app/fake-radio.js";
import { HOME, MEMORY } from "../app/home.js";
import { FakeTime } from "../fake-timers.js";
import { FakeNetwork } from "../outputs/fakes.js";
import { MemoryFiles } from "../readings/history/storage.js";
import { HouseBroker } from "./house-broker.js";

/** A Friday in March, a minute before noon, local time of the meter and UTC of the gateway alike. */
export const START = Date.UTC(2026, 2, 20, 11, 59, 0);
const NAME_MS = 30;
const NAME_TIMEOUT_MS = 5000;
const NTP_SINCE_1900 = 2_208_988_800;

/** Files that may have no room. */
class HouseFiles extends MemoryFiles {
	full = false;
	refused = 0;

	size(name: string): number | undefined {
		return this.files.get(name)?.length;
	}

	override append(name: string, bytes: Uint8Array, at?: number): void {
		this.#check();
		super.append(name, bytes, at);
	}

	override write(name: string, bytes: Uint8Array): void {
		this.#check();
		super.write(name, bytes);
	}

	#check(): void {
		if (!this.full) return;
		this.refused++;
		throw new Error("the storage is full");
	}
}

/** The network as far as the gateway sees it. */
class HouseNetwork extends FakeNetwork {
	constructor(readonly house: House) {
		super();
	}

	override connectMqtt(options: MqttClientOptions) {
		super.connectMqtt(options);
		// Only the newest is of interest.
		this.clients.splice(0, this.clients.length - 1);
		this.house.broker.connect(this.client);
		return this.client;
	}

	override resolve(host = "", done: (address: string | undefined) => void = () => {}): void {
		const { time } = this.house;
		const isKnown = this.house.hasNames && this.house.isConnected;
		time.set(() => done(isKnown ? "10.0.0.9" : undefined), isKnown ? NAME_MS : NAME_TIMEOUT_MS);
		this.house.asked.push(host);
	}

	/** The only datagrams are questions for the time. */
	override openUdp({ onReceived }: UdpOptions = {}): UdpSocket {
		const { house } = this;
		return {
			send: (question, address, port) => {
				if (!house.isConnected || port !== 123) return;
				house.time.set(() => onReceived?.(house.timePacket(question), address, port), NAME_MS);
			},
			close: () => {},
		};
	}
}

export interface HouseOptions {
	readonly make: () => PushMeter;
	readonly settings?: Readonly<Record<string, object>>;
}

export interface Health {
	readonly meter: { readonly line: string; readonly opened: number; readonly failures: number };
	readonly readings: { readonly count: number; readonly age: number | null };
	readonly rejected: { readonly count: number };
	readonly warnings: readonly { readonly code: string; readonly text: string }[];
	readonly network: Readonly<Record<string, unknown>> & { readonly time: { readonly source: string | null } };
	readonly outputs: readonly ({ readonly name: string } & Readonly<Record<string, unknown>>)[];
}

export class House {
	readonly time = new FakeTime();
	readonly files = new HouseFiles();
	readonly radio = new FakeRadio(this.time);
	readonly broker = new HouseBroker(this.time, () =>
		!this.isConnected
			? "no connection to the broker"
			: this.hasNames
				? undefined
				: "broker.example: no such name",
	);
	readonly network = new HouseNetwork(this);
	readonly log: string[] = [];
	/** Names that were asked for. */
	readonly asked: string[] = [];
	/** The name server answers. */
	hasNames = true;
	/** Telegrams that the meter has sent, and its time of each. */
	sent = 0;
	/** How far the time server's clock is from the truth. */
	lie = 0;
	readonly #folder = mkdtempSync(join(tmpdir(), "meterling-house-"));
	readonly #options: HouseOptions;
	#wall: number | undefined;
	#meter: PushMeter | undefined;
	#running: RunningLine | undefined;
	#line: HouseLine | undefined;
	#isPlugged = true;
	#app: App | undefined;

	constructor(options: HouseOptions) {
		this.#options = options;
		this.radio.places = [HOME];
		const settings = {
			network: { ssid: HOME.ssid, password: HOME.password },
			meter: { protocol: "dlms", port: "house" },
			mqtt: { host: "broker.example", qos: "1" },
			log: { enabled: false },
			...options.settings,
		};
		this.#lay("settings.json", settings);
		// Set up long ago: somebody's password is known.
		const password = {
			scheme: "pbkdf2-sha256",
			iterations: 10_000,
			salt: "00".repeat(16),
			hash: "00".repeat(32),
		};
		this.#lay(ACCESS_FILE, { password, tokens: [] });
		this.start();
	}

	/** The Wi-Fi is joined. */
	get isConnected(): boolean {
		return this.radio.joined !== undefined;
	}

	start(): void {
		configuration.stateFolder = this.#folder;
		this.#app = startApp(this.#device());
	}

	/** Orderly, and at once again, on the same storage. */
	restart(): void {
		this.#app?.close(() => {});
		this.time.advance(3000);
		this.radio.leave();
		this.start();
	}

	/** The gateway's clock is set so far from the truth, now. */
	set clock(milliseconds: number) {
		this.lie = milliseconds;
		this.#wall = START + milliseconds;
	}

	advance(milliseconds: number): void {
		this.time.advance(milliseconds);
	}

	/** What the transmitter does. */
	set wifi(isThere: boolean) {
		this.radio.places = isThere ? [HOME] : [];
		if (!isThere) this.radio.drop();
	}

	/** The meter's plug, or the USB adapter's. */
	set plugged(isPlugged: boolean) {
		this.#isPlugged = isPlugged;
		if (!isPlugged) this.#line?.lose();
	}

	/** Another meter hangs on the line; `undefined`: none speaks. */
	set meter(meter: PushMeter | undefined) {
		this.#running?.close();
		this.#running = undefined;
		this.#meter = meter;
		if (!meter) return;
		const counted: PushMeter = {
			...{ title: meter.title, protocol: meter.protocol, line: meter.line },
			nextSend: (time) => meter.nextSend(time),
			telegram: (time) => {
				this.sent++;
				return meter.telegram(time);
			},
		};
		this.#running = lineOf({
			...{ meter: meter instanceof AskedMeter ? meter : counted, start: START + this.time.now() },
			...{ speed: 1, timers: this.time, now: this.time.now },
			sink: { write: (bytes) => this.#line?.hear(bytes) },
		});
	}

	/** The gateway's health as its API tells it. */
	health(): Health {
		return JSON.parse(this.ask("/api/v1/health")) as Health;
	}

	output(name: string): Readonly<Record<string, unknown>> {
		const found = this.health().outputs.find((output) => output.name === name);
		if (!found) throw new Error(`health says nothing of ${name}`);
		return found;
	}

	/** GET: the body. Throws where the page does not answer at once. */
	ask(path: string): string {
		const connection = this.network.connect();
		connection.request("GET", path);
		for (let turn = 0; turn < 2000 && !connection.done && !connection.ended; turn++) {
			connection.open(4096);
			if (turn > 50) this.time.advance(1);
		}
		if (connection.response?.status !== 200) throw new Error(`${path}: ${connection.response?.status}`);
		return connection.body;
	}

	close(): void {
		this.#app?.close(() => {});
		this.#running?.close();
		rmSync(this.#folder, { recursive: true, force: true });
	}

	#lay(name: string, content: object): void {
		this.files.write(name, new TextEncoder().encode(JSON.stringify(content)));
	}

	/** RFC 4330: the server's answer. */
	timePacket(question: Uint8Array): Uint8Array {
		const seconds = (START + this.time.now() + this.lie) / 1000 + NTP_SINCE_1900;
		const packet = new Uint8Array(48);
		const view = new DataView(packet.buffer);
		packet.set([0x24, 2]);
		packet.set(question.subarray(40, 48), 24);
		for (const at of [32, 40]) {
			view.setUint32(at, Math.floor(seconds));
			view.setUint32(at + 4, (seconds % 1) * 2 ** 32);
		}
		return packet;
	}

	#device(): Device {
		const { time, files, network, radio } = this;
		let random = 1;
		return {
			...openDevice(),
			...{ platform: "esp32", timers: time, files, network, wifi: radio, discovery: undefined },
			// A computer's own is slow to ask for.
			memory: () => MEMORY,
			now: () => Math.round(time.now()),
			wallTime: () => (this.#wall === undefined ? undefined : this.#wall + time.now()),
			setTime: (seconds) => {
				this.#wall = seconds * 1000 - time.now();
			},
			random: () => {
				random = (random * 16_807) % 2_147_483_647;
				return random / 2_147_483_647;
			},
			openLine: (options) => this.#open(options),
			printSecret: () => {},
			log: (line) => this.log.push(line),
			restart: (reason) => this.log.push(`restart: ${reason}`),
			onAbort: () => {},
		};
	}

	#open(options: LineOptions): Line {
		if (!this.#isPlugged) throw new Error("cannot be opened: there is no such port");
		this.#line = new HouseLine(options, this.time, (bytes) => this.#running?.receive(bytes));
		if (!this.#meter) this.meter = this.#options.make();
		return this.#line;
	}
}

/** The gateway's end of the line. */
class HouseLine implements Line {
	readonly counters = { bytes: 0, parity: 0, overflow: 0, framing: 0 };
	readonly #options: LineOptions;
	readonly #time: FakeTime;
	readonly #send: (bytes: Uint8Array) => void;
	#waiting: Uint8Array | undefined;
	#isClosed = false;

	constructor(options: LineOptions, time: FakeTime, send: (bytes: Uint8Array) => void) {
		this.#options = options;
		this.#time = time;
		this.#send = send;
	}

	hear(bytes: Uint8Array): void {
		if (this.#isClosed) return;
		this.#waiting = bytes;
		this.counters.bytes += bytes.length;
		this.#options.onReadable(bytes.length);
	}

	lose(): void {
		if (this.#isClosed) return;
		this.#isClosed = true;
		this.#time.set(() => this.#options.onError("the port is gone"), 0);
	}

	read(): Uint8Array | undefined {
		const bytes = this.#waiting;
		this.#waiting = undefined;
		return bytes;
	}

	write(bytes: Uint8Array): void {
		const asked = bytes.slice();
		this.#time.set(() => this.#send(asked), 0);
	}

	set(): void {}

	close(): void {
		this.#isClosed = true;
	}
}
