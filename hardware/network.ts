// The network that outputs are given: the SDK's HTTP server and MQTT client, with the bounds and the tidiness that
// these leave to the application.

import type { Network } from "../outputs/network.js";
import { serveHttp } from "./http-server.js";
import { connectMqtt } from "./mqtt-client.js";

export const network: Network = { serveHttp, connectMqtt };
