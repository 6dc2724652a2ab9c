import { drillTest } from "./drill-test";
import { names } from "./names";

drillTest(names);
