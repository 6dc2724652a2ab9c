// Every setting that this build has. Made while the module is loaded: on a board that is when the firmware is built, and
// the three hundred objects that it consists of then lie in flash.

import { boardSection } from "../hardware/boards/choice.js";
import { findBoard } from "../hardware/boards/registry.js";
import { boardName } from "../hardware/identity.js";
import { OUTPUTS } from "../outputs/registry.js";
import { PROTOCOLS } from "../protocols/registry.js";
import { costSection } from "../settings/cost.js";
import { networkSection } from "../settings/network.js";
import { type SettingSection, settingSections } from "../settings/schema.js";
import { updateSection } from "../settings/update.js";

export const SECTIONS: readonly SettingSection[] = frozen(
	settingSections(PROTOCOLS, OUTPUTS, [
		networkSection,
		boardSection(findBoard(boardName())),
		updateSection,
		costSection,
	]),
);

/** With all that is in it: for each object of flash that could be changed XS keeps a pointer in RAM. */
function frozen<T>(table: T): T {
	if (typeof table === "object" && table !== null) for (const member of Object.values(table)) frozen(member);
	return Object.freeze(table);
}
