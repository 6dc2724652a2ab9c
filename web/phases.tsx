// Power, voltage and current of each phase, the latter two held against their limits: drawn, and in words where one is
// passed.

import { Value } from "./cards.js";
import { toFloat } from "./format.js";
import { fuseOf, LEAST_VOLTS, MOST_VOLTS, powerLimit, voltageOutside } from "./limits.js";
import type { Known, Picture } from "./picture.js";
import { Card } from "./pieces.js";
import { filled } from "./texts/filled.js";
import { texts } from "./texts/texts.js";

const NUMBERS = [1, 2, 3];

/** `fuse`: amperes as set, 0 where nobody said. */
export function Phases({ known, fuse: set }: { known: Picture["known"]; fuse: number | undefined }) {
	const rows = NUMBERS.map((phase) => ({
		phase,
		import: known.get(`power_import_l${phase}`),
		export: known.get(`power_export_l${phase}`),
		voltage: known.get(`voltage_l${phase}`),
		current: known.get(`current_l${phase}`),
	}));
	const shown = rows.filter((row) => row.import || row.export || row.voltage || row.current);
	if (shown.length === 0) return null;
	const { cards } = texts;
	const withPower = shown.some((row) => row.import || row.export);
	const withVoltage = shown.some((row) => row.voltage);
	const withCurrent = shown.some((row) => row.current);
	const fuse = fuseOf(known, set);
	const limit = powerLimit(known);
	return (
		<Card title={cards.phases} id="phases">
			<table class="phases">
				<thead>
					<tr>
						<th scope="col">
							<span class="hidden">{cards.phase}</span>
						</th>
						{withPower && <th scope="col">{cards.power}</th>}
						{withVoltage && <th scope="col">{cards.voltage}</th>}
						{withCurrent && <th scope="col">{cards.current}</th>}
					</tr>
				</thead>
				<tbody>
					{shown.map((row) => (
						<tr key={row.phase}>
							<th scope="row">{`L${row.phase}`}</th>
							{withPower && <td>{phasePower(row.import, row.export)}</td>}
							{withVoltage && <td>{row.voltage ? <Voltage quantity={row.voltage} /> : "–"}</td>}
							{withCurrent && <td>{row.current ? <Current quantity={row.current} fuse={fuse} /> : "–"}</td>}
						</tr>
					))}
				</tbody>
			</table>
			<p class="hint">
				{withVoltage && filled(cards.voltageLimits, { least: LEAST_VOLTS, most: MOST_VOLTS })}{" "}
				{withCurrent && (fuse ? filled(cards.fuse, { fuse }) : <a href="#settings">{cards.fuseUnknown}</a>)}
			</p>
			{limit && (
				<p class="hint">
					{cards.powerLimit} <Value quantity={limit} />
				</p>
			)}
		</Card>
	);
}

function phasePower(imported: Known | undefined, exported: Known | undefined) {
	if (exported && (toFloat(exported.value) ?? 0) > 0)
		return (
			<span class="feeding">
				<Value quantity={exported} />
				<span class="hidden">{texts.cards.feeding}</span>
			</span>
		);
	return imported ? <Value quantity={imported} /> : "–";
}

function Voltage({ quantity }: { quantity: Known }) {
	const volts = toFloat(quantity.value);
	const outside = voltageOutside(volts);
	return (
		<>
			<Value quantity={quantity} />
			{volts !== undefined && volts > 0 && (
				<Gauge share={(volts - LEAST_VOLTS) / (MOST_VOLTS - LEAST_VOLTS)} point bad={outside !== undefined} />
			)}
			{outside && <span class="outside">{outside === "low" ? texts.cards.tooLow : texts.cards.tooHigh}</span>}
		</>
	);
}

function Current({ quantity, fuse }: { quantity: Known; fuse: number | undefined }) {
	const share = fuse ? Math.abs(toFloat(quantity.value) ?? 0) / fuse : undefined;
	return (
		<>
			<Value quantity={quantity} />
			{share !== undefined && <Gauge share={share} bad={share > 1} />}
			{share !== undefined && share > 1 && <span class="outside">{texts.cards.tooHigh}</span>}
		</>
	);
}

const GAUGE = 100;
const POINT = 8;

/** A thin scale: filled up to the share, or with a point there; the numbers beside it say the same. */
function Gauge({ share, point = false, bad }: { share: number; point?: boolean; bad: boolean }) {
	const at = Math.min(1, Math.max(0, share));
	return (
		<svg
			class={`gauge ${bad ? "beyond" : ""}`}
			viewBox="0 0 100 4"
			preserveAspectRatio="none"
			aria-hidden="true"
		>
			<rect width={GAUGE} height="4" />
			<rect class="on" height="4" x={point ? at * (GAUGE - POINT) : 0} width={point ? POINT : at * GAUGE} />
		</svg>
	);
}
