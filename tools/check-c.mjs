// Compiles the firmware's own C (hardware/**/*.c) against the real headers of ESP-IDF v6.0 and of the Moddable SDK, with
// every warning an error. Nothing is linked or run: that needs the IDF's own build. RISC-V chips (C3, C6) are compiled by a
// plain riscv gcc; for the Xtensa chips (ESP32, S3), which have no compiler outside Espressif's, only syntax and
// types are checked, by the same compiler. The IDF's configuration step is not run: the few values that
// the headers ask for stand below. The functions whose calls hardware/esp-idf sends elsewhere must be in the IDF's sources.
//
//   IDF_PATH=… MODDABLE=… node tools/check-c.mjs [CHIP…]     skips, and says so, where a part is missing
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { undefinedNames, wrappedNames } from "./esp-idf-component.mjs";

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const COMPILERS = ["riscv32-esp-elf-gcc", "riscv64-unknown-elf-gcc"];
/** `sdk`: the number that the SDK's sources know the chip by (tools/mcconfig/make.esp32.mk). */
const CHIPS = {
	esp32c3: { sdk: 4, cpu: "kCPUESP32C3", arch: "riscv", cores: 1 },
	esp32c6: { sdk: 5, cpu: "kCPUESP32C6", arch: "riscv", cores: 1 },
	esp32: { sdk: 1, cpu: "kCPUESP32", arch: "xtensa", cores: 2 },
	esp32s3: { sdk: 3, cpu: "kCPUESP32S3", arch: "xtensa", cores: 2 },
};

const WARNINGS = ["-Wall", "-Wextra", "-Werror"];
const LANGUAGE = ["-Os", "-std=gnu17", "-ffunction-sections", "-fdata-sections"];
const RISCV = ["-march=rv32imc", "-mabi=ilp32"];
/** Release and debug. */
const BUILDS = [[], ["-DmxDebug=1"]];
/** GCC's own headers come with Espressif's compiler; Debian's has none but picolibc's. */
const PICOLIBC = ["-specs=picolibc.specs"];

const SDK_FOLDERS = [
	"xs/includes",
	"xs/sources",
	"xs/platforms/esp",
	"modules/io/common",
	"modules/crypt/digest/kcl",
	"modules/base/instrumentation",
	"build/devices/esp32/lib/main",
];

/** Of the IDF, besides what the SDK's makefile names: what hardware/esp-idf requires, and where Mbed TLS keeps its own. */
const COMPONENT = join(ROOT, "hardware/esp-idf");
const MBEDTLS = "components/mbedtls/mbedtls/tf-psa-crypto";
const COMPONENT_FOLDERS = [
	"components/esp_hal_mspi/include",
	"components/esp_hal_pmu/include",
	"components/nvs_flash/include",
	"components/mbedtls/port/include",
	"components/mbedtls/mbedtls/include",
	`${MBEDTLS}/include`,
	`${MBEDTLS}/drivers/builtin/include`,
	`${MBEDTLS}/drivers/builtin/src`,
];
/** As the IDF's own build gives them to whatever includes Mbed TLS (components/mbedtls/CMakeLists.txt). */
const MBEDTLS_DEFINES = [
	"-DMBEDTLS_MAJOR_VERSION=4",
	'-DMBEDTLS_CONFIG_FILE="mbedtls/esp_config.h"',
	'-DTF_PSA_CRYPTO_USER_CONFIG_FILE="mbedtls/esp_config.h"',
	`-DMBEDTLS_USER_CONFIG_FILE="${join(COMPONENT, "psa-config.h")}"`,
];
/** In the C library, whose sources the IDF does not have. */
const NOT_OF_THE_IDF = ["puts"];

/** What the IDF's configuration step would write, as far as headers ask; defaults, and the SDK's own choices. */
const configuration = (chip, { arch, cores }) => ({
	[`CONFIG_IDF_TARGET_${chip.toUpperCase()}`]: 1,
	CONFIG_IDF_TARGET: `"${chip}"`,
	[`CONFIG_IDF_TARGET_ARCH_${arch.toUpperCase()}`]: 1,
	...(cores === 1 ? { CONFIG_FREERTOS_UNICORE: 1, CONFIG_ESP_SYSTEM_SINGLE_CORE_MODE: 1 } : {}),
	CONFIG_FREERTOS_NUMBER_OF_CORES: cores,
	CONFIG_FREERTOS_HZ: 1000,
	CONFIG_FREERTOS_MAX_TASK_NAME_LEN: 16,
	CONFIG_FREERTOS_TASK_NOTIFICATION_ARRAY_ENTRIES: 1,
	CONFIG_FREERTOS_NO_AFFINITY: "0x7FFFFFFF",
	CONFIG_FREERTOS_IDLE_TASK_STACKSIZE: 1024,
	CONFIG_FREERTOS_ISR_STACKSIZE: 2100,
	CONFIG_FREERTOS_TIMER_TASK_STACK_DEPTH: 2048,
	CONFIG_FREERTOS_TIMER_QUEUE_LENGTH: 10,
	CONFIG_FREERTOS_TIMER_TASK_PRIORITY: 1,
	CONFIG_FREERTOS_QUEUE_REGISTRY_SIZE: 0,
	CONFIG_LOG_DEFAULT_LEVEL: 0,
	CONFIG_LOG_MAXIMUM_LEVEL: 0,
	CONFIG_LOG_VERSION: 1,
	CONFIG_LOG_VERSION_1: 1,
	CONFIG_LWIP_IPV4: 1,
	CONFIG_LWIP_TCP_OVERSIZE_MSS: 1,
	CONFIG_LWIP_DHCP_COARSE_TIMER_SECS: 1,
	CONFIG_UART_ISR_IN_IRAM: 1,
	CONFIG_ESP_COREDUMP_ENABLE_TO_FLASH: 1,
	CONFIG_ESP_COREDUMP_SUMMARY_STACKDUMP_SIZE: 1024,
	CONFIG_APP_RETRIEVE_LEN_ELF_SHA: 9,
});

/**
 * Where the SDK's makefile has its compiler look for ESP-IDF's headers, and what our own manifest of the chip adds: another list
 * here once hid that two files did not compile in the real build.
 */
function idfFolders(chip, { arch }) {
	const makefile = readFileSync(join(process.env.MODDABLE, "tools/mcconfig/make.esp32.mk"), "utf8");
	const list = makefile.slice(makefile.indexOf("\nDRIVER_DIRS ="), makefile.indexOf("\nXS_OBJ ="));
	const manifest = readFileSync(join(ROOT, "hardware/boards/chips", `${chip}.json`), "utf8");
	const texts = [
		...list.split(/\s+/),
		JSON.parse(manifest).build.C_INCLUDES.replace(/^-I/, ""),
		...COMPONENT_FOLDERS.map((folder) => `$(IDF_PATH)/${folder}`),
	];
	return texts
		.filter((text) => text.startsWith("$(IDF_PATH)"))
		.map((text) => text.replace("$(IDF_PATH)", process.env.IDF_PATH).replaceAll("$(ESP32_SUBCLASS)", chip))
		.map((text) => text.replaceAll("$(ESP_ARCH)", arch));
}

/** The chip's abilities, as `CONFIG_SOC_…`, from the IDF's own list. */
function abilities(chip) {
	const file = join(process.env.IDF_PATH, "components/soc", chip, "include/soc/Kconfig.soc_caps.in");
	const text = readFileSync(file, "utf8");
	const found = {};
	for (const [, name, value] of text.matchAll(/^config (SOC_\w+)\n\s+\w+\n\s+default (\S+)$/gm))
		if (value !== "n") found[`CONFIG_${name}`] = value === "y" ? 1 : value;
	return found;
}

function main(asked) {
	const unknown = asked.filter((chip) => !(chip in CHIPS));
	if (unknown.length > 0) {
		console.error(`usage: check-c.mjs [${Object.keys(CHIPS).join(" | ")}]…`);
		process.exit(2);
	}
	const missing = whatIsMissing();
	if (missing) return console.log(`check-c: skipped: ${missing}`);
	const compiler = COMPILERS.find(runs);
	const sources = readdirSync(join(ROOT, "hardware"), { recursive: true })
		.filter((name) => name.endsWith(".c"))
		.map((name) => join(ROOT, "hardware", name))
		.filter(canBeCompiled)
		.sort();
	const scratch = mkdtempSync(join(tmpdir(), "check-c-"));
	try {
		writeStubs(scratch, sources);
		const wrong = (asked.length > 0 ? asked : Object.keys(CHIPS)).filter(
			(chip) => !checkChip(chip, compiler, sources, scratch),
		);
		const named = checkNames();
		if (wrong.length > 0 || !named) process.exitCode = 1;
	} finally {
		rmSync(scratch, { recursive: true });
	}
}

function whatIsMissing() {
	const { IDF_PATH, MODDABLE } = process.env;
	if (!IDF_PATH) return "IDF_PATH is not set (ESP-IDF v6.0 with its submodule lwip)";
	if (!existsSync(join(IDF_PATH, "components/esp_driver_uart"))) return `${IDF_PATH} holds no ESP-IDF`;
	if (!MODDABLE) return "MODDABLE is not set (the Moddable SDK)";
	if (!COMPILERS.some(runs)) return `none of ${COMPILERS.join(", ")} is there`;
	return undefined;
}

/** Mbed TLS is a submodule of the IDF's. */
function canBeCompiled(file) {
	if (hasMbedTls() || !/^#include "(mbedtls\/|psa)/m.test(readFileSync(file, "utf8"))) return true;
	console.log(`check-c: skipped: ${relative(ROOT, file)}: ${process.env.IDF_PATH} is without Mbed TLS`);
	return false;
}

function hasMbedTls() {
	return existsSync(join(process.env.IDF_PATH, MBEDTLS));
}

/** Whether the IDF's sources define every function that hardware/esp-idf stands for; another name would change nothing in an image. */
function checkNames() {
	const names = wrappedNames(readFileSync(join(COMPONENT, "CMakeLists.txt"), "utf8"))
		.filter((name) => !NOT_OF_THE_IDF.includes(name))
		.filter((name) => hasMbedTls() || !name.startsWith("mbedtls_"));
	const unknown = undefinedNames(names, join(process.env.IDF_PATH, "components"));
	if (unknown.length > 0) console.error(`not defined in ${process.env.IDF_PATH}: ${unknown.join(", ")}`);
	else console.log(`defined in the IDF: ${names.length} functions that hardware/esp-idf stands for`);
	return unknown.length === 0;
}

function runs(compiler) {
	return spawnSync(compiler, ["--version"]).status === 0;
}

/** What mcconfig would generate: identifiers of properties, and no defines. */
function writeStubs(scratch, sources) {
	const texts = sources.map((file) => readFileSync(file, "utf8"));
	const names = [...new Set(texts.flatMap((text) => text.match(/\bxsID_\w+/g) ?? []))];
	writeFileSync(
		join(scratch, "mc.xs.h"),
		names.map((name, index) => `#define ${name} ${index + 1}\n`).join(""),
	);
	writeFileSync(join(scratch, "mc.defines.h"), "");
}

function checkChip(chip, compiler, sources, scratch) {
	const facts = CHIPS[chip];
	const defined = { ...abilities(chip), ...configuration(chip, facts) };
	const lines = Object.entries(defined).map(([name, value]) => `#define ${name} ${value}\n`);
	writeFileSync(join(scratch, "sdkconfig.h"), lines.join(""));
	const system = [
		...idfFolders(chip, facts),
		...SDK_FOLDERS.map((folder) => join(process.env.MODDABLE, folder)),
	].filter((folder) => existsSync(folder));
	const compiles = facts.arch === "riscv";
	const flags = [
		...LANGUAGE,
		...WARNINGS,
		...RISCV,
		...(compiler.startsWith("riscv64") ? PICOLIBC : []),
		...["ESP_PLATFORM", "__ets__", `ESP32=${facts.sdk}`, `${facts.cpu}=1`].map((name) => `-D${name}`),
		"-U__STRICT_ANSI__",
		...MBEDTLS_DEFINES,
		...(compiles ? [] : ["-U__riscv", "-D__XTENSA__=1"]),
		`-I${scratch}`,
		...system.flatMap((folder) => ["-isystem", folder]),
	];
	const action = compiles ? ["-c", "-o", join(scratch, "checked.o")] : ["-fsyntax-only"];
	const isBad = (file, build) => {
		const options = [...flags, ...build, ...action, file];
		const { status, stderr } = spawnSync(compiler, options, { encoding: "utf8" });
		if (status !== 0) console.error(`${chip}: ${relative(ROOT, file)}\n${stderr}`);
		return status !== 0;
	};
	const bad = sources.filter((file) => BUILDS.some((build) => isBad(file, build)));
	const how = compiles ? "compiled" : "syntax and types checked";
	const good = sources.filter((file) => !bad.includes(file)).map((file) => basename(file));
	console.log(`${chip}: ${how} by ${compiler}, no warning: ${good.join(", ") || "none"}`);
	return bad.length === 0;
}

main(process.argv.slice(2));
