// The list of serial ports, from a folder that plays /dev and /sys as a Raspberry Pi has them.

import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { linuxPorts } from "../../host/platform/serial-ports";

let root: string;
beforeEach(() => {
	root = mkdtempSync(join(tmpdir(), "meterling-ports-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function file(path: string, text: string): void {
	mkdirSync(dirname(join(root, path)), { recursive: true });
	writeFileSync(join(root, path), text);
}

function link(path: string, target: string): void {
	mkdirSync(dirname(join(root, path)), { recursive: true });
	symlinkSync(target, join(root, path));
}

/** A USB adapter as the kernel shows it: the tty below the interface below the device. */
function adapter(name: string, socket: string, facts: Readonly<Record<string, string>>): void {
	const device = `sys/devices/usb1/${socket}`;
	file(`dev/${name}`, "");
	mkdirSync(join(root, `${device}/${socket}:1.0/${name}`), { recursive: true });
	link(`sys/class/tty/${name}/device`, join(root, `${device}/${socket}:1.0/${name}`));
	for (const [fact, text] of Object.entries(facts)) file(`${device}/${fact}`, `${text}\n`);
}

test("an adapter with a serial number has a name that stays, and says who made it", () => {
	adapter("ttyUSB1", "1-1", { manufacturer: "FTDI", product: "FT232R USB UART" });
	const name = "usb-FTDI_FT232R_USB_UART_A50285BI-if00-port0";
	link(`dev/serial/by-id/${name}`, "../../ttyUSB1");
	link("dev/serial/by-path/platform-usb-0:1.1:1.0-port0", "../../ttyUSB1");
	expect(linuxPorts(root)).toEqual([
		{
			port: `/dev/serial/by-id/${name}`,
			device: "/dev/ttyUSB1",
			title: "FTDI FT232R USB UART",
			usable: true,
		},
	]);
});

test("of two without a number, one link in by-id: the other is named by its socket", () => {
	for (const [name, socket] of [
		["ttyUSB0", "1-1"],
		["ttyUSB1", "1-2"],
	] as const) {
		adapter(name, socket, { product: "USB Serial" });
		link(`dev/serial/by-path/socket-${socket}`, `../../${name}`);
	}
	link("dev/serial/by-id/usb-1a86_USB_Serial-if00-port0", "../../ttyUSB1");
	expect(linuxPorts(root).map(({ port }) => port)).toEqual([
		"/dev/serial/by-path/socket-1-1",
		"/dev/serial/by-id/usb-1a86_USB_Serial-if00-port0",
	]);
});

test("the Pi's own UART; terminals and UARTs that are not there are left out; named ones come first", () => {
	for (const name of ["tty", "tty1", "ptmx", "ttyS0", "ttyS1"]) file(`sys/class/tty/${name}/dev`, "4:0");
	file("sys/class/tty/ttyS0/type", "4\n");
	file("sys/class/tty/ttyS1/type", "0\n");
	file("sys/class/tty/ttyAMA0/dev", "204:64");
	file("dev/ttyAMA0", "");
	link("dev/serial0", "ttyAMA0");
	expect(linuxPorts(root)).toEqual([
		{ port: "/dev/serial0", device: "/dev/ttyAMA0", title: "", usable: true },
		{ port: "/dev/ttyS0", device: "/dev/ttyS0", title: "", usable: false },
	]);
});

test("a computer without any", () => {
	expect(linuxPorts(root)).toEqual([]);
});
