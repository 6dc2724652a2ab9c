// `GET /metrics` for Prometheus and whoever reads OpenMetrics: asked for, never sent. Made while it is sent.
// Sources: prometheus.io "Exposition formats"; OpenMetrics 1.0.

import type { Output, OutputContext, OutputDescriptor, OutputHealth } from "../output.js";
import { type Route, type RouteAnswer, routeTable } from "../route.js";
import { type Pieces, Streamed } from "../shared/streamed.js";
import { contentType, endOf, type Format, headOf, label, sample } from "./exposition.js";
import { family } from "./families.js";
import { GatewayMetrics } from "./gateway-metrics.js";
import { MeterMetrics } from "./meter-metrics.js";

/** Characters of one piece, or a sample more. */
const PIECE = 700;

export const prometheus: OutputDescriptor = {
	name: "prometheus",
	title: "Prometheus",
	settings: [
		{
			key: "enabled",
			type: "switch",
			default: true,
			label: "Metrics",
			help: "Serves /metrics for Prometheus, to whom may read the API.",
		},
	],
	open: (context) => (context.settings.enabled === false ? undefined : new PrometheusOutput(context)),
};

class PrometheusOutput implements Output {
	static readonly #ROUTES = routeTable<PrometheusOutput>([
		{
			...{ at: "GET /metrics", need: "read" },
			answer: (self, { request }) => self.#answer(formatFor(request.headers.get("accept") ?? "")),
		},
	]);
	readonly context: OutputContext;
	scrapes = 0;

	constructor(context: OutputContext) {
		this.context = context;
	}

	reading(): void {
		// Asked for, never sent.
	}

	get routes(): readonly Route<PrometheusOutput>[] {
		return PrometheusOutput.#ROUTES;
	}

	health(): OutputHealth {
		return { scrapes: this.scrapes };
	}

	close(done: () => void): void {
		done();
	}

	#answer(format: Format): RouteAnswer {
		const headers = [
			["content-type", contentType(format)],
			["cache-control", "no-store"],
		] as const;
		return new Streamed(headers, new Exposition(this, format), this.context);
	}
}

/** The exposition piece by piece: first the gateway's metrics, then the meter's. */
class Exposition implements Pieces {
	readonly #output: PrometheusOutput;
	readonly #format: Format;
	#gateway: GatewayMetrics | undefined;
	#meter: MeterMetrics | undefined;
	#ended = false;

	constructor(output: PrometheusOutput, format: Format) {
		this.#output = output;
		this.#format = format;
	}

	next(): string | undefined {
		if (this.#ended) return undefined;
		const lines: string[] = [];
		for (let length = 0; length < PIECE; ) {
			const line = this.#line();
			this.#ended = line === undefined;
			if (line === undefined) break;
			lines.push(line);
			length += line.length;
		}
		if (this.#ended) lines.push(endOf(this.#format));
		const piece = lines.join("");
		return piece === "" ? undefined : piece;
	}

	#line(): string | undefined {
		if (this.#meter) return this.#meter.next();
		const { context } = this.#output;
		this.#gateway ??= this.#begun();
		const line = this.#gateway.next();
		if (line !== undefined) return line;
		// The report is let go of before the longer half begins.
		this.#gateway = undefined;
		const { store } = context;
		const { id, manufacturer, model } = store.meter;
		const who = label("meter", id);
		this.#meter = new MeterMetrics(store, who, this.#format, context.now());
		if (store.count === 0) return this.#meter.next();
		const told = family("meter|info");
		const labels = [who, label("manufacturer", manufacturer), label("model", model)];
		const protocol = label("protocol", store.latest?.protocol);
		return headOf(told, this.#format).concat(sample(told, [...labels, protocol], "1"));
	}

	#begun(): GatewayMetrics {
		this.#output.scrapes++;
		let health = "";
		this.#output.context.writeHealth((piece) => {
			health = health.concat(piece);
		});
		return new GatewayMetrics(health, this.#format);
	}
}

/** Who takes OpenMetrics asks for it by name, and prefers it. */
function formatFor(accept: string): Format {
	return accept.indexOf("application/openmetrics-text") >= 0 ? "openmetrics" : "prometheus";
}
