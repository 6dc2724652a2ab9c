// The meter's port: on a computer one of its serial ports, or a device server by name; on a board a line of text that
// hardly anyone needs.

import { useEffect, useState } from "preact/hooks";
import { ask } from "./api.js";
import { SelectField, TextField } from "./controls.js";
import { texts } from "./texts/texts.js";

/** As `GET /api/v1/ports` lists them. */
export interface SerialPort {
	readonly port: string;
	/** What a person knows it by; may be empty. */
	readonly title: string;
	/** Whether the gateway may open it. */
	readonly usable: boolean;
}

/** The computer's ports; `undefined` on a board, and until they are known. */
export function usePorts(): readonly SerialPort[] | undefined {
	const [ports, setPorts] = useState<readonly SerialPort[]>();
	useEffect(() => {
		void ask<{ ports: readonly SerialPort[] }>("GET", "ports").then(({ data }) => setPorts(data?.ports));
	}, []);
	return ports;
}

const OTHER = "other";

export function PortField({
	label,
	help,
	problem,
	value,
	onInput,
}: {
	readonly label: string;
	readonly help: string;
	readonly problem?: string | undefined;
	readonly value: string;
	onInput(value: string): void;
}) {
	const ports = usePorts();
	const [typing, setTyping] = useState(false);
	if (!ports || ports.length === 0)
		return <TextField label={label} help={help} problem={problem} value={value} onInput={onInput} />;
	const listed = ports.some(({ port }) => port === value);
	const other = typing || (value !== "" && !listed);
	return (
		<>
			<SelectField
				label={label}
				{...(other ? {} : { help })}
				problem={other ? undefined : problem}
				value={other ? OTHER : value}
				onInput={(chosen) => {
					setTyping(chosen === OTHER);
					onInput(chosen === OTHER ? "" : chosen);
				}}
				choices={[
					...(value === "" && !other ? [{ value: "", label: texts.port.choose }] : []),
					...ports.map(named),
					{ value: OTHER, label: texts.port.other },
				]}
			/>
			{other && (
				<TextField
					label={texts.port.address}
					help={help}
					problem={problem}
					value={value}
					onInput={(text) => {
						setTyping(true);
						onInput(text.trim());
					}}
				/>
			)}
		</>
	);
}

function named({ port, title, usable }: SerialPort) {
	const name = title === "" ? port : `${title} (${port.replace(/^\/dev\/(serial\/by-[a-z]+\/)?/, "")})`;
	return { value: port, label: usable ? name : `${name}: ${texts.port.unusable}` };
}
