// The figures of a simulated fleet as a few lines for a person. Computes nothing that is not in them.

import type { Figures, Spread } from "./measurement.js";

const DAY_S = 86_400;

export function report(figures: Figures, qos: string): string {
	const { gateways, connected, connectedAfter, seconds, readings, acknowledged, published } = figures;
	const rows: [string, string][] = [
		[
			"connected",
			`${count(connected)} of ${count(gateways)}${connectedAfter === null ? "" : ` after ${connectedAfter.toFixed(1)} s`}; each took ${times(figures.connecting)}`,
		],
		["measured", `${seconds.toFixed(1)} s`],
		[
			"readings",
			`${count(readings)}, ${count(published)} sent${qos === "0" ? "" : `, ${count(acknowledged)} messages acknowledged`}`,
		],
		["messages", `${figures.messagesPerSecond.toFixed(1)} a second`],
		[
			"latency",
			qos === "0" ? "not known at QoS 0" : `to the acknowledgement ${times(figures.acknowledging)}`,
		],
		[
			"traffic",
			`${bytes(figures.sentPerDay)} a day and gateway to the broker, ${bytes(figures.receivedPerDay)} from it; ${bits((figures.sentPerDay * gateways) / DAY_S)} for all`,
		],
		["failures", failures(figures)],
		[
			"simulation",
			`${Math.round(figures.cpu * 100)} % of a core, ${bytes(figures.memory)} of memory a gateway, its clock up to ${figures.late.toFixed(0)} ms late (p99)`,
		],
	];
	return rows.map(([name, text]) => `${name.padEnd(12)}${text}\n`).join("");
}

/** All are connected, and nothing was lost. */
export function isSound({ connected, gateways, reconnects, dropped, problems }: Figures): boolean {
	return connected === gateways && reconnects === 0 && dropped === 0 && Object.keys(problems).length === 0;
}

function failures({ gateways, connected, reconnects, dropped, lateBytes, problems }: Figures): string {
	const told: string[] = [];
	if (connected < gateways) told.push(`${count(gateways - connected)} not connected`);
	if (reconnects > 0) told.push(`${count(reconnects)} connections lost and made again`);
	if (dropped > 0) told.push(`${count(dropped)} readings lost`);
	if (lateBytes > 0) told.push(`${bytes(lateBytes)} of readings wait to be sent late`);
	for (const [reason, times] of Object.entries(problems)) told.push(`${reason} (${count(times)})`);
	return told.length === 0 ? "none" : told.join("; ");
}

function times([median, most, worst]: Spread): string {
	if (median === null || most === null || worst === null) return "nothing";
	return `p50 ${median.toFixed(1)} ms, p99 ${most.toFixed(1)} ms, worst ${worst.toFixed(1)} ms`;
}

function count(value: number): string {
	return value.toLocaleString("en");
}

const STEPS = ["B", "kB", "MB", "GB"] as const;

/** With thousands, as networks and disks are sold. */
function bytes(value: number): string {
	let step = 0;
	let left = value;
	while (left >= 1000 && step < STEPS.length - 1) {
		left /= 1000;
		step++;
	}
	return `${step === 0 ? left : left.toFixed(1)} ${STEPS[step]}`;
}

function bits(bytesPerSecond: number): string {
	const kilobits = (bytesPerSecond * 8) / 1000;
	return kilobits < 1000 ? `${kilobits.toFixed(1)} kbit/s` : `${(kilobits / 1000).toFixed(1)} Mbit/s`;
}
