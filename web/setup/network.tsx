// The step of the network: choose one, join it, see what came of it. What works the gateway keeps at once.

import { useState } from "preact/hooks";
import { ask } from "../api.js";
import { SecretField, SwitchField, TextField } from "../controls.js";
import { failure } from "../failure.js";
import { Outcome } from "../pieces.js";
import { usePoll } from "../poll.js";
import { filled, named } from "../texts/filled.js";
import { texts } from "../texts/texts.js";
import { AddressFields } from "./address-fields.js";
import { type AddressEntry, addressPatch, wrongKeys } from "./address-form.js";
import { type Form, fieldOf, reasonsOf, save, valueOf } from "./form-values.js";
import { useKept } from "./kept.js";
import { NetworkList, OTHER } from "./network-list.js";
import { StepActions, type StepProps } from "./step.js";

interface JoinReport {
	readonly state: "idle" | "running" | "done";
	readonly verdict: string | null;
	readonly text: string;
	readonly address: string | null;
}

const ASK_EVERY_MS = 1000;
const SHORTEST_PASSWORD = 8;
export function NetworkStep(props: StepProps) {
	const { wireless, network } = props.state;
	const [another, setAnother] = useState(false);
	if (!wireless) return <CableStep {...props} />;
	if (network.ssid && network.online && !another)
		return (
			<Joined {...props} ssid={network.ssid} address={network.address} another={() => setAnother(true)} />
		);
	return (
		<JoinForm
			{...props}
			joined={() => {
				setAnother(false);
				void props.refresh();
			}}
		/>
	);
}

function Joined({
	ssid,
	address,
	another,
	skip,
}: StepProps & { readonly ssid: string; readonly address: string | null; another(): void }) {
	return (
		<form
			onSubmit={(event) => {
				event.preventDefault();
				skip();
			}}
		>
			<Outcome tone="good">{filled(texts.network.joined, { ssid })}</Outcome>
			{address && <p>{filled(texts.network.joinedAt, { address })}</p>}
			<StepActions>
				<button type="button" class="quiet" onClick={another}>
					{texts.network.another}
				</button>
			</StepActions>
		</form>
	);
}

function JoinForm({ form, skip, joined }: StepProps & { joined(): void }) {
	const [chosen, setChosen] = useKept("network.chosen", "");
	const [open, setOpen] = useKept("network.open", false);
	const [other, setOther] = useKept("network.other", "");
	const [hidden, setHidden] = useKept("network.hidden", true);
	const [password, setPassword] = useKept("network.password", "");
	const [address, setAddress] = useKept("network.address", initialAddress(form));
	const [joining, setJoining] = useState<string>();
	const [problem, setProblem] = useState<string>();
	const [checked, setChecked] = useState(false);
	const ssid = chosen === OTHER ? other : chosen;
	const wrong = checked ? wrongKeys(address) : [];
	const isKept =
		ssid === valueOf(form, "network", "ssid") && fieldOf(form, "network", "password")?.secret?.set === true;
	usePoll(
		async () => {
			// While the radio changes its channel the phone may be away: no answer is no failure.
			const { data } = await ask<JoinReport>("GET", "portal/result");
			if (data?.state !== "done") return;
			setJoining(undefined);
			if (data.verdict === "joined") return joined();
			setProblem(named(texts.network.verdicts, data.verdict ?? "") ?? data.text);
		},
		ASK_EVERY_MS,
		joining !== undefined,
	);
	const join = async (event: Event) => {
		event.preventDefault();
		setChecked(true);
		if (ssid === "") return setProblem(texts.network.nameNeeded);
		if (!open && password !== "" && password.length < SHORTEST_PASSWORD)
			return setProblem(texts.network.passwordShort);
		if (!open && password === "" && chosen !== OTHER && !isKept)
			return setProblem(texts.network.passwordShort);
		if (wrongKeys(address).length > 0) return setProblem(texts.network.verdicts.unusable);
		setProblem(undefined);
		const reply = await ask("POST", "portal/connect", {
			ssid,
			...(isKept && password === "" ? {} : { password: open ? "" : password }),
			hidden: chosen === OTHER && hidden,
			...addressPatch(address),
		});
		setPassword("");
		if (reply.ok) setJoining(ssid);
		else setProblem(reasonsOf(reply) ?? failure(reply));
	};
	return (
		<form onSubmit={join} noValidate>
			<p>{texts.network.why}</p>
			<NetworkList
				chosen={chosen}
				choose={(name, isOpen) => {
					setChosen(name);
					setOpen(isOpen);
					setProblem(undefined);
				}}
			/>
			{chosen === OTHER && (
				<>
					<TextField label={texts.network.name} value={other} onInput={setOther} longest={32} focus />
					<SwitchField label={texts.network.hidden} value={hidden} onInput={setHidden} />
				</>
			)}
			{chosen !== "" &&
				(open ? (
					<p class="notice">{texts.network.openNetwork}</p>
				) : (
					<SecretField
						label={texts.network.password}
						{...(isKept ? { help: texts.network.kept } : {})}
						value={password}
						onInput={(text) => {
							setPassword(text);
							setProblem(undefined);
						}}
						longest={64}
					/>
				))}
			<AddressFields entry={address} wrong={wrong} wireless onEntry={setAddress} />
			<Outcome tone={problem ? "bad" : "busy"}>
				{problem ??
					(joining !== undefined
						? `${filled(texts.network.joining, { ssid: joining })} ${texts.network.joiningHelp}`
						: undefined)}
			</Outcome>
			<StepActions button={texts.network.join} disabled={joining !== undefined} skip={skip} />
		</form>
	);
}

/** A gateway with a cable is in its network: only its name is to choose. */
function CableStep({ form, done, skip }: StepProps) {
	const [entry, setEntry] = useKept("network.address", initialAddress(form));
	const [problem, setProblem] = useState<string>();
	const wrong = wrongKeys({ ...entry, fixed: false });
	const send = async (event: Event) => {
		event.preventDefault();
		if (wrong.length > 0) return;
		const reply = await save({ network: { hostName: entry.hostName } });
		if (reply.ok) await done();
		else setProblem(reasonsOf(reply) ?? failure(reply));
	};
	return (
		<form onSubmit={send} noValidate>
			<p>{texts.network.whyCable}</p>
			<AddressFields entry={entry} wrong={wrong} wireless={false} onEntry={setEntry} />
			<Outcome tone="bad">{problem}</Outcome>
			<StepActions skip={skip} />
		</form>
	);
}

function initialAddress(form: Form): AddressEntry {
	const text = (key: string) => valueOf(form, "network", key);
	return {
		hostName: text("hostName"),
		fixed: text("address") !== "",
		address: text("address"),
		netmask: text("netmask") || `${fieldOf(form, "network", "netmask")?.default ?? ""}`,
		gateway: text("gateway"),
		nameServer: text("nameServer"),
	};
}
