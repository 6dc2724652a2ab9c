// The SDK's C for the network, for an lwIP without IPv6. It uses nothing of IPv6: its sockets are made and bound for IPv4 alone; Wi-Fi
// and Ethernet ask for an address of their own in it, and wait for that before they say that they are connected. Yet it
// does not compile without: it reads addresses as lwIP has them with both. The copies here are the same but for that.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";

/** In $MODDABLE/modules: what is written there, and what stands for it. The last one is in images with Ethernet alone. */
const CHANGES = {
	"io/socket/lwip/udp.c": {
		"*(uint32_t *)&multicastIP.u_addr.ip4": "ip_2_ip4(&multicastIP)->addr",
		"&multicastIP.u_addr.ip4": "ip_2_ip4(&multicastIP)",
	},
	"network/net/esp/modNet.c": { "dst.u_addr.ip4.addr": "ip_2_ip4(&dst)->addr" },
	"network/wifi/esp32/xs6wifi.c": { "esp_netif_create_ip6_linklocal(gStation)": "ESP_ERR_NOT_SUPPORTED" },
	"network/ethernet/esp32/ethernet.c": { "esp_netif_create_ip6_linklocal(gNetif)": "ESP_ERR_NOT_SUPPORTED" },
};
const ETHERNET = "network/ethernet/";

/**
 * Writes the copies into `folder`, and a manifest that puts them in place of the SDK's; returns its path. `sdk`: the SDK's folder;
 * `board`: the text of the board's manifest. Throws where the SDK's C has nothing to change: it may have learnt to do without.
 */
export function ipv4Only(sdk, folder, board) {
	mkdirSync(folder, { recursive: true });
	const files = Object.keys(CHANGES).filter((file) => !file.startsWith(ETHERNET) || board.includes(ETHERNET));
	for (const file of files) {
		let text = readFileSync(join(sdk, "modules", file), "utf8");
		for (const [written, instead] of Object.entries(CHANGES[file])) {
			if (!text.includes(written)) throw new Error(`the SDK's ${file} does not say ${written} any more`);
			text = text.replaceAll(written, instead);
		}
		writeChanged(join(folder, basename(file)), text);
	}
	const manifest = {
		modules: {
			"~": files.map((file) => `$(MODULES)/${file}`),
			"*": files.map((file) => join(folder, basename(file))),
		},
	};
	const path = join(folder, "manifest.json");
	writeChanged(path, `${JSON.stringify(manifest, null, "\t")}\n`);
	return path;
}

/** make looks at a file's time. */
function writeChanged(path, text) {
	if (!existsSync(path) || readFileSync(path, "utf8") !== text) writeFileSync(path, text);
}
