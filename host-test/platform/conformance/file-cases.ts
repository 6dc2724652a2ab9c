// `embedded:storage/files` behind hardware/files.ts.

import { DeviceFiles } from "../../../hardware/files.js";
import { bytesOf, differs, mustThrow, textOf } from "./bytes.js";
import type { ConformanceCase } from "./conformance.js";

export const fileCases: readonly ConformanceCase[] = [
	{
		name: "files: what was written is read back, and replaced by something shorter",
		run(_, done) {
			const files = new DeviceFiles();
			files.write("conformance", bytesOf("a long first version"));
			files.write("conformance", bytesOf("short"));
			const bytes = files.read("conformance");
			done(differs("the file", bytes && textOf(bytes), "short"));
		},
	},
	{
		name: "files: a missing file is undefined, an empty one is empty",
		run(_, done) {
			const files = new DeviceFiles();
			files.write("conformance-empty", new Uint8Array(0));
			done(
				differs("a missing file", files.read("there-is-none"), undefined) ??
					differs("an empty file's length", files.read("conformance-empty")?.length, 0),
			);
		},
	},
	{
		name: "files: appended at the end and from a place on, read in parts",
		run(_, done) {
			const files = new DeviceFiles();
			files.remove("conformance-log");
			files.append("conformance-log", bytesOf("one,"));
			files.append("conformance-log", bytesOf("twx"));
			files.append("conformance-log", bytesOf("o,three"), 6);
			const part = files.readPart("conformance-log", 4, 3);
			const end = files.readPart("conformance-log", 8, 100);
			done(
				differs("the length", files.size("conformance-log"), 13) ??
					differs("a part", part && textOf(part), "two") ??
					differs("the end", end && textOf(end), "three") ??
					differs("behind the end", files.readPart("conformance-log", 20, 3)?.length, 0) ??
					differs("a missing file", files.size("there-is-none"), undefined),
			);
		},
	},
	{
		name: "files: a path that climbs out is refused",
		run(_, done) {
			const files = new DeviceFiles();
			done(
				differs("reading it", files.read("../secret"), undefined) ??
					mustThrow("writing it", () => files.write("../secret", bytesOf("x"))),
			);
		},
	},
];
