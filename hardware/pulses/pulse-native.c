// The class of pulse-native.js: on the ESP32 an interrupt at every edge of the pin, whose work is pulse-debounce.h; no
// message to the machine, which looks when it wants to. A main loop that stands still for seconds loses no pulse.
// On Linux there are no pins.
//
// The interrupt runs from flash, as the shared GPIO service that the SDK installs does: while flash is erased (some 50 ms
// at each write of a file) edges wait, and a pulse that begins and ends in that time is lost.
//
// Not yet run on hardware. Compiled without warnings for the ESP32-C3 against the headers of ESP-IDF v6 and the SDK
// (riscv64-unknown-elf-gcc -march=rv32imc -Wall -Wextra), not linked.

#include "xsmc.h"
#include "mc.xs.h"
#include "xsHost.h"

#if ESP32

#include "builtinCommon.h"
#include "driver/gpio.h"
#include "esp_timer.h"
#include "freertos/FreeRTOS.h"
#include "pulse-debounce.h"

typedef struct {
	PulseDebounce pulses;
	portMUX_TYPE lock;
	uint8_t pin;
	bool activeLow;
} PulseCounter;

static bool pulseLevel(PulseCounter *counter)
{
	return (gpio_get_level(counter->pin) != 0) != counter->activeLow;
}

static void pulseInterrupt(void *it)
{
	PulseCounter *counter = it;
	portENTER_CRITICAL_ISR(&counter->lock);
	pulseEdge(&counter->pulses, pulseLevel(counter), esp_timer_get_time());
	portEXIT_CRITICAL_ISR(&counter->lock);
}

void xs_pulse_counter_destructor(void *it)
{
	PulseCounter *counter = it;
	if (!counter)
		return;
	gpio_intr_disable(counter->pin);
	gpio_isr_handler_remove(counter->pin);
	gpio_reset_pin(counter->pin);
	builtinFreePin(counter->pin);
	c_free(counter);
}

void xs_pulse_counter(xsMachine *the)
{
	int pin = xsmcToInteger(xsArg(0));
	int pull = xsmcToInteger(xsArg(1));
	bool activeLow = xsmcTest(xsArg(2));
	int debounce = xsmcToInteger(xsArg(3));

	if (pin < 0 || pin >= GPIO_NUM_MAX || !GPIO_IS_VALID_GPIO(pin))
		xsUnknownError("invalid pin");
	if (!builtinIsPinFree(pin))
		xsUnknownError("in use");

	gpio_config_t settings = {
		.pin_bit_mask = 1ULL << pin,
		.mode = GPIO_MODE_INPUT,
		.pull_up_en = pull == 1 ? GPIO_PULLUP_ENABLE : GPIO_PULLUP_DISABLE,
		.pull_down_en = pull == 2 ? GPIO_PULLDOWN_ENABLE : GPIO_PULLDOWN_DISABLE,
		.intr_type = GPIO_INTR_ANYEDGE,
	};
	if (gpio_config(&settings))
		xsUnknownError("invalid pin");

	// Already installed where the SDK's digital pins have callbacks: that is no fault.
	esp_err_t err = gpio_install_isr_service(0);
	if (err && err != ESP_ERR_INVALID_STATE) {
		gpio_reset_pin(pin);
		xsUnknownError("no interrupt");
	}

	PulseCounter *counter = c_malloc(sizeof(PulseCounter));
	if (!counter) {
		gpio_reset_pin(pin);
		xsUnknownError("no memory");
	}
	portMUX_INITIALIZE(&counter->lock);
	counter->pin = pin;
	counter->activeLow = activeLow;
	pulseOpen(&counter->pulses, pulseLevel(counter), (int64_t)debounce * 1000, esp_timer_get_time());
	if (gpio_isr_handler_add(pin, pulseInterrupt, counter)) {
		c_free(counter);
		gpio_reset_pin(pin);
		xsUnknownError("no interrupt");
	}
	builtinUsePin(pin);
	xsmcSetHostData(xsThis, counter);
}

/** The counter, settled; an exception where it is closed. */
static PulseDebounce pulseLook(xsMachine *the)
{
	PulseCounter *counter = xsmcGetHostData(xsThis);
	if (!counter)
		xsUnknownError("closed");
	portENTER_CRITICAL(&counter->lock);
	pulseSettle(&counter->pulses, esp_timer_get_time());
	PulseDebounce pulses = counter->pulses;
	portEXIT_CRITICAL(&counter->lock);
	return pulses;
}

void xs_pulse_counter_count(xsMachine *the)
{
	PulseDebounce pulses = pulseLook(the);
	xsmcSetUnsigned(xsResult, pulses.count);
}

void xs_pulse_counter_at(xsMachine *the)
{
	PulseDebounce pulses = pulseLook(the);
	xsmcSetUnsigned(xsResult, pulses.at);
}

void xs_pulse_counter_close(xsMachine *the)
{
	PulseCounter *counter = xsmcGetHostData(xsThis);
	xsmcSetHostData(xsThis, NULL);
	xs_pulse_counter_destructor(counter);
}

#else

void xs_pulse_counter_destructor(void *it)
{
	(void)it;
}

void xs_pulse_counter(xsMachine *the)
{
	xsUnknownError("no pins here");
}

void xs_pulse_counter_count(xsMachine *the)
{
	xsUnknownError("no pins here");
}

void xs_pulse_counter_at(xsMachine *the)
{
	xsUnknownError("no pins here");
}

void xs_pulse_counter_close(xsMachine *the)
{
	(void)the;
}

#endif
