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

export const SECTIONS: readonly SettingSection[] = settingSections(PROTOCOLS, OUTPUTS, [
	networkSection,
	boardSection(findBoard(boardName())),
	updateSection,
	costSection,
]);
