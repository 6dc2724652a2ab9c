// What ESP-IDF asks for and this firmware has not. Each function answers as ESP-IDF's would where there is none.

#include <errno.h>
#include <stdio.h>

#include "esp_err.h"
#include "hal/spi_flash_types.h"
#include "in-place-of.h"
#include "lwip/sockets.h"
#include "nvs.h"
#include "nvs_flash.h"
#include "soc/soc_caps.h"
#if SOC_PAU_SUPPORTED
#include "esp_private/esp_regdma.h"
#include "esp_private/sleep_retention.h"
#endif

/* Key-value storage: as if nobody had initialised it. The SDK's start (lib/main/main.c) wants its initialisation to succeed. */

IN_PLACE_OF(nvs_flash_init);
IN_PLACE_OF(nvs_open);
IN_PLACE_OF(nvs_close);
IN_PLACE_OF(nvs_commit);
IN_PLACE_OF(nvs_erase_key);
IN_PLACE_OF(nvs_set_i8);
IN_PLACE_OF(nvs_get_i8);
IN_PLACE_OF(nvs_set_u8);
IN_PLACE_OF(nvs_get_u8);
IN_PLACE_OF(nvs_set_u16);
IN_PLACE_OF(nvs_get_u16);
IN_PLACE_OF(nvs_set_blob);
IN_PLACE_OF(nvs_get_blob);

esp_err_t __wrap_nvs_flash_init(void) { return ESP_OK; }
esp_err_t __wrap_nvs_open(const char *, nvs_open_mode_t, nvs_handle_t *) { return ESP_ERR_NVS_NOT_INITIALIZED; }
void __wrap_nvs_close(nvs_handle_t) {}
esp_err_t __wrap_nvs_commit(nvs_handle_t) { return ESP_ERR_NVS_NOT_INITIALIZED; }
esp_err_t __wrap_nvs_erase_key(nvs_handle_t, const char *) { return ESP_ERR_NVS_NOT_INITIALIZED; }
esp_err_t __wrap_nvs_set_i8(nvs_handle_t, const char *, int8_t) { return ESP_ERR_NVS_NOT_INITIALIZED; }
esp_err_t __wrap_nvs_get_i8(nvs_handle_t, const char *, int8_t *) { return ESP_ERR_NVS_NOT_INITIALIZED; }
esp_err_t __wrap_nvs_set_u8(nvs_handle_t, const char *, uint8_t) { return ESP_ERR_NVS_NOT_INITIALIZED; }
esp_err_t __wrap_nvs_get_u8(nvs_handle_t, const char *, uint8_t *) { return ESP_ERR_NVS_NOT_INITIALIZED; }
esp_err_t __wrap_nvs_set_u16(nvs_handle_t, const char *, uint16_t) { return ESP_ERR_NVS_NOT_INITIALIZED; }
esp_err_t __wrap_nvs_get_u16(nvs_handle_t, const char *, uint16_t *) { return ESP_ERR_NVS_NOT_INITIALIZED; }
esp_err_t __wrap_nvs_set_blob(nvs_handle_t, const char *, const void *, size_t) { return ESP_ERR_NVS_NOT_INITIALIZED; }
esp_err_t __wrap_nvs_get_blob(nvs_handle_t, const char *, void *, size_t *) { return ESP_ERR_NVS_NOT_INITIALIZED; }

/* Sockets: no number is one. */

IN_PLACE_OF(lwip_read);
IN_PLACE_OF(lwip_write);
IN_PLACE_OF(lwip_close);
IN_PLACE_OF(lwip_fcntl);
IN_PLACE_OF(lwip_ioctl);
IN_PLACE_OF(lwip_select);

static int noSocket(void)
{
	errno = EBADF;
	return -1;
}

ssize_t __wrap_lwip_read(int, void *, size_t) { return noSocket(); }
ssize_t __wrap_lwip_write(int, const void *, size_t) { return noSocket(); }
int __wrap_lwip_close(int) { return noSocket(); }
int __wrap_lwip_fcntl(int, int, int) { return noSocket(); }
int __wrap_lwip_ioctl(int, long, void *) { return noSocket(); }
int __wrap_lwip_select(int, fd_set *, fd_set *, fd_set *, struct timeval *) { return noSocket(); }

/* A second SPI bus with flash: no header has these; types as in spi_flash/memspi_host_driver.c. */

esp_err_t __wrap_spi_flash_hal_gpspi_device_config(spi_flash_host_inst_t *) { return ESP_ERR_NOT_SUPPORTED; }
esp_err_t __wrap_spi_flash_hal_gpspi_configure_host_io_mode(spi_flash_host_inst_t *, uint32_t, uint32_t, int, esp_flash_io_mode_t)
{
	return ESP_ERR_NOT_SUPPORTED;
}
esp_err_t __wrap_spi_flash_hal_gpspi_common_command(spi_flash_host_inst_t *, spi_flash_trans_t *) { return ESP_ERR_NOT_SUPPORTED; }
void __wrap_spi_flash_hal_gpspi_poll_cmd_done(spi_flash_host_inst_t *) {}
esp_err_t __wrap_spi_flash_hal_gpspi_read(spi_flash_host_inst_t *, void *, uint32_t, uint32_t) { return ESP_ERR_NOT_SUPPORTED; }
uint32_t __wrap_spi_flash_hal_gpspi_check_status(spi_flash_host_inst_t *) { return 0; }
bool __wrap_spi_flash_hal_gpspi_supports_direct_read(spi_flash_host_inst_t *, const void *) { return false; }
bool __wrap_spi_flash_hal_gpspi_supports_direct_write(spi_flash_host_inst_t *, const void *) { return false; }

/* Light sleep: nothing is remembered in it, and so nothing is found. */

#if SOC_PAU_SUPPORTED
IN_PLACE_OF(sleep_retention_module_init);
IN_PLACE_OF(sleep_retention_entries_create);
IN_PLACE_OF(sleep_retention_find_link_by_id);
IN_PLACE_OF(regdma_link_set_write_wait_content);

esp_err_t __wrap_sleep_retention_module_init(sleep_retention_module_t, sleep_retention_module_init_param_t *) { return ESP_OK; }
esp_err_t __wrap_sleep_retention_entries_create(
	const sleep_retention_entries_config_t[], int, regdma_link_priority_t, sleep_retention_module_t)
{
	return ESP_OK;
}
void *__wrap_sleep_retention_find_link_by_id(int) { return NULL; }
void __wrap_regdma_link_set_write_wait_content(void *, uint32_t, uint32_t) {}
#endif

/* A console. */

IN_PLACE_OF(puts);

int __wrap_puts(const char *) { return 0; }
