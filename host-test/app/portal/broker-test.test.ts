// Trying a broker before its settings are saved, against clients of the test's own.

import { BrokerTest } from "../../../app/portal/broker-test";
import "../../../host/platform/globals";
import type { MqttClient, MqttClientOptions } from "../../../outputs/network";
import { FakeTime } from "../../fake-timers";

const SETTINGS = { host: "broker.example", port: 1883, user: "reader", password: "not told" };

function rig(fails?: string) {
	const time = new FakeTime();
	const clients: { options: MqttClientOptions; closed: number }[] = [];
	const test = new BrokerTest({
		timers: time,
		clientId: "meterling-0001-test",
		network: {
			connectMqtt: (options) => {
				if (fails) throw new Error(fails);
				const client = { options, closed: 0 };
				clients.push(client);
				return { write: () => 0, read: () => undefined, close: () => void client.closed++ } as MqttClient;
			},
		},
	});
	const tell = (index: number, event: "connack" | "error", detail?: unknown) => {
		const { options } = clients[index] as { options: MqttClientOptions };
		if (event === "connack") options.onControl?.call({} as MqttClient, { operation: 2, returnCode: 0 });
		else options.onError?.call({} as MqttClient, detail);
	};
	return { time, clients, test, tell };
}

test("a broker that takes the connection works, and is left again", () => {
	const { time, clients, test, tell } = rig();
	expect(test.report).toEqual({ state: "idle", works: null, text: "" });
	test.start(SETTINGS);
	expect(test.report.state).toBe("running");
	expect(clients[0]?.options).toMatchObject({
		host: "broker.example",
		id: "meterling-0001-test",
		user: "reader",
	});
	tell(0, "connack");
	expect(test.report).toEqual({ state: "done", works: true, text: "connected" });
	expect(clients[0]?.closed).toBe(0);
	time.advance(1);
	expect(clients[0]?.closed).toBe(1);
	expect(time.pending).toBe(0);
});

test("a refusal is told in the client's words, without the password", () => {
	const { test, tell } = rig();
	test.start(SETTINGS);
	tell(0, "error", "wrong user name or password");
	expect(test.report).toEqual({ state: "done", works: false, text: "wrong user name or password" });
});

test("a broker that says nothing is given up after twelve seconds", () => {
	const { time, test, clients } = rig();
	test.start(SETTINGS);
	time.advance(12_001);
	expect(test.report).toEqual({
		...{ state: "done", works: false, text: "broker.example does not answer on port 1883" },
	});
	time.advance(1);
	expect(clients[0]?.closed).toBe(1);
});

test("a second test replaces the first, whose late answer says nothing", () => {
	const { test, tell, clients } = rig();
	test.start(SETTINGS);
	test.start({ ...SETTINGS, host: "other.example" });
	expect(clients[0]?.closed).toBe(1);
	tell(0, "connack");
	expect(test.report.state).toBe("running");
	tell(1, "connack");
	expect(test.report.works).toBe(true);
});

test("settings that the client refuses are a verdict too; a password without a user is not sent", () => {
	const refused = rig("wrong options");
	refused.test.start(SETTINGS);
	expect(refused.test.report).toEqual({ state: "done", works: false, text: "wrong options" });
	const { test, clients } = rig();
	test.start({ ...SETTINGS, user: "" });
	expect(clients[0]?.options).not.toHaveProperty("password");
});
