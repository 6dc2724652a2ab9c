import { drillTest } from "./drill-test";
import { full } from "./full";

drillTest(full);
