// `wifi-radio` for builds that measure memory: no radio, and nothing of the simulated one's (host/platform/wifi.ts).

export default class WiFi {
	static get simulation() {
		return { present: false };
	}
}

export function configureStation() {}
