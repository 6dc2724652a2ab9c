// Every output there is, one line each.

import { logOutput } from "./console/console.js";
import { dsmrReader } from "./dsmr-reader/dsmr-reader.js";
import { homewizard } from "./homewizard/homewizard.js";
import { http } from "./http/http.js";
import { influx } from "./influx/influx.js";
import { mqtt } from "./mqtt/mqtt.js";
import type { OutputDescriptor } from "./output.js";
import { prometheus } from "./prometheus/prometheus.js";
import { tcpBridge } from "./tcp-bridge/tcp-bridge.js";
import { webhook } from "./webhook/webhook.js";

export const OUTPUTS: readonly OutputDescriptor[] = Object.freeze([
	http,
	mqtt,
	prometheus,
	homewizard,
	tcpBridge,
	dsmrReader,
	influx,
	webhook,
	logOutput,
]);
