// What host-test/bench/budgets.test.ts judges: computation, slots and chunk bytes of each case on @agoric/xsnap, which counts
// them the same on every computer, and of more bytes in as many pieces. One JSON object; exit 3 where the engine is not built.
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { openXsnap } from "./bench-xsnap.mjs";
import { ROOT } from "./xs-sdk.mjs";

const NO_ENGINE = 3;

const outfile = join(ROOT, "build/bench/budget-inputs.mjs");
await build({
	...{ absWorkingDir: ROOT, entryPoints: ["host-test/bench/inputs.ts"], outfile },
	...{ bundle: true, format: "esm", platform: "node", packages: "external", logLevel: "warning" },
});
const { benchInputs, lengthInputs } = await import(pathToFileURL(outfile));
const engine = await openXsnap();
if (!engine) process.exit(NO_ENGINE);

const inputs = benchInputs();
const reference = (await engine.counted(inputs[0])).compute;
const cases = [];
for (const input of inputs.slice(1)) {
	const { compute, slots } = await engine.counted(input);
	cases.push({ name: input.name, ratio: compute / reference, slots, chunks: await engine.chunks() });
}
const lengths = [];
for (const { short, long } of lengthInputs()) {
	const [less, more] = [await engine.counted(short), await engine.counted(long)];
	const bytes = (long.frame.length - short.frame.length) / 2;
	lengths.push({ name: short.name, bytes, slots: more.slots - less.slots });
}
engine.close();
console.log(JSON.stringify({ cases, lengths }));
