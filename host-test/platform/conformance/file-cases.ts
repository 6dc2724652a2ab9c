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
