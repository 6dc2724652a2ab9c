// Ends of an emulated meter's line: TCP on loopback, and a pty where socat is installed.

import { spawnSync } from "node:child_process";
import { createReadStream } from "node:fs";
import { connect } from "node:net";
import { LineEndError, ptyEnd, tcpEnd } from "../../host/meters/ends";

const MESSAGE = Uint8Array.of(0x7e, 0x00, 0xff, 0x0a, 0x0d, 0x03, 0x7e);

test("TCP: every client hears what is written; a taken port is told in one line", async () => {
	let arrived: () => void = () => {};
	const connected = new Promise<void>((done) => {
		let count = 0;
		arrived = () => {
			count++;
			if (count === 2) done();
		};
	});
	const end = await tcpEnd({ host: "127.0.0.1", port: 0, onConnection: () => arrived() });
	const port = Number(/^socket:\/\/127\.0\.0\.1:(\d+)$/.exec(end.address)?.[1]);
	const clients = [connect(port, "127.0.0.1"), connect(port, "127.0.0.1")];
	const heard = clients.map((client) => new Promise<Buffer>((done) => client.once("data", done)));
	await connected;
	end.write(MESSAGE);
	for (const bytes of await Promise.all(heard)) expect([...bytes]).toEqual([...MESSAGE]);
	await expect(tcpEnd({ host: "127.0.0.1", port })).rejects.toThrow(
		new LineEndError(`TCP port ${port} is taken`),
	);
	const closed = Promise.all(clients.map((client) => new Promise((done) => client.once("close", done))));
	end.close();
	await closed;
});

const socat = spawnSync("sh", ["-c", "command -v socat"]).status === 0;
(socat ? test : test.skip)("pty: bytes arrive unchanged (skipped where socat is not installed)", async () => {
	const end = await ptyEnd(() => {});
	const reader = createReadStream(end.address);
	const heard = new Promise<number[]>((done) => {
		const bytes: number[] = [];
		reader.on("data", (part) => {
			bytes.push(...(part as Buffer));
			if (bytes.length >= MESSAGE.length) done(bytes);
		});
	});
	end.write(MESSAGE);
	expect(await heard).toEqual([...MESSAGE]);
	const closed = new Promise<void>((done) => {
		reader.once("close", () => done());
	});
	reader.on("error", () => {});
	end.close();
	reader.destroy();
	await closed;
});
