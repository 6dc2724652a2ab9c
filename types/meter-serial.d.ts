// The serial class of each platform: on the ESP32 the project's own (hardware/serial/meter-serial.ts), on XS for Linux
// the SDK's, on Node host/platform/serial.ts. hardware/sdk.ts says what they have in common.

declare module "meter-serial" {
	const Serial: import("../hardware/sdk.js").SerialClass;
	export default Serial;
}
