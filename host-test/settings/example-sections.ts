// A small schema with every kind of setting, for the tests of this folder.

import type { SettingSection } from "../../settings/schema";

export const SECTIONS: readonly SettingSection[] = [
	{
		name: "meter",
		title: "Meter",
		restarts: "meter",
		settings: [
			{ key: "port", type: "text", default: "", label: "Port", help: "Where." },
			{
				key: "baud",
				type: "number",
				default: 0,
				least: 0,
				most: 921600,
				unit: "Bd",
				label: "Speed",
				help: "How fast.",
			},
			{
				key: "note",
				type: "text",
				default: "",
				label: "Note",
				help: "Only for people.",
				restarts: "nothing",
			},
		],
	},
	{
		name: "mqtt",
		title: "MQTT",
		restarts: "output",
		settings: [
			{ key: "host", type: "text", format: "host", default: "", label: "Broker", help: "Its name." },
			{
				key: "password",
				type: "text",
				secret: true,
				default: "",
				label: "Password",
				help: "The broker's.",
				longest: 64,
			},
			{ key: "key", type: "text", secret: true, format: "hex32", default: "", label: "Key", help: "A key." },
			{ key: "retain", type: "switch", default: true, label: "Retain", help: "Keeps the last." },
			{
				key: "quality",
				type: "choice",
				default: "once",
				choices: [
					{ value: "once", label: "At most once" },
					{ value: "sure", label: "At least once" },
				],
				label: "Quality",
				help: "How sure.",
			},
			{
				key: "factor",
				type: "number",
				default: 1,
				least: 0,
				most: 2,
				fractional: true,
				label: "Factor",
				help: "Times.",
			},
		],
	},
	{
		name: "network",
		title: "Network",
		settings: [{ key: "name", type: "text", default: "meterling", label: "Name", help: "Host name." }],
	},
];
