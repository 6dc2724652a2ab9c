// Signal strength as bars, and the lock of a network that needs a password; words for who does not see them.

import { texts } from "../texts/texts.js";

const HEIGHTS = [4, 7, 10, 13];
const BASE = 15;

export function Signal({ bars, open }: { readonly bars: number; readonly open: boolean }) {
	const text = `${texts.network.signal[bars] ?? ""}, ${open ? texts.network.open : texts.network.locked}`;
	return (
		<svg class="signal" viewBox="0 0 36 16" role="img" aria-label={text}>
			{!open && <path class="lock" d="M3 8V5.5a3 3 0 0 1 6 0V8M1.5 8h9v6h-9z" />}
			{HEIGHTS.map((height, index) => (
				<rect
					key={height}
					class={index < bars ? "on" : ""}
					x={16 + index * 5}
					y={BASE - height}
					width="3.4"
					height={height}
					rx="1"
				/>
			))}
		</svg>
	);
}
