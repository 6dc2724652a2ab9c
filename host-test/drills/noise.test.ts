import { drillTest } from "./drill-test";
import { noise } from "./noise";

drillTest(noise);
