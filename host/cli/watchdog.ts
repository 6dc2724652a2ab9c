// systemd's watchdog (sd_notify(3), systemd.service(5) under WatchdogSec): told again and again that the program's main
// loop goes round; where it stands still, systemd ends the program and starts it again. Node has no datagram sockets of
// that kind, so systemd's own `systemd-notify` carries the message.

import { spawn } from "node:child_process";

/** The message is sent this often within the time that systemd waits. */
const PARTS = 3;
const MICROSECONDS = 1000;

export interface Watchdog {
	close(): void;
}

/** Begins, where systemd asks this program for it. */
export function feedWatchdog(): Watchdog | undefined {
	const { NOTIFY_SOCKET, WATCHDOG_USEC, WATCHDOG_PID } = process.env;
	const period = Number(WATCHDOG_USEC) / MICROSECONDS / PARTS;
	if (!NOTIFY_SOCKET || !(period >= 1)) return undefined;
	if (WATCHDOG_PID !== undefined && WATCHDOG_PID !== `${process.pid}`) return undefined;
	const feed = () => {
		const child = spawn("systemd-notify", ["WATCHDOG=1"], { stdio: "ignore" });
		// Without that program nothing is told, and systemd does what the unit says.
		child.on("error", () => {});
		child.unref();
	};
	feed();
	const timer = setInterval(feed, period);
	return { close: () => clearInterval(timer) };
}
