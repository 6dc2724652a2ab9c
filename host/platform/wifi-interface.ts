// The SDK's `embedded:network/interface/wifi`, simulated: it belongs to the radio of wifi.ts.

export { Interface as default } from "wifi-radio";
