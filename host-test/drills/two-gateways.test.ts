import { drillTest } from "./drill-test";
import { twoGateways } from "./two-gateways";

drillTest(twoGateways);
