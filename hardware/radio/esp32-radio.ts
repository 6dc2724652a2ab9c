// `wifi-radio` on the ESP32: the SDK's own class. On Linux and Node it is host/platform/wifi.ts: the SDK's `wifi` for
// Linux simulates too, but fixed networks only, and its manifest preloads it, which a simulation with files cannot be.

export { default } from "wifi";
