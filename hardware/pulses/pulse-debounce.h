// Which edges of a contact are a pulse. Pure: levels and times come from the caller, so that the same lines run in an
// interrupt and in a test. Times are microseconds of any clock that only grows.
//
// A level counts once it has stood for the whole debounce time; every edge, also one of two that came as one interrupt,
// begins that time anew. Nothing waits for a timer: the next edge, or the next look, finds that the time is over.
// A pulse is counted when its active level counts, and again only after its idle level has counted in between. Its time
// is that of the last edge before the level stood still.
//
// What is lost: pulses, and pauses between pulses, that are shorter than the debounce time.

#ifndef PULSE_DEBOUNCE_H
#define PULSE_DEBOUNCE_H

#include <stdbool.h>
#include <stdint.h>

typedef struct {
	int64_t opened;
	int64_t since;
	int64_t debounce;
	uint32_t count;
	/** Milliseconds since `opened`, modulo 2^32. */
	uint32_t at;
	bool level;
	bool stable;
} PulseDebounce;

/** A pulse that is already there when the counter is opened is not counted. */
static inline void pulseOpen(PulseDebounce *pulses, bool level, int64_t debounce, int64_t now)
{
	pulses->opened = now;
	pulses->since = now;
	pulses->debounce = debounce;
	pulses->count = 0;
	pulses->at = 0;
	pulses->level = level;
	pulses->stable = level;
}

/** Before `count` and `at` are looked at. */
static inline void pulseSettle(PulseDebounce *pulses, int64_t now)
{
	if (pulses->level == pulses->stable || now - pulses->since < pulses->debounce)
		return;
	pulses->stable = pulses->level;
	if (!pulses->stable)
		return;
	pulses->count++;
	pulses->at = (uint32_t)((pulses->since - pulses->opened) / 1000);
}

/** At every edge, with the level after it. */
static inline void pulseEdge(PulseDebounce *pulses, bool level, int64_t now)
{
	pulseSettle(pulses, now);
	pulses->level = level;
	pulses->since = now;
}

#endif
