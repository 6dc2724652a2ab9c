// The simulated chip and driver behind the fake headers: time passes only by `fakeAdvance`, and everything that the
// real driver does by interrupt happens at its moment. What happens when the ring, the chip's buffer or the event
// queue is full follows ESP-IDF v6.0, components/esp_driver_uart/src/uart.c (read, not copied).
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "driver/uart.h"

#define FAKE_FIFO 128
#define FAKE_WIRE 8192

/** A byte that has left, with the settings of that moment. */
typedef struct {
	uint8_t byte;
	int baud;
	uint64_t at;
} FakeSent;

typedef struct {
	uint64_t now; /* microseconds */
	bool installed;
	int ring, events, flags, transmitPin, receivePin, pullUp, fullAt, silence;
	uint32_t interrupts, inversion;
	uart_config_t format;
	/** Calls of setters since the last `fakeForget`. */
	int setters, tasks, forced;
	/** Characters that were cut by a change of settings. */
	int garbled;
	/** Events that found no room. */
	int missed;
	/** What the next call of a driver function with this number (from 1) answers: a fault; 0: none. */
	int faultAt, calls;
	bool refuseSettings;
	/** The task does not run when it is waited for: it is stuck somewhere. */
	bool stuck;
	bool taskAlive;
	TickType_t lastWait;
	FakeSent wire[FAKE_WIRE];
	size_t wired;
} Fake;

extern Fake fake;

void fakeReset(void);
/** Time passes: bytes leave, silence is noticed. */
void fakeAdvance(uint64_t microseconds);
/** One character at the line's pace: a character's time passes, then it is in the chip's buffer. */
void fakeArrives(uint8_t byte);
enum { FAKE_BAD_PARITY = 1, FAKE_BAD_STOP = 2, FAKE_BREAK = 4 };
void fakeArrivesDamaged(uint8_t byte, int damage);
/** A character's time in microseconds, at the settings of now. */
uint64_t fakeCharacter(void);
/** Whether the task has something to do now: events, or its wait is over. */
bool fakeTaskIsDue(void);
size_t fakeEventsWaiting(void);
