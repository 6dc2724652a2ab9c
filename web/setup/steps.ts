// The steps of the set-up, in their order, and what the gateway says of it (app/portal/). Pure.

export type Step = "welcome" | "network" | "meter" | "keys" | "broker" | "password" | "zone" | "summary";

/** What everyone may know of the set-up: `GET /api/v1/portal/state`. */
export interface PortalSummary {
	readonly gateway: string;
	readonly needed: boolean;
	readonly finished: boolean;
	readonly password: boolean;
	readonly wireless: boolean;
	readonly accessPoint: boolean;
}

/** The same answer to who may set up. */
export interface PortalState extends PortalSummary {
	readonly network: {
		readonly ssid: string | null;
		readonly address: string | null;
		readonly online: boolean;
	};
}

/**
 * `first`: nothing else may be done before there is a password, as this device is not in the gateway's own Wi-Fi.
 * `usual`: in its turn. `kept`: there has been one all the time.
 */
export type PasswordPlace = "first" | "usual" | "kept";

export function stepsFor(password: PasswordPlace): readonly Step[] {
	const others: readonly Step[] = ["network", "meter", "keys", "broker"];
	const last: readonly Step[] = ["zone", "summary"];
	if (password === "first") return ["welcome", "password", ...others, ...last];
	return ["welcome", ...others, ...(password === "usual" ? (["password"] as const) : []), ...last];
}

/** The step that an address names, or the first. */
export function stepNamed(steps: readonly Step[], name: string): Step {
	return steps.find((step) => step === name) ?? "welcome";
}

/** The step before or after; itself at the ends. */
export function neighbour(steps: readonly Step[], step: Step, by: 1 | -1): Step {
	return steps[steps.indexOf(step) + by] ?? step;
}

/** Whether the page opens with the set-up by itself: it was reached through the gateway's own Wi-Fi. */
export function isPortal(portal: PortalSummary | undefined): boolean {
	return portal?.accessPoint === true;
}
