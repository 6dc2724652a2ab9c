// Settings that the outputs have in common that push to a server.

import type { NumberSetting, TextSetting } from "../../settings/setting.js";

const LONGEST_PEM = 4096;
const LONGEST_PAUSE_S = 3600;

export function urlSetting(label: string, help: string, secret = false): TextSetting {
	return { key: "url", type: "text", default: "", format: "url", label, help, secret };
}

export function tokenSetting(label: string, help: string): TextSetting {
	return { key: "token", type: "text", default: "", secret: true, label, help };
}

export function everySetting(seconds: number, help: string): NumberSetting {
	return {
		key: "every",
		type: "number",
		default: seconds,
		least: 0,
		most: LONGEST_PAUSE_S,
		unit: "s",
		label: "Every",
		help,
	};
}

export function caSetting(): TextSetting {
	return {
		key: "ca",
		type: "text",
		default: "",
		longest: LONGEST_PEM,
		label: "Own CA",
		help: "Its certificate (PEM), where the server's is of no public one.",
	};
}
