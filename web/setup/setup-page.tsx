// The set-up as one flow: welcome, network, meter, keys, MQTT, password, time zone, summary, restart. Each step is a place
// of its own in the address, so that the browser's way back works; what was sent is with the gateway, what was not in
// kept.ts.

import { useEffect, useState } from "preact/hooks";
import type { FormSection } from "../../settings/form.js";
import { ask } from "../api.js";
import { failure } from "../failure.js";
import { PasswordForm } from "../password-form.js";
import { Heading, Outcome } from "../pieces.js";
import type { SessionJson } from "../session.js";
import { described } from "../setting-texts.js";
import { SignIn } from "../sign-in.js";
import { filled } from "../texts/filled.js";
import { texts } from "../texts/texts.js";
import { BrokerStep } from "./broker.js";
import { Finish } from "./finish.js";
import { type Form, valueOf } from "./form-values.js";
import { forgetAll } from "./kept.js";
import { KeysStep } from "./keys.js";
import { MeterStep } from "./meter.js";
import { NetworkStep } from "./network.js";
import { StepActions, type StepProps } from "./step.js";
import {
	neighbour,
	type PasswordPlace,
	type PortalState,
	type PortalSummary,
	type Step,
	stepNamed,
	stepsFor,
} from "./steps.js";
import { SummaryStep } from "./summary.js";
import { Welcome } from "./welcome.js";
import { ZoneStep } from "./zone.js";

export function SetupPage({
	session,
	portal,
	part,
}: {
	readonly session: SessionJson;
	/** As it was when the page was loaded. */
	readonly portal: PortalSummary;
	/** The step in the address. */
	readonly part: string;
}) {
	const [place] = useState<PasswordPlace>(
		session.passwordSet ? "kept" : session.right === "admin" ? "usual" : "first",
	);
	const [finished, setFinished] = useState(false);
	const admin = session.right === "admin";
	const { form, state, problem, refresh } = useSetUp(admin);
	const steps = stepsFor(place);
	const step = stepNamed(steps, part);
	const go = (to: Step) => {
		location.hash = `#setup/${to}`;
	};
	if (!admin && session.passwordSet) return <SignIn why={why(portal, place)} />;
	if (!admin && session.setup === "no") return <Foreign />;
	const next = () => go(neighbour(steps, step, 1));
	const props: StepProps | undefined = form &&
		state && {
			form,
			state,
			skip: next,
			refresh,
			done: async () => {
				await refresh();
				next();
			},
		};
	if (finished && state && form)
		return (
			<section class="card narrow">
				<Heading>{texts.finish.title}</Heading>
				<Finish
					state={state}
					hostName={valueOf(form, "network", "hostName").toLowerCase() || portal.gateway}
				/>
			</section>
		);
	const title = step === "network" && !portal.wireless ? texts.setup.steps.cable : texts.setup.steps[step];
	return (
		<section class="card narrow setup" key={step}>
			<Progress steps={steps} step={step} />
			<Heading>{title}</Heading>
			{step === "welcome" && <Welcome portal={portal} begin={next} />}
			{step === "password" && <PasswordStep session={session} next={next} />}
			{step !== "welcome" &&
				step !== "password" &&
				(props ? (
					<StepBody
						step={step}
						props={props}
						finished={() => {
							forgetAll();
							setFinished(true);
						}}
					/>
				) : (
					<Outcome tone={problem ? "bad" : "busy"}>{problem ?? texts.common.loading}</Outcome>
				))}
			{step !== "welcome" && (
				<p class="back">
					<a href={`#setup/${neighbour(steps, step, -1)}`}>{`← ${texts.common.back}`}</a>
					{!(portal.needed && portal.accessPoint) && <a href="#now">{texts.setup.leave}</a>}
				</p>
			)}
		</section>
	);
}

function why(portal: PortalSummary, place: PasswordPlace): string {
	if (portal.accessPoint && !portal.needed) return texts.welcome.lost;
	return place === "kept" ? texts.signIn.why : texts.setup.fromElsewhere;
}

/** Form and state, as far as this browser may have them. */
function useSetUp(admin: boolean) {
	const [form, setForm] = useState<Form>();
	const [state, setState] = useState<PortalState>();
	const [problem, setProblem] = useState<string>();
	const refresh = async () => {
		const settings = await ask<readonly FormSection[]>("GET", "settings");
		const portal = await ask<PortalState>("GET", "portal/state");
		if (settings.data && portal.data) {
			setForm(described(settings.data));
			setState(portal.data);
			setProblem(undefined);
		} else setProblem(failure(settings.ok ? portal : settings));
	};
	useEffect(() => {
		if (admin) void refresh();
	}, [admin]);
	return { form, state, problem, refresh };
}

function StepBody({
	step,
	props,
	finished,
}: {
	readonly step: Exclude<Step, "welcome" | "password">;
	readonly props: StepProps;
	finished(): void;
}) {
	switch (step) {
		case "network":
			return <NetworkStep {...props} />;
		case "meter":
			return <MeterStep {...props} />;
		case "keys":
			return <KeysStep {...props} />;
		case "broker":
			return <BrokerStep {...props} />;
		case "zone":
			return <ZoneStep {...props} />;
		case "summary":
			return <SummaryStep {...props} finished={finished} />;
	}
}

/** The one step that cannot be skipped; once it is set there is only the way on. */
function PasswordStep({ session, next }: { readonly session: SessionJson; next(): void }) {
	if (session.passwordSet)
		return (
			<form
				onSubmit={(event) => {
					event.preventDefault();
					next();
				}}
			>
				<Outcome tone="good">{texts.firstPassword.set}</Outcome>
				<StepActions />
			</form>
		);
	return (
		<>
			<p>{texts.firstPassword.why}</p>
			<PasswordForm
				proof={session.setup === "code" ? "code" : "none"}
				button={texts.firstPassword.button}
				done={next}
			/>
		</>
	);
}

function Progress({ steps, step }: { readonly steps: readonly Step[]; readonly step: Step }) {
	const at = steps.indexOf(step) + 1;
	const text = filled(texts.setup.progress, { step: at, count: steps.length });
	return (
		<div class="step-progress">
			<progress aria-label={text} value={at} max={steps.length} />
			<span>{text}</span>
		</div>
	);
}

/** Neither in the gateway's own Wi-Fi nor on its computer. */
function Foreign() {
	return (
		<section class="card narrow">
			<Heading>{texts.setup.title}</Heading>
			<p>{texts.setup.foreign}</p>
		</section>
	);
}
