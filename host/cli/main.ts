// The `meterling` command: finds the command that is meant, shows help, and turns errors into one line and an
// exit code. Commands load only when they are asked for, so that `decode` starts quickly.

import { type Command, Exit, nearestWord, UsageError } from "./command.js";

/** Each command and how it is loaded, in the order of the help text. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = Object.freeze({
	run: async () => (await import("./run.js")).run,
	portal: async () => (await import("./portal.js")).portal,
	decode: async () => (await import("./decode.js")).decode,
	explain: async () => (await import("./explain.js")).explain,
	detect: async () => (await import("./detect.js")).detect,
	read: async () => (await import("./read.js")).read,
	"get-serial": async () => (await import("./get-serial.js")).getSerial,
	"get-type": async () => (await import("./get-type.js")).getType,
	emulate: async () => (await import("./emulate.js")).emulate,
	fleet: async () => (await import("./fleet.js")).fleet,
	provision: async () => (await import("./provision.js")).provision,
});

async function main([name, ...rest]: readonly string[]): Promise<number> {
	if (name === undefined || name === "--help" || name === "-h" || (name === "help" && rest.length === 0)) {
		process.stdout.write(await overview());
		return name === undefined ? Exit.USAGE : Exit.OK;
	}
	if (name === "help") return main([rest[0] as string, "--help"]);
	if (!Object.hasOwn(COMMANDS, name)) {
		const meant = nearestWord(name, Object.keys(COMMANDS));
		const hint = meant ? `did you mean ${meant}?` : `commands are ${Object.keys(COMMANDS).join(", ")}`;
		process.stderr.write(`meterling: unknown command ${name}; ${hint}\n`);
		return Exit.USAGE;
	}
	const command = await (COMMANDS[name] as () => Promise<Command>)();
	if (asksForHelp(rest)) {
		process.stdout.write(command.help);
		return Exit.OK;
	}
	try {
		return await command.run(rest);
	} catch (error) {
		if (!(error instanceof UsageError)) throw error;
		process.stderr.write(`meterling ${name}: ${error.message}\n`);
		return Exit.USAGE;
	}
}

/** `--help` or `-h` among the options; what stands behind `--` are file names. */
function asksForHelp(args: readonly string[]): boolean {
	const end = args.indexOf("--");
	return (end < 0 ? args : args.slice(0, end)).some((arg) => arg === "--help" || arg === "-h");
}

async function overview(): Promise<string> {
	const commands = await Promise.all(Object.values(COMMANDS).map((load) => load()));
	const lines = commands.map(({ name, summary }) => `  ${name.padEnd(12)}${summary}`);
	return `meterling reads energy meters: P1/DSMR, HAN (DLMS), Kamstrup KMP and IEC 62056-21.

Usage: meterling COMMAND [OPTIONS]

Commands:
${lines.join("\n")}

meterling COMMAND --help tells a command's options, with examples.
`;
}

// A reader that has seen enough (`meterling decode … | head`) closes the pipe: an end, not an error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
	if (error.code === "EPIPE") process.exit(Exit.OK);
	throw error;
});

process.exitCode = await main(process.argv.slice(2));
