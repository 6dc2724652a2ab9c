// The meter's UART on an ESP32: ESP-IDF's UART driver, a task that heeds its events, and uart-policy.c's decisions.
// Knows no XS: whoever opens it gives a function that posts to the machine (meter-serial.c).
//
// Who calls what: all functions but `meterUartTurn` belong to the machine's task, which alone opens and closes.
// `post` is called by the UART's own task. Between them stands one lock, held for microseconds and never around a
// call of the driver.
//
// What is lost when (issue 4, acceptance 2). Bytes go by interrupt from the chip's buffer (128 bytes) to the ring
// (4,096), whatever the machine's main loop does, so only an unread ring loses any. At 115200 baud, 8N1, a byte takes
// 10/115200 s: a block of 300 ms is at most 3,456 bytes, of which a ring that was empty holds all with 640 to spare;
// a P1 meter's telegram of 2.5 KB, one a second, fits whole. Before bytes are lost more than 4,096 must wait in the ring
// and in the driver's hand, and 128 in the chip: 366 ms of unbroken traffic. Beyond that the driver empties the chip's
// buffer (128 bytes are lost), says so, and `overflow` counts it; the ring keeps what it has, in order, and takes
// on where there is room. The telegram that was cut fails its check, the next one is read.
// The interrupt itself must come within 5 ms (64 bytes of the chip's buffer are left when it is raised). While flash is
// written it comes only with CONFIG_UART_ISR_IN_IRAM=y; without, a sector's erasure loses bytes, and counts it.
//
// Memory while open: ring 4,096, task 2,560, events 32 × 12, the driver's own some 1,000 bytes.

#ifndef METERLING_METER_UART_H
#define METERLING_METER_UART_H

#include "uart-policy.h"

/** The receive ring; the driver makes it. */
#define METER_UART_RING 4096
/** Events that may wait for the UART's task; one that finds no room is lost, which is noticed (`uartPolicyMissed`). */
#define METER_UART_EVENTS 32
/** `transmit` or `receive` where there is none. */
#define METER_UART_NO_PIN (-1)

typedef struct MeterUart MeterUart;

/**
 * Posts a message that makes the machine call `meterUartTake(uart, generation)`. False: no room, ask again later. Must not
 * wait for the machine: it may be waiting for this task to end.
 */
typedef bool (*MeterUartPost)(void *context, uint32_t generation);

typedef struct {
	/** Number of the chip's UART. */
	int port;
	int receive;
	int transmit;
	UartSettings settings;
	MeterUartPost post;
	void *context;
} MeterUartOptions;

/**
 * Opens the UART; `NULL` where that cannot be, with the reason in a person's words. One UART may be open: the
 * device has one meter's line.
 */
MeterUart *meterUartOpen(const MeterUartOptions *options, const char **reason);

/** Bytes that wait in the ring. */
size_t meterUartWaiting(MeterUart *uart);

/** At most `count` bytes, never waiting. Where more are left another message tells of them. Returns how many. */
size_t meterUartRead(MeterUart *uart, uint8_t *bytes, size_t count);

/** Takes all bytes or none; never waits for the wire. When all have left, a message tells `UART_TELLS_WRITABLE`. */
bool meterUartWrite(MeterUart *uart, const uint8_t *bytes, size_t count);

/**
 * New settings once all that was written before is on the wire, at 300 baud seconds later; never waits. What was
 * received before stays; a character that is under way during the change may be garbled. Only what differs is
 * touched. Then `UART_TELLS_WRITABLE`; before it `UART_TELLS_REFUSED` where the chip cannot.
 */
void meterUartConfigure(MeterUart *uart, const UartSettings *settings);

/** What a message tells (`UART_TELLS_…`); 0 where it was posted by an opening that has been closed since. */
uint8_t meterUartTake(MeterUart *uart, uint32_t generation);

UartCounters meterUartCounters(MeterUart *uart);

/**
 * Ends the task, then the driver. Unsent bytes, unread bytes and messages on their way are void: `meterUartTake` answers
 * them with 0, also after the next opening. Waits for the task, which takes microseconds; a task that is stuck in
 * `post` is ended by force after 100 ms (it then holds nothing). Closing twice is fine.
 */
void meterUartClose(MeterUart *uart);

/** One turn of the UART's task: waits for events, does what they ask. False: it is to end. For the task and tests. */
bool meterUartTurn(MeterUart *uart);

#endif
