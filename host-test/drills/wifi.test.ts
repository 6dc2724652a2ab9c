import { drillTest } from "./drill-test";
import { wifi } from "./wifi";

drillTest(wifi);
