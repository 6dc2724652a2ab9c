// A client's TCP connection with TLS: hardware/tls on the ESP32 and on XS for Linux, host/platform on Node. It is used
// like the SDK's TCP class; `onError` has a reason in words where TLS is the reason.

declare module "tls-socket" {
	const TlsSocket: import("../hardware/sdk.js").TlsClass;
	export default TlsSocket;
}
