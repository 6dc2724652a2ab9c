// An MQTT output on a bench, and what it published.

import "../../../host/platform/globals";
import { mqtt } from "../../../outputs/mqtt/mqtt.js";
import type { Commands, Output, OutputContext } from "../../../outputs/output.js";
import type { SettingValues } from "../../../settings/setting.js";
import { Bench, type FakeMqttClient, type Published } from "../fakes.js";

export interface Rig {
	readonly bench: Bench;
	readonly output: Output;
	/** What was commanded. */
	readonly commanded: string[];
	/** Answers the register read that waits. */
	answer: Parameters<Commands["readRegister"]>[1] | undefined;
}

/** Discovery is off unless asked for. */
export function start(
	settings: SettingValues = {},
	members: Partial<OutputContext> = {},
	bench = new Bench(),
): Rig {
	const commanded: string[] = [];
	const rig: { answer: Rig["answer"] } = { answer: undefined };
	const commands: Commands = {
		canAsk: true,
		restart: (reason) => void commanded.push(`restart: ${reason}`),
		identify: () => commanded.push("identify") > 0,
		readNow: () => {
			commanded.push("read");
			return false;
		},
		readRegister: (name, done) => {
			commanded.push(`register ${name}`);
			rig.answer = done;
		},
	};
	const context = bench.context(mqtt.settings, { host: "broker", homeAssistant: false, ...settings });
	const output = mqtt.open({ ...context, commands, ...members }) as Output;
	return Object.assign(rig, { bench, output, commanded });
}

/** All but the meter's availability, which is told between them. */
export function messages(client: FakeMqttClient): Published[] {
	return client.published.filter(({ topic }) => !topic.endsWith("/meter"));
}

export function on(bench: Bench, topic: string): Published[] {
	return bench.network.clients.flatMap(({ published }) => published).filter((each) => each.topic === topic);
}
