// WebSocket's framing by the examples of RFC 6455, events over it, and clients that stall or flood; a real client talks to
// it in host-test/e2e/api.test.ts.

import "../../../host/platform/globals";
import { acceptOf } from "../../../hardware/web-socket-accept";
import { http } from "../../../outputs/http/http";
import { FrameReader, messageParts } from "../../../outputs/http/web-socket";
import type { Output } from "../../../outputs/output";
import { Bench, type FakeConnection, readingOf } from "../fakes";

/** RFC 6455, 1.3. */
const KEY = "dGhlIHNhbXBsZSBub25jZQ==";
const HANDSHAKE = {
	upgrade: "websocket",
	connection: "Upgrade",
	"sec-websocket-key": KEY,
	"sec-websocket-version": "13",
};

const hex = (text: string) => new Uint8Array(Buffer.from(text.replaceAll(" ", ""), "hex"));

/** What the reader makes of the bytes, given `size` at a time. */
function read(bytes: Uint8Array, size: number, now = 0): string[] {
	const events: string[] = [];
	const reader = new FrameReader({
		pong: (frame) => events.push(`pong ${Buffer.from(frame).toString("hex")}`),
		leave: (code) => events.push(`end ${code}`),
	});
	for (let at = 0; at < bytes.length; at += size) reader.take(bytes.subarray(at, at + size), now);
	return events;
}

test("the answer to the key is RFC 6455's, 1.3", () => {
	expect(acceptOf(KEY)).toBe("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
});

describe("a client's frames", () => {
	// The masking key and "Hello" are those of RFC 6455, 5.7.
	const MASK = "37fa213d";
	const HELLO = "7f9f4d5158";

	test.each([
		["a text message is thrown away", `8185${MASK}${HELLO}`, []],
		["a ping is answered with its payload", `8985${MASK}${HELLO}`, ["pong 8a0548656c6c6f"]],
		["an empty ping too", `8980${MASK}`, ["pong 8a00"]],
		["a pong is thrown away", `8a85${MASK}${HELLO}`, []],
		["a ping inside a message in parts", `0183${MASK}7f9f4d 8980${MASK} 8082${MASK}5b95`, ["pong 8a00"]],
		["a close without a code is answered as normal", `8880${MASK}`, ["end 1000"]],
		["a close is answered with its code", `8882${"00".repeat(4)}0bb8`, ["end 3000"]],
		["nothing is read after a close", `8882${"00".repeat(4)}03e8 8980${MASK}`, ["end 1000"]],
		["a close with half a code", `8881${"00".repeat(4)}03`, ["end 1002"]],
		["a close with a code that is never sent", `8882${"00".repeat(4)}03ee`, ["end 1002"]],
		["no mask", "810548656c6c6f", ["end 1002"]],
		["a reserved bit", `c185${MASK}${HELLO}`, ["end 1002"]],
		["an unknown opcode", `8385${MASK}${HELLO}`, ["end 1002"]],
		["an unknown control opcode", `8b80${MASK}`, ["end 1002"]],
		["a control frame in parts", `0985${MASK}${HELLO}`, ["end 1002"]],
		["a control frame of 126 bytes", `89fe007e${MASK}`, ["end 1002"]],
		["a continuation of nothing", `8080${MASK}`, ["end 1002"]],
		["a message inside another", `0180${MASK} 8180${MASK}`, ["end 1002"]],
		["64 KB", `82ff0000000000010000${MASK}`, ["end 1009"]],
		["2^64-1 bytes", `82ffffffffffffffffff${MASK}`, ["end 1009"]],
	])("%s", (_, bytes, events) => {
		for (const size of [1, 2, 3, 1000]) expect(read(hex(bytes), size)).toEqual(events);
	});

	test("every flip of a bit in a ping is read to some end, without an exception", () => {
		const ping = hex(`8985${MASK}${HELLO}8880${MASK}`);
		for (let bit = 0; bit < ping.length * 8; bit++) {
			const flipped = ping.slice();
			flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7));
			for (const event of read(flipped, 3)) expect(event).toMatch(/^(pong 8a[0-7]|end 1\d\d\d$|end [34])/);
		}
	});

	test("4 KB in 10 s are enough; what comes slower may go on", () => {
		const ping = hex(`8985${MASK}${HELLO}`);
		let ended = 0;
		const reader = new FrameReader({ pong: () => {}, leave: (code) => (ended = code) });
		for (let second = 0; second < 1000; second++)
			for (let each = 0; each < 30; each++) reader.take(ping, second * 1000);
		expect(ended).toBe(0);
		for (let each = 0; each < 1000; each++) reader.take(ping, 2_000_000);
		expect(ended).toBe(1008);
	});
});

test.each([
	[0, "81"],
	[100, "81"],
	[200, "817e"],
	[70_000, "817f00000000"],
])("a message of %i bytes begins with the right length", (length, begin) => {
	const parts = messageParts("reading", [new Uint8Array(length).fill(0x20)], 7);
	const bytes = Buffer.concat(parts);
	expect(bytes.toString("hex").startsWith(begin)).toBe(true);
	const short = (bytes[1] as number) & 0x7f;
	const head = short < 126 ? 2 : short === 126 ? 4 : 10;
	const told = short < 126 ? short : short === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
	expect(told).toBe(bytes.length - head);
	expect(bytes.subarray(head).toString()).toBe(`{"event":"reading","id":7,"data":${" ".repeat(length)}}`);
});

describe("events over a WebSocket", () => {
	function start() {
		const bench = new Bench();
		const output = http.open(bench.context(http.settings, {})) as Output;
		const join = (window: number, headers: object = {}, method = "GET"): FakeConnection => {
			const connection = bench.network.connect().request(method, "/api/v1/ws", { ...HANDSHAKE, ...headers });
			bench.clock.advance(0);
			connection.open(window);
			return connection;
		};
		const take = (watts: number) => {
			const reading = readingOf(watts);
			bench.store.add(reading, bench.clock.now);
			output.reading(reading);
		};
		return { bench, output, join, take };
	}

	/** The text messages and codes of what was sent. */
	function messages({ webSocket }: FakeConnection): string[] {
		const bytes = Buffer.from(webSocket?.sent ?? []);
		const found: string[] = [];
		for (let at = 0; at < bytes.length; ) {
			const short = (bytes[at + 1] as number) & 0x7f;
			const head = short < 126 ? 2 : 4;
			const length = short < 126 ? short : bytes.readUInt16BE(at + 2);
			const payload = bytes.subarray(at + head, at + head + length);
			const kind = bytes[at];
			found.push(kind === 0x81 ? payload.toString() : `${kind?.toString(16)} ${payload.toString("hex")}`);
			at += head + length;
		}
		return found;
	}

	test("begin with the newest reading and the health, then every reading, in pieces as there is room", () => {
		const { join, take, output } = start();
		take(1);
		const client = join(30);
		for (let turn = 0; turn < 30; turn++) client.open(30);
		take(2);
		for (let turn = 0; turn < 30; turn++) client.open(30);
		const all = messages(client).map((text) => JSON.parse(text));
		expect(all.map(({ event, id }) => [event, id])).toEqual([
			["reading", 1],
			["health", undefined],
			["reading", 2],
		]);
		expect(all[2].data.quantities.power_import.value).toBe(2);
		expect(client.webSocket?.key).toBe(KEY);
		expect(output.health()).toMatchObject({ eventClients: 1, slowClients: 0, slowFor: null });
	});

	test.each([
		["no upgrade", { upgrade: "h2c" }, 426],
		["no connection", { connection: "keep-alive" }, 426],
		["another version", { "sec-websocket-version": "8" }, 426],
		["no key", { "sec-websocket-key": "" }, 400],
		["a short key", { "sec-websocket-key": "AAAA" }, 400],
		["another site's page", { origin: "http://evil.example" }, 403],
	])("%s is refused", (_, headers, status) => {
		const { join } = start();
		const client = join(1000, headers);
		expect(client.webSocket).toBeUndefined();
		expect(client.response?.status).toBe(status);
	});

	test("a HEAD is no handshake", () => {
		expect(start().join(1000, {}, "HEAD").response?.status).toBe(426);
	});

	test("a ping is answered between messages; of many that wait only the last", () => {
		const { join, take } = start();
		const client = join(100_000);
		client.open(5);
		take(1);
		for (const byte of ["01", "02", "03"]) client.webSocket?.taker.onBytes(hex(`898100000000${byte}`));
		client.open(100_000);
		const all = messages(client);
		expect(all.slice(-1)).toEqual(["8a 03"]);
		expect(all.slice(0, -1).map((text) => JSON.parse(text).event)).toEqual(["health", "reading"]);
	});

	test("a close is answered, and the place is free", () => {
		const { join, output, bench } = start();
		const client = join(100_000);
		client.webSocket?.taker.onBytes(hex("888200000000 03e9"));
		expect(messages(client).at(-1)).toBe("88 03e9");
		expect(client.closed).toBe(true);
		expect(output.health()).toMatchObject({ eventClients: 0, connections: 0 });
		expect(bench.clock.pending).toBe(1);
	});

	test("who floods is told so and cut off, and holds nothing meanwhile", () => {
		const { join, output } = start();
		const client = join(100_000);
		for (let each = 0; each < 10_000 && !client.closed; each++)
			client.webSocket?.taker.onBytes(new Uint8Array(100).fill(0x82));
		expect(client.closed).toBe(true);
		expect(output.health()).toMatchObject({ eventClients: 0 });
	});

	test("twenty clients of which fifteen stall: four places, which those that read get within 5 s", () => {
		const { bench, join, take, output } = start();
		const stalled = Array.from({ length: 15 }, () => join(0));
		expect(stalled.filter(({ webSocket }) => webSocket)).toHaveLength(4);
		expect(stalled.filter(({ response }) => response?.status === 503)).toHaveLength(11);
		expect(output.health()).toMatchObject({ eventClients: 4, refused: 11, slowClients: 4, slowFor: 0 });
		expect(join(100_000).response?.status).toBe(503);
		for (let second = 1; second <= 6; second++) {
			bench.clock.advance(1000);
			take(second);
		}
		expect(output.health()).toMatchObject({ slowClients: 4, slowFor: 6, cutOff: null, cutOffAge: null });
		const good = Array.from({ length: 5 }, () => join(100_000));
		expect(good.filter(({ webSocket }) => webSocket)).toHaveLength(4);
		expect(good[4]?.response?.status).toBe(503);
		expect(stalled.slice(0, 4).every(({ closed }) => closed)).toBe(true);
		take(7);
		for (const client of good.slice(0, 4)) {
			client.open(100_000);
			expect(JSON.parse(messages(client).at(-1) as string)).toMatchObject({ event: "reading", id: 7 });
		}
		bench.clock.advance(2000);
		expect(output.health()).toMatchObject({
			...{ eventClients: 4, slowClients: 0, replaced: 4 },
			...{ cutOff: "192.168.1.50", cutOffAge: 2 },
		});
	});
});
