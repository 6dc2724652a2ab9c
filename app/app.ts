// The wiring: the only place that knows both ends. Settings in, meter link and outputs out, health in between.

import { lineText } from "../detection/words.js";
import type { Board } from "../hardware/boards/board.js";
import { type BoardChoice, chooseBoard } from "../hardware/boards/choice.js";
import { findBoard } from "../hardware/boards/registry.js";
import type { Device } from "../hardware/device.js";
import type { Service } from "../hardware/discovery.js";
import type { LineOptions } from "../hardware/line.js";
import { RECORD as ANNOUNCED_FILE } from "../outputs/mqtt/home-assistant/announced.js";
import { OUTPUTS } from "../outputs/registry.js";
import type { Responder } from "../outputs/route.js";
import { backlogFiles } from "../outputs/shared/backlog.js";
import { chooseLine } from "../protocols/line-choice.js";
import type { LineSettings, Protocol } from "../protocols/protocol.js";
import { findProtocol, PROTOCOLS } from "../protocols/registry.js";
import { historyFileNames } from "../readings/history/log.js";
import { ReadingStore } from "../readings/store.js";
import { COST, costRule } from "../settings/cost.js";
import { networkRule } from "../settings/network.js";
import { type Settings, USUAL_FORMAT } from "../settings/schema.js";
import { eraseSettings, loadSettings, saveSettings } from "../settings/store.js";
import { accessPoint } from "./access-point.js";
import { administration } from "./administration.js";
import { FrameRing } from "./frame-ring.js";
import { ACCESS_FILE, openGate } from "./gate.js";
import { GatewayCommands } from "./gateway-commands.js";
import { Health } from "./health.js";
import { HistoryKeeper } from "./history.js";
import { HouseNetwork } from "./house-network.js";
import { keptFile, keptFileName } from "./kept-file.js";
import { LineWatch } from "./line-watch.js";
import { LEVELS, Log } from "./log.js";
import { logResponder } from "./log-route.js";
import { MeterLink } from "./meter-link.js";
import { MeterPort } from "./meter-port.js";
import { LineTap } from "./meter-tap.js";
import { Outputs } from "./outputs.js";
import { Panel, type PanelWiring } from "./panel.js";
import { Plausibility } from "./plausibility.js";
import { portsResponder } from "./ports-route.js";
import { openPrices, PRICES_FILE, priceResponder } from "./prices.js";
import { PROVISIONED_FILE, ProvisionResponder, provisionAtStart } from "./provisioning.js";
import { readResponder } from "./read-route.js";
import { secretsOf } from "./redaction.js";
import { SECTIONS } from "./sections.js";
import { Survival } from "./survival.js";
import { Syslog } from "./syslog.js";
import { Telegram } from "./telegram.js";
import { Updates } from "./updates.js";
import { VERSION } from "./version.js";

/** The running gateway. */
export interface App {
	/** Says goodbye to every broker and client, lets go of the line, ports and timers, then calls `done`. */
	close(done: () => void): void;
}

/** An answer that tells of the restart has left by then. */
const RESTART_DELAY_MS = 2000;

export function startApp(machine: Device): App {
	const log = new Log({
		now: machine.now,
		wallTime: machine.wallTime,
		print: machine.log,
	});
	const device: Device = { ...machine, log: (line, level) => log.write(line, level) };
	let close: App["close"] = (done) => done();
	const survival = new Survival({
		lifecycle: device,
		files: device.files,
		timers: device.timers,
		now: device.now,
		version: VERSION,
		log: device.log,
		redact: (text) => log.redact(text),
		close: (done) => close(done),
	});
	const built = findBoard(device.board);
	const sections = SECTIONS;
	const { settings: stored, problems, notices } = loadSettings(device.files, sections);
	for (const notice of notices) device.log(`settings: ${notice}`);
	const rules = [networkRule, costRule];
	const settings = provisionAtStart(device, sections, rules, stored);
	/** The settings as they are kept now; what runs was started with those of the start. */
	let kept = settings;
	log.keepSecret(secretsOf(sections, settings));
	for (const { setting, problem } of problems)
		device.log(`settings: ${setting} ${problem}; not used`, "warning");
	const syslog = openSyslog(device, log, settings);
	const choice = chooseBoard(settings.board ?? {}, built);
	for (const { setting, problem } of choice.problems) device.log(`settings: ${setting}: ${problem}`);

	const store = new ReadingStore();
	const protocol = findProtocol(`${settings.meter?.protocol}`) ?? (PROTOCOLS[0] as Protocol);
	const own = settings[protocol.name] ?? {};
	const standing = [...(protocol.warnings?.(own) ?? []), ...boardWarnings(choice)];
	const plausibility = new Plausibility(standing, device.now());
	const outputs = new Outputs(device);
	const frames = new FrameRing();
	const timeZone = `${settings.network?.timeZone ?? ""}`;
	const prices = openPrices(device, settings[COST] ?? {}, timeZone, () => history.history, store);
	const history = new HistoryKeeper(device, timeZone, prices?.bill);
	const telegram = new Telegram({
		store,
		checksums: device.checksums,
		isP1: protocol.name === "p1",
		frame: () => frames.all[frames.all.length - 1]?.bytes,
		now: device.now,
		wallTime: device.wallTime,
		timeZone,
	});

	const health = new Health({
		version: VERSION,
		platform: device.platform,
		gatewayId: device.id,
		store,
		now: device.now,
		line: () => ({
			state: link.state,
			counters: link.counters,
			protocol: protocol.name,
			fuse: settings.meter?.fuse,
		}),
		outputs: () => [...outputs.health(), ...(prices?.health() ?? [])],
		warnings: () => [
			...survival.warnings(),
			...plausibility.warnings(device.now()),
			...port.warnings(),
			...(prices?.warnings() ?? []),
		],
		network: () => house.health(),
		survival: () => survival.health(),
	});

	const port = new MeterPort({
		device,
		board: choice.board,
		protocol,
		settings: own,
		meter: settings.meter ?? {},
		line: () => ({
			counters: link.counters,
			sent: link.sent,
			openSince: link.state.state === "open" ? link.state.since : undefined,
		}),
	});

	const save = (changed: Settings) => {
		saveSettings(device.files, changed);
		kept = changed;
		log.keepSecret(secretsOf(sections, changed));
	};
	const restartSoon = (reason: string) => device.timers.set(() => survival.restart(reason), RESTART_DELAY_MS);
	const { password: setupCode } = accessPoint(device.id, device.files, device.digests, device.randomBytes);
	const gate = openGate(device, settings.http ?? {}, setupCode, () => house);
	if (!gate.access.hasPassword && !device.wifi)
		device.printSecret(
			`page: no admin password yet; to set it from another computer: set-up code ${setupCode}`,
		);
	const house = new HouseNetwork({
		device,
		sections,
		settings: () => kept,
		save,
		hasPassword: () => gate.access.hasPassword,
		openLine: (options) => device.openLine(onBoard(options, choice)),
		pauseMeter: (paused) => link.pause(paused),
		canInvert: device.platform === "esp32",
		restart: () => restartSoon("settings changed"),
	});

	const tap = new LineTap(() => link, device.timers, device.now);
	const watch = new LineWatch(device.now, () => {
		const { lineSettings, state } = link;
		return lineSettings ? `open ${lineText(lineSettings)}` : (state.reason ?? state.state);
	});
	const link = new MeterLink({
		protocol,
		session: {
			checksums: device.checksums,
			cipher: device.cipher,
			settings: own,
		},
		port: `${settings.meter?.port}`,
		settings: lineSettings(protocol, settings, choice.board),
		openLine: (options) => {
			if (survival.mode === "page only") throw new Error("not read: too many crashes in a row");
			return port.openLine(options, (chosen) => house.openLine(chosen));
		},
		...keptFile(device, protocol.name),
		onBytes: (bytes) => {
			port.bytes(bytes);
			watch.bytes(bytes, false);
			return tap.heard(bytes);
		},
		onSent: (bytes) => {
			tap.sent(bytes.length);
			watch.bytes(bytes, true);
		},
		onInterrupted: (reason) => {
			tap.interrupted(reason);
			watch.note("*", reason);
		},
		timers: device.timers,
		now: device.now,
		random: device.random,
		log: (line) => device.log(line, "warning"),
		onFrame: (bytes, clear) => {
			frames.add(bytes, device.now());
			watch.note("=", `${bytes.length}`);
			telegram.frame(clear);
			outputs.frame(bytes);
		},
		onReading: (reading) => {
			store.add(reading, device.now());
			// First what people wait for, then what is kept.
			outputs.reading(reading);
			port.reading();
			panel.reading();
			plausibility.check(reading, device.now());
			history.reading(reading);
		},
		onAnswer: (reading, problem) => commands.answered(reading, problem),
		onRejected: (rejection) => {
			health.rejected(rejection);
			port.rejected(rejection);
			watch.note("!", `${rejection.layer} ${rejection.code}`);
		},
	});

	const admin = administration({
		...{ sections, rules, settings: () => kept, save, restart: restartSoon },
		sealing: device,
		erase: () =>
			eraseSettings(device.files, [
				...[ACCESS_FILE, PROVISIONED_FILE, PRICES_FILE, ...historyFileNames()],
				...PROTOCOLS.map(({ name }) => keptFileName(name)),
				...OUTPUTS.flatMap(({ name }) => backlogFiles(name)),
				ANNOUNCED_FILE,
			]),
	});
	const updates = new Updates({
		device: device.updates,
		files: device.files,
		timers: device.timers,
		now: device.now,
		version: VERSION,
		trialSeconds: Number(settings.update?.trialMinutes ?? 10) * 60,
		network: device.network,
		online: () => ["wired", "online", "unset"].includes(house.report.state),
		readings: () => store.count,
		log: device.log,
		restart: restartSoon,
	});
	const panel = new Panel({
		pins: device.pins,
		wiring: panelWiring(choice.board),
		timers: device.timers,
		now: device.now,
		log: device.log,
		facts: () => {
			const { accessPoint, state } = house.report;
			return {
				portal: accessPoint,
				offline: state === "waiting",
				safeMode: survival.mode !== "full",
				line: link.state.state,
				readingAge: store.age(device.now()),
			};
		},
		onFactoryReset: () => admin.factoryReset(),
	});

	const commands = new GatewayCommands({
		timers: device.timers,
		canAsk: () => link.canAsk,
		ask: (what) => (tap.isClaimed ? "another program speaks with the meter" : link.ask(what)),
		restart: restartSoon,
		identify: () => panel.identify(),
	});

	const shared = {
		store,
		commands,
		healthJson: () => health.json(),
		frames: () => frames.all,
		telegram: () => telegram.bytes,
		meterTap: tap,
		httpPort: Number(settings.http?.port ?? 80),
		wifi: () => house.report,
		...(prices?.topic ? { prices } : undefined),
		...(device.discovery ? { announce: (service: Service) => house.announce(service) } : undefined),
	};
	const ports = portsResponder(device);
	const provisioned = { device, sections, rules, settings: () => kept, save };
	const responders: Responder[] = [
		house.responder,
		...(ports ? [ports] : []),
		logResponder(log),
		readResponder(commands),
		watch,
		new ProvisionResponder(provisioned, gate.access, restartSoon),
		history,
		priceResponder(prices),
		updates,
	];
	outputs.open(settings, shared, { gate, admin, responders }, survival.mode !== "full");

	close = (done) => {
		link.close();
		port.close();
		panel.close();
		house.close();
		updates.close();
		prices?.close();
		outputs.close(() => {
			syslog?.close();
			done();
		});
	};
	return {
		close: (done) => {
			survival.close();
			close(done);
		},
	};
}

/** The log to a server, where the settings name one. */
function openSyslog(device: Device, log: Log, settings: Settings): Syslog | undefined {
	const { syslogHost, syslogPort, level } = settings.syslog ?? {};
	if (!syslogHost) return undefined;
	return new Syslog({
		log,
		host: `${syslogHost}`,
		port: Number(syslogPort),
		level: LEVELS.find((known) => known === level) ?? "info",
		hostName: device.id,
		network: device.network,
		timers: device.timers,
		now: device.now,
	});
}

/** The line that the settings choose; 0 and "usual" choose nothing. Whether it is inverted is the board's fact. */
function lineSettings(protocol: Protocol, { meter }: Settings, board: Board | undefined): LineSettings {
	const baud = Number(meter?.baud ?? 0);
	const format = `${meter?.format ?? USUAL_FORMAT}`;
	const chosen = chooseLine(
		protocol,
		baud === 0 ? undefined : baud,
		format === USUAL_FORMAT ? undefined : format,
	);
	const { invertReceive = chosen.invertReceive, invertTransmit = chosen.invertTransmit } = board ?? {};
	return { ...chosen, invertReceive, invertTransmit };
}

/** The line on the board's pins where no port is named; throws where its pins cannot be. */
function onBoard(options: LineOptions, { board, lineProblem }: BoardChoice): LineOptions {
	if (options.port !== "" || (!board && !lineProblem)) return options;
	if (!board || lineProblem) throw new Error(`the pins cannot be used: ${lineProblem}`);
	const { uart, receive, transmit } = board.pins;
	return { ...options, pins: { port: uart, receive, ...(transmit === undefined ? {} : { transmit }) } };
}

/** What is wrong or doubtful about the board's pins, for health. */
function boardWarnings({ problems, cautions }: BoardChoice): readonly string[] {
	return [...problems, ...cautions].map(({ setting, problem }) => `${setting}: ${problem}`);
}

/** The board's light and button, where it has them. */
function panelWiring(board: Board | undefined): PanelWiring {
	return {
		led: board?.pins.led,
		ledActiveLow: board?.activeLow.includes("led") ?? false,
		button: board?.pins.button,
	};
}
