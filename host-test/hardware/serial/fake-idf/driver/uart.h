// A fake of the part of ESP-IDF's UART driver that the meter's UART uses: the same names and meanings, other numbers.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "freertos/FreeRTOS.h"
#include "freertos/queue.h"

typedef int esp_err_t;
#define ESP_OK 0
#define ESP_FAIL (-1)
#define ESP_ERR_TIMEOUT 0x107
#define ESP_INTR_FLAG_IRAM (1 << 10)

typedef int uart_port_t;
#define UART_PIN_NO_CHANGE (-1)
#define UART_BITRATE_MAX 5000000
#define UART_HW_FIFO_LEN(port) ((void)(port), 128)

typedef enum { UART_DATA_7_BITS = 2, UART_DATA_8_BITS = 3 } uart_word_length_t;
typedef enum { UART_PARITY_DISABLE = 0, UART_PARITY_EVEN = 2, UART_PARITY_ODD = 3 } uart_parity_t;
typedef enum { UART_STOP_BITS_1 = 1, UART_STOP_BITS_2 = 3 } uart_stop_bits_t;
typedef enum { UART_HW_FLOWCTRL_DISABLE } uart_hw_flowcontrol_t;
typedef enum { UART_SCLK_DEFAULT } uart_sclk_t;
enum { UART_SIGNAL_RXD_INV = 1 << 2, UART_SIGNAL_TXD_INV = 1 << 5 };

typedef struct {
	int baud_rate;
	uart_word_length_t data_bits;
	uart_parity_t parity;
	uart_stop_bits_t stop_bits;
	uart_hw_flowcontrol_t flow_ctrl;
	uart_sclk_t source_clk;
} uart_config_t;

typedef enum {
	UART_DATA,
	UART_BREAK,
	UART_BUFFER_FULL,
	UART_FIFO_OVF,
	UART_FRAME_ERR,
	UART_PARITY_ERR,
	UART_PATTERN_DET,
	UART_EVENT_MAX
} uart_event_type_t;

typedef struct {
	uart_event_type_t type;
	size_t size;
	bool timeout_flag;
} uart_event_t;

bool uart_is_driver_installed(uart_port_t port);
esp_err_t uart_param_config(uart_port_t port, const uart_config_t *configuration);
esp_err_t uart_set_pin(uart_port_t port, int transmit, int receive, int rts, int cts);
esp_err_t uart_driver_install(uart_port_t port, int ring, int transmit, int events, QueueHandle_t *queue, int flags);
esp_err_t uart_driver_delete(uart_port_t port);
esp_err_t uart_set_rx_full_threshold(uart_port_t port, int threshold);
esp_err_t uart_set_rx_timeout(uart_port_t port, uint8_t characters);
esp_err_t uart_enable_intr_mask(uart_port_t port, uint32_t mask);
esp_err_t uart_set_word_length(uart_port_t port, uart_word_length_t length);
esp_err_t uart_set_parity(uart_port_t port, uart_parity_t parity);
esp_err_t uart_set_stop_bits(uart_port_t port, uart_stop_bits_t bits);
esp_err_t uart_set_baudrate(uart_port_t port, uint32_t baud);
esp_err_t uart_set_line_inverse(uart_port_t port, uint32_t mask);
esp_err_t uart_get_buffered_data_len(uart_port_t port, size_t *count);
int uart_read_bytes(uart_port_t port, void *bytes, uint32_t count, uint32_t ticks);
int uart_tx_chars(uart_port_t port, const char *bytes, uint32_t count);
esp_err_t uart_wait_tx_done(uart_port_t port, uint32_t ticks);
