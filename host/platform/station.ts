// `station-native` on computers: it belongs to the simulated radio of wifi.ts.

export { configureStation } from "wifi-radio";
