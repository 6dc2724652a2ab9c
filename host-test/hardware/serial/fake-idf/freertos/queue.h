// A fake: queues of uart_event_t only.
#pragma once
#include "freertos/FreeRTOS.h"

typedef struct FakeQueue *QueueHandle_t;
BaseType_t xQueueSend(QueueHandle_t queue, const void *item, TickType_t wait);
BaseType_t xQueueReceive(QueueHandle_t queue, void *item, TickType_t wait);
UBaseType_t uxQueueSpacesAvailable(QueueHandle_t queue);
