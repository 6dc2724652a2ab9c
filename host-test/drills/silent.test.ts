import { drillTest } from "./drill-test";
import { silent } from "./silent";

drillTest(silent);
