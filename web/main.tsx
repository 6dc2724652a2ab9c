// The page's beginning: asks who we are and whether there is something to set up, then shows the page that the address
// names.

import "./style.css";
import { render } from "preact";
import { useEffect, useState } from "preact/hooks";
import { AccountPage } from "./account-page.js";
import { ask } from "./api.js";
import { freshness } from "./freshness.js";
import { GatewayLink, type Snapshot } from "./gateway.js";
import { HealthPage } from "./health-page.js";
import { HistoryPage } from "./history/history-page.js";
import { LogPage } from "./log-page.js";
import { MeterPage } from "./meter/meter-page.js";
import { NowPage } from "./now-page.js";
import { EMPTY_PICTURE } from "./picture.js";
import { usePoll } from "./poll.js";
import type { PageName } from "./route.js";
import { refreshSession, type SessionJson, useSession } from "./session.js";
import { SettingsPage } from "./settings-page.js";
import { SetupPage } from "./setup/setup-page.js";
import { isPortal, type PortalSummary } from "./setup/steps.js";
import { Shell } from "./shell.js";
import { SignIn } from "./sign-in.js";
import { startLanguage, useLanguage } from "./texts/language.js";
import { texts } from "./texts/texts.js";
import { UpdatePage } from "./update-page.js";
import { usePlace } from "./use-place.js";

const TICK_MS = 1000;
const RETRY_MS = 3000;
const START: Snapshot = { link: "connecting", since: Date.now(), picture: EMPTY_PICTURE, health: undefined };

function App() {
	const session = useSession();
	useLanguage();
	const [portal, setPortal] = useState<PortalSummary>();
	const [ready, setReady] = useState(false);
	const { page, part } = usePlace();
	usePoll(
		async () => {
			const [known, summary] = await Promise.all([
				refreshSession(),
				ask<PortalSummary>("GET", "portal/state"),
			]);
			if (summary.data) setPortal(summary.data);
			setReady(known && summary.status !== 0);
		},
		RETRY_MS,
		!ready,
	);
	if (!session || !ready)
		return (
			<Shell page="setup">
				<p class="hint" role="status">
					{texts.common.connecting}
				</p>
			</Shell>
		);
	// An address that names a page is respected.
	const setUp = page === "setup" || (page === undefined && isPortal(portal));
	if (setUp && portal)
		return (
			<Shell page="setup">
				<SetupPage session={session} portal={portal} part={part} />
			</Shell>
		);
	return <Pages session={session} page={page === undefined || page === "setup" ? "now" : page} part={part} />;
}

/** Everything but the set-up; the link to the gateway lasts while one goes from page to page. */
function Pages({
	session,
	page,
	part,
}: {
	readonly session: SessionJson;
	readonly page: PageName;
	readonly part: string;
}) {
	const { mayRead, right } = session;
	const [snapshot, now] = useLink(mayRead);
	const fresh = freshness(snapshot, now);
	const { picture, health } = snapshot;
	const admin = right === "admin";
	if (page === "now" || page === "history" || page === "health") {
		if (!mayRead)
			return (
				<Shell page={page}>
					<SignIn why={texts.signIn.whyRead} />
				</Shell>
			);
		if (page === "history")
			return (
				<Shell page={page} fresh={fresh}>
					<HistoryPage part={part} />
				</Shell>
			);
		if (page === "health")
			return (
				<Shell page={page} fresh={fresh}>
					<HealthPage health={health} admin={admin} />
				</Shell>
			);
		const foot = (
			<>
				<span>{picture.gateway}</span>
				<a href="/api/v1/reading">{texts.now.json}</a>
			</>
		);
		return (
			<Shell page={page} fresh={fresh} foot={foot}>
				{!session.passwordSet && (
					<p class="notice">
						{texts.signIn.noPassword} <a href="#setup">{texts.signIn.toSetup}</a>
					</p>
				)}
				<NowPage snapshot={snapshot} fresh={fresh} now={now} />
			</Shell>
		);
	}
	return (
		<Shell page={page} fresh={mayRead ? fresh : undefined}>
			{!admin && <SignIn why={texts.signIn.why} />}
			{admin && page === "log" && <LogPage />}
			{admin && page === "meter" && <MeterPage snapshot={snapshot} />}
			{admin && page === "settings" && <SettingsPage />}
			{admin && page === "update" && <UpdatePage version={health?.gateway.version} />}
			{admin && page === "account" && <AccountPage />}
		</Shell>
	);
}

/** The state of the gateway, live, and the time it is looked at. */
function useLink(active: boolean): readonly [Snapshot, number] {
	const [snapshot, setSnapshot] = useState(START);
	const [now, setNow] = useState(Date.now());
	useEffect(() => {
		if (!active) return;
		const link = new GatewayLink((next) => {
			setSnapshot(next);
			setNow(Date.now());
		});
		const tick = setInterval(() => setNow(Date.now()), TICK_MS);
		return () => {
			link.close();
			clearInterval(tick);
		};
	}, [active]);
	return [snapshot, now];
}

void startLanguage().then(() => render(<App />, document.getElementById("app") as HTMLElement));
