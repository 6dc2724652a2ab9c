// The SDK's TCP sockets for Linux, with two differences; all other code is the SDK's own.
//
// They look at once instead of every 20 ms whether more may be read or written: on a chip lwIP calls when bytes have left
// or come.
//
// A socket that its onWritable closes hears nothing more. The SDK's goes on to its onReadable and onError, which nobody
// keeps from being collected any more: XS then calls, and marks, whatever has taken their place. (On the chip it does not.)

#include "xsmc.h"
#include "mc.xs.h"
#include "modTimer.h"

enum { LOOK_MILLISECONDS = 2 };

static modTimer addPromptTimer(modTimerCallback callback, void* reference, int size)
{
	return modTimerAdd(LOOK_MILLISECONDS, LOOK_MILLISECONDS, callback, reference, size);
}

static void forget(xsMachine* the, xsSlot* object)
{
	xsForget(*object);
	*object = xsUndefined;
}

/* `argument`: NULL where there is none. */
static void callUnlessForgotten(xsMachine* the, xsSlot function, xsSlot object, xsSlot* argument)
{
	if (xsUndefinedType == xsmcTypeOf(object))
		return;
	if (argument)
		xsCallFunction1(function, object, *argument);
	else
		xsCallFunction0(function, object);
}

#undef xsForget
#undef xsCallFunction0
#undef xsCallFunction1
#define xsForget(object) forget(the, &(object))
#define xsCallFunction0(function, object) callUnlessForgotten(the, function, object, NULL)
#define xsCallFunction1(function, object, argument) callUnlessForgotten(the, function, object, &(argument))
#define modTimerAdd(first, interval, callback, reference, size) addPromptTimer(callback, reference, size)
#include "../socket/lin/tcp.c"
