// The device's files. Small, and apart from folder-files.ts, as it cannot be preloaded: the SDK's module opens the storage
// while it is loaded, and what is not preloaded lies in RAM.

import root from "embedded:storage/files";
import { type Folder, FolderFiles } from "./folder-files.js";

export class DeviceFiles extends FolderFiles {
	constructor() {
		super(root as unknown as Folder);
	}
}
