// The settings of the gateway's own network: Wi-Fi, address, name, time. Which of them are in effect is
// app/network-link.ts's business.

import { consistsOf, isDotted, isHex } from "../readings/characters.js";
import type { SettingRule } from "./changes.js";
import type { SettingProblem, SettingSection, Settings } from "./schema.js";
import { posixOf } from "./time-zones.js";

export const NETWORK = "network";

/** IEEE 802.11, 9.4.2.2: 32 bytes. */
const LONGEST_SSID = 32;
/** IEEE 802.11i: 8 to 63 characters, or the key itself in 64 hexadecimal digits. */
const SHORTEST_WPA_PASSWORD = 8;
const LONGEST_WPA_PASSWORD = 64;
/** RFC 1035, 2.3.4. */
const LONGEST_HOST_NAME = 63;
const LONGEST_ADDRESS = 15;
const LONGEST_TIME_ZONE = 64;

export const networkSection: SettingSection = {
	name: NETWORK,
	title: "Network",
	settings: [
		{
			key: "ssid",
			type: "text",
			default: "",
			longest: LONGEST_SSID,
			label: "Wi-Fi network",
			help: "Its name. Empty on devices with a cable, and before the first set-up.",
		},
		{
			key: "password",
			type: "text",
			default: "",
			secret: true,
			longest: LONGEST_WPA_PASSWORD,
			label: "Wi-Fi password",
			help: "Empty for an open network.",
		},
		{
			key: "hidden",
			type: "switch",
			default: false,
			label: "Hidden network",
			help: "The network does not send its name. Roaming needs one that does.",
		},
		{
			key: "hostName",
			type: "text",
			default: "",
			format: "host",
			longest: LONGEST_HOST_NAME,
			label: "Host name",
			help: "The gateway's name in the network: NAME.local. Empty: meterling- and six digits.",
		},
		{
			key: "address",
			type: "text",
			default: "",
			longest: LONGEST_ADDRESS,
			label: "Fixed address",
			help: "Such as 192.168.1.50. Empty: the router gives one (DHCP).",
		},
		{
			key: "netmask",
			type: "text",
			default: "255.255.255.0",
			longest: LONGEST_ADDRESS,
			label: "Network mask",
			help: "Only with a fixed address.",
		},
		{
			key: "gateway",
			type: "text",
			default: "",
			longest: LONGEST_ADDRESS,
			label: "Router",
			help: "Only with a fixed address: the router's.",
		},
		{
			key: "nameServer",
			type: "text",
			default: "",
			longest: LONGEST_ADDRESS,
			label: "Name server",
			help: "Only with a fixed address. Empty: the router.",
		},
		{
			key: "timeServer",
			type: "text",
			default: "",
			format: "host",
			label: "Time server",
			help: "NTP. Empty: the router where it knows the time, then pool.ntp.org.",
		},
		{
			key: "timeZone",
			type: "text",
			default: "Europe/Copenhagen",
			longest: LONGEST_TIME_ZONE,
			label: "Time zone",
			help: "A name such as Europe/Copenhagen, or a POSIX TZ string.",
		},
	],
	restarts: "gateway",
};

/** What one value alone does not show. */
export const networkRule: SettingRule = (settings) => {
	const problems: SettingProblem[] = [];
	const refuse = (key: string, problem: string) => problems.push({ setting: `${NETWORK}.${key}`, problem });
	const text = (key: string) => `${settings[NETWORK]?.[key] ?? ""}`;
	const password = text("password");
	if (ArrayBuffer.fromString(text("ssid")).byteLength > LONGEST_SSID)
		refuse("ssid", `must have at most ${LONGEST_SSID} bytes in UTF-8`);
	if (password !== "" && password.length < SHORTEST_WPA_PASSWORD)
		refuse("password", `must have at least ${SHORTEST_WPA_PASSWORD} characters`);
	if (password.length === LONGEST_WPA_PASSWORD && !isHex(password))
		refuse("password", "must have at most 63 characters");
	const hostName = text("hostName");
	if (!consistsOf(hostName, "a-zA-Z0-9-") || hostName.startsWith("-") || hostName.endsWith("-"))
		refuse("hostName", "must be of letters, digits and hyphens");
	for (const key of ["address", "netmask", "gateway", "nameServer"])
		if (text(key) !== "" && !isAddress(text(key)))
			refuse(key, "must be four numbers from 0 to 255 with points");
	if (text("address") !== "") {
		for (const key of ["netmask", "gateway"])
			if (text(key) === "") refuse(key, "is needed with a fixed address");
	}
	if (posixOf(text("timeZone")) === undefined) refuse("timeZone", "is no time zone known here");
	return problems;
};

/** Four numbers with points, as written by hand: no leading zeros, which some read as octal. */
export function isAddress(text: string): boolean {
	return isDotted(text) && text.split(".").every((part) => `${Number(part)}` === part && Number(part) <= 255);
}

/** The name by which the gateway is known in its network, without `.local`. */
export function hostNameOf(settings: Settings, id: string): string {
	return `${settings[NETWORK]?.hostName ?? ""}`.toLowerCase() || id;
}
