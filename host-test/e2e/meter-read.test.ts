// A register that a person asks for over HTTP, from the request to the emulated meter and back, on Node and on XS.

import { ENGINES } from "../interop/running-gateway";

jest.setTimeout(60_000);

describe.each(ENGINES)("a question to the meter on %s", (engine, start, missing) => {
	if (missing) {
		test.skip(`not run on ${engine}: ${missing}`, () => {});
		return;
	}

	test("is the administrator's to put, and is answered with the register", async () => {
		const { gateway, stop } = await start("multical-403");
		try {
			const { quantities } = JSON.parse(await gateway.reading(30_000));
			const ask = (headers: Record<string, string>, body: object = { register: "86" }) =>
				fetch(`${gateway.url}/api/v1/meter/read`, {
					method: "POST",
					headers: { "content-type": "application/json", ...headers },
					body: JSON.stringify(body),
				});
			expect((await ask({})).status).toBe(401);
			const signedIn = await fetch(`${gateway.url}/api/v1/password`, {
				method: "PUT",
				headers: { "content-type": "application/json", origin: gateway.url },
				body: JSON.stringify({ password: "correct horse battery" }),
			});
			const { csrf } = (await signedIn.json()) as { csrf: string };
			const owner = {
				cookie: signedIn.headers.get("set-cookie")?.split(";")[0] ?? "",
				"x-csrf-token": csrf,
			};
			const answer = await ask(owner);
			expect(answer.status).toBe(200);
			expect(await answer.json()).toMatchObject({
				protocol: "kmp",
				quantities: {
					temperature_supply: {
						unit: quantities.temperature_supply.unit,
						register: 86,
						value: expect.any(Number),
					},
				},
			});
			const unknown = await ask(owner, { register: "1" });
			expect([unknown.status, await unknown.json()]).toMatchObject([
				409,
				{ detail: "the meter has no such value." },
			]);
			expect((await ask(owner, {})).status).toBe(202);
		} finally {
			await stop();
		}
	});
});
