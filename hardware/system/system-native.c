// The native part of hardware/lifecycle.ts and the wall clock of hardware/clock.ts, for the ESP32 and for XS on Linux. Every
// function is called by the XS machine's own task only. Sources: ESP-IDF v6.0 esp_system.h, esp_heap_caps.h, esp_attr.h,
// esp_core_dump.h; XS's own counters ($MODDABLE/xs/sources/xsAll.h), which the SDK tells in instrumented builds only.

#include "xsAll.h"
#include "xs.h"
#include "xsmc.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/time.h>

/** What `memory(what)` is asked for; hardware/lifecycle.ts counts alike. Bytes, or -1 where it is not known. */
enum {
	kMemoryFree = 0,
	kMemoryLowest,
	kMemoryLargest,
	kMemorySlotsUsed,
	kMemorySlotsTotal,
	kMemoryChunksUsed,
	kMemoryChunksTotal,
};

enum { kMemoryUnknown = -1 };

/** Between collections "used" includes garbage. */
static double memoryOfXs(txMachine *the, int what)
{
	switch (what) {
		case kMemorySlotsUsed: return (double)the->currentHeapCount * sizeof(txSlot);
		case kMemorySlotsTotal: return (double)the->maximumHeapCount * sizeof(txSlot);
		case kMemoryChunksUsed: return the->currentChunksSize;
		case kMemoryChunksTotal: return the->maximumChunksSize;
		default: return kMemoryUnknown;
	}
}

/** Milliseconds since 1970, whole ones, by the clock that the SDK's `time` sets. */
void xs_meterling_wall_clock(xsMachine *the)
{
	struct timeval now;
	gettimeofday(&now, NULL);
	xsmcSetNumber(xsResult, (double)now.tv_sec * 1000 + now.tv_usec / 1000);
}

#if ESP32

#include "sdkconfig.h"
#include "esp_attr.h"
#include "espcoredump/include/esp_core_dump.h"
#include "esp_heap_caps.h"
#include "esp_system.h"

/** Survives a restart, not a power cut; random after power-on, hence a whole word and two values of it. */
static RTC_NOINIT_ATTR uint32_t gEnding;
enum { kEndedOrderly = 0x4f4b4f4b, kEndedUnknown = 0 };

/** Does not return. `orderly`: asked for; otherwise the next start calls it a crash. */
void xs_meterling_restart(xsMachine *the)
{
	gEnding = xsmcTest(xsArg(0)) ? kEndedOrderly : kEndedUnknown;
	esp_restart();
}

/**
 * Why the chip started, in one of the words of hardware/lifecycle.ts. XS ends an abort that nobody caught with
 * esp_restart() (xs/platforms/esp/xsHost.h, c_exit): a software reset that nobody asked for is therefore a crash.
 */
void xs_meterling_reset_reason(xsMachine *the)
{
	static uint32_t ending;
	static bool read = false;
	if (!read) {
		read = true;
		ending = gEnding;
		gEnding = kEndedUnknown;
	}
	const char *word;
	switch (esp_reset_reason()) {
		case ESP_RST_POWERON: word = "power-on"; break;
		case ESP_RST_EXT: word = "reset pin"; break;
		case ESP_RST_SW: word = ending == kEndedOrderly ? "restart" : "crash"; break;
		case ESP_RST_PANIC:
		case ESP_RST_CPU_LOCKUP: word = "crash"; break;
		case ESP_RST_INT_WDT:
		case ESP_RST_TASK_WDT:
		case ESP_RST_WDT: word = "watchdog"; break;
		case ESP_RST_BROWNOUT:
		case ESP_RST_PWR_GLITCH: word = "brown-out"; break;
		case ESP_RST_DEEPSLEEP: word = "deep sleep"; break;
		case ESP_RST_USB:
		case ESP_RST_JTAG:
		case ESP_RST_SDIO: word = "host"; break;
		default: word = "unknown"; break;
	}
	xsmcSetString(xsResult, (xsStringValue)word);
}

void xs_meterling_memory(xsMachine *the)
{
	int what = xsmcToInteger(xsArg(0));
	double bytes;
	switch (what) {
		case kMemoryFree: bytes = heap_caps_get_free_size(MALLOC_CAP_8BIT); break;
		case kMemoryLowest: bytes = heap_caps_get_minimum_free_size(MALLOC_CAP_8BIT); break;
		case kMemoryLargest: bytes = heap_caps_get_largest_free_block(MALLOC_CAP_8BIT); break;
		default: bytes = memoryOfXs(the, what); break;
	}
	xsmcSetNumber(xsResult, bytes);
}

#if CONFIG_LIBC_NEWLIB_NANO_FORMAT

/**
 * ESP-IDF's start-up code names both functions of the C library, which brought 16 KB into the image for `%f` and its like.
 * XS has its own conversions, and no C of the firmware prints or scans such numbers: these take the names instead. They
 * convert nothing. Source: ESP-IDF v6.0, esp_libc/src/newlib_init.c; newlib, libc/stdio/nano-vfprintf_local.h.
 */
struct _prt_data_t;
struct _scan_data_t;

int _printf_float(struct _reent *data, struct _prt_data_t *conversion, FILE *file,
		  int (*print)(struct _reent *, FILE *, const char *, size_t), va_list *values)
{
	(void)data, (void)conversion, (void)file, (void)print, (void)values;
	return 0;
}

int _scanf_float(struct _reent *data, struct _scan_data_t *conversion, FILE *file, va_list *values)
{
	(void)data, (void)conversion, (void)file, (void)values;
	return 0;
}

#endif

#if CONFIG_ESP_COREDUMP_ENABLE_TO_FLASH

enum { kReasonSize = 96, kTextSize = 384 };

/** Appends as printf does; what does not fit is cut off. */
#define append(...) \
	do { \
		if (length < sizeof(text)) length += (size_t)snprintf(text + length, sizeof(text) - length, __VA_ARGS__); \
	} while (0)

/** The core dump in flash as one line: task, program counter, panic reason, backtrace; undefined where there is none. */
void xs_meterling_core_dump(xsMachine *the)
{
	static char text[kTextSize];
	char reason[kReasonSize] = "";
	size_t length = 0;
	esp_core_dump_summary_t *summary = malloc(sizeof(esp_core_dump_summary_t));
	if (!summary) return;
	if (esp_core_dump_image_check() == ESP_OK && esp_core_dump_get_summary(summary) == ESP_OK) {
		append("task %.*s, PC 0x%08x", (int)sizeof(summary->exc_task), summary->exc_task, (unsigned)summary->exc_pc);
		if (esp_core_dump_get_panic_reason(reason, sizeof(reason)) == ESP_OK && reason[0]) append(", %s", reason);
	#if CONFIG_IDF_TARGET_ARCH_XTENSA
		for (uint32_t index = 0; index < summary->exc_bt_info.depth; index++)
			append("%s0x%08x", index ? " " : ", backtrace ", (unsigned)summary->exc_bt_info.bt[index]);
	#else
		// RISC-V keeps the raw stack instead of a backtrace: the return address is what a line can hold.
		append(", RA 0x%08x", (unsigned)summary->ex_info.ra);
	#endif
	}
	free(summary);
	if (length) xsmcSetString(xsResult, text);
}

#else

void xs_meterling_core_dump(xsMachine *the)
{
	(void)the;
}

#endif

#else

#include <unistd.h>

/** sysexits.h EX_TEMPFAIL and EX_SOFTWARE; tools/run-xs.mjs and host/cli/supervisor.ts know them too. */
enum { kExitRestart = 75, kExitCrash = 70 };

/** Does not return. */
void xs_meterling_restart(xsMachine *the)
{
	int orderly = xsmcTest(xsArg(0));
	fflush(NULL);
	_exit(orderly ? kExitRestart : kExitCrash);
}

void xs_meterling_reset_reason(xsMachine *the)
{
	const char *reason = getenv("METERLING_RESET");
	xsmcSetString(xsResult, (xsStringValue)(reason ? reason : "power-on"));
}

void xs_meterling_memory(xsMachine *the)
{
	int what = xsmcToInteger(xsArg(0));
	double bytes = what == kMemoryFree ? (double)sysconf(_SC_AVPHYS_PAGES) * sysconf(_SC_PAGESIZE) : memoryOfXs(the, what);
	xsmcSetNumber(xsResult, bytes);
}

/** A Linux process leaves its core dump elsewhere, if at all. */
void xs_meterling_core_dump(xsMachine *the)
{
	(void)the;
}

#endif
