// The SDK's TCP sockets for Linux, looking at once instead of every 20 ms whether more may be read or written: on a chip
// lwIP calls when bytes have left or come. All code is the SDK's own; only the interval of its timers differs.

#include "xsmc.h"
#include "mc.xs.h"
#include "modTimer.h"

enum { LOOK_MILLISECONDS = 2 };

static modTimer addPromptTimer(modTimerCallback callback, void* reference, int size)
{
	return modTimerAdd(LOOK_MILLISECONDS, LOOK_MILLISECONDS, callback, reference, size);
}

#define modTimerAdd(first, interval, callback, reference, size) addPromptTimer(callback, reference, size)
#include "../socket/lin/tcp.c"
