// One whole APDU to one reading or rejection: ciphering, data-notification, A-XDR, push list.
// Not framing: session.ts joins frames and segments before.

import type { Action, SessionOptions } from "../protocol.js";
import { hexText, keyBytes } from "../shared/text.js";
import { notificationHeader } from "./apdu.js";
import { AxdrItems } from "./axdr.js";
import { Ciphering, type Deciphered, isCiphered } from "./ciphering.js";
import { cosemTime } from "./cosem-time.js";
import { KnownObjects } from "./lists/known-objects.js";
import type { ListSettings } from "./lists/list.js";
import { LISTS } from "./lists/lists.js";
import { ReadingBuilder } from "./lists/reading-builder.js";
import { makerOf } from "./makers.js";
import { rejected } from "./rejection.js";

export class ApduDecoder {
	readonly #items = new AxdrItems();
	readonly #known = new KnownObjects();
	readonly #ciphering: Ciphering;
	readonly #listSettings: ListSettings;
	readonly #ratio: number;

	constructor({ cipher, settings }: SessionOptions) {
		this.#ciphering = new Ciphering({
			cipher,
			encryptionKey: keyBytes(settings.encryptionKey),
			authenticationKey: keyBytes(settings.authenticationKey),
			refuseReplay: settings.refuseReplay === true,
		});
		const scale = settings.kamstrupEnergyScale;
		this.#listSettings = { kamstrupEnergyScale: scale === "1" || scale === "10" ? scale : "auto" };
		this.#ratio = typeof settings.transformerRatio === "number" ? settings.transformerRatio : 1;
	}

	/** Decodes the APDU in `bytes[start, end)`; `offset` is that of its first frame, for rejections. */
	decode(bytes: Uint8Array, start: number, end: number, offset: number): Action {
		if (!isCiphered(bytes[start])) return this.#notification(bytes, start, end, offset, undefined);
		const opened = this.#ciphering.open(bytes, start, end);
		if ("code" in opened) {
			const { code, ...facts } = opened;
			return rejected("ciphering", code, offset, facts);
		}
		const action = this.#notification(opened.plaintext, 0, opened.plaintext.length, offset, opened);
		if (action.do === "reading") this.#ciphering.accept(opened);
		else if (!opened.authentic)
			// Without a checked tag, nonsense behind a lucky first byte means the key.
			return rejected("ciphering", "wrong-key", offset, {
				detail: hexText(opened.systemTitle),
			});
		return action;
	}

	#notification(
		bytes: Uint8Array,
		start: number,
		end: number,
		offset: number,
		opened: Deciphered | undefined,
	): Action {
		const header = notificationHeader(bytes, start, end);
		if (typeof header === "string")
			return rejected(
				"apdu",
				header,
				offset,
				header === "tag" ? { expected: 0x0f, actual: bytes[start] ?? 0 } : {},
			);
		const items = this.#items;
		let fault = items.parse(bytes, header.body, end);
		const strictEnd = items.end;
		if ((fault || items.end !== end) && (items.parse(bytes, header.body, end, true) || items.end !== end)) {
			fault ??= items.parse(bytes, header.body, end);
			return fault
				? rejected("apdu", fault, offset, { actual: strictEnd - start })
				: rejected("apdu", "trailing", offset, { expected: strictEnd - start, actual: end - start });
		}
		const out = new ReadingBuilder(this.#known);
		out.ratio = this.#ratio;
		for (const list of LISTS) if (list(items, out, this.#listSettings)) break;
		if (out.size === 0) return rejected("list", "empty", offset);
		if (opened) out.manufacturer ??= makerOf(opened.systemTitle);
		return {
			do: "reading",
			reading: out.finish(header.time < 0 ? undefined : cosemTime(bytes, header.time)),
		};
	}
}
