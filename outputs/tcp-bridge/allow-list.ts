// Who may connect: IPv4 addresses and networks as a person writes them. No names, no IPv6.

/** An empty list: whoever is in a private network (RFC 1918, RFC 3927), so that no port forwarding opens the meter to the world. */
const PRIVATE = "10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 169.254.0.0/16 127.0.0.0/8";
const MAPPED = "::ffff:";
const BITS = 32;

interface Network {
	readonly address: number;
	/** How many of the last addresses are alike, as a power of two. */
	readonly size: number;
}

/** May that address connect? `list`: as the setting has it. */
export function isAllowed(address: string, list: string): boolean {
	const plain = address.startsWith(MAPPED) ? address.slice(MAPPED.length) : address;
	const found = addressOf(plain === "::1" ? "127.0.0.1" : plain);
	if (found === undefined) return false;
	for (const word of wordsOf(list)) {
		const network = networkOf(word);
		if (network && Math.floor(found / network.size) === Math.floor(network.address / network.size))
			return true;
	}
	return false;
}

/** The first entry that is neither address nor network; nobody gets in by it. */
export function wrongEntry(list: string): string | undefined {
	return wordsOf(list).find((word) => networkOf(word) === undefined);
}

function wordsOf(list: string): readonly string[] {
	const words = list
		.split(",")
		.flatMap((part) => part.split(" "))
		.filter((word) => word !== "");
	return words.length > 0 ? words : PRIVATE.split(" ");
}

function networkOf(word: string): Network | undefined {
	const slash = word.indexOf("/");
	const address = addressOf(slash < 0 ? word : word.slice(0, slash));
	const prefix = slash < 0 ? BITS : numberOf(word.slice(slash + 1), BITS);
	return address === undefined || prefix === undefined ? undefined : { address, size: 2 ** (BITS - prefix) };
}

function addressOf(text: string): number | undefined {
	const parts = text.split(".");
	if (parts.length !== 4) return undefined;
	let address = 0;
	for (const part of parts) {
		const number = numberOf(part, 255);
		if (number === undefined) return undefined;
		address = address * 256 + number;
	}
	return address;
}

function numberOf(text: string, most: number): number | undefined {
	if (text.length < 1 || text.length > 3) return undefined;
	for (const digit of text) if (digit < "0" || digit > "9") return undefined;
	return Number(text) <= most ? Number(text) : undefined;
}
