// A meter that sends a telegram each second at 115200 baud, and a main loop that is blocked once, in simulated time.
//   uart-stall TELEGRAM-FILE SECONDS BLOCK-AT-MS BLOCK-FOR-MS
//     the bytes that the machine read to standard output; `received …, overflow …` to standard error
//   uart-stall TELEGRAM-FILE SECONDS sweep BLOCK-FOR-MS
//     the block at every fourth millisecond of the first second; how many lost anything, to standard error

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "machine.h"

#define LONGEST_TELEGRAM 8192
#define SECOND 1000000u

static uint8_t telegram[LONGEST_TELEGRAM];
static size_t length;

static void run(unsigned seconds, unsigned blockAt, unsigned blockFor) {
	if (machine.uart) meterUartClose(machine.uart);
	fakeReset();
	memset(&machine, 0, sizeof(machine));
	machineOpens(115200);
	const uint64_t from = (uint64_t)blockAt * 1000;
	for (unsigned second = 0; second < seconds; second++) {
		for (size_t index = 0; index < length; index++) {
			if (fake.now >= from && machine.blockedUntil == 0) machine.blockedUntil = from + (uint64_t)blockFor * 1000;
			machineHears(telegram[index]);
		}
		while (fake.now < (uint64_t)(second + 1) * SECOND) {
			if (fake.now >= from && machine.blockedUntil == 0) machine.blockedUntil = from + (uint64_t)blockFor * 1000;
			fakeAdvance(100);
			machineRuns();
		}
	}
	// The last thing that was in flight, and a block that outlasts the telegrams.
	while (fake.now < machine.blockedUntil + 10000) {
		fakeAdvance(1000);
		machineRuns();
	}
}

static bool lost(unsigned seconds) {
	if (machine.count != seconds * length) return true;
	for (unsigned second = 0; second < seconds; second++)
		if (memcmp(machine.received + second * length, telegram, length) != 0) return true;
	return false;
}

int main(int count, char **arguments) {
	if (count != 5) return 2;
	FILE *file = fopen(arguments[1], "rb");
	if (!file) return 2;
	length = fread(telegram, 1, sizeof(telegram), file);
	fclose(file);
	const unsigned seconds = (unsigned)atoi(arguments[2]);
	const unsigned blockFor = (unsigned)atoi(arguments[4]);
	if (strcmp(arguments[3], "sweep") != 0) {
		run(seconds, (unsigned)atoi(arguments[3]), blockFor);
		fwrite(machine.received, 1, machine.count, stdout);
		fprintf(stderr, "received %zu, overflow %u\n", machine.count, (unsigned)meterUartCounters(machine.uart).overflow);
	} else {
		int losing = 0, uncounted = 0;
		for (unsigned at = 0; at < 1000; at += 4) {
			run(seconds, at, blockFor);
			if (!lost(seconds)) continue;
			losing++;
			if (meterUartCounters(machine.uart).overflow == 0) uncounted++;
		}
		fprintf(stderr, "blocks 250, losing %d, uncounted %d\n", losing, uncounted);
	}
	fakeReset();
	return 0;
}
