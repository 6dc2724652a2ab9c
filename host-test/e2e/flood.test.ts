// A line that sends what no protocol begins with, without a pause and in large pieces: nothing is lost but time. The chip's
// engine has a stack of 512 slots, so that what a call leaves on it for each byte of a piece shows here.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Cable } from "./cable";
import { describeWith, eventually, Gateway, type Health, missingForXs, Program } from "./gateway";

type GatewayHealth = Health & { readonly gateway: { readonly crashes: number } };

const MINUTE = 60_000;
const PROTOCOLS = ["p1", "iec62056", "kmp", "kmp382", "dlms"];
/** Bytes of each alphabet, more than a pty holds. */
const EACH = 32_000;

/** By the place of a byte. What they make is no telegram, and yet may look like the inside of one. */
const ALPHABETS: readonly ((index: number) => number)[] = [
	(index) => 0x30 + (index % 10),
	(index) => "(1.8.0)\r\n".charCodeAt(index % 9),
	(index) => (index * 167 + (index >> 8)) & 0xff,
	(index) => [0x7e, 0x2f, 0x80, 0x40, 0x3f, 0x02, 0x68][(index >> 9) % 7] as number,
];

const missing = missingForXs();

describe.each([
	["Node", undefined],
	["XS", missing],
] as const)("a flooded line on %s", (engine, why) => {
	if (why) {
		test.skip(`not run on ${engine}: ${why}`, () => {});
		return;
	}
	describeWith(["socat"], "a cable", () => {
		test.each(PROTOCOLS)(
			"%s takes all of it, and the gateway has not started again",
			async (protocol) => {
				const folder = mkdtempSync(join(tmpdir(), "meterling-flood-"));
				const cable = new Cable(folder);
				await cable.ready();
				const gateway = await (engine === "XS"
					? Gateway.startOnXs(folder, protocol, cable.gateway)
					: Gateway.start("--protocol", protocol, "--port", cable.gateway));
				let source: Program | undefined;
				try {
					// By a program of its own: it waits where nobody takes the bytes.
					const flood = join(folder, "flood");
					writeFileSync(
						flood,
						Buffer.concat(ALPHABETS.map((at) => Buffer.from(Array.from({ length: EACH }, (_, n) => at(n))))),
					);
					source = new Program("sh", ["-c", 'cat "$0" > "$1"', flood, cable.meter]);
					const health = await eventually("every byte in its health, or a start after a crash", async () => {
						const now = (await gateway.health().catch(() => undefined)) as GatewayHealth | undefined;
						return now && (now.gateway.crashes > 0 || (now.meter.bytes ?? 0) >= ALPHABETS.length * EACH)
							? now
							: undefined;
					});
					expect(health.gateway.crashes).toBe(0);
					expect(health.readings.count).toBe(0);
				} finally {
					await source?.stop();
					await gateway.stop();
					await cable.pull();
					rmSync(folder, { recursive: true, force: true });
				}
			},
			MINUTE,
		);
	});
});
