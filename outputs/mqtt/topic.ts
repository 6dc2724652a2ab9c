// What may stand in an MQTT topic and client id (MQTT 3.1.1, 1.5.3 and 4.7), and topics with places to fill in: `{gateway}`,
// `{meter}`. Problems are words for people.

import { indexOfAny, replaced } from "../../readings/characters.js";
import type { Reading } from "../../readings/reading.js";

/** Longest topic setting; what is filled in, `/reading` and the like come on top. */
export const LONGEST_TOPIC = 128;
export const LONGEST_CLIENT_ID = 64;
/** Characters of what is filled in. */
const LONGEST_VALUE = 48;
const CONTROLS = "\u0000-\u001f\u007f-\u009f";

/** Places that any topic may have, and those that only a reading's can fill. */
const PLACES = "{gateway}";
const READING_PLACES = "{gateway} {topic} {meter} {protocol} {list}";

/** Why this cannot be the root of the gateway's topics; `undefined` where it can. `ofReading`: for readings alone, may be empty. */
export function problemWithTopic(topic: string, ofReading = false): string | undefined {
	if (topic === "" && ofReading) return undefined;
	if (topic === "" || topic.length > LONGEST_TOPIC)
		return `the topic must have 1 to ${LONGEST_TOPIC} characters`;
	if (indexOfAny(topic, "+#".concat(CONTROLS)) >= 0)
		return "the topic contains + or #, which only subscribers may use, or a control character";
	if (topic.startsWith("$") || topic.endsWith("/"))
		return "the topic begins with $, which belongs to the broker, or ends with /";
	const places = ofReading ? READING_PLACES : PLACES;
	for (const piece of topic.split("{").slice(1)) {
		const end = piece.indexOf("}");
		if (end <= 0 || !places.includes("{".concat(piece.slice(0, end + 1))))
			return "the topic has other places to fill in than ".concat(places);
	}
	return undefined;
}

export function problemWithClientId(id: string): string | undefined {
	if (id.length <= LONGEST_CLIENT_ID && indexOfAny(id, CONTROLS) < 0) return undefined;
	return `the client id is longer than ${LONGEST_CLIENT_ID} characters, or contains a control character`;
}

/** The topic with its places filled in; those of a reading only with one. What a reading lacks is `unknown`. */
export function filledTopic(topic: string, gateway: string, root = "", reading?: Reading): string {
	if (!topic.includes("{")) return topic;
	const fill = (text: string, place: string, value: string) => text.split(place).join(value);
	const filled = fill(fill(topic, "{gateway}", levelOf(gateway)), "{topic}", root);
	if (!reading) return filled;
	const { protocol, meter } = reading;
	const named = fill(fill(filled, "{meter}", levelOf(meter.id)), "{protocol}", protocol);
	return fill(named, "{list}", levelOf(meter.list));
}

/** Text from a meter as one level of a topic: nothing in it means anything to a broker. */
export function levelOf(text: string | undefined): string {
	return text ? replaced(text.slice(0, LONGEST_VALUE), "+#/$".concat(CONTROLS), "_") : "unknown";
}
