// `meterling explain` as a command: its exit codes, its errors, and that it repeats no key.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UsageError } from "../../host/cli/command.js";
import { explain } from "../../host/cli/explain.js";

describe("meterling explain", () => {
	let folder: string;
	let printed: string;

	beforeEach(() => {
		folder = mkdtempSync(join(tmpdir(), "explain-"));
		printed = "";
		jest.spyOn(process.stdout, "write").mockImplementation((text) => {
			printed += text;
			return true;
		});
	});
	afterEach(() => {
		jest.restoreAllMocks();
		rmSync(folder, { recursive: true });
	});

	function file(content: string): string {
		const path = join(folder, "capture");
		writeFileSync(path, content);
		return path;
	}

	it("explains hexadecimal text by its bytes and ends with 0", async () => {
		expect(await explain.run([file("40 3F 02 01 23 45 67 E9 56 0D\n")])).toBe(0);
		expect(printed).toContain("10 bytes: Kamstrup KMP");
		expect(printed).toContain("19088743");
	});

	it("ends with 1 where nothing is recognised, and still shows the bytes", async () => {
		expect(await explain.run([file("no meter has ever sent this")])).toBe(1);
		expect(printed).toContain("6E 6F 20 6D 65 74 65 72");
	});

	it("refuses wrong usage without repeating a key", async () => {
		const key = "00112233445566778899AABBCCDDEEF";
		await expect(explain.run(["--encryption-key", key, file("x")])).rejects.toThrow(UsageError);
		await expect(explain.run(["--encryption-key", key, file("x")])).rejects.not.toThrow(key);
		await expect(explain.run(["one", "two"])).rejects.toThrow(/one file at a time/);
		await expect(explain.run([join(folder, "absent")])).rejects.toThrow(/there is no such file/);
		await expect(explain.run(["--protocol", "morse", file("x")])).rejects.toThrow(/unknown protocol morse/);
	});

	it("hides numbers with --anonymous", async () => {
		await explain.run(["--anonymous", file("403F020123456 7E9560D")]);
		expect(printed).toContain("XX XX XX XX");
		expect(printed).not.toContain("19088743");
	});
});
