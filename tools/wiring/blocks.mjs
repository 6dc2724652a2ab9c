// The two blocks that most drawings have: the meter's port at the left, the chip at the right.
import { block } from "./symbols.mjs";

export const meter = (name, height, pins, y = 36) => block({ x: 8, y, width: 84, height, name, pins });
export const chip = (height, pins, y = 36) =>
	block({ x: 286, y, width: 66, height, name: "ESP32", pins, side: "left", kind: "chip" });
