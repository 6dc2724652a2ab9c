// A time zone to choose by its name. The names come from the gateway, which knows their rules.

import { useEffect, useState } from "preact/hooks";
import { ask } from "./api.js";
import { SelectField } from "./controls.js";
import { failure } from "./failure.js";
import { grouped } from "./zones.js";

let known: readonly string[] | undefined;

export function ZoneSelect({
	label,
	help,
	problem,
	value,
	onInput,
	onNames,
}: {
	readonly label: string;
	readonly help: string;
	readonly problem: string | undefined;
	/** Also a POSIX TZ string, which no list has. */
	readonly value: string;
	onInput(value: string): void;
	/** The names are there. */
	onNames?(names: readonly string[]): void;
}) {
	const [names, setNames] = useState(known);
	const [failed, setFailed] = useState<string>();
	useEffect(() => {
		if (known) onNames?.(known);
		else
			void ask<readonly string[]>("GET", "portal/time-zones").then((reply) => {
				if (!reply.data) return setFailed(failure(reply));
				known = reply.data;
				setNames(known);
				onNames?.(known);
			});
	}, []);
	return (
		<SelectField
			label={label}
			help={help}
			problem={problem ?? failed}
			value={value}
			onInput={onInput}
			choices={value === "" || names?.includes(value) ? [] : [{ value, label: value }]}
			groups={grouped(names ?? [])}
		/>
	);
}
