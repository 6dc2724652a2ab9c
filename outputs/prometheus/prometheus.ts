// `GET /metrics` for Prometheus and whoever reads OpenMetrics: asked for, never sent. Made while it is sent.
// Sources: prometheus.io "Exposition formats"; OpenMetrics 1.0.

import type { MeterIdentity, Reading } from "../../readings/reading.js";
import type { Output, OutputContext, OutputDescriptor, OutputHealth } from "../output.js";
import { type Route, type RouteAnswer, routeTable } from "../route.js";
import { Freshness } from "../shared/freshness.js";
import { mergedIdentity } from "../shared/meter-identity.js";
import { streamed } from "../shared/streamed.js";
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
	readonly #context: OutputContext;
	readonly #fresh = new Freshness();
	#meter: MeterIdentity = {};
	#scrapes = 0;

	constructor(context: OutputContext) {
		this.#context = context;
	}

	reading({ meter }: Reading): void {
		this.#fresh.heard(this.#context.now());
		this.#meter = mergedIdentity(this.#meter, meter);
	}

	get routes(): readonly Route<PrometheusOutput>[] {
		return PrometheusOutput.#ROUTES;
	}

	health(): OutputHealth {
		return { scrapes: this.#scrapes };
	}

	close(done: () => void): void {
		done();
	}

	#answer(format: Format): RouteAnswer {
		const headers = [
			["content-type", contentType(format)],
			["cache-control", "no-store"],
		] as const;
		const begin = () => {
			this.#scrapes++;
			return this.#pieces(format);
		};
		return streamed(headers, begin, () => this.#context.now());
	}

	/** Gives the exposition piece by piece. */
	#pieces(format: Format): () => string | undefined {
		const { store, healthJson, now } = this.#context;
		const { id, manufacturer, model } = this.#meter;
		const who = label("meter", id);
		let gateway: GatewayMetrics | undefined = new GatewayMetrics(healthJson(), format);
		let meter: MeterMetrics | undefined;
		let ended = false;
		const next = (): string | undefined => {
			const line = gateway ? gateway.next() : meter?.next();
			if (line !== undefined || !gateway) return line;
			// The report is let go of before the longer half begins.
			gateway = undefined;
			meter = new MeterMetrics(store, this.#fresh, who, format, now());
			if (store.count === 0) return next();
			const told = family("meter|info");
			const labels = [who, label("manufacturer", manufacturer), label("model", model)];
			return headOf(told, format).concat(
				sample(told, [...labels, label("protocol", store.latest?.protocol)], "1"),
			);
		};
		return () => {
			if (ended) return undefined;
			const lines: string[] = [];
			for (let length = 0; length < PIECE; ) {
				const line = next();
				ended = line === undefined;
				if (line === undefined) break;
				lines.push(line);
				length += line.length;
			}
			if (ended) lines.push(endOf(format));
			const piece = lines.join("");
			return piece === "" ? undefined : piece;
		};
	}
}

/** Who takes OpenMetrics asks for it by name, and prefers it. */
function formatFor(accept: string): Format {
	return accept.indexOf("application/openmetrics-text") >= 0 ? "openmetrics" : "prometheus";
}
