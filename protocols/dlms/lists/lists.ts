// All push lists, tried in this order; the last takes everything.

import { aidon } from "./aidon.js";
import { austria } from "./austria.js";
import { described } from "./described.js";
import { iskraemeco } from "./iskraemeco.js";
import { kaifa } from "./kaifa.js";
import { kamstrup } from "./kamstrup.js";
import { landisGyr } from "./landis-gyr.js";
import type { PushList } from "./list.js";
import { taggedAttributes } from "./tagged-attributes.js";
import { unknown } from "./unknown.js";

export const LISTS: readonly PushList[] = Object.freeze([
	kamstrup,
	aidon,
	kaifa,
	austria,
	described,
	landisGyr,
	taggedAttributes,
	iskraemeco,
	unknown,
]);
