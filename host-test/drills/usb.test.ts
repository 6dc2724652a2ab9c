import { drillTest } from "./drill-test";
import { usb } from "./usb";

drillTest(usb);
