// Reading the gateway's form of settings, where a step needs single values of it.

import { ask, type Reply } from "../api.js";
import type { FormField, FormSection } from "../setting-form.js";

export type Form = readonly FormSection[];

export function fieldOf(form: Form, section: string, key: string): FormField | undefined {
	return form.find(({ name }) => name === section)?.fields.find((field) => field.key === key);
}

/** A text or number as text; empty where there is none. */
export function valueOf(form: Form, section: string, key: string): string {
	return `${fieldOf(form, section, key)?.value ?? ""}`;
}

/** What a choice or a protocol is called. */
export function labelOf(field: FormField | undefined, value: string): string {
	return field?.choices?.find((choice) => choice.value === value)?.label ?? value;
}

/** The fields for keys that a protocol has. */
export function keyFields(form: Form, protocol: string): readonly FormField[] {
	const section = form.find(({ name }) => name === protocol);
	return section?.fields.filter(({ secret, format }) => secret && format === "hex32") ?? [];
}

/** Kept at once, in effect with the restart at the end. */
export function save(patch: Readonly<Record<string, object>>): Promise<Reply<unknown>> {
	return ask("PATCH", "settings", patch);
}

/** Why a patch was refused, where the gateway tells field by field. */
export function reasonsOf({ problem }: Reply<unknown>): string | undefined {
	const list = problem?.problems;
	return list && list.length > 0
		? list.map((each) => `${each.setting.replace(/^.*\./, "")} ${each.problem}`).join("; ")
		: undefined;
}
