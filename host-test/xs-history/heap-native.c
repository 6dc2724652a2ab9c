// The native part of heap-native.js: XS's own counters ($MODDABLE/xs/sources/xsAll.h), garbage included.

#include "xsAll.h"
#include "xs.h"
#include "xsmc.h"

#include <time.h>

void xs_heap_collect(xsMachine *the)
{
	txMachine *machine = (txMachine *)the;
	fxCollectGarbage(machine);
	machine->peakHeapCount = machine->currentHeapCount;
	machine->peakChunksSize = machine->currentChunksSize;
}

void xs_cpu_time(xsMachine *the)
{
	xsmcSetNumber(xsResult, (double)clock() * 1000 / CLOCKS_PER_SEC);
}

void xs_heap(xsMachine *the)
{
	txMachine *machine = (txMachine *)the;
	double values[] = {
		machine->currentHeapCount, machine->currentChunksSize, machine->peakHeapCount, machine->peakChunksSize,
	};
	xsmcSetNumber(xsResult, values[xsmcToInteger(xsArg(0)) & 3]);
}
