// Rejected frames by layer and reason.

import { ago } from "./format.js";
import type { HealthJson } from "./health.js";
import { texts } from "./texts/texts.js";

export function RejectedTable({ rows }: { readonly rows: HealthJson["rejected"]["byLayer"] }) {
	return (
		<table class="rejected">
			<thead>
				<tr>
					{[texts.health.layer, texts.health.reason, texts.health.times, texts.health.last].map((title) => (
						<th scope="col" key={title}>
							{title}
						</th>
					))}
				</tr>
			</thead>
			<tbody>
				{rows.map(({ layer, code, count, age }) => (
					<tr key={`${layer}/${code}`}>
						<td>{layer}</td>
						<td>{code}</td>
						<td>{count}</td>
						<td>{ago(age)}</td>
					</tr>
				))}
			</tbody>
		</table>
	);
}
