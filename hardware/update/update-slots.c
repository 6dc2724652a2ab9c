// The native part of hardware/update/update-slots.js. Called by the XS machine's own task only, which waits while flash is
// erased and written: some 50 ms for each 4 KB. The UART's interrupt lies in IRAM and goes on (hardware/serial).
// Source: ESP-IDF v6.0, app_update/include/esp_ota_ops.h, and its "Over The Air Updates" on app rollback.

#include "xsPlatform.h"
#include "xsmc.h"

#include "app_update/include/esp_ota_ops.h"
#include "esp_partition.h"

static esp_ota_handle_t gWriter;
static const esp_partition_t *gSlot;

static void forget(void)
{
	if (gSlot) esp_ota_abort(gWriter);
	gSlot = NULL;
}

void xs_slots_running(xsMachine *the)
{
	const esp_partition_t *partition = esp_ota_get_running_partition();
	xsmcSetString(xsResult, (xsStringValue)(partition ? partition->label : "unknown"));
}

void xs_slots_on_trial(xsMachine *the)
{
	esp_ota_img_states_t state;
	const esp_partition_t *partition = esp_ota_get_running_partition();
	int trial = partition && esp_ota_get_state_partition(partition, &state) == ESP_OK && state == ESP_OTA_IMG_PENDING_VERIFY;
	xsmcSetBoolean(xsResult, trial);
}

void xs_slots_size(xsMachine *the)
{
	const esp_partition_t *partition = esp_ota_get_next_update_partition(NULL);
	xsmcSetInteger(xsResult, partition ? (xsIntegerValue)partition->size : 0);
}

void xs_slots_begin(xsMachine *the)
{
	forget();
	const esp_partition_t *partition = esp_ota_get_next_update_partition(NULL);
	if (!partition) xsUnknownError("there is no second slot");
	if (esp_ota_begin(partition, OTA_WITH_SEQUENTIAL_WRITES, &gWriter) != ESP_OK) xsUnknownError("the slot cannot be written");
	gSlot = partition;
}

void xs_slots_write(xsMachine *the)
{
	void *bytes;
	xsUnsignedValue size;

	if (!gSlot) xsUnknownError("no slot is being written");
	xsmcGetBufferReadable(xsArg(0), &bytes, &size);
	if (esp_ota_write(gWriter, bytes, size) != ESP_OK) {
		forget();
		xsUnknownError("flash could not be written");
	}
}

void xs_slots_finish(xsMachine *the)
{
	const esp_partition_t *partition = gSlot;
	if (!partition) xsUnknownError("no slot is being written");
	gSlot = NULL;
	// Ends the handle whatever it finds.
	if (esp_ota_end(gWriter) != ESP_OK) xsUnknownError("the image is no firmware for this chip");
	if (esp_ota_set_boot_partition(partition) != ESP_OK) xsUnknownError("the slot cannot be started");
}

void xs_slots_abandon(xsMachine *the)
{
	(void)the;
	forget();
}

void xs_slots_confirm(xsMachine *the)
{
	if (esp_ota_mark_app_valid_cancel_rollback() != ESP_OK) xsUnknownError("the slot cannot be confirmed");
}

void xs_slots_roll_back(xsMachine *the)
{
	// Returns only where it fails.
	esp_ota_mark_app_invalid_rollback_and_reboot();
	xsUnknownError("there is no older firmware to go back to");
}
