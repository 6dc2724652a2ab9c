// Reads a meter once with smartmeter-obis (IEC 62056-21, request and response) and prints its values as JSON.
// Arguments: folder of node_modules, serial device. The package is CommonJS, and so is this.

const { createRequire } = require("node:module");
const path = require("node:path");

const [folder, device] = process.argv.slice(2);
const { init } = createRequire(path.join(folder, "index.js"))("smartmeter-obis");

const options = {
	protocol: "D0Protocol",
	transport: "SerialRequestResponseTransport",
	transportSerialPort: device,
	transportSerialBaudrate: 300,
	protocolD0WakeupCharacters: 0,
	requestInterval: 3600,
	obisFallbackMedium: 1,
	// 0: its own log stays off, so that standard output is JSON only.
	debug: 0,
	logger: () => {},
};

const transport = init(options, (error, measurements) => {
	if (error) {
		process.stderr.write(`${error.message}\n`);
		process.exit(1);
	}
	const values = {};
	for (const id of Object.keys(measurements))
		values[measurements[id].idToString()] = measurements[id].values.map(({ value, unit }) => ({
			value,
			unit,
		}));
	process.stdout.write(JSON.stringify(values), () => process.exit(0));
});
transport.process();
