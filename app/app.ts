// The wiring: the only place that knows both ends. Settings in, meter link and outputs out, health in between.

import { lineText } from "../detection/words.js";
import { type BoardChoice, chooseBoard } from "../hardware/boards/choice.js";
import { findBoard } from "../hardware/boards/registry.js";
import type { Device } from "../hardware/device.js";
import type { Service } from "../hardware/discovery.js";
import type { Line, LineOptions } from "../hardware/line.js";
import { RECORD as ANNOUNCED_FILE } from "../outputs/mqtt/home-assistant/announced.js";
import type { LogLevel } from "../outputs/output.js";
import { OUTPUTS } from "../outputs/registry.js";
import type { Responder } from "../outputs/route.js";
import { backlogFiles } from "../outputs/shared/backlog.js";
import type { Protocol, Rejection } from "../protocols/protocol.js";
import { findProtocol, PROTOCOLS } from "../protocols/registry.js";
import { historyFileNames } from "../readings/history/log.js";
import type { TakePiece } from "../readings/json.js";
import type { Reading } from "../readings/reading.js";
import { ReadingStore } from "../readings/store.js";
import { COST, costRule } from "../settings/cost.js";
import { networkRule } from "../settings/network.js";
import type { Settings } from "../settings/schema.js";
import { eraseSettings, loadSettings, saveSettings } from "../settings/store.js";
import { accessPoint } from "./access-point.js";
import { Administration, type AdministrationOwner } from "./administration.js";
import { boardWarnings, lineSettings, onBoard } from "./board-line.js";
import { FrameRing } from "./frame-ring.js";
import { ACCESS_FILE, type GatePlace, HouseGate } from "./gate.js";
import { type CommandsOwner, GatewayCommands } from "./gateway-commands.js";
import { Health, type HealthSources, type LineHealth, type TellHealth } from "./health.js";
import { HistoryKeeper } from "./history.js";
import { HouseNetwork, type HouseNetworkOwner } from "./house-network.js";
import { KeptFile, keptFileName } from "./kept-file.js";
import { layered } from "./layered.js";
import type { LineFacts } from "./line-hints.js";
import { LineWatch, type WatchOwner } from "./line-watch.js";
import { Log } from "./log.js";
import { logResponder } from "./log-route.js";
import { MeterLink, type MeterLinkOwner } from "./meter-link.js";
import { MeterPort, type MeterPortOwner } from "./meter-port.js";
import { LineTap, type TapOwner } from "./meter-tap.js";
import { Outputs } from "./outputs.js";
import { Panel, type PanelFacts, type PanelOwner, panelWiring } from "./panel.js";
import { Plausibility, type Warning } from "./plausibility.js";
import { portsResponder } from "./ports-route.js";
import { openPrices, PRICES_FILE, type Prices, priceResponder } from "./prices.js";
import { PROVISIONED_FILE, ProvisionResponder, provisionAtStart } from "./provisioning.js";
import { readResponder } from "./read-route.js";
import { secretsOf } from "./redaction.js";
import { SECTIONS } from "./sections.js";
import { Survival, type SurvivalHealth, type SurvivalOwner } from "./survival.js";
import { openSyslog, type Syslog } from "./syslog.js";
import { Telegram, type TelegramSource } from "./telegram.js";
import { Updates, type UpdatesOwner } from "./updates.js";
import { VERSION } from "./version.js";

/** The running gateway. */
export interface App {
	/** Says goodbye to every broker and client, lets go of the line, ports and timers, then calls `done`. */
	close(done: () => void): void;
}

/** An answer that tells of the restart has left by then. */
const RESTART_DELAY_MS = 2000;

export function startApp(machine: Device): App {
	return new Gateway(machine);
}

/**
 * Owns the parts, and is what they ask and tell: methods lie in flash, where functions made here and now for each
 * question would take a tenth of the device's memory for as long as it runs.
 */
class Gateway
	implements
		App,
		SurvivalOwner,
		HealthSources,
		MeterPortOwner,
		MeterLinkOwner,
		HouseNetworkOwner,
		AdministrationOwner,
		UpdatesOwner,
		PanelOwner,
		CommandsOwner,
		TapOwner,
		WatchOwner,
		TelegramSource,
		GatePlace
{
	readonly house: HouseNetwork;
	readonly #device: Device;
	readonly #log: Log;
	readonly #survival: Survival;
	readonly #started: Settings;
	/** The settings as they are kept now; what runs was started with those of the start. */
	#kept: Settings;
	readonly #syslog: Syslog | undefined;
	readonly #choice: BoardChoice;
	readonly #store = new ReadingStore();
	readonly #protocol: Protocol;
	readonly #plausibility: Plausibility;
	readonly #outputs: Outputs;
	readonly #frames = new FrameRing();
	readonly #prices: Prices | undefined;
	readonly #history: HistoryKeeper;
	readonly #telegram: Telegram;
	readonly #health: Health;
	readonly #port: MeterPort;
	readonly #gate: HouseGate;
	readonly #tap: LineTap;
	readonly #watch: LineWatch;
	readonly #link: MeterLink;
	readonly #admin: Administration;
	readonly #updates: Updates;
	readonly #panel: Panel;
	readonly #commands: GatewayCommands;

	constructor(machine: Device) {
		const log = new Log({
			now: machine.now,
			wallTime: machine.wallTime,
			print: machine.log,
		});
		this.#log = log;
		const device: Device = layered(machine, {
			log: (line: string, level?: LogLevel) => log.write(line, level),
		});
		this.#device = device;
		const { timers, now, files } = device;
		this.#survival = new Survival({
			...{ lifecycle: device, files, timers, now, log: device.log, version: VERSION },
			owner: this,
		});
		const built = findBoard(device.board);
		const sections = SECTIONS;
		const { settings: stored, problems, notices } = loadSettings(files, sections);
		for (const notice of notices) device.log(`settings: ${notice}`);
		const rules = [networkRule, costRule];
		const settings = provisionAtStart(device, sections, rules, stored);
		this.#started = settings;
		this.#kept = settings;
		log.keepSecret(secretsOf(sections, settings));
		for (const { setting, problem } of problems)
			device.log(`settings: ${setting} ${problem}; not used`, "warning");
		this.#syslog = openSyslog(device, log, settings);
		const choice = chooseBoard(settings.board ?? {}, built);
		this.#choice = choice;
		for (const { setting, problem } of choice.problems) device.log(`settings: ${setting}: ${problem}`);

		const store = this.#store;
		const protocol = findProtocol(`${settings.meter?.protocol}`) ?? (PROTOCOLS[0] as Protocol);
		this.#protocol = protocol;
		const own = settings[protocol.name] ?? {};
		const standing = [...(protocol.warnings?.(own) ?? []), ...boardWarnings(choice)];
		this.#plausibility = new Plausibility(standing, now());
		this.#outputs = new Outputs(device);
		const timeZone = `${settings.network?.timeZone ?? ""}`;
		this.#prices = openPrices(device, settings[COST] ?? {}, timeZone, store);
		this.#history = new HistoryKeeper(device, timeZone, this.#prices?.bill);
		this.#prices?.follow(this.#history.history);
		this.#telegram = new Telegram({
			...{ store, now, timeZone, wallTime: device.wallTime, checksums: device.checksums },
			isP1: protocol.name === "p1",
			source: this,
		});
		this.#health = new Health(
			{ version: VERSION, platform: device.platform, gatewayId: device.id, store, now },
			this,
		);
		this.#port = new MeterPort({
			...{ device, board: choice.board, protocol, settings: own, meter: settings.meter ?? {} },
			owner: this,
		});

		const { password: setupCode } = accessPoint(device.id, files, device.digests, device.randomBytes);
		this.#gate = new HouseGate(device, settings.http ?? {}, setupCode, this);
		if (!this.hasPassword && !device.wifi)
			device.printSecret(
				`page: no admin password yet; to set it from another computer: set-up code ${setupCode}`,
			);
		this.house = new HouseNetwork({
			...{ device, sections },
			canInvert: device.platform === "esp32",
			owner: this,
		});

		this.#tap = new LineTap(this, timers, now);
		this.#watch = new LineWatch(now, this);
		this.#link = new MeterLink({
			protocol,
			session: {
				checksums: device.checksums,
				cipher: device.cipher,
				settings: own,
			},
			port: `${settings.meter?.port}`,
			settings: lineSettings(protocol, settings, choice.board),
			file: new KeptFile(device, protocol.name),
			...{ timers, now, random: device.random, log: device.log },
			owner: this,
		});
		this.#admin = new Administration({ sections, rules, sealing: device, owner: this });
		this.#updates = new Updates({
			...{ device: device.updates, files, timers, now, network: device.network, log: device.log },
			version: VERSION,
			trialSeconds: Number(settings.update?.trialMinutes ?? 10) * 60,
			owner: this,
		});
		this.#panel = new Panel({
			...{ pins: device.pins, timers, now, log: device.log },
			wiring: panelWiring(choice.board),
			owner: this,
		});
		this.#commands = new GatewayCommands(timers, this);

		const shared = {
			store,
			commands: this.#commands,
			writeHealth: (take: TakePiece) => this.#health.write(take),
			frames: () => this.#frames.all,
			telegram: () => this.#telegram.bytes,
			meterTap: this.#tap,
			httpPort: Number(settings.http?.port ?? 80),
			wifi: () => this.house.report,
			...(this.#prices?.topic ? { prices: this.#prices } : undefined),
			...(device.discovery ? { announce: (service: Service) => this.house.announce(service) } : undefined),
		};
		const ports = portsResponder(device);
		const responders: Responder[] = [
			this.house.responder,
			...(ports ? [ports] : []),
			logResponder(log),
			readResponder(this.#commands),
			this.#watch,
			new ProvisionResponder({ device, sections, rules }, this.#gate.access, this),
			this.#history,
			priceResponder(this.#prices),
			this.#updates,
		];
		const web = { gate: this.#gate, admin: this.#admin, responders };
		this.#outputs.open(settings, shared, web, this.#survival.mode !== "full");
	}

	close(done: () => void): void {
		this.#survival.close();
		this.shutDown(done);
	}

	/** Also from within the constructor, where something in it ended: what is not there yet is not closed. */
	shutDown(done: () => void): void {
		this.#link?.close();
		this.#port?.close();
		this.#panel?.close();
		this.house?.close();
		this.#updates?.close();
		this.#prices?.close();
		if (!this.#outputs) return done();
		this.#outputs.close(() => {
			this.#syslog?.close();
			done();
		});
	}

	redact(text: string): string {
		return this.#log.redact(text);
	}

	// What health is made of.

	line(): LineHealth {
		const { state, counters } = this.#link;
		return { state, counters, protocol: this.#protocol.name, fuse: this.#started.meter?.fuse };
	}

	outputs(tell: TellHealth): void {
		this.#outputs.health(tell);
		for (const [name, health] of this.#prices?.health() ?? []) tell(name, health);
	}

	warnings(): readonly Warning[] {
		return [
			...this.#survival.warnings(),
			...this.#plausibility.warnings(this.#device.now()),
			...this.#port.warnings(),
			...(this.#prices?.warnings() ?? []),
		];
	}

	network(): object {
		return this.house.health();
	}

	survival(): SurvivalHealth {
		return this.#survival.health();
	}

	// The meter's line.

	lineFacts(): LineFacts {
		const { counters, sent, state } = this.#link;
		return { counters, sent, openSince: state.state === "open" ? state.since : undefined };
	}

	get link(): MeterLink {
		return this.#link;
	}

	lineWords(): string {
		const { lineSettings, state } = this.#link;
		return lineSettings ? `open ${lineText(lineSettings)}` : (state.reason ?? state.state);
	}

	openLine(options: LineOptions): Line {
		if (this.#survival.mode === "page only") throw new Error("not read: too many crashes in a row");
		return this.#port.openLine(options, (chosen) => this.house.openLine(chosen));
	}

	openPort(options: LineOptions): Line {
		return this.#device.openLine(onBoard(options, this.#choice));
	}

	pauseMeter(paused: boolean): void {
		this.#link.pause(paused);
	}

	onBytes(bytes: Uint8Array): boolean {
		this.#port.bytes(bytes);
		this.#watch.bytes(bytes, false);
		return this.#tap.heard(bytes);
	}

	onSent(bytes: Uint8Array): void {
		this.#tap.sent(bytes.length);
		this.#watch.bytes(bytes, true);
	}

	onInterrupted(reason: string): void {
		this.#tap.interrupted(reason);
		this.#watch.note("*", reason);
	}

	onFrame(bytes: Uint8Array, clear: Uint8Array | undefined): void {
		this.#frames.add(bytes, this.#device.now());
		this.#watch.note("=", `${bytes.length}`);
		this.#telegram.frame(clear);
		this.#outputs.frame(bytes);
	}

	onReading(reading: Reading): void {
		const now = this.#device.now();
		this.#store.add(reading, now);
		// First what people wait for, then what is kept.
		this.#outputs.reading(reading);
		this.#port.reading();
		this.#panel.reading();
		this.#plausibility.check(reading, now);
		this.#history.reading(reading);
	}

	onAnswer(reading: Reading | undefined, problem: string | undefined): void {
		this.#commands.answered(reading, problem);
	}

	onRejected(rejection: Rejection): void {
		this.#health.rejected(rejection);
		this.#port.rejected(rejection);
		this.#watch.note("!", `${rejection.layer} ${rejection.code}`);
	}

	newestFrame(): Uint8Array | undefined {
		return this.#frames.all[this.#frames.all.length - 1]?.bytes;
	}

	// Settings, and who may change them.

	settings(): Settings {
		return this.#kept;
	}

	save(changed: Settings): void {
		saveSettings(this.#device.files, changed);
		this.#kept = changed;
		this.#log.keepSecret(secretsOf(SECTIONS, changed));
	}

	erase(): void {
		eraseSettings(this.#device.files, [
			...[ACCESS_FILE, PROVISIONED_FILE, PRICES_FILE, ...historyFileNames()],
			...PROTOCOLS.map(({ name }) => keptFileName(name)),
			...OUTPUTS.flatMap(({ name }) => backlogFiles(name)),
			ANNOUNCED_FILE,
		]);
	}

	restart(reason: string): void {
		this.#device.timers.set(() => this.#survival.restart(reason), RESTART_DELAY_MS);
	}

	get hasPassword(): boolean {
		return this.#gate.access.hasPassword;
	}

	// What a trial of an update, the light, the button and commands go by.

	get isOnline(): boolean {
		return ["wired", "online", "unset"].includes(this.house.report.state);
	}

	get readings(): number {
		return this.#store.count;
	}

	panelFacts(): PanelFacts {
		const { accessPoint, state } = this.house.report;
		return {
			portal: accessPoint,
			offline: state === "waiting",
			safeMode: this.#survival.mode !== "full",
			line: this.#link.state.state,
			readingAge: this.#store.age(this.#device.now()),
		};
	}

	onFactoryReset(): void {
		this.#admin.factoryReset();
	}

	get canAsk(): boolean {
		return this.#link.canAsk;
	}

	ask(what: string): string | undefined {
		return this.#tap.isClaimed ? "another program speaks with the meter" : this.#link.ask(what);
	}

	identify(): boolean {
		return this.#panel.identify();
	}
}
