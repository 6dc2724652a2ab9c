// Checks a discovery message against what Home Assistant documents (documented.json says where). Not a test.

import { readFileSync } from "node:fs";
import { join } from "node:path";

type Fields = Readonly<Record<string, unknown>>;
interface Class {
	readonly units: readonly string[] | null;
	readonly stateClasses: readonly string[];
}

export const documented = JSON.parse(readFileSync(join(__dirname, "documented.json"), "utf8")) as {
	readonly topic: string;
	readonly abbreviations: Readonly<Record<string, Readonly<Record<string, string>>>>;
	readonly keys: Readonly<Record<string, readonly string[]>>;
	readonly required: Readonly<Record<string, readonly string[]>>;
	readonly availabilityModes: readonly string[];
	readonly entityCategories: Readonly<Record<string, readonly string[]>>;
	readonly binarySensorClasses: readonly string[];
	readonly buttonClasses: readonly string[];
	readonly stateClasses: readonly string[];
	readonly sensorClasses: Readonly<Record<string, Class>>;
	readonly energyDashboard: Readonly<
		Record<
			string,
			{
				readonly classes: readonly string[];
				readonly units: readonly string[];
				readonly stateClasses: readonly string[];
			}
		>
	>;
};

/** One entity, its keys written out. */
export interface Component {
	readonly key: string;
	readonly platform: string;
	readonly unique_id: string;
	readonly name: string;
	readonly value_template?: string;
	readonly unit_of_measurement?: string;
	readonly device_class?: string;
	readonly state_class?: string;
	readonly suggested_display_precision?: number;
	readonly entity_category?: string;
	readonly enabled_by_default?: boolean;
	readonly state_topic?: string;
	readonly command_topic?: string;
}

/** A device's message, its keys written out. */
export interface Discovery {
	readonly topic: string;
	readonly device: Fields & {
		readonly identifiers: string;
		readonly name: string;
		readonly via_device?: string;
	};
	readonly state_topic: string;
	readonly components: readonly Component[];
	/** Keys of components that are taken back. */
	readonly removed: readonly string[];
	/** What Home Assistant would refuse. */
	readonly problems: readonly string[];
}

export function readDiscovery(topic: string, text: string): Discovery {
	const problems: string[] = [];
	const given = JSON.parse(text) as Fields;
	const root = writtenOut(given, "root", "root", problems);
	const device = writtenOut(root.device as Fields, "device", "device", problems);
	writtenOut(root.origin as Fields, "origin", "origin", problems);
	if (!new RegExp(documented.topic).test(topic)) problems.push(`topic ${topic}`);
	for (const one of (root.availability as Fields[] | undefined) ?? [])
		writtenOut(one, "availability", "availability", problems);
	if ("availability" in root && "availability_topic" in root) problems.push("both kinds of availability");
	if ("availability_mode" in root && !documented.availabilityModes.includes(`${root.availability_mode}`))
		problems.push(`availability mode ${root.availability_mode}`);
	const all = Object.entries(root.components as Record<string, Fields>);
	// A component of its platform alone is removed.
	const isRemoved = (fields: Fields) => Object.keys(fields).length === 1 && "p" in fields;
	const removed = all.filter(([, fields]) => isRemoved(fields)).map(([key]) => key);
	const kept = all.filter(([, fields]) => !isRemoved(fields));
	const components = kept.map(([key, fields]) => {
		const component = writtenOut(fields, "component", `${fields.p ?? fields.platform}`, problems);
		problems.push(...componentProblems(component).map((problem) => `${key}: ${problem}`));
		if (!/^[^\s/+#]+$/.test(key)) problems.push(`key ${key}`);
		return { key, ...component } as unknown as Component;
	});
	const ids = components.map(({ unique_id }) => unique_id);
	if (new Set(ids).size < ids.length) problems.push("two entities of one unique id");
	return {
		topic,
		device,
		state_topic: root.state_topic,
		components,
		removed,
		problems,
	} as unknown as Discovery;
}

/** The keys without abbreviations; those that are not documented, and those that lack, are problems. */
function writtenOut(fields: Fields, abbreviations: string, kind: string, problems: string[]): Fields {
	const full: Record<string, unknown> = {};
	for (const [key, value] of Object.entries(fields ?? {})) {
		const name = documented.abbreviations[abbreviations]?.[key] ?? key;
		if (name in full) problems.push(`${kind}: ${name} twice`);
		if (!documented.keys[kind]?.includes(name)) problems.push(`${kind}: ${key} is not documented`);
		full[name] = value;
	}
	for (const name of documented.required[kind] ?? [])
		if (full[name] === undefined || full[name] === "") problems.push(`${kind}: no ${name}`);
	return full;
}

function componentProblems(component: Fields): string[] {
	const problems: string[] = [];
	const { platform, device_class: of, unit_of_measurement: unit, state_class: state } = component;
	const { entity_category: category, suggested_display_precision: precision } = component;
	if (category !== undefined && !documented.entityCategories[`${platform}`]?.includes(`${category}`))
		problems.push(`category ${category}`);
	if (precision !== undefined && !(Number.isInteger(precision) && (precision as number) >= 0))
		problems.push(`precision ${precision}`);
	if (state !== undefined && !documented.stateClasses.includes(`${state}`))
		problems.push(`state class ${state}`);
	if (of === undefined) return problems;
	if (platform === "button" && !documented.buttonClasses.includes(`${of}`)) problems.push(`class ${of}`);
	if (platform === "binary_sensor" && !documented.binarySensorClasses.includes(`${of}`))
		problems.push(`class ${of}`);
	if (platform !== "sensor") return problems;
	const known = documented.sensorClasses[`${of}`];
	if (!known) return [...problems, `class ${of}`];
	const fits = known.units ? known.units.includes(`${unit ?? ""}`) : /^[A-Z]{3}$/.test(`${unit}`);
	if (!fits) problems.push(`class ${of} with unit ${unit}`);
	if (state !== undefined && !known.stateClasses.includes(`${state}`))
		problems.push(`class ${of} with state class ${state}`);
	return problems;
}
