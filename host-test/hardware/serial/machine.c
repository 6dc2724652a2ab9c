// See machine.h.

#include "machine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Machine machine;

bool machinePost(void *context, uint32_t generation) {
	if (context != &machine) abort();
	if (machine.waiting + machine.others == MACHINE_QUEUE) return false;
	machine.messages[machine.waiting++] = generation;
	if (machine.mostWaiting < (int)machine.waiting) machine.mostWaiting = (int)machine.waiting;
	machine.posts++;
	return true;
}

void machineOpens(uint32_t baud) {
	const MeterUartOptions options = {
		.port = 1,
		.receive = 16,
		.transmit = 17,
		.settings = {.baud = baud, .dataBits = 8, .stopBits = 1},
		.post = machinePost,
		.context = &machine,
	};
	const char *reason;
	machine.uart = meterUartOpen(&options, &reason);
	if (machine.uart) return;
	fprintf(stderr, "not opened: %s\n", reason);
	exit(1);
}

static void take(void) {
	const uint32_t generation = machine.messages[0];
	memmove(machine.messages, machine.messages + 1, --machine.waiting * sizeof(uint32_t));
	const uint8_t tells = meterUartTake(machine.uart, generation);
	if (tells == 0) machine.stale++;
	if (tells & UART_TELLS_WRITABLE) machine.writable++;
	if (tells & UART_TELLS_REFUSED) machine.refused++;
	if (!(tells & UART_TELLS_READABLE)) return;
	size_t count = meterUartWaiting(machine.uart);
	if (count > MACHINE_PIECE) count = MACHINE_PIECE;
	if (machine.count + count > MACHINE_MOST) abort();
	machine.count += meterUartRead(machine.uart, machine.received + machine.count, count);
}

void machineRuns(void) {
	for (;;) {
		bool idle = true;
		if (fake.taskAlive && !fake.stuck && fakeTaskIsDue()) {
			meterUartTurn(machine.uart);
			// Once more, so that it is known how long the task would wait now.
			if (fakeEventsWaiting() == 0) meterUartTurn(machine.uart);
			idle = fakeEventsWaiting() == 0;
		}
		if (machine.waiting > 0 && fake.now >= machine.blockedUntil) {
			take();
			idle = false;
		}
		if (idle) return;
	}
}

void machineWaits(uint64_t milliseconds) {
	for (uint64_t each = 0; each < milliseconds; each++) {
		fakeAdvance(1000);
		machineRuns();
	}
}

void machineHears(uint8_t byte) {
	fakeArrives(byte);
	machineRuns();
}
