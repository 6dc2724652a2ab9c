// A fake of the part of FreeRTOS that the meter's UART uses; a tick is a millisecond.
#pragma once
#include <stdint.h>

typedef uint32_t TickType_t;
typedef int BaseType_t;
typedef unsigned UBaseType_t;
#define pdTRUE 1
#define pdFALSE 0
#define pdPASS 1
#define portMAX_DELAY UINT32_MAX
#define pdMS_TO_TICKS(milliseconds) ((TickType_t)(milliseconds))

typedef struct {
	int depth;
} portMUX_TYPE;
#define portMUX_INITIALIZE(lock) ((lock)->depth = 0)
void fakeEnter(portMUX_TYPE *lock);
void fakeLeave(portMUX_TYPE *lock);
#define portENTER_CRITICAL(lock) fakeEnter(lock)
#define portEXIT_CRITICAL(lock) fakeLeave(lock)
