// Runs hardware/pulses/pulse-debounce.h over edges from standard input, as the ESP32's interrupt does.
// Lines: `open LEVEL DEBOUNCE_US TIME_US`, `edge LEVEL TIME_US`, `look TIME_US`; a look answers `COUNT AT_MS`.

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "pulse-debounce.h"

int main(void)
{
	PulseDebounce pulses = {0};
	char word[8];
	while (scanf("%7s", word) == 1) {
		int level;
		int64_t debounce, time;
		if (!strcmp(word, "open") && scanf("%d %" SCNd64 " %" SCNd64, &level, &debounce, &time) == 3)
			pulseOpen(&pulses, level != 0, debounce, time);
		else if (!strcmp(word, "edge") && scanf("%d %" SCNd64, &level, &time) == 2)
			pulseEdge(&pulses, level != 0, time);
		else if (!strcmp(word, "look") && scanf("%" SCNd64, &time) == 1) {
			pulseSettle(&pulses, time);
			printf("%" PRIu32 " %" PRIu32 "\n", pulses.count, pulses.at);
		} else
			return 1;
	}
	return 0;
}
