// What may stand in an MQTT topic and client id (MQTT 3.1.1, 1.5.3 and 4.7), and topics with places to fill in: `{gateway}`,
// `{meter}`. Problems are words for people.

import type { Reading } from "../../readings/reading.js";

/** Longest topic setting; what is filled in, `/reading` and the like come on top. */
export const LONGEST_TOPIC = 128;
export const LONGEST_CLIENT_ID = 64;
/** Characters of what is filled in. */
const LONGEST_VALUE = 48;

/** Places that any topic may have, and those that only a reading's can fill. */
const PLACES = "{gateway}";
const READING_PLACES = "{gateway} {topic} {meter} {protocol} {list}";

/** Why this cannot be the root of the gateway's topics; `undefined` where it can. `ofReading`: for readings alone, may be empty. */
export function problemWithTopic(topic: string, ofReading = false): string | undefined {
	if (topic === "") return ofReading ? undefined : "the topic is empty";
	if (topic.length > LONGEST_TOPIC) return `the topic is longer than ${LONGEST_TOPIC} characters`;
	if (topic.includes("+") || topic.includes("#"))
		return "the topic contains + or #, which only subscribers may use";
	if (topic.startsWith("$")) return "the topic begins with $, which belongs to the broker";
	if (topic.endsWith("/")) return "the topic ends with /";
	if (hasControl(topic)) return "the topic contains a control character";
	const places = ofReading ? READING_PLACES : PLACES;
	for (const piece of topic.split("{").slice(1)) {
		const end = piece.indexOf("}");
		if (end <= 0 || !places.includes("{".concat(piece.slice(0, end + 1))))
			return "the topic has other places to fill in than ".concat(places);
	}
	return undefined;
}

export function problemWithClientId(id: string): string | undefined {
	if (id.length > LONGEST_CLIENT_ID) return `the client id is longer than ${LONGEST_CLIENT_ID} characters`;
	return hasControl(id) ? "the client id contains a control character" : undefined;
}

/** The topic with its places filled in; those of a reading only with one. What a reading lacks is `unknown`. */
export function filledTopic(topic: string, gateway: string, root = "", reading?: Reading): string {
	if (!topic.includes("{")) return topic;
	let filled = topic.split("{gateway}").join(levelOf(gateway)).split("{topic}").join(root);
	if (reading) {
		const { protocol, meter } = reading;
		filled = filled
			.split("{meter}")
			.join(levelOf(meter.id))
			.split("{protocol}")
			.join(protocol)
			.split("{list}")
			.join(levelOf(meter.list));
	}
	return filled;
}

/** Text from a meter as one level of a topic: nothing in it means anything to a broker. */
export function levelOf(text: string | undefined): string {
	if (!text) return "unknown";
	let level = "";
	for (const character of text.slice(0, LONGEST_VALUE))
		level = level.concat("+#/$".includes(character) || hasControl(character) ? "_" : character);
	return level;
}

function hasControl(text: string): boolean {
	for (const character of text) {
		const code = character.codePointAt(0) as number;
		if (code < 0x20 || (code >= 0x7f && code < 0xa0)) return true;
	}
	return false;
}
