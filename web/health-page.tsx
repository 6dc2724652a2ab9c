// How the gateway is: what to look at first, then everything it counts.

import { ago, bytesText, duration, numberParts, valueText } from "./format.js";
import { barsOf, type HealthJson, lineVerdict, type NetworkJson, outputVerdict } from "./health.js";
import { Card, Fact, Heading } from "./pieces.js";
import { RejectedTable } from "./rejected-table.js";
import { filled, named } from "./texts/filled.js";
import { texts } from "./texts/texts.js";

export function HealthPage({
	health,
	admin,
}: {
	readonly health: HealthJson | undefined;
	readonly admin: boolean;
}) {
	return (
		<>
			<div class="page-head">
				<Heading>{texts.pages.health}</Heading>
				{admin && <a href="#log">{texts.health.toLog}</a>}
			</div>
			{health ? <Report health={health} /> : <p class="hint">{texts.health.unreachable}</p>}
		</>
	);
}

function Report({ health }: { readonly health: HealthJson }) {
	const { warnings = [], network, rejected, outputs } = health;
	return (
		<>
			<Card title={texts.health.warnings} id="warnings">
				{warnings.length === 0 ? (
					<p class="good">{texts.health.allWell}</p>
				) : (
					<ul class="warnings">
						{warnings.map(({ text, since }) => (
							<li key={text}>
								{text} <span class="help">{ago(since)}</span>
							</li>
						))}
					</ul>
				)}
			</Card>
			<div class="cards">
				<MeterFacts health={health} />
				<Card title={texts.health.rejected} id="rejected">
					{rejected.byLayer.length === 0 ? (
						<p class="hint">{texts.health.noneRejected}</p>
					) : (
						<RejectedTable rows={rejected.byLayer} />
					)}
				</Card>
				<GatewayFacts gateway={health.gateway} />
				{network && <NetworkFacts network={network} />}
				<Card title={texts.health.outputs} id="outputs">
					<dl class="facts">
						{outputs.map((output) => (
							<Fact
								key={output.name}
								name={named(texts.cards.outputs, output.name) ?? output.name}
								{...outputVerdict(output)}
							/>
						))}
					</dl>
				</Card>
			</div>
		</>
	);
}

function GatewayFacts({ gateway }: { readonly gateway: HealthJson["gateway"] }) {
	const {
		id,
		version,
		platform,
		uptime,
		resetReason,
		crashes = 0,
		lastCrash,
		mode,
		memory,
		longestStall,
	} = gateway;
	const free = memory?.free;
	const lowest = memory?.lowest;
	return (
		<Card title={texts.health.gateway} id="gateway">
			<dl class="facts">
				<Fact name={texts.health.version} text={`${version} (${platform})`} />
				<Fact name={texts.health.id} text={id} />
				<Fact name={texts.health.uptime} text={duration(uptime)} />
				{resetReason && <Fact name={texts.health.reset} text={resetReason} />}
				{mode && (
					<Fact
						name={texts.health.mode}
						text={named(texts.health.modes, mode) ?? mode}
						good={mode === "full" ? undefined : false}
					/>
				)}
				<Fact name={texts.health.crashes} text={`${crashes}`} />
				{lastCrash && <Fact name={texts.health.lastCrash} text={crashText(lastCrash)} />}
				{typeof free === "number" && (
					<Fact
						name={texts.health.memory}
						text={`${bytesText(free)}${typeof lowest === "number" ? `, ${filled(texts.health.lowest, { size: bytesText(lowest) })}` : ""}`}
					/>
				)}
				{longestStall !== undefined && (
					<Fact name={texts.health.stall} text={valueText({ number: longestStall.toFixed(2) }, "s")} />
				)}
			</dl>
		</Card>
	);
}

function crashText({ message, where, version }: NonNullable<HealthJson["gateway"]["lastCrash"]>): string {
	return filled(texts.health.crash, { message: where ? `${message} (${where})` : message, version });
}

function NetworkFacts({ network }: { readonly network: NetworkJson }) {
	const { state, reason, ssid, address, rssi, channel, accessPoint, name, time } = network;
	const why = reason ? `: ${named(texts.health.reasons, reason) ?? reason}` : "";
	const wireless = state !== "wired";
	return (
		<Card title={texts.health.network} id="network">
			<dl class="facts">
				<Fact
					name={texts.health.state}
					text={`${named(texts.health.states, state) ?? state}${why}`}
					good={state === "online" || state === "wired"}
				/>
				{ssid && <Fact name={texts.health.ssid} text={ssid} />}
				{address && <Fact name={texts.health.address} text={address} />}
				<Fact name={texts.health.name} text={`${name}.local`} />
				{rssi !== null && (
					<Fact name={texts.health.signal} text={`${rssi}\u00a0dBm, ${texts.health.signals[barsOf(rssi)]}`} />
				)}
				{channel !== null && <Fact name={texts.health.channel} text={`${channel}`} />}
				{wireless && (
					<>
						<Fact
							name={texts.health.accessPoint}
							text={accessPoint ? texts.health.open : texts.health.closed}
						/>
						<Fact name={texts.health.reconnects} text={`${network.joins}`} />
						<Fact name={texts.health.losses} text={`${network.losses}`} />
						<Fact name={texts.health.failures} text={`${network.failures}`} />
						<Fact name={texts.health.roams} text={`${network.roams}`} />
					</>
				)}
				<Fact
					name={texts.health.time}
					text={
						time.source === null
							? texts.health.noTime
							: time.age === null
								? time.source
								: filled(texts.health.timeAge, { source: time.source, ago: ago(time.age) })
					}
				/>
			</dl>
		</Card>
	);
}

/** How the meter's line does. */
export function MeterFacts({ health: { meter, readings } }: { readonly health: HealthJson }) {
	const counters: readonly [string, number | undefined][] = [
		[texts.health.opened, meter.opened],
		[texts.health.failures, meter.failures],
		[texts.health.bytes, meter.bytes],
		[texts.health.parity, meter.parity],
		[texts.health.framing, meter.framing],
		[texts.health.overflow, meter.overflow],
		[texts.health.breaks, meter.breaks],
	];
	return (
		<Card title={texts.health.meter} id="line">
			<dl class="facts">
				<Fact name={texts.health.protocol} text={meter.protocol} />
				<Fact name={texts.health.line} {...lineVerdict(meter)} />
				<Fact name={texts.health.readings} text={numberParts(`${readings.count}`).whole} />
				<Fact
					name={texts.health.newest}
					text={readings.age === null ? texts.common.none : ago(readings.age)}
				/>
				{counters.map(
					([name, count]) =>
						count !== undefined && <Fact key={name} name={name} text={numberParts(`${count}`).whole} />,
				)}
			</dl>
		</Card>
	);
}
