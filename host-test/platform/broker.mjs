// An MQTT broker on a free port of the loopback, which it prints. A process of its own: npm `aedes` is an ES module,
// which jest cannot load. Ends when its standard input does.
import { createServer } from "node:net";
import { Aedes } from "aedes";

const aedes = await Aedes.createBroker();
const server = createServer(aedes.handle);
server.listen(0, "127.0.0.1", () => process.stdout.write(`${server.address().port}\n`));
process.stdin.on("end", () => process.exit(0)).resume();
