// The SDK's makefile knows `components/` of the IDF, but not the folder that holds this chip's header of that name,
// which esp_core_dump.h asks for: this folder is searched, and passes on.

#include "sdkconfig.h"

#if CONFIG_IDF_TARGET_ARCH_XTENSA
	#include "espcoredump/include/port/xtensa/esp_core_dump_summary_port.h"
#else
	#include "espcoredump/include/port/riscv/esp_core_dump_summary_port.h"
#endif
