// Pieces that several pages are made of: a card, facts, a notice, a page's heading that takes the focus.

import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { texts } from "./texts/texts.js";

export function Card({
	title,
	id,
	children,
}: {
	readonly title: string;
	readonly id: string;
	readonly children: ComponentChildren;
}) {
	return (
		<section class="card" aria-labelledby={id}>
			<h2 id={id}>{title}</h2>
			{children}
		</section>
	);
}

export function Fact({
	name,
	text,
	good,
}: {
	readonly name: ComponentChildren;
	readonly text: ComponentChildren;
	readonly good?: boolean | undefined;
}) {
	return (
		<div>
			<dt>{name}</dt>
			<dd class={good === undefined ? "" : good ? "good" : "bad"}>{text}</dd>
		</div>
	);
}

export type Tone = "bad" | "good" | "plain" | "busy";

/** What has just come of something: read out when it appears or changes. `undefined` leaves the place empty. */
export function Outcome({ tone, children }: { readonly tone: Tone; readonly children?: ComponentChildren }) {
	return (
		<div role={tone === "bad" ? "alert" : "status"}>
			{children && <p class={`outcome ${tone}`}>{children}</p>}
		</div>
	);
}

/** The heading of a page or step; takes the focus when it appears or its text changes, so that readers begin there. */
export function Heading({ children }: { readonly children: string }) {
	const element = useRef<HTMLHeadingElement>(null);
	useEffect(() => {
		document.title = `${children} · ${texts.brand}`;
		element.current?.focus({ preventScroll: true });
		scrollTo(0, 0);
	}, [children]);
	return (
		<h2 class="title" tabIndex={-1} ref={element}>
			{children}
		</h2>
	);
}
