// The settings of firmware updates.

import type { SettingSection } from "./schema.js";

export const UPDATE = "update";

export const updateSection: SettingSection = {
	name: UPDATE,
	title: "Update",
	settings: [
		{
			key: "trialMinutes",
			type: "number",
			default: 10,
			least: 2,
			most: 120,
			unit: "min",
			label: "Trial of a new firmware",
			help: "A new firmware that has not reached the network, and the meter where the old one did, by then gives way to the old one.",
		},
	],
};
