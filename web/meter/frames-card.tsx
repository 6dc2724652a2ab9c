// The last frames of the meter, each taken apart when it is unfolded, and all of them as a file.

import { useEffect, useState } from "preact/hooks";
import { ask } from "../api.js";
import { failure } from "../failure.js";
import { ago, bytesText, label } from "../format.js";
import { Card, Outcome } from "../pieces.js";
import { saveFile } from "../save-file.js";
import { texts } from "../texts/texts.js";
import { bytesOfHex } from "./cells.js";
import { explain } from "./explain.js";

interface Frame {
	readonly age: number;
	readonly length: number;
	readonly hex: string;
}

const NAME = "meterling-frames.";

export function FramesCard() {
	const [frames, setFrames] = useState<readonly Frame[]>([]);
	const [said, setSaid] = useState<string>();
	const words = texts.meterPage;
	const load = async () => {
		const reply = await ask<{ readonly frames: readonly Frame[] }>("GET", "frames");
		const { frames: all = [] } = reply.data ?? {};
		setFrames(all);
		setSaid(!reply.data ? failure(reply) : all.length === 0 ? words.noFrames : undefined);
	};
	useEffect(() => void load(), []);
	const text = frames.map(({ hex }) => `${hex}\n`).join("");
	const save = (kind: string, content: string | Uint8Array) => (
		<button type="button" class="quiet" onClick={() => saveFile(NAME + kind, content as string, "")}>
			{kind === "txt" ? words.saveHex : words.saveBinary}
		</button>
	);
	return (
		<Card title={words.frames} id="frames">
			<p class="help">{words.framesHelp}</p>
			<p class="actions">
				<button type="button" onClick={() => void load()}>
					{words.newest}
				</button>
				{save("txt", text)}
				{save("bin", bytesOfHex(text.replace(/\n/g, "")))}
			</p>
			<Outcome tone="plain">{said}</Outcome>
			{frames.map((frame, index) => <FrameDetails key={`${index} ${frame.hex}`} frame={frame} />).reverse()}
		</Card>
	);
}

function FrameDetails({ frame: { age, length, hex } }: { readonly frame: Frame }) {
	const [open, setOpen] = useState(false);
	const { meterPage } = texts;
	return (
		<details class="frame" onToggle={(event) => setOpen(event.currentTarget.open)}>
			<summary>
				{bytesText(length)} <span class="help">{ago(age)}</span>
			</summary>
			<table class="explained">
				<tbody>
					{open &&
						explain(bytesOfHex(hex)).map(({ at, hex: bytes, layer, field, name, text, good }) => (
							<tr key={`${at} ${field}`}>
								<td>
									<small>{at.toString(16).padStart(4, "0")}</small> <code>{bytes}</code>
								</td>
								<td>
									<small>
										{layer} {field}
									</small>{" "}
									{name && label(name)}{" "}
									<b class={good === undefined ? "" : good ? "good" : "bad"}>
										{good === undefined ? "" : good ? meterPage.right : meterPage.wrong} {text}
									</b>
								</td>
							</tr>
						))}
				</tbody>
			</table>
		</details>
	);
}
