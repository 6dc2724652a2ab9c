// Two uploads at the same time: the one that came second hears so, and neither gets the other's answer.

import "../../host/platform/globals";
import { createHash } from "node:crypto";
import { Updates } from "../../app/updates";
import { verifyP256 } from "../../host/platform/file-signature";
import type { Answer, BodyReceiver, Call, Route } from "../../outputs/route";
import { fromHex } from "../../settings/hex";
import { imageOf, PUBLIC_KEY, updateFile } from "../firmware/update-files";
import { FakeClock, FakeFiles, FakeNetwork } from "../outputs/fakes";

interface Upload {
	readonly call: Call;
	readonly receiver: BodyReceiver;
}

function gateway() {
	const clock = new FakeClock();
	const restarts: string[] = [];
	const writer = { write: () => {}, finish: () => {}, abandon: () => {} };
	const updates = new Updates({
		device: {
			chip: "esp32",
			board: "esp32-devkit",
			publicKey: fromHex(PUBLIC_KEY),
			verify: verifyP256,
			startSha256: () => {
				const hash = createHash("sha256");
				return {
					write: (bytes: Uint8Array) => void hash.update(bytes),
					finish: () => new Uint8Array(hash.digest()),
				};
			},
			slots: {
				size: 100_000,
				running: "ota_0",
				onTrial: false,
				open: () => writer,
				confirm: () => {},
				rollBack: () => {},
			},
		},
		files: new FakeFiles(),
		timers: clock,
		now: () => clock.now,
		version: "0.1.0",
		trialSeconds: 600,
		network: new FakeNetwork(),
		log: () => {},
		owner: { isOnline: true, readings: 1, restart: (reason) => restarts.push(reason) },
	});
	const route = updates.routes.find(({ at }) => at.startsWith("POST")) as Route<Updates>;
	return {
		restarts,
		begin(): Upload {
			const call = { body: new Uint8Array(0) } as Call;
			return { call, receiver: route.bodyFor?.(updates).receive?.(updates, call) as BodyReceiver };
		},
		end: ({ call, receiver }: Upload) => route.answer(updates, { ...call, receiver }) as Answer,
	};
}

const IMAGE = updateFile(imageOf(5000));

test.each([
	["first", 0],
	["second", 1],
] as const)("of two uploads at once the earlier is taken, whichever ends first: the %s", (_, endsFirst) => {
	const { begin, end, restarts } = gateway();
	const uploads = [begin(), begin()];
	for (const { receiver } of uploads) receiver.take(IMAGE);
	const order = endsFirst === 0 ? [0, 1] : [1, 0];
	const statuses: number[] = [];
	for (const index of order) statuses[index] = end(uploads[index] as Upload).status;
	expect(statuses).toEqual([202, 409]);
	expect(restarts).toEqual(["update to 9.9.9"]);
});

test("a refused upload that is broken off leaves the other one alone", () => {
	const { begin, end } = gateway();
	const [first, second] = [begin(), begin()];
	second.receiver.abandon();
	first.receiver.take(IMAGE);
	expect(end(first).status).toBe(202);
});

test("an upload that is broken off makes room for the next", () => {
	const { begin, end } = gateway();
	const first = begin();
	first.receiver.take(IMAGE.subarray(0, 1000));
	first.receiver.abandon();
	const second = begin();
	second.receiver.take(IMAGE);
	expect(end(second).status).toBe(202);
});
