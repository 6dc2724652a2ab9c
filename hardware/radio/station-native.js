// What the SDK's `wifi` lacks of the station: its name, and an address that no server gives.

/**
 * `hostName` is what the station is called in DHCP. With `address`, `netmask` and `gateway` (dotted decimals) it has these and asks no
 * server; without them it asks again. After the radio was started, and before joining. Throws where ESP-IDF refuses.
 */
export function configureStation(hostName, address, netmask, gateway) {
	return native("xs_station_configure").call(this, hostName, address, netmask, gateway);
}
