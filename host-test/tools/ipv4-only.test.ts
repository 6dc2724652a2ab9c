// tools/ipv4-only.mjs: copies of the SDK's C that need no IPv6, in place of the SDK's.

import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const TOOL = pathToFileURL(resolve(__dirname, "../../tools/ipv4-only.mjs")).href;
const ASK = `
import { ipv4Only } from ${JSON.stringify(TOOL)};
process.stdout.write(ipv4Only(...process.argv.slice(1)));
`;
/** Lines of the SDK of 2026-06-17, as far as they concern addresses. */
const SDK = {
	"io/socket/lwip/udp.c": `if (0xffffffff == *(uint32_t *)&multicastIP.u_addr.ip4)
	igmp_joingroup((ip4_addr_t *)&info.ip, &multicastIP.u_addr.ip4);
`,
	"network/net/esp/modNet.c": "dst.u_addr.ip4.addr &= 0x00ffffff;\n",
	"network/wifi/esp32/xs6wifi.c": "if (ESP_OK != esp_netif_create_ip6_linklocal(gStation))\n",
	"network/ethernet/esp32/ethernet.c": "esp_err_t ipv6_result = esp_netif_create_ip6_linklocal(gNetif);\n",
};

let folder: string;

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "meterling-ipv4-"));
	for (const [file, text] of Object.entries(SDK)) write(file, text);
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(file: string, text: string): void {
	const path = join(folder, "sdk/modules", file);
	mkdirSync(dirname(path), { recursive: true });
	writeFileSync(path, text);
}

const copy = (name: string) => readFileSync(join(folder, "copies", name), "utf8");

function made(board: string): { readonly modules: Readonly<Record<"~" | "*", readonly string[]>> } {
	const where = [join(folder, "sdk"), join(folder, "copies"), board];
	const { stdout, stderr, status } = spawnSync(
		process.execPath,
		["--input-type=module", "-e", ASK, ...where],
		{ encoding: "utf8" },
	);
	if (status !== 0) throw new Error(stderr);
	return JSON.parse(readFileSync(stdout, "utf8"));
}

test("addresses are read as lwIP has them with IPv4 alone", () => {
	made("{}");
	expect(copy("udp.c")).toBe(`if (0xffffffff == ip_2_ip4(&multicastIP)->addr)
	igmp_joingroup((ip4_addr_t *)&info.ip, ip_2_ip4(&multicastIP));
`);
	expect(copy("modNet.c")).toBe("ip_2_ip4(&dst)->addr &= 0x00ffffff;\n");
	expect(copy("xs6wifi.c")).toBe("if (ESP_OK != ESP_ERR_NOT_SUPPORTED)\n");
});

test("the manifest takes the copies in place of the SDK's; Ethernet's where a board has it", () => {
	const without = made("{}");
	expect(readdirSync(join(folder, "copies"))).not.toContain("ethernet.c");
	expect(without.modules["~"]).toEqual([
		"$(MODULES)/io/socket/lwip/udp.c",
		"$(MODULES)/network/net/esp/modNet.c",
		"$(MODULES)/network/wifi/esp32/xs6wifi.c",
	]);
	expect(without.modules["*"]).toEqual(
		["udp.c", "modNet.c", "xs6wifi.c"].map((name) => join(folder, "copies", name)),
	);
	const manifest = readFileSync(resolve(__dirname, "../../hardware/boards/wt32-eth01/manifest.json"), "utf8");
	expect(made(manifest).modules["*"]).toContain(join(folder, "copies/ethernet.c"));
	expect(copy("ethernet.c")).toBe("esp_err_t ipv6_result = ESP_ERR_NOT_SUPPORTED;\n");
});

test("C of the SDK that says it in another way is refused", () => {
	write("network/net/esp/modNet.c", "ip_2_ip4(&dst)->addr &= 0x00ffffff;\n");
	expect(() => made("{}")).toThrow(
		"the SDK's network/net/esp/modNet.c does not say dst.u_addr.ip4.addr any more",
	);
});
