// The conformance suite against the host's own classes.

import "../../host/platform/globals";
import { configuration } from "../../host/platform/configuration";
import { CONFORMANCE } from "./conformance/conformance";
import { makeWorld, type World } from "./surroundings";

let world: World;

/** Making the certificates takes seconds. */
const SET_UP_TIMEOUT_MS = 60_000;

beforeAll(async () => {
	world = await makeWorld();
	configuration.stateFolder = world.folder;
	configuration.log = () => {};
}, SET_UP_TIMEOUT_MS);

afterAll(async () => {
	await world.close();
});

test.each(CONFORMANCE.map((conformance) => [conformance.name, conformance] as const))(
	"%s",
	async (_, conformance) => {
		if (conformance.serial && !world.ptys) {
			process.stderr.write(`skipped: ${conformance.name}: socat is not installed\n`);
			return;
		}
		const problem = await new Promise<string | undefined>((resolve) => conformance.run(world, resolve));
		expect(problem).toBeUndefined();
	},
);
