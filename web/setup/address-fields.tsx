// Host name, and the address where the router shall not give one: folded away, as hardly anyone needs them.

import { SelectField, TextField } from "../controls.js";
import { texts } from "../texts/texts.js";
import type { AddressEntry, AddressKey } from "./address-form.js";

export function AddressFields({
	entry,
	wrong,
	wireless,
	onEntry,
}: {
	readonly entry: AddressEntry;
	readonly wrong: readonly AddressKey[];
	readonly wireless: boolean;
	onEntry(entry: AddressEntry): void;
}) {
	const words = texts.network;
	const field = (key: AddressKey, label: string, help?: string) => (
		<TextField
			label={label}
			{...(help === undefined ? {} : { help })}
			value={entry[key]}
			onInput={(value) => onEntry({ ...entry, [key]: value.trim() })}
			problem={wrong.includes(key) ? (key === "hostName" ? words.badHost : words.badAddress) : undefined}
			inputMode={key === "hostName" ? "text" : "decimal"}
		/>
	);
	return (
		<details open={wrong.length > 0 || !wireless || undefined}>
			<summary>{words.more}</summary>
			{field("hostName", words.hostName, words.hostNameHelp)}
			{wireless && (
				<SelectField
					label={words.addressing}
					value={entry.fixed ? "fixed" : "dhcp"}
					onInput={(value) => onEntry({ ...entry, fixed: value === "fixed" })}
					choices={[
						{ value: "dhcp", label: words.dhcp },
						{ value: "fixed", label: words.fixed },
					]}
				/>
			)}
			{wireless && entry.fixed && (
				<>
					{field("address", words.address)}
					{field("netmask", words.netmask)}
					{field("gateway", words.gateway)}
					{field("nameServer", words.nameServer, words.optional)}
				</>
			)}
		</details>
	);
}
