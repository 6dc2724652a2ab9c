// A gateway in surroundings that any XS engine can run: app/app.ts whole, with everything that hardware/ stands for made of
// plain objects on a clock that only the soak moves. Not a test, and no Node: tools/soak-xsnap.mjs bundles it for @agoric/xsnap.

import { startApp } from "../../app/app.js";
import { ACCESS_FILE } from "../../app/gate.js";
import type { Device, FileStore } from "../../hardware/device.js";
import type { Line, LineOptions } from "../../hardware/line.js";
import type { MqttClient, MqttClientOptions } from "../../outputs/network.js";
import { tableChecksums } from "../../protocols/shared/checksums.js";
import { FakeRadio } from "../app/fake-radio.js";
import { HOME, MEMORY } from "../app/home.js";
import { FakeTime } from "../fake-timers.js";
import { FakeNetwork } from "../outputs/fakes.js";
import { SoakBroker } from "./soak-broker.js";

const NAME_MS = 30;
/** A UART gives its bytes in pieces. */
const PIECE = 120;
const BITS_OF_CHARACTER = 10;
/** As long as the page is, compressed; its content is of no interest here. */
const PAGE = new Uint8Array(75_651);
const BRIDGE_PORT = 8088;
/** The servers are there also while nobody else is. */
const SERVE_MS = 500;
const PUSH_ANSWER_MS = 50;
/** What the servers answer, by port: dsmr-reader, InfluxDB, a webhook's. */
const PUSH_ANSWERS: Readonly<Record<number, number>> = Object.freeze({ 8000: 201, 8086: 204, 9000: 200 });

/** Every output on, and each reading pushed at once. */
const SETTINGS = Object.freeze({
	network: { ssid: HOME.ssid, password: HOME.password },
	meter: { protocol: "p1", port: "house" },
	http: { port: 80 },
	mqtt: { host: "broker.example", qos: "1" },
	homewizard: { enabled: true },
	prometheus: { enabled: true },
	bridge: { telegramPort: BRIDGE_PORT },
	"dsmr-reader": { url: "http://push.example:8000", token: "a-key", every: 0 },
	influx: {
		...{ url: "http://push.example:8086", org: "home", bucket: "meter", token: "a-token" },
		...{ every: 0, batch: 1 },
	},
	webhook: { url: "http://push.example:9000/hook", secret: "a-secret", every: 0 },
});

/** Files in memory, which are counted apart: on a chip they lie in flash. */
class SoakFiles implements FileStore {
	readonly #contents = new Map<string, Uint8Array>();

	/** Bytes of all files. */
	get bytes(): number {
		let sum = 0;
		for (const bytes of this.#contents.values()) sum += bytes.length;
		return sum;
	}

	read(name: string): Uint8Array | undefined {
		return this.#contents.get(name)?.slice();
	}

	readPart(name: string, at: number, count: number): Uint8Array | undefined {
		return this.#contents.get(name)?.slice(at, at + count);
	}

	size(name: string): number | undefined {
		return this.#contents.get(name)?.length;
	}

	append(name: string, bytes: Uint8Array, at?: number): void {
		const old = this.#contents.get(name) ?? new Uint8Array(0);
		const from = at ?? old.length;
		const fresh = new Uint8Array(Math.max(old.length, from + bytes.length));
		fresh.set(old);
		fresh.set(bytes, from);
		this.#contents.set(name, fresh);
	}

	write(name: string, bytes: Uint8Array): void {
		this.#contents.set(name, bytes.slice());
	}

	remove(name: string): void {
		this.#contents.delete(name);
	}
}

/** Names are found, brokers answer; what is kept of clients that are gone is nothing. */
class SoakNetwork extends FakeNetwork {
	constructor(
		readonly time: FakeTime,
		readonly broker: SoakBroker,
	) {
		super();
	}

	override connectMqtt(options: MqttClientOptions): MqttClient {
		const client = super.connectMqtt(options);
		this.broker.connect(this.client);
		this.clients.length = 0;
		return client;
	}

	override resolve(_host = "", done: (address: string | undefined) => void = () => {}): void {
		this.time.set(() => done("10.0.0.9"), NAME_MS);
	}
}

/** The gateway's end of the line. */
class SoakLine implements Line {
	readonly counters = { bytes: 0, parity: 0, overflow: 0, framing: 0 };
	readonly #options: LineOptions;
	#waiting: Uint8Array | undefined;

	constructor(options: LineOptions) {
		this.#options = options;
	}

	hear(bytes: Uint8Array): void {
		this.#waiting = bytes;
		this.counters.bytes += bytes.length;
		this.#options.onReadable(bytes.length);
	}

	read(): Uint8Array | undefined {
		const bytes = this.#waiting;
		this.#waiting = undefined;
		return bytes;
	}

	write(): void {}

	set(): void {}

	close(): void {}
}

export class SoakHouse {
	readonly time = new FakeTime();
	readonly files = new SoakFiles();
	readonly broker = new SoakBroker(this.time);
	readonly network = new SoakNetwork(this.time, this.broker);
	readonly log: string[] = [];
	readonly #start: number;
	#line: SoakLine | undefined;
	#pushed: Record<number, number> = {};

	/** `start`: milliseconds since 1970. */
	constructor(start: number) {
		this.#start = start;
		this.#lay("settings.json", SETTINGS);
		// Set up long ago: somebody's password is known.
		const password = {
			scheme: "pbkdf2-sha256",
			iterations: 10_000,
			salt: "00".repeat(16),
			hash: "00".repeat(32),
		};
		this.#lay(ACCESS_FILE, { password, tokens: [] });
		startApp(this.#device());
		this.time.repeat(() => this.serve(), SERVE_MS);
	}

	get bridgePort(): number {
		return BRIDGE_PORT;
	}

	/** Broker and push servers take what was sent. */
	serve(): void {
		this.broker.pump();
		for (const request of this.network.requests.splice(0)) {
			const { port } = request.options;
			this.#pushed[port] = (this.#pushed[port] ?? 0) + 1;
			this.time.set(() => request.answer(PUSH_ANSWERS[port] ?? 404), PUSH_ANSWER_MS);
		}
	}

	/** Requests at the push servers since it was asked for last, by port. */
	takePushed(): Readonly<Record<number, number>> {
		const pushed = this.#pushed;
		this.#pushed = {};
		return pushed;
	}

	/** Bytes come from the meter, at the pace of its UART. */
	hear(bytes: Uint8Array, baud: number): void {
		for (let at = 0; at < bytes.length; at += PIECE) {
			const piece = bytes.slice(at, at + PIECE);
			this.time.advance((piece.length * BITS_OF_CHARACTER * 1000) / baud);
			this.#line?.hear(piece);
		}
	}

	#lay(name: string, content: object): void {
		this.files.write(name, new TextEncoder().encode(JSON.stringify(content)));
	}

	#device(): Device {
		const { time, files, network } = this;
		const radio = new FakeRadio(time);
		radio.places = [HOME];
		let random = 1;
		const noCipher = () => {
			throw new Error("no cipher here");
		};
		return {
			...{ platform: "esp32", board: undefined, id: "meterling-a1b2c3", resetReason: "power-on" },
			...{ timers: time, files, network, wifi: radio, updates: undefined },
			now: () => Math.round(time.now()),
			wallTime: () => this.#start + time.now(),
			memory: () => MEMORY,
			crashDetails: () => undefined,
			random: () => {
				random = (random * 16_807) % 2_147_483_647;
				return random / 2_147_483_647;
			},
			randomBytes: (count) => new Uint8Array(count).fill(7),
			checksums: tableChecksums(),
			cipher: { openGcm: noCipher, decryptGcm: noCipher, sealGcm: noCipher },
			// As long as real ones: XS 13 of npm has none.
			digests: {
				sha256: () => new Uint8Array(32),
				hmacSha256: () => new Uint8Array(32),
				pbkdf2Sha256: (_password, _salt, _iterations, length) => new Uint8Array(length),
			},
			provisioning: { publicKey: undefined, verify: () => false },
			discovery: { announce: () => ({ close: () => {} }) },
			pins: {
				output: () => ({ write: () => {}, close: () => {} }),
				input: () => ({ value: false, close: () => {} }),
			},
			openLine: (options) => {
				this.#line = new SoakLine(options);
				return this.#line;
			},
			openPulses: () => {
				throw new Error("no pulses here");
			},
			resource: (name) => (name === "index.html.gz" ? PAGE : undefined),
			printSecret: () => {},
			log: (line) => this.log.push(line),
			restart: (reason) => this.log.push(`restart: ${reason}`),
			onAbort: () => {},
		};
	}
}
