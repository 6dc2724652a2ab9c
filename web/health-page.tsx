// How the gateway is: what to look at first, then everything it counts.

import { ago, bytesText, duration, numberParts } from "./format.js";
import { barsOf, type HealthJson, lineVerdict, type NetworkJson, outputVerdict } from "./health.js";
import { Card, Fact, Heading } from "./pieces.js";
import { RejectedTable } from "./rejected-table.js";
import { texts } from "./texts.js";

const words = texts.health;

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
				{admin && <a href="#log">{words.toLog}</a>}
			</div>
			{health ? <Report health={health} /> : <p class="hint">{words.unreachable}</p>}
		</>
	);
}

function Report({ health }: { readonly health: HealthJson }) {
	const { warnings = [], network, rejected, outputs } = health;
	return (
		<>
			<Card title={words.warnings} id="warnings">
				{warnings.length === 0 ? (
					<p class="good">{words.allWell}</p>
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
				<Card title={words.rejected} id="rejected">
					{rejected.byLayer.length === 0 ? (
						<p class="hint">{words.noneRejected}</p>
					) : (
						<RejectedTable rows={rejected.byLayer} />
					)}
				</Card>
				<GatewayFacts gateway={health.gateway} />
				{network && <NetworkFacts network={network} />}
				<Card title={words.outputs} id="outputs">
					<dl class="facts">
						{outputs.map((output) => (
							<Fact
								key={output.name}
								name={texts.cards.outputs[output.name] ?? output.name}
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
		<Card title={words.gateway} id="gateway">
			<dl class="facts">
				<Fact name={words.version} text={`${version} (${platform})`} />
				<Fact name={words.id} text={id} />
				<Fact name={words.uptime} text={duration(uptime)} />
				{resetReason && <Fact name={words.reset} text={resetReason} />}
				{mode && (
					<Fact
						name={words.mode}
						text={words.modes[mode] ?? mode}
						good={mode === "full" ? undefined : false}
					/>
				)}
				<Fact name={words.crashes} text={`${crashes}`} />
				{lastCrash && (
					<Fact
						name={words.lastCrash}
						text={words.crash(lastCrash.message, lastCrash.where, lastCrash.version)}
					/>
				)}
				{typeof free === "number" && (
					<Fact
						name={words.memory}
						text={`${bytesText(free)}${typeof lowest === "number" ? `, ${words.lowest(bytesText(lowest))}` : ""}`}
					/>
				)}
				{longestStall !== undefined && <Fact name={words.stall} text={`${longestStall.toFixed(2)}\u00a0s`} />}
			</dl>
		</Card>
	);
}

function NetworkFacts({ network }: { readonly network: NetworkJson }) {
	const { state, reason, ssid, address, rssi, channel, accessPoint, name, time } = network;
	const why = reason ? `: ${words.reasons[reason] ?? reason}` : "";
	const wireless = state !== "wired";
	return (
		<Card title={words.network} id="network">
			<dl class="facts">
				<Fact
					name={words.state}
					text={`${words.states[state] ?? state}${why}`}
					good={state === "online" || state === "wired"}
				/>
				{ssid && <Fact name={words.ssid} text={ssid} />}
				{address && <Fact name={words.address} text={address} />}
				<Fact name={words.name} text={`${name}.local`} />
				{rssi !== null && (
					<Fact name={words.signal} text={`${rssi}\u00a0dBm, ${words.signals[barsOf(rssi)]}`} />
				)}
				{channel !== null && <Fact name={words.channel} text={`${channel}`} />}
				{wireless && (
					<>
						<Fact name={words.accessPoint} text={accessPoint ? words.open : words.closed} />
						<Fact name={words.reconnects} text={`${network.joins}`} />
						<Fact name={words.losses} text={`${network.losses}`} />
						<Fact name={words.failures} text={`${network.failures}`} />
						<Fact name={words.roams} text={`${network.roams}`} />
					</>
				)}
				<Fact
					name={words.time}
					text={
						time.source === null
							? words.noTime
							: time.age === null
								? time.source
								: words.timeAge(time.source, ago(time.age))
					}
				/>
			</dl>
		</Card>
	);
}

function MeterFacts({ health: { meter, readings } }: { readonly health: HealthJson }) {
	const counters: readonly [string, number | undefined][] = [
		[words.opened, meter.opened],
		[words.failures, meter.failures],
		[words.bytes, meter.bytes],
		[words.parity, meter.parity],
		[words.framing, meter.framing],
		[words.overflow, meter.overflow],
		[words.breaks, meter.breaks],
	];
	return (
		<Card title={words.meter} id="line">
			<dl class="facts">
				<Fact name={words.protocol} text={meter.protocol} />
				<Fact name={words.line} {...lineVerdict(meter)} />
				<Fact name={words.readings} text={numberParts(`${readings.count}`).whole} />
				<Fact name={words.newest} text={readings.age === null ? texts.common.none : ago(readings.age)} />
				{counters.map(
					([name, count]) =>
						count !== undefined && <Fact key={name} name={name} text={numberParts(`${count}`).whole} />,
				)}
			</dl>
		</Card>
	);
}
