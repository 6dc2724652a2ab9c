import { clock } from "./clock";
import { drillTest } from "./drill-test";

drillTest(clock);
