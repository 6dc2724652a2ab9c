// `meterling portal` (`npm run portal`): a gateway at its first start, with networks that do not exist around it. The
// set-up can be walked through in a browser; everything else is `meterling run`, in a state folder that holds the
// surroundings.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { METERS } from "../meters/meters.js";
import type { SimulatedWifi } from "../platform/wifi.js";
import { freePortFrom } from "./broker.js";
import { type Command, parse, wholeNumber } from "./command.js";
import { run } from "./run.js";
import { supervisedState } from "./supervisor.js";

const DEFAULT_HTTP_PORT = 8080;
const DEFAULT_DNS_PORT = 5300;
const MOST_PORT = 65535;

const HELP = `Opens the set-up of a gateway at its first start, with simulated Wi-Fi networks. Ctrl-C ends it.

Usage: meterling portal [OPTIONS]
       npm run portal -- [OPTIONS]

The page is on http://localhost:${DEFAULT_HTTP_PORT}. Networks: "Home" (password: correct horse), "Cafe" (open), and the hidden
"Attic" (password: correct horse). Any other password is wrong.

Options:
  --http-port N        the page's port
  --dns-port N         UDP port of the name server (${DEFAULT_DNS_PORT}); a real access point has 53
  --meter NAME         the emulated meter: ${METERS.map(({ name }) => name).join(", ")}
  --state FOLDER       keeps the gateway there, and wifi.json, in which networks can be moved while it runs
  -h, --help           this text

Try:
  dig @127.0.0.1 -p ${DEFAULT_DNS_PORT} captive.apple.com
  curl -v -H 'Host: captive.apple.com' http://127.0.0.1:${DEFAULT_HTTP_PORT}/hotspot-detect.html
`;

const OPTIONS = {
	"http-port": { type: "string" },
	"dns-port": { type: "string" },
	meter: { type: "string" },
	state: { type: "string" },
} as const;

const PASSWORD = "correct horse";

/** Two transmitters of one name, an open network, a hidden one, one whose name is an attack, one out of reach. */
export const SURROUNDINGS: SimulatedWifi["networks"] = [
	{ ssid: "Home", password: PASSWORD, rssi: -52, channel: 6, bssid: "0a0000000001" },
	{ ssid: "Home", password: PASSWORD, rssi: -78, channel: 11, bssid: "0a0000000002" },
	{ ssid: "Neighbours", password: "not ours at all", rssi: -71, channel: 1, bssid: "0a0000000003" },
	{ ssid: "Cafe", rssi: -84, channel: 1, bssid: "0a0000000004" },
	{ ssid: "Attic", password: PASSWORD, rssi: -60, channel: 3, bssid: "0a0000000005", hidden: true },
	{ ssid: "<script>alert(1)</script>", password: PASSWORD, rssi: -66, channel: 9, bssid: "0a0000000006" },
	{ ssid: "No addresses", rssi: -58, channel: 4, bssid: "0a0000000007", address: "" },
	{ ssid: "Far away", rssi: -99, channel: 8, bssid: "0a0000000008" },
];

async function openPortal(args: readonly string[]): Promise<number> {
	const { values } = parse(args, OPTIONS);
	const port = (option: "http-port" | "dns-port", text: string) =>
		wholeNumber(`--${option}`, text, 1, MOST_PORT);
	const httpPort =
		values["http-port"] === undefined
			? await freePortFrom(DEFAULT_HTTP_PORT)
			: port("http-port", values["http-port"]);
	const nameServerPort = port("dns-port", values["dns-port"] ?? `${DEFAULT_DNS_PORT}`);
	const again = supervisedState();
	const folder = values.state ?? again ?? mkdtempSync(join(tmpdir(), "meterling-portal-"));
	mkdirSync(folder, { recursive: true, mode: 0o700 });
	const wifi: SimulatedWifi = {
		networks: SURROUNDINGS,
		accessPoint: { address: "127.0.0.1", nameServerPort },
	};
	// After a restart the networks are where they were.
	if (!again) writeFileSync(join(folder, "wifi.json"), JSON.stringify(wifi, undefined, "\t"));
	if (values.state === undefined && !again)
		process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
	process.stdout.write(`dns    udp 127.0.0.1:${nameServerPort}\n`);
	return run.run([
		...["--state", folder, "--http-port", `${httpPort}`],
		...["--meter", values.meter ?? `${METERS[0]?.name}`],
	]);
}

export const portal: Command = {
	name: "portal",
	summary: "walk through the first set-up, with simulated Wi-Fi networks",
	help: HELP,
	run: openPortal,
};
