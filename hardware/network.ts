// The network that outputs are given: the SDK's HTTP server and MQTT client, with the bounds and the tidiness that
// these leave to the application.

import type { Network } from "../outputs/network.js";
import { download } from "./download.js";
import { request } from "./http-request.js";
import { serveHttp } from "./http-server.js";
import { connectMqtt } from "./mqtt-client.js";
import { SystemResolver } from "./resolver.js";
import { listenTcp } from "./tcp-server.js";
import { openUdp } from "./udp.js";

export const network: Network = {
	serveHttp,
	connectMqtt,
	openUdp,
	download,
	request,
	listenTcp,
	resolve(host, done) {
		new SystemResolver().resolve({
			host,
			onResolved: (_, address) => done(address),
			onError: () => done(undefined),
		});
	},
};
