// Times smartmeter-obis on the frames of host-test/bench that its protocol D0 reads, from bytes to its measurements, by the
// loop of its own transports: checkMessage, handleMessage, and what is left again. Arguments: folder of node_modules, inputs.
// The package is CommonJS, and so is this.

const { readFileSync } = require("node:fs");
const { createRequire } = require("node:module");
const path = require("node:path");

const [folder, inputs] = process.argv.slice(2);
const D0Protocol = createRequire(path.join(folder, "index.js"))(
	"smartmeter-obis/lib/protocols/D0Protocol.js",
);

const NAMES = ["P1, 0.4 KB", "P1, 1.0 KB", "P1, 2.5 KB", "Kamstrup 382, readout"];
/** As our own: host-test/bench/node.ts. */
const WARM_UP = 5000;
const MILLISECONDS = 300;

for (const { name, do: what, frame } of JSON.parse(readFileSync(inputs, "latin1"))) {
	if (what !== "decode" || !NAMES.includes(name)) continue;
	const bytes = Buffer.from(frame, "hex");
	let values = 0;
	const options = { transportSerialBaudrate: 300, obisFallbackMedium: 1, debug: 0, logger: () => {} };
	const protocol = new D0Protocol(options, (_, found) => {
		values = Object.keys(found ?? {}).length;
	});
	const run = () => {
		protocol.initState();
		for (let rest = bytes; rest && !protocol.isProcessComplete(); )
			rest = protocol.checkMessage(rest) ? protocol.handleMessage(rest) : null;
	};
	for (let count = 0; count < WARM_UP; count++) run();
	const times = [];
	for (const end = performance.now() + MILLISECONDS; performance.now() < end; ) {
		const began = performance.now();
		run();
		times.push(performance.now() - began);
	}
	times.sort((a, b) => a - b);
	const us = times[times.length >> 1] * 1000;
	process.stdout.write(`${JSON.stringify({ name, peer: "smartmeter-obis", us, result: values })}\n`);
}
