// A fake: one task, which runs when the test lets it.
#pragma once
#include "freertos/FreeRTOS.h"

typedef struct FakeTask *TaskHandle_t;
typedef void (*TaskFunction_t)(void *argument);
BaseType_t xTaskCreate(TaskFunction_t run, const char *name, uint32_t stack, void *argument, UBaseType_t priority,
					   TaskHandle_t *task);
void vTaskDelete(TaskHandle_t task);
