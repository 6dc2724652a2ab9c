// The meter's UART as a class of XS: see meter-serial.ts for what it promises, meter-uart.h for what lies below.
//
// Lifetimes. The object is remembered (a root of the garbage collector) while the UART is open, so the collector ends
// it only together with the machine. A message carries the opening's generation and a pointer to static memory: one
// that arrives after closing finds a generation that is over. No pointer into the engine's heap is kept across a call
// that may allocate, and the UART's own task never touches the machine but to post.

// The engine's own view of the machine first: its message queue is asked for room.
#include "xsAll.h"
#include "xs.h"
#include "xsmc.h"
#include "mc.xs.h"

#include "builtinCommon.h"
#include "freertos/FreeRTOS.h"
#include "freertos/queue.h"

#include "meter-uart.h"

/** Of xsHost.h, which xsAll.h reads too early for this declaration. */
int modMessagePostToMachine(xsMachine *the, uint8_t *message, uint16_t length, modMessageDeliver callback, void *context);

/** Read at once: the machine's heap is small, and what is left is told by another message. */
#define MOST_AT_ONCE 2048

/** Arguments of `xs_meter_serial_open`, and from `BAUD` on of `xs_meter_serial_configure`. */
enum { PORT, RECEIVE, TRANSMIT, BAUD };
enum { INVERT_RECEIVE = 1, INVERT_TRANSMIT = 2 };

static struct {
	MeterUart *uart;
	xsMachine *the;
	xsSlot object;
	int receive;
	int transmit;
} line;

void xs_meter_serial_destructor(void *data);

static const xsHostHooks hooks = {xs_meter_serial_destructor, NULL, NULL};

static void deliver(void *machine, void *context, uint8_t *message, uint16_t length) {
	xsMachine *the = machine;
	uint32_t generation = 0;
	(void)context;
	if (length == sizeof(generation)) c_memcpy(&generation, message, sizeof(generation));
	const uint8_t tells = line.uart ? meterUartTake(line.uart, generation) : 0;
	if (tells == 0) return;
	xsBeginHost(the);
	xsmcVars(2);
	xsmcSetInteger(xsVar(0), tells);
	xsmcSetInteger(xsVar(1), (xsIntegerValue)meterUartWaiting(line.uart));
	xsmcCall_noResult(line.object, xsID_deliver, &xsVar(0), &xsVar(1), NULL);
	xsEndHost(the);
}

/** In the UART's task. Never waits for room (the SDK's function would, for ever): the task tries again. */
static bool post(void *context, uint32_t generation) {
	if (uxQueueSpacesAvailable((QueueHandle_t)line.the->msgQueue) == 0) return false;
	return modMessagePostToMachine(line.the, (uint8_t *)&generation, sizeof(generation), deliver, context) == 0;
}

static bool isFree(int pin) { return pin < 0 || builtinIsPinFree((uint32_t)pin); }

static void usePin(int pin) {
	if (pin >= 0) builtinUsePin((uint32_t)pin);
}

static void freePin(int pin) {
	if (pin >= 0) builtinFreePin((uint32_t)pin);
}

static UartSettings settingsFrom(xsMachine *the, int first) {
	const int inversion = xsmcToInteger(xsArg(first + 4));
	const int parity = xsmcToInteger(xsArg(first + 2));
	return (UartSettings){
		.baud = (uint32_t)xsmcToInteger(xsArg(first)),
		.dataBits = xsmcToInteger(xsArg(first + 1)) == 7 ? 7 : 8,
		.parity = parity == UART_PARITY_IS_EVEN || parity == UART_PARITY_IS_ODD ? (uint8_t)parity : UART_PARITY_NONE,
		.stopBits = xsmcToInteger(xsArg(first + 3)) == 2 ? 2 : 1,
		.invertReceive = (inversion & INVERT_RECEIVE) != 0,
		.invertTransmit = (inversion & INVERT_TRANSMIT) != 0,
	};
}

/** `(port, receive, transmit, baud, dataBits, parity, stopBits, inversion)`; a pin is -1 where there is none. */
void xs_meter_serial_open(xsMachine *the) {
	const char *reason = NULL;
	MeterUartOptions options = {
		.port = xsmcToInteger(xsArg(PORT)),
		.receive = xsmcToInteger(xsArg(RECEIVE)),
		.transmit = xsmcToInteger(xsArg(TRANSMIT)),
		.settings = settingsFrom(the, BAUD),
		.post = post,
		.context = &line,
	};
	if (line.uart) xsUnknownError("the UART is in use");
	if (!isFree(options.receive) || !isFree(options.transmit)) xsUnknownError("a pin is in use");
	line.the = the;
	MeterUart *uart = meterUartOpen(&options, &reason);
	if (!uart) xsUnknownError("%s", reason);
	line.receive = options.receive;
	line.transmit = options.transmit;
	usePin(line.receive);
	usePin(line.transmit);
	line.object = xsThis;
	xsRemember(line.object);
	xsmcSetHostData(xsThis, &line);
	xsSetHostHooks(xsThis, (xsHostHooks *)&hooks);
	// Last: from now on messages are delivered, none before this call has returned.
	line.uart = uart;
}

/** By the collector, at the machine's end: the engine must not be touched. `data` is `NULL` where it was closed. */
void xs_meter_serial_destructor(void *data) {
	if (!data || !line.uart) return;
	meterUartClose(line.uart);
	line.uart = NULL;
	freePin(line.receive);
	freePin(line.transmit);
}

void xs_meter_serial_close(xsMachine *the) {
	void *data = xsmcGetHostDataValidate(xsThis, (void *)&hooks);
	if (!data || !line.uart) return;
	xs_meter_serial_destructor(data);
	xsForget(line.object);
	xsmcSetHostData(xsThis, NULL);
	xsmcSetHostDestructor(xsThis, NULL);
}

/** An ArrayBuffer of what waits, or `undefined`. */
void xs_meter_serial_read(xsMachine *the) {
	(void)xsmcGetHostDataValidate(xsThis, (void *)&hooks);
	size_t count = meterUartWaiting(line.uart);
	if (count == 0) return;
	if (count > MOST_AT_ONCE) count = MOST_AT_ONCE;
	uint8_t *bytes = xsmcSetArrayBuffer(xsResult, NULL, (xsIntegerValue)count);
	const size_t taken = meterUartRead(line.uart, bytes, count);
	if (taken < count) xsmcSetArrayBufferLength(xsResult, (xsIntegerValue)taken);
}

/** `(buffer)`: throws where there is no room for all of it. */
void xs_meter_serial_write(xsMachine *the) {
	void *bytes;
	xsUnsignedValue count;
	(void)xsmcGetHostDataValidate(xsThis, (void *)&hooks);
	xsmcGetBufferReadable(xsArg(0), &bytes, &count);
	if (!meterUartWrite(line.uart, bytes, count)) xsUnknownError("the transmit queue is full");
}

/** `(baud, dataBits, parity, stopBits, inversion)`. */
void xs_meter_serial_configure(xsMachine *the) {
	(void)xsmcGetHostDataValidate(xsThis, (void *)&hooks);
	const UartSettings settings = settingsFrom(the, 0);
	meterUartConfigure(line.uart, &settings);
}

/** `(which)`: 0 overflow, 1 parity, 2 framing, 3 breaks. */
void xs_meter_serial_count(xsMachine *the) {
	(void)xsmcGetHostDataValidate(xsThis, (void *)&hooks);
	const UartCounters counters = meterUartCounters(line.uart);
	const uint32_t counts[] = {counters.overflow, counters.parity, counters.framing, counters.breaks};
	const int which = xsmcToInteger(xsArg(0));
	// Wraps after two thousand million; an integer costs the engine least.
	xsmcSetInteger(xsResult, which >= 0 && which < 4 ? (xsIntegerValue)(counts[which] & INT32_MAX) : 0);
}
