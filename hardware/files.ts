// The device's file store. Small, as it cannot be preloaded into flash: the module that it imports opens the storage while
// it is loaded.

import root from "embedded:storage/files";
import { type Folder, FolderFiles } from "./folder-files.js";

export class DeviceFiles extends FolderFiles {
	constructor() {
		super(root as unknown as Folder);
	}
}
