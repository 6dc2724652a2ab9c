import { drillTest } from "./drill-test";
import { exchange } from "./exchange";

drillTest(exchange);
