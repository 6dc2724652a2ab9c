// What is around every page: the name, the way to the other pages, and how current the values are.

import { type ComponentChildren, Fragment } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Freshness } from "./freshness.js";
import type { PageName } from "./route.js";
import { LanguageChoice } from "./texts/language-choice.js";
import { currentLanguage, texts } from "./texts/texts.js";

const LINKS: readonly PageName[] = ["now", "history", "meter", "health", "settings", "update", "account"];

export function Shell({
	page,
	fresh,
	foot,
	children,
}: {
	readonly page: PageName;
	readonly fresh?: Freshness | undefined;
	readonly foot?: ComponentChildren;
	readonly children: ComponentChildren;
}) {
	const current = page === "log" ? "health" : page;
	const main = useRef<HTMLElement>(null);
	const nav = useRef<HTMLElement>(null);
	const language = currentLanguage();
	useEffect(() => {
		const { current: bar } = nav;
		const link = bar?.querySelector<HTMLElement>("[aria-current]");
		if (link) bar?.scrollTo(link.offsetLeft - (bar.clientWidth - link.offsetWidth) / 2, 0);
	}, [current, language]);
	const skip = (event: Event) => {
		event.preventDefault();
		main.current?.focus();
	};
	return (
		<>
			<a class="skip" href="#content" onClick={skip}>
				{texts.common.toContent}
			</a>
			<header>
				<h1>
					<svg viewBox="0 0 32 32" aria-hidden="true">
						<path d="M3 18h6l4-11 6 18 4-11h6" />
					</svg>
					{texts.brand}
				</h1>
				{fresh && <p class={`pill ${fresh.level}`}>{fresh.pill}</p>}
				{page !== "setup" && (
					<nav aria-label={texts.common.pages} ref={nav}>
						{LINKS.map((name) => (
							<a key={name} href={`#${name}`} aria-current={name === current ? "page" : undefined}>
								{texts.pages[name]}
							</a>
						))}
					</nav>
				)}
			</header>
			<main class={fresh?.level ?? ""} id="content" tabIndex={-1} ref={main}>
				{/* Another language is another page: nothing keeps words of the one before. */}
				<Fragment key={language}>{children}</Fragment>
			</main>
			<footer>
				{foot}
				<LanguageChoice />
			</footer>
		</>
	);
}
