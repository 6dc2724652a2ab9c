import { broker } from "./broker";
import { drillTest } from "./drill-test";

drillTest(broker);
