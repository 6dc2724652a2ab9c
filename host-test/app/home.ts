// Where simulated gateways live: their Wi-Fi network, and what they tell of their memory. Not a test.

export const HOME = {
	...{ ssid: "Home", bssid: "0a0000000001", rssi: -55, channel: 6, open: false },
	password: "correct horse",
};

export const MEMORY = Object.freeze({
	...{ free: 100_000, lowest: 80_000, largest: 60_000 },
	...{ slots: { used: 1, total: 2 }, chunks: { used: 3, total: 4 } },
});
