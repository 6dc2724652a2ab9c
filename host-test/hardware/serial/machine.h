// A stand-in for the XS machine: a short message queue, and a main loop that can be blocked. Runs the UART's task
// whenever that is due, as its higher priority does.
#pragma once
#include "../../../hardware/serial/meter-uart.h"
#include "fake-idf/fake-idf.h"

#define MACHINE_QUEUE 10
#define MACHINE_MOST 65536
/** What the XS binding reads at once. */
#define MACHINE_PIECE 2048

typedef struct {
	MeterUart *uart;
	uint32_t messages[MACHINE_QUEUE];
	size_t waiting;
	/** Other messages than the UART's, which nobody takes. */
	size_t others;
	uint64_t blockedUntil;
	int posts, mostWaiting, writable, refused, stale;
	uint8_t received[MACHINE_MOST];
	size_t count;
} Machine;

extern Machine machine;

bool machinePost(void *context, uint32_t generation);
/** A UART on pins 16 and 17, port 1; ends the program where it does not open. */
void machineOpens(uint32_t baud);
/** The task, then the main loop unless it is blocked, until neither has anything to do now. */
void machineRuns(void);
/** Time passes in steps of a millisecond. */
void machineWaits(uint64_t milliseconds);
/** A character arrives, and everyone does what is due. */
void machineHears(uint8_t byte);
