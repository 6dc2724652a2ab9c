// What may stand in an MQTT topic, client id and user name (MQTT 3.1.1, 1.5.3 and 4.7). Answers are words for people.

/** Longest topic root; `/reading` and `/status` come after it. */
export const LONGEST_TOPIC = 128;
export const LONGEST_CLIENT_ID = 64;

/** Why this cannot be the root of the gateway's topics; `undefined` where it can. */
export function problemWithTopic(topic: string): string | undefined {
	if (topic === "") return "the topic is empty";
	if (topic.length > LONGEST_TOPIC) return `the topic is longer than ${LONGEST_TOPIC} characters`;
	if (topic.includes("+") || topic.includes("#"))
		return "the topic contains + or #, which only subscribers may use";
	if (topic.startsWith("$")) return "the topic begins with $, which belongs to the broker";
	if (topic.endsWith("/")) return "the topic ends with /";
	return hasControl(topic) ? "the topic contains a control character" : undefined;
}

export function problemWithClientId(id: string): string | undefined {
	if (id.length > LONGEST_CLIENT_ID) return `the client id is longer than ${LONGEST_CLIENT_ID} characters`;
	return hasControl(id) ? "the client id contains a control character" : undefined;
}

function hasControl(text: string): boolean {
	for (const character of text) {
		const code = character.codePointAt(0) as number;
		if (code < 0x20 || (code >= 0x7f && code < 0xa0)) return true;
	}
	return false;
}
