// Address and host name as typed, and what is wrong with them. Pure; the gateway's rule is settings/network.ts.

export interface AddressEntry {
	readonly hostName: string;
	readonly fixed: boolean;
	readonly address: string;
	readonly netmask: string;
	readonly gateway: string;
	readonly nameServer: string;
}

export type AddressKey = Exclude<keyof AddressEntry, "fixed">;

/** The fields whose values cannot be. */
export function wrongKeys(entry: AddressEntry): readonly AddressKey[] {
	const wrong: AddressKey[] = [];
	if (!/^([a-z0-9]([a-z0-9-]*[a-z0-9])?)?$/i.test(entry.hostName)) wrong.push("hostName");
	if (!entry.fixed) return wrong;
	for (const key of ["address", "netmask", "gateway"] as const) if (!isAddress(entry[key])) wrong.push(key);
	if (entry.nameServer !== "" && !isAddress(entry.nameServer)) wrong.push("nameServer");
	return wrong;
}

/** What the gateway is told: without a fixed address none of its parts. */
export function addressPatch({ hostName, fixed, ...parts }: AddressEntry): Record<string, string | null> {
	const { address, netmask, gateway, nameServer } = parts;
	if (fixed) return { hostName, address, netmask, gateway, nameServer };
	return { hostName, address: "", netmask: null, gateway: "", nameServer: "" };
}

export function isAddress(text: string): boolean {
	const parts = text.split(".");
	return parts.length === 4 && parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255);
}
