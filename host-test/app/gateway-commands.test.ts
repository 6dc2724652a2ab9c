// What others may ask the gateway to do: a question to the meter has its answer or its end, over HTTP too.

import "../../host/platform/globals";
import { GatewayCommands } from "../../app/gateway-commands";
import { type ReadResponder, readResponder } from "../../app/read-route";
import type { Call, LaterAnswer, Route, RouteAnswer } from "../../outputs/route";
import { decimal } from "../../readings/decimal";
import type { Reading } from "../../readings/reading";
import { FakeTime } from "../fake-timers";

const READING: Reading = {
	protocol: "kmp",
	meter: { manufacturer: "Kamstrup" },
	time: null,
	quantities: [{ name: "heat_energy", value: decimal(256, -3), unit: "MWh", register: 60 }],
	devices: [],
};

function start(refusal?: string) {
	const time = new FakeTime();
	const asked: string[] = [];
	const heard: (string | Reading | undefined)[] = [];
	const commands = new GatewayCommands(time, {
		canAsk: refusal === undefined,
		ask: (what) => {
			asked.push(what);
			return refusal;
		},
		restart: () => {},
		identify: () => true,
	});
	const read = (name: string) =>
		commands.readRegister(name, (reading, problem) => heard.push(reading ?? problem));
	return { time, asked, heard, commands, read };
}

describe("a question to the meter", () => {
	test("is answered with the reading, once", () => {
		const { time, asked, heard, commands, read } = start();
		read("60");
		expect([asked, heard]).toEqual([["60"], []]);
		commands.answered(READING);
		commands.answered(READING);
		time.advance(120_000);
		expect(heard).toEqual([READING]);
		expect(time.pending).toBe(0);
	});

	test("is one at a time; the next one may follow", () => {
		const { time, asked, heard, commands, read } = start();
		read("60");
		read("68");
		time.advance(0);
		expect(heard).toEqual(["another question is under way"]);
		commands.answered(READING);
		read("68");
		expect(asked).toEqual(["60", "68"]);
	});

	test("ends with a clear problem where no answer comes, within a minute", () => {
		const { time, heard, commands, read } = start();
		read("60");
		time.advance(59_999);
		expect(heard).toEqual(["the meter has not answered in time"]);
		commands.answered(READING);
		expect(heard).toHaveLength(1);
	});

	test("that cannot be put is refused later, never from inside the call", () => {
		const { time, heard, read } = start("the meter's line is not open");
		read("60");
		expect(heard).toEqual([]);
		time.advance(0);
		expect(heard).toEqual(["the meter's line is not open"]);
		expect(time.pending).toBe(0);
	});

	test("must name a register of bounded length", () => {
		const { time, asked, heard, read } = start();
		read("");
		read("x".repeat(33));
		time.advance(0);
		expect(asked).toEqual([]);
		expect(heard).toHaveLength(2);
	});

	test("for a poll now says whether the meter is asked", () => {
		expect(start().commands.readNow()).toBe(true);
		expect(start("the meter sends by itself only").commands.readNow()).toBe(false);
	});
});

describe("POST /api/v1/meter/read", () => {
	const [route] = readResponder(start().commands).routes as [Route<ReadResponder>];
	const post = (commands: GatewayCommands, body: string): RouteAnswer =>
		route.answer(readResponder(commands), { body: new TextEncoder().encode(body) } as unknown as Call);
	const bodyOf = (answer: RouteAnswer) =>
		"body" in answer && answer.body
			? JSON.parse(Buffer.concat([answer.body].flat() as Uint8Array[]).toString())
			: undefined;

	test("needs who may administer", () => {
		expect(route.need).toBeUndefined();
	});

	test("with a register answers its reading, later", () => {
		const { commands } = start();
		const answers: RouteAnswer[] = [];
		(post(commands, '{"register":"60"}') as LaterAnswer).begin((answer) => answers.push(answer));
		expect(answers).toEqual([]);
		commands.answered(READING);
		expect(answers).toHaveLength(1);
		expect(bodyOf(answers[0] as RouteAnswer)).toEqual({
			protocol: "kmp",
			meter: { manufacturer: "Kamstrup" },
			time: null,
			quantities: { heat_energy: { value: 0.256, unit: "MWh", register: 60 } },
			devices: [],
		});
	});

	test("without an answer is 409 with the reason", () => {
		const { time, commands } = start();
		const answers: RouteAnswer[] = [];
		(post(commands, '{"register":"60"}') as LaterAnswer).begin((answer) => answers.push(answer));
		time.advance(60_000);
		expect(answers[0]).toMatchObject({ status: 409 });
		expect(bodyOf(answers[0] as RouteAnswer)).toMatchObject({
			detail: "the meter has not answered in time.",
		});
	});

	test("with an empty object has the meter polled now: 202, or 409", () => {
		expect(post(start().commands, "{}")).toMatchObject({ status: 202 });
		expect(post(start("no").commands, "{}")).toMatchObject({ status: 409 });
	});

	test.each(["", "[]", '{"register":60}', '{"register":'])("refuses the body %j with 400", (body) => {
		expect(post(start().commands, body)).toMatchObject({ status: 400 });
	});
});
