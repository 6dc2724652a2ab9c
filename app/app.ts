// The wiring: the only place that knows both ends. Settings in, meter link and outputs out, health in between.

import type { Device } from "../hardware/device.js";
import type { Output, OutputContext, OutputDescriptor } from "../outputs/output.js";
import { OUTPUTS } from "../outputs/registry.js";
import { chooseLine } from "../protocols/line-choice.js";
import type { LineSettings, Protocol } from "../protocols/protocol.js";
import { findProtocol, PROTOCOLS } from "../protocols/registry.js";
import type { Reading } from "../readings/reading.js";
import { ReadingStore } from "../readings/store.js";
import { type Settings, settingSections, USUAL_FORMAT } from "../settings/schema.js";
import { loadSettings } from "../settings/store.js";
import { Health } from "./health.js";
import { MeterLink } from "./meter-link.js";
import { Plausibility } from "./plausibility.js";
import { VERSION } from "./version.js";

/** The running gateway. */
export interface App {
	/** Says goodbye to every broker and client, lets go of the line, ports and timers, then calls `done`. */
	close(done: () => void): void;
}

/** Longest wait for outputs to say goodbye. */
const CLOSE_TIMEOUT_MS = 2000;

export function startApp(device: Device): App {
	const { settings, problems } = loadSettings(device.files, settingSections(PROTOCOLS, OUTPUTS));
	for (const { setting, problem } of problems)
		device.log(`settings: ${setting} ${problem}; its default is used`);

	const store = new ReadingStore();
	const protocol = findProtocol(`${settings.meter?.protocol}`) ?? (PROTOCOLS[0] as Protocol);
	const own = settings[protocol.name] ?? {};
	const plausibility = new Plausibility(protocol.warnings?.(own) ?? [], device.now());
	const outputs: (readonly [OutputDescriptor, Output])[] = [];

	const health = new Health({
		version: VERSION,
		platform: device.platform,
		gatewayId: device.id,
		store,
		now: () => device.now(),
		line: () => ({ state: link.state, counters: link.counters, protocol: protocol.name }),
		outputs: () => outputs.map(([descriptor, output]) => [descriptor.name, output.health()] as const),
		warnings: () => plausibility.warnings(device.now()),
	});

	const link = new MeterLink({
		protocol,
		session: {
			checksums: device.checksums,
			cipher: device.cipher,
			settings: own,
		},
		port: `${settings.meter?.port}`,
		settings: lineSettings(protocol, settings),
		openLine: (options) => device.openLine(options),
		timers: device.timers,
		now: () => device.now(),
		random: () => device.random(),
		log: (line) => device.log(line),
		onReading: (reading) => {
			store.add(reading, device.now());
			plausibility.check(reading, device.now());
			deliver(outputs, reading, device);
		},
		onRejected: (rejection) => health.rejected(rejection),
	});

	for (const descriptor of OUTPUTS) {
		const output = descriptor.open(outputContext(device, settings, descriptor, store, health));
		if (output) outputs.push([descriptor, output]);
	}

	return {
		close: (done) => {
			link.close();
			closeAll(outputs, device, done);
		},
	};
}

/** The line that the settings choose; 0 and "usual" choose nothing. */
function lineSettings(protocol: Protocol, { meter }: Settings): LineSettings {
	const baud = Number(meter?.baud ?? 0);
	const format = `${meter?.format ?? USUAL_FORMAT}`;
	return chooseLine(protocol, baud === 0 ? undefined : baud, format === USUAL_FORMAT ? undefined : format);
}

function outputContext(
	device: Device,
	settings: Settings,
	descriptor: OutputDescriptor,
	store: ReadingStore,
	health: Health,
): OutputContext {
	return {
		settings: settings[descriptor.name] ?? {},
		network: device.network,
		timers: device.timers,
		now: () => device.now(),
		store,
		healthJson: () => health.json(),
		gatewayId: device.id,
		log: (line) => device.log(line),
		random: () => device.random(),
		resource: (name) => device.resource(name),
	};
}

/** One output's fault is told and does not reach the others. */
function deliver(
	outputs: readonly (readonly [OutputDescriptor, Output])[],
	reading: Reading,
	device: Device,
): void {
	for (const [descriptor, output] of outputs) {
		try {
			output.reading(reading);
		} catch (error) {
			device.log(`${descriptor.name}: ${error}`);
		}
	}
}

function closeAll(
	outputs: readonly (readonly [OutputDescriptor, Output])[],
	device: Device,
	done: () => void,
): void {
	let open = outputs.length;
	let finished = false;
	const finish = () => {
		if (finished) return;
		finished = true;
		device.timers.clear(timeout);
		done();
	};
	const timeout = device.timers.set(finish, CLOSE_TIMEOUT_MS);
	for (const [, output] of outputs) {
		output.close(() => {
			open--;
			if (open === 0) finish();
		});
	}
	if (open === 0) finish();
}
