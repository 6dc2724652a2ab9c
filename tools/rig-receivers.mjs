// Everybody that a gateway with all outputs on serves, for tools/gateway-rig.mjs: HTTP servers that take what is pushed,
// readers at the TCP bridge, and pollers of metrics, of the HomeWizard-compatible API and of history. All count.
import { createServer } from "node:http";
import { connect } from "node:net";

const READERS = 2;
/** Poll intervals in milliseconds, as such programs have them. */
const POLLS = [
	["prometheus", "/metrics", 15_000],
	["homewizard", "/api/v1/data", 1000],
	["history", "/api/v1/history?period=hour", 60_000],
];
const END_OF_TELEGRAM = /^![0-9A-F]{4}$/;

/**
 * Servers for what is pushed. `settings`: sections that turn every output on besides HTTP and MQTT; `every`: seconds
 * between two pushes, 0 for one with each reading; `bridgePort`: for P1 telegrams.
 */
export async function openReceivers(every, bridgePort) {
	const counts = { telegrams: 0, points: 0, hooks: 0, lateHooks: 0 };
	const server = createServer((request, response) => {
		let text = "";
		request.setEncoding("utf8").on("data", (part) => {
			text += part;
		});
		request.on("end", () => {
			if (request.url.startsWith("/hook")) {
				counts.hooks++;
				if (text.includes('"late":true')) counts.lateHooks++;
			} else if (request.url.includes("/write")) counts.points += text.trim().split("\n").length;
			else counts.telegrams++;
			response.writeHead(request.url.includes("/datalogger") ? 201 : 204, { connection: "close" }).end();
		});
	});
	await new Promise((done) => server.listen(0, "127.0.0.1", done));
	const url = `http://127.0.0.1:${server.address().port}`;
	return {
		counts,
		settings: {
			homewizard: { enabled: true },
			prometheus: { enabled: true },
			bridge: { telegramPort: bridgePort },
			"dsmr-reader": { url, token: "a-key", every },
			influx: { url, org: "home", bucket: "meter", token: "a-token", every, batch: every === 0 ? 1 : 10 },
			webhook: { url: `${url}/hook`, secret: "a-secret", every },
		},
		close: () => {
			server.closeAllConnections();
			return new Promise((done) => server.close(done));
		},
	};
}

/** Readers of P1 telegrams; `counts` has an element for each. Rejects where one is not let in. */
export async function openReaders(port) {
	const counts = new Array(READERS).fill(0);
	const sockets = await Promise.all(counts.map((_, index) => openReader(port, () => counts[index]++)));
	return {
		counts,
		close: () => {
			for (const socket of sockets) socket.destroy();
		},
	};
}

function openReader(port, onTelegram) {
	return new Promise((done, fail) => {
		const socket = connect(port, "127.0.0.1", () => done(socket)).on("error", fail);
		let rest = "";
		socket.setEncoding("latin1").on("data", (text) => {
			const lines = (rest + text).split("\r\n");
			rest = lines.pop();
			for (const line of lines) if (END_OF_TELEGRAM.test(line)) onTelegram();
		});
	});
}

/** Polls each address at its pace, `speed` times as fast; `ask(path, poller)` gives a body or throws. `counts`: answers, failures. */
export function openPollers(ask, speed) {
	const counts = Object.fromEntries(POLLS.map(([name]) => [name, 0]));
	const failed = [];
	const timers = POLLS.map(([name, path, interval], index) => {
		let busy = false;
		const poll = async () => {
			if (busy) return;
			busy = true;
			try {
				await ask(path, index);
				counts[name]++;
			} catch (error) {
				failed.push(`${path}: ${error.message}`);
			}
			busy = false;
		};
		return setInterval(poll, interval / speed);
	});
	return {
		counts,
		failed,
		close: () => {
			for (const timer of timers) clearInterval(timer);
		},
	};
}
