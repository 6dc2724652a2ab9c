// See meter-uart.h. Source: ESP-IDF v6.0, components/esp_driver_uart (include/driver/uart.h; what its interrupt does
// when the ring or the event queue is full, src/uart.c).

#include "meter-uart.h"

#include "driver/gpio.h"
#include "driver/uart.h"
#include "freertos/FreeRTOS.h"
#include "freertos/queue.h"
#include "freertos/semphr.h"
#include "freertos/task.h"
#include "sdkconfig.h"
#include "soc/soc_caps.h"
#include "soc/uart_reg.h"

/** Above the XS machine's task (4), so that counting goes on while JavaScript runs; below Wi-Fi and lwIP. */
#define TASK_PRIORITY 5
#define TASK_STACK 2560
/** The chip's buffer holds 128 bytes: at 64 the interrupt has 5 ms at 115200 baud. The driver's own choice leaves 8. */
#define FULL_AT 64
/** Silence, in characters, after which fewer bytes are handed on: at 300 baud 67 ms. */
#define SILENCE 2
/** How often a transmission under way is looked at, and a post that found no room is tried again. */
#define LOOK_MS 5
#define STOP_MS 100
/** An interrupt that may run while flash is written; the driver must have been built for it. */
#if CONFIG_UART_ISR_IN_IRAM
	#define INTERRUPT_FLAGS ESP_INTR_FLAG_IRAM
#else
	#define INTERRUPT_FLAGS 0
#endif

struct MeterUart {
	bool open;
	/** Rises with each opening and closing: a message of an earlier opening is known by it. */
	uint32_t generation;
	uart_port_t port;
	UartSettings settings;
	MeterUartPost post;
	void *context;
	QueueHandle_t events;
	TaskHandle_t task;
	bool stopping;
	/** A post found no room. */
	bool retry;
	portMUX_TYPE lock;
	SemaphoreHandle_t stopped;
	StaticSemaphore_t stoppedMemory;
	UartPolicy policy;
};

/** Static, so that a message that arrives after closing finds memory that is still what it was. */
static MeterUart theUart;

#define LOCK(uart) portENTER_CRITICAL(&(uart)->lock)
#define UNLOCK(uart) portEXIT_CRITICAL(&(uart)->lock)

static TickType_t ticks(uint32_t milliseconds) {
	const TickType_t count = pdMS_TO_TICKS(milliseconds);
	return count > 0 ? count : 1;
}

/** Wakes the task. Where the queue is full it is awake already. */
static void kick(MeterUart *uart) {
	const uart_event_t nothing = {.type = UART_EVENT_MAX};
	(void)xQueueSend(uart->events, &nothing, 0);
}

static uart_word_length_t wordLength(const UartSettings *settings) {
	return settings->dataBits == 7 ? UART_DATA_7_BITS : UART_DATA_8_BITS;
}

static uart_parity_t parity(const UartSettings *settings) {
	switch (settings->parity) {
	case UART_PARITY_IS_EVEN:
		return UART_PARITY_EVEN;
	case UART_PARITY_IS_ODD:
		return UART_PARITY_ODD;
	default:
		return UART_PARITY_DISABLE;
	}
}

static uart_stop_bits_t stopBits(const UartSettings *settings) {
	return settings->stopBits == 2 ? UART_STOP_BITS_2 : UART_STOP_BITS_1;
}

static uint32_t inversion(const UartSettings *settings) {
	return (settings->invertReceive ? (uint32_t)UART_SIGNAL_RXD_INV : 0u) |
		   (settings->invertTransmit ? (uint32_t)UART_SIGNAL_TXD_INV : 0u);
}

/** Gives the chip what differs; nothing else is disturbed, and no buffer is emptied. */
static bool apply(MeterUart *uart, const UartSettings *next) {
	const UartSettings *now = &uart->settings;
	const uart_port_t port = uart->port;
	bool taken = true;
	if (next->dataBits != now->dataBits) taken &= uart_set_word_length(port, wordLength(next)) == ESP_OK;
	if (next->parity != now->parity) taken &= uart_set_parity(port, parity(next)) == ESP_OK;
	if (next->stopBits != now->stopBits) taken &= uart_set_stop_bits(port, stopBits(next)) == ESP_OK;
	if (inversion(next) != inversion(now)) taken &= uart_set_line_inverse(port, inversion(next)) == ESP_OK;
	if (next->baud != now->baud) taken &= uart_set_baudrate(port, next->baud) == ESP_OK;
	if (taken) uart->settings = *next;
	return taken;
}

/** Hands on what the chip takes; once the transmitter is idle, says so and gives it settings that waited. */
static void transmit(MeterUart *uart) {
	for (;;) {
		const uint8_t *bytes;
		LOCK(uart);
		const size_t count = uartPolicySendable(&uart->policy, &bytes);
		const bool awaitsIdle = uartPolicyAwaitsIdle(&uart->policy);
		UNLOCK(uart);
		if (count > 0) {
			// The bytes stay where they are until they are counted as sent: writers only append.
			const int taken = uart_tx_chars(uart->port, (const char *)bytes, (uint32_t)count);
			if (taken <= 0) return;
			LOCK(uart);
			uartPolicySent(&uart->policy, (size_t)taken);
			UNLOCK(uart);
			continue;
		}
		if (!awaitsIdle || uart_wait_tx_done(uart->port, 0) != ESP_OK) return;
		UartSettings settings;
		LOCK(uart);
		// A write may have come since: then it is not over.
		const bool changes = uartPolicyAwaitsIdle(&uart->policy) && uartPolicyIdle(&uart->policy, &settings);
		UNLOCK(uart);
		if (!changes) continue;
		if (!apply(uart, &settings)) {
			LOCK(uart);
			uartPolicyRefused(&uart->policy);
			UNLOCK(uart);
		}
	}
}

static void heed(MeterUart *uart, const uart_event_t *event) {
	UartSight sight;
	switch (event->type) {
	case UART_DATA:
		sight = UART_SAW_DATA;
		break;
	case UART_BUFFER_FULL:
		sight = UART_SAW_FULL_RING;
		break;
	case UART_FIFO_OVF:
		sight = UART_SAW_OVERFLOW;
		break;
	case UART_BREAK:
		sight = UART_SAW_BREAK;
		break;
	case UART_FRAME_ERR:
		sight = UART_SAW_FRAMING;
		break;
	case UART_PARITY_ERR:
		sight = UART_SAW_PARITY;
		break;
	default:
		return; /* a kick */
	}
	LOCK(uart);
	uartPolicySaw(&uart->policy, sight);
	UNLOCK(uart);
}

/** Events were lost: the ring says whether bytes may have been, too. */
static void missed(MeterUart *uart) {
	const bool ringFull = meterUartWaiting(uart) + UART_HW_FIFO_LEN(uart->port) > METER_UART_RING;
	LOCK(uart);
	uartPolicyMissed(&uart->policy, ringFull);
	UNLOCK(uart);
}

static void tell(MeterUart *uart) {
	LOCK(uart);
	const bool wants = uartPolicyWantsMessage(&uart->policy);
	const uint32_t generation = uart->generation;
	UNLOCK(uart);
	uart->retry = wants && !uart->post(uart->context, generation);
	if (!uart->retry) return;
	LOCK(uart);
	uartPolicyNotPosted(&uart->policy);
	UNLOCK(uart);
}

bool meterUartTurn(MeterUart *uart) {
	uart_event_t event;
	LOCK(uart);
	const bool sending = uart->policy.sending || uart->policy.changing;
	UNLOCK(uart);
	TickType_t wait = sending || uart->retry ? ticks(LOOK_MS) : portMAX_DELAY;
	for (;;) {
		// Full before anything is taken from it: what came after is lost.
		const bool full = uxQueueSpacesAvailable(uart->events) == 0;
		if (xQueueReceive(uart->events, &event, wait) != pdTRUE) break;
		if (full) missed(uart);
		heed(uart, &event);
		wait = 0;
	}
	LOCK(uart);
	const bool stopping = uart->stopping;
	UNLOCK(uart);
	if (stopping) return false;
	transmit(uart);
	tell(uart);
	return true;
}

static void task(void *argument) {
	MeterUart *uart = argument;
	while (meterUartTurn(uart))
		;
	// From here on it touches nothing of the UART's: whoever waits may delete the driver and its queue.
	xSemaphoreGive(uart->stopped);
	vTaskDelete(NULL);
}

/** A sentence where these settings cannot be, otherwise `NULL`. */
static const char *impossible(const MeterUartOptions *options) {
	if (options->port < 0 || options->port >= (int)SOC_UART_HP_NUM) return "there is no such UART";
#ifdef mxDebug
	if (options->port == 0) return "UART 0 belongs to the debugger in this build";
#endif
	if (options->receive < 0 && options->transmit < 0) return "no pins are set";
	if (options->settings.baud < 75 || options->settings.baud > UART_BITRATE_MAX) return "baud rate";
	return NULL;
}

static bool install(MeterUart *uart, const MeterUartOptions *options) {
	const UartSettings *settings = &options->settings;
	const uart_port_t port = uart->port;
	const uart_config_t configuration = {
		.baud_rate = (int)settings->baud,
		.data_bits = wordLength(settings),
		.parity = parity(settings),
		.stop_bits = stopBits(settings),
		.flow_ctrl = UART_HW_FLOWCTRL_DISABLE,
		.source_clk = UART_SCLK_DEFAULT,
	};
	if (uart_param_config(port, &configuration) != ESP_OK) return false;
	// Inverted before the receiver listens: otherwise its first character were a break.
	if (uart_set_line_inverse(port, inversion(settings)) != ESP_OK) return false;
	if (uart_set_pin(port, options->transmit, options->receive, UART_PIN_NO_CHANGE, UART_PIN_NO_CHANGE) != ESP_OK)
		return false;
	// A line without a meter shall not float; pins that have no resistor say no, and then the board has one.
	if (options->receive >= 0) (void)gpio_pullup_en((gpio_num_t)options->receive);
	if (uart_driver_install(port, METER_UART_RING, 0, METER_UART_EVENTS, &uart->events, INTERRUPT_FLAGS) != ESP_OK)
		return false;
	// The driver itself does not ask for framing errors.
	const bool heard = uart_set_rx_full_threshold(port, FULL_AT) == ESP_OK &&
		uart_set_rx_timeout(port, SILENCE) == ESP_OK && uart_enable_intr_mask(port, UART_FRM_ERR_INT_ENA) == ESP_OK;
	if (heard && xTaskCreate(task, "meter", TASK_STACK, uart, TASK_PRIORITY, &uart->task) == pdPASS) return true;
	uart_driver_delete(port);
	return false;
}

MeterUart *meterUartOpen(const MeterUartOptions *options, const char **reason) {
	MeterUart *uart = &theUart;
	*reason = impossible(options);
	if (*reason) return NULL;
	const uart_port_t port = (uart_port_t)options->port;
	if (uart->open || uart_is_driver_installed(port)) {
		*reason = "the UART is in use";
		return NULL;
	}
	portMUX_INITIALIZE(&uart->lock);
	uartPolicyOpen(&uart->policy);
	uart->generation++;
	uart->port = port;
	uart->settings = options->settings;
	uart->post = options->post;
	uart->context = options->context;
	uart->stopping = false;
	uart->retry = false;
	uart->stopped = xSemaphoreCreateBinaryStatic(&uart->stoppedMemory);
	uart->open = install(uart, options);
	if (uart->open) return uart;
	*reason = "the UART refuses these pins or settings, or memory is short";
	return NULL;
}

size_t meterUartWaiting(MeterUart *uart) {
	size_t count = 0;
	if (uart->events && uart_get_buffered_data_len(uart->port, &count) != ESP_OK) return 0;
	return count;
}

size_t meterUartRead(MeterUart *uart, uint8_t *bytes, size_t count) {
	if (!uart->open) return 0;
	const int taken = uart_read_bytes(uart->port, bytes, (uint32_t)count, 0);
	// Reading makes room, and what the driver held in its hand may just have moved into the ring, without an event.
	if (meterUartWaiting(uart) > 0) {
		LOCK(uart);
		uartPolicyLeftOver(&uart->policy);
		UNLOCK(uart);
		kick(uart);
	}
	return taken > 0 ? (size_t)taken : 0;
}

bool meterUartWrite(MeterUart *uart, const uint8_t *bytes, size_t count) {
	if (!uart->open) return false;
	LOCK(uart);
	const bool taken = uartPolicyWrite(&uart->policy, bytes, count);
	UNLOCK(uart);
	if (taken) kick(uart);
	return taken;
}

void meterUartConfigure(MeterUart *uart, const UartSettings *settings) {
	if (!uart->open) return;
	LOCK(uart);
	uartPolicyConfigure(&uart->policy, settings);
	UNLOCK(uart);
	kick(uart);
}

uint8_t meterUartTake(MeterUart *uart, uint32_t generation) {
	if (!uart->open || generation != uart->generation) return 0;
	LOCK(uart);
	const uint8_t tells = uartPolicyTake(&uart->policy);
	UNLOCK(uart);
	return tells;
}

UartCounters meterUartCounters(MeterUart *uart) {
	LOCK(uart);
	const UartCounters counters = uart->policy.counters;
	UNLOCK(uart);
	return counters;
}

void meterUartClose(MeterUart *uart) {
	if (!uart->open) return;
	LOCK(uart);
	uart->open = false;
	uart->stopping = true;
	uart->generation++;
	UNLOCK(uart);
	kick(uart);
	if (xSemaphoreTake(uart->stopped, ticks(STOP_MS)) != pdTRUE) vTaskDelete(uart->task);
	uart_driver_delete(uart->port);
	uart->events = NULL;
	uart->task = NULL;
}
