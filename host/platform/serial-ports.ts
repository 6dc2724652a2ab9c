// The serial ports of this computer. On Linux from /dev and /sys, with udev's names that stay (/dev/serial/by-id); on other
// systems from npm `serialport`. No program is started for it: a service may be forbidden that.

import { accessSync, constants, readdirSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import type { SerialPortFound } from "../../hardware/sdk.js";

/** udev's links, best first: by maker and serial number; this project's and udev's by the socket plugged into. */
const LINK_FOLDERS: readonly string[] = Object.freeze([
	"dev/serial/by-id",
	"dev/meterling",
	"dev/serial/by-path",
]);
/** The Raspberry Pi's UART on its pins, whichever that is. */
const PI_UART = "dev/serial0";
/** Kernel names of UARTs that are there for certain; ttyS0 to ttyS31 mostly are not. */
const DEVICE_NAME = /^tty(USB|ACM|AMA|XRUSB|GS)\d+$/;
const PHANTOM_NAME = /^ttyS\d+$/;
const PHANTOM_TYPE = "0";
/** How far above a tty its USB device lies in /sys. */
const MOST_LEVELS = 4;
const MOST_PORTS = 32;

export function listPorts(done: (ports: readonly SerialPortFound[]) => void): void {
	if (process.platform === "linux") setImmediate(() => done(linuxPorts("/")));
	else otherPorts().then(done, () => done([]));
}

/** `root`: `/`, or a folder that plays it. */
export function linuxPorts(root: string): readonly SerialPortFound[] {
	const links = linksByDevice(root);
	const names = entries(join(root, "sys/class/tty")).filter((name) => isReal(root, name));
	return names
		.sort(
			(a, b) => Number(links.has(b)) - Number(links.has(a)) || a.localeCompare(b, "en", { numeric: true }),
		)
		.slice(0, MOST_PORTS)
		.map((name) => {
			const device = `/dev/${name}`;
			return {
				port: links.get(name) ?? device,
				device,
				title: title(root, name),
				usable: isUsable(root, device),
			};
		});
}

/** The best lasting name by the kernel's. */
function linksByDevice(root: string): ReadonlyMap<string, string> {
	const links = new Map<string, string>();
	const add = (link: string) => {
		const name = target(join(root, link))?.split("/").pop();
		if (name !== undefined && !links.has(name)) links.set(name, `/${link}`);
	};
	for (const folder of LINK_FOLDERS)
		for (const name of entries(join(root, folder)).sort()) add(join(folder, name));
	add(PI_UART);
	return links;
}

function isReal(root: string, name: string): boolean {
	if (DEVICE_NAME.test(name)) return true;
	if (!PHANTOM_NAME.test(name)) return false;
	// 8250 ports that were found have a type; the rest are names only.
	const type = text(join(root, "sys/class/tty", name, "type"));
	return type !== "" && type !== PHANTOM_TYPE;
}

/** What the USB adapter says of itself, one line. */
function title(root: string, name: string): string {
	let folder = target(join(root, "sys/class/tty", name, "device"));
	for (let level = 0; folder !== undefined && level < MOST_LEVELS; level++) {
		const product = text(join(folder, "product"));
		if (product !== "")
			return [text(join(folder, "manufacturer")), product].filter((part) => part !== "").join(" ");
		folder = dirname(folder);
	}
	return "";
}

function isUsable(root: string, device: string): boolean {
	try {
		accessSync(join(root, device), constants.R_OK | constants.W_OK);
		return true;
	} catch {
		return false;
	}
}

function entries(folder: string): string[] {
	try {
		return readdirSync(folder);
	} catch {
		return [];
	}
}

function target(link: string): string | undefined {
	try {
		return realpathSync(link);
	} catch {
		return undefined;
	}
}

function text(file: string): string {
	try {
		return readFileSync(file, "utf8").trim();
	} catch {
		return "";
	}
}

async function otherPorts(): Promise<readonly SerialPortFound[]> {
	const { SerialPort } = await import("serialport");
	const found = await SerialPort.list();
	return found.slice(0, MOST_PORTS).map(({ path, manufacturer = "" }) => ({
		port: path,
		device: path,
		title: manufacturer,
		usable: true,
	}));
}
