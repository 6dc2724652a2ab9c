/*
 * Name and address of the Wi-Fi station, by ESP-IDF's esp_netif. The SDK's class for it (modules/io/wifi) is 6 KB of
 * another way to join, which the firmware does not go. The station itself is made by the SDK's `wifi` when its
 * mode is set. Sources: ESP-IDF v6.0 esp_netif.h; never run.
 */

#include "xsPlatform.h"
#include "xsmc.h"

#include "esp_netif.h"

/** As ESP-IDF's default station is found (esp_netif_defaults.h). */
static const char kStation[] = "WIFI_STA_DEF";

static void addressOf(xsMachine *the, xsSlot *text, esp_ip4_addr_t *address)
{
	if (ESP_OK != esp_netif_str_to_ip4(xsmcToString(*text), address))
		xsRangeError("no IPv4 address");
}

void xs_station_configure(xsMachine *the)
{
	esp_netif_t *station = esp_netif_get_handle_from_ifkey(kStation);
	if (!station)
		xsUnknownError("the radio has not been started");
	if (ESP_OK != esp_netif_set_hostname(station, xsmcToString(xsArg(0))))
		xsRangeError("no host name");
	if (xsUndefinedType == xsmcTypeOf(xsArg(1))) {
		/* It runs already where nothing was fixed before: no error. */
		esp_netif_dhcpc_start(station);
		return;
	}
	esp_netif_ip_info_t fixed = {0};
	addressOf(the, &xsArg(1), &fixed.ip);
	addressOf(the, &xsArg(2), &fixed.netmask);
	addressOf(the, &xsArg(3), &fixed.gw);
	esp_netif_dhcpc_stop(station);
	if (ESP_OK != esp_netif_set_ip_info(station, &fixed))
		xsUnknownError("the address was not taken");
}
