// See fake-idf.h.

#include "fake-idf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driver/gpio.h"
#include "freertos/semphr.h"
#include "freertos/task.h"

Fake fake;

struct FakeQueue {
	int capacity, count;
	uart_event_t *items;
};

static struct {
	uint8_t *ring;
	size_t ringCount;
	uint8_t hand[FAKE_FIFO];
	size_t handCount;
	bool ringFull, receives;
	uint8_t fifo[FAKE_FIFO];
	size_t fifoCount;
	uint64_t lastArrival;
	struct FakeQueue queue;
	uint8_t transmit[FAKE_FIFO];
	size_t transmitCount;
	uint64_t leavesAt;
} chip;

static struct {
	TaskFunction_t run;
	void *argument;
	uint64_t waitsSince;
} theTask;

static int depth;

static void must(bool holds, const char *what) {
	if (holds) return;
	fprintf(stderr, "fake-idf: %s\n", what);
	abort();
}

/** Every call of the driver: not under a lock, only while it is installed, and now and then with a fault. */
static bool faulty(void) {
	must(depth == 0, "the driver is called inside a critical section");
	fake.calls++;
	return fake.faultAt != 0 && fake.calls == fake.faultAt;
}

void fakeReset(void) {
	free(chip.ring);
	free(chip.queue.items);
	memset(&fake, 0, sizeof(fake));
	memset(&chip, 0, sizeof(chip));
	memset(&theTask, 0, sizeof(theTask));
	depth = 0;
}

uint64_t fakeCharacter(void) {
	const int data = fake.format.data_bits == UART_DATA_7_BITS ? 7 : 8;
	const int bits = 1 + data + (fake.format.parity != UART_PARITY_DISABLE) + (fake.format.stop_bits == UART_STOP_BITS_2 ? 2 : 1);
	return ((uint64_t)bits * 1000000 + (uint64_t)fake.format.baud_rate - 1) / (uint64_t)fake.format.baud_rate;
}

static void event(uart_event_type_t type, size_t size) {
	if (chip.queue.count == chip.queue.capacity) {
		fake.missed++;
		return;
	}
	chip.queue.items[chip.queue.count++] = (uart_event_t){.type = type, .size = size};
}

static bool toRing(const uint8_t *bytes, size_t count) {
	if (chip.ringCount + count > (size_t)fake.ring) return false;
	memcpy(chip.ring + chip.ringCount, bytes, count);
	chip.ringCount += count;
	return true;
}

static void receiveInterrupt(void) {
	if (!fake.installed || !chip.receives || chip.fifoCount == 0) return;
	if (chip.ringFull) {
		chip.receives = false;
		return;
	}
	const size_t count = chip.fifoCount;
	memcpy(chip.hand, chip.fifo, count);
	chip.handCount = count;
	chip.fifoCount = 0;
	if (toRing(chip.hand, count)) {
		event(UART_DATA, count);
		return;
	}
	chip.ringFull = true;
	chip.receives = false;
	event(UART_BUFFER_FULL, 0);
}

static void shiftOut(void) {
	while (chip.transmitCount > 0 && chip.leavesAt <= fake.now) {
		must(fake.wired < FAKE_WIRE, "the wire's log is full");
		fake.wire[fake.wired++] = (FakeSent){chip.transmit[0], fake.format.baud_rate, chip.leavesAt};
		memmove(chip.transmit, chip.transmit + 1, --chip.transmitCount);
		chip.leavesAt += fakeCharacter();
	}
}

void fakeAdvance(uint64_t microseconds) {
	fake.now += microseconds;
	shiftOut();
	if (chip.fifoCount > 0 && fake.now - chip.lastArrival >= (uint64_t)fake.silence * fakeCharacter()) receiveInterrupt();
}

void fakeArrivesDamaged(uint8_t byte, int damage) {
	fakeAdvance(fakeCharacter());
	if (damage & FAKE_BAD_PARITY) event(UART_PARITY_ERR, 0);
	if ((damage & FAKE_BAD_STOP) && (fake.interrupts & (1u << 3))) event(UART_FRAME_ERR, 0);
	if (damage & FAKE_BREAK) event(UART_BREAK, 0);
	chip.lastArrival = fake.now;
	if (chip.fifoCount == FAKE_FIFO) {
		chip.fifoCount = 0;
		event(UART_FIFO_OVF, 0);
		return;
	}
	chip.fifo[chip.fifoCount++] = byte;
	if (chip.fifoCount >= (size_t)fake.fullAt) receiveInterrupt();
}

void fakeArrives(uint8_t byte) { fakeArrivesDamaged(byte, 0); }

bool uart_is_driver_installed(uart_port_t port) {
	(void)port;
	return fake.installed;
}

esp_err_t uart_param_config(uart_port_t port, const uart_config_t *configuration) {
	(void)port;
	if (faulty()) return ESP_FAIL;
	fake.format = *configuration;
	fake.inversion = 0;
	return ESP_OK;
}

esp_err_t uart_set_pin(uart_port_t port, int transmit, int receive, int rts, int cts) {
	(void)port;
	must(rts == UART_PIN_NO_CHANGE && cts == UART_PIN_NO_CHANGE, "no flow control");
	if (faulty()) return ESP_FAIL;
	fake.transmitPin = transmit;
	fake.receivePin = receive;
	return ESP_OK;
}

esp_err_t gpio_pullup_en(gpio_num_t pin) {
	must(depth == 0, "the driver is called inside a critical section");
	fake.pullUp = pin;
	return ESP_OK;
}

esp_err_t uart_driver_install(uart_port_t port, int ring, int transmit, int events, QueueHandle_t *queue, int flags) {
	(void)port;
	must(!fake.installed && transmit == 0, "installed once, without a transmit ring");
	if (faulty()) return ESP_FAIL;
	fake.installed = true;
	fake.ring = ring;
	fake.events = events;
	fake.flags = flags;
	fake.fullAt = 120;
	fake.silence = 10;
	chip.ring = calloc(1, (size_t)ring);
	chip.queue.items = calloc((size_t)events, sizeof(uart_event_t));
	must(chip.ring && chip.queue.items, "memory");
	chip.queue.capacity = events;
	chip.queue.count = 0;
	chip.ringCount = chip.handCount = chip.fifoCount = chip.transmitCount = 0;
	chip.ringFull = false;
	chip.receives = true;
	*queue = &chip.queue;
	return ESP_OK;
}

esp_err_t uart_driver_delete(uart_port_t port) {
	(void)port;
	must(depth == 0 && fake.installed, "deleted once, outside a critical section");
	must(!fake.taskAlive, "the driver is deleted under a task that uses it");
	fake.installed = false;
	free(chip.ring);
	free(chip.queue.items);
	chip.ring = NULL;
	chip.queue.items = NULL;
	chip.queue.capacity = chip.queue.count = 0;
	return ESP_OK;
}

esp_err_t uart_set_rx_full_threshold(uart_port_t port, int threshold) {
	(void)port;
	if (faulty()) return ESP_FAIL;
	fake.fullAt = threshold;
	return ESP_OK;
}

esp_err_t uart_set_rx_timeout(uart_port_t port, uint8_t characters) {
	(void)port;
	if (faulty()) return ESP_FAIL;
	fake.silence = characters;
	return ESP_OK;
}

esp_err_t uart_enable_intr_mask(uart_port_t port, uint32_t mask) {
	(void)port;
	if (faulty()) return ESP_FAIL;
	fake.interrupts |= mask;
	return ESP_OK;
}

static esp_err_t setter(void) {
	must(fake.installed || fake.inversion == 0, "set while closed");
	if (faulty() || fake.refuseSettings) return ESP_FAIL;
	fake.setters++;
	if (chip.transmitCount > 0) fake.garbled++;
	return ESP_OK;
}

esp_err_t uart_set_word_length(uart_port_t port, uart_word_length_t length) {
	(void)port;
	if (setter() != ESP_OK) return ESP_FAIL;
	fake.format.data_bits = length;
	return ESP_OK;
}

esp_err_t uart_set_parity(uart_port_t port, uart_parity_t parity) {
	(void)port;
	if (setter() != ESP_OK) return ESP_FAIL;
	fake.format.parity = parity;
	return ESP_OK;
}

esp_err_t uart_set_stop_bits(uart_port_t port, uart_stop_bits_t bits) {
	(void)port;
	if (setter() != ESP_OK) return ESP_FAIL;
	fake.format.stop_bits = bits;
	return ESP_OK;
}

esp_err_t uart_set_baudrate(uart_port_t port, uint32_t baud) {
	(void)port;
	if (setter() != ESP_OK) return ESP_FAIL;
	fake.format.baud_rate = (int)baud;
	return ESP_OK;
}

esp_err_t uart_set_line_inverse(uart_port_t port, uint32_t mask) {
	(void)port;
	if (fake.installed) {
		if (setter() != ESP_OK) return ESP_FAIL;
	} else if (faulty()) return ESP_FAIL;
	fake.inversion = mask;
	return ESP_OK;
}

esp_err_t uart_get_buffered_data_len(uart_port_t port, size_t *count) {
	(void)port;
	must(depth == 0 && fake.installed, "asked outside a critical section, while installed");
	*count = chip.ringCount;
	return ESP_OK;
}

int uart_read_bytes(uart_port_t port, void *bytes, uint32_t count, uint32_t ticks) {
	(void)port;
	must(depth == 0 && fake.installed && ticks == 0, "read without waiting");
	size_t copied = 0;
	while (copied < count && chip.ringCount > 0) {
		const size_t piece = chip.ringCount < count - copied ? chip.ringCount : count - copied;
		memcpy((uint8_t *)bytes + copied, chip.ring, piece);
		chip.ringCount -= piece;
		memmove(chip.ring, chip.ring + piece, chip.ringCount);
		copied += piece;
		if (chip.ringFull && toRing(chip.hand, chip.handCount)) {
			chip.ringFull = false;
			chip.receives = true;
			if (chip.fifoCount >= (size_t)fake.fullAt) receiveInterrupt();
		}
	}
	return (int)copied;
}

int uart_tx_chars(uart_port_t port, const char *bytes, uint32_t count) {
	(void)port;
	must(depth == 0 && fake.installed, "sent outside a critical section, while installed");
	shiftOut();
	const size_t room = FAKE_FIFO - chip.transmitCount;
	const size_t taken = count < room ? count : room;
	if (taken > 0 && chip.transmitCount == 0) chip.leavesAt = fake.now + fakeCharacter();
	memcpy(chip.transmit + chip.transmitCount, bytes, taken);
	chip.transmitCount += taken;
	return (int)taken;
}

esp_err_t uart_wait_tx_done(uart_port_t port, uint32_t ticks) {
	(void)port;
	must(depth == 0 && fake.installed && ticks == 0, "looked at without waiting");
	shiftOut();
	return chip.transmitCount == 0 ? ESP_OK : ESP_ERR_TIMEOUT;
}

void fakeEnter(portMUX_TYPE *lock) {
	must(depth == 0 && lock->depth == 0, "a critical section inside another");
	depth = lock->depth = 1;
}

void fakeLeave(portMUX_TYPE *lock) {
	must(depth == 1 && lock->depth == 1, "left without entering");
	depth = lock->depth = 0;
}

BaseType_t xQueueSend(QueueHandle_t queue, const void *item, TickType_t wait) {
	must(depth == 0 && wait == 0 && queue->items, "sent without waiting");
	if (queue->count == queue->capacity) return pdFALSE;
	memcpy(&queue->items[queue->count++], item, sizeof(uart_event_t));
	return pdTRUE;
}

BaseType_t xQueueReceive(QueueHandle_t queue, void *item, TickType_t wait) {
	must(depth == 0 && queue->items, "received from a queue that is there");
	if (queue->count == 0) {
		if (wait > 0) fake.lastWait = wait;
		theTask.waitsSince = fake.now;
		return pdFALSE;
	}
	memcpy(item, queue->items, sizeof(uart_event_t));
	memmove(queue->items, queue->items + 1, (size_t)--queue->count * sizeof(uart_event_t));
	return pdTRUE;
}

UBaseType_t uxQueueSpacesAvailable(QueueHandle_t queue) { return (UBaseType_t)(queue->capacity - queue->count); }

size_t fakeEventsWaiting(void) { return (size_t)chip.queue.count; }

bool fakeTaskIsDue(void) {
	if (chip.queue.count > 0) return true;
	return fake.lastWait != portMAX_DELAY && fake.now - theTask.waitsSince >= (uint64_t)fake.lastWait * 1000;
}

SemaphoreHandle_t xSemaphoreCreateBinaryStatic(StaticSemaphore_t *memory) {
	memory->given = 0;
	return memory;
}

BaseType_t xSemaphoreGive(SemaphoreHandle_t semaphore) {
	semaphore->given = 1;
	return pdTRUE;
}

BaseType_t xSemaphoreTake(SemaphoreHandle_t semaphore, TickType_t wait) {
	must(depth == 0 && wait != portMAX_DELAY, "nobody waits for ever");
	if (!semaphore->given && fake.taskAlive && !fake.stuck) theTask.run(theTask.argument);
	if (!semaphore->given) return pdFALSE;
	semaphore->given = 0;
	return pdTRUE;
}

BaseType_t xTaskCreate(TaskFunction_t run, const char *name, uint32_t stack, void *argument, UBaseType_t priority,
					   TaskHandle_t *task) {
	(void)name;
	must(stack >= 2048 && priority > 4, "a stack, and a priority above the machine's");
	if (faulty()) return pdFALSE;
	theTask.run = run;
	theTask.argument = argument;
	fake.taskAlive = true;
	fake.tasks++;
	*task = (TaskHandle_t)&theTask;
	return pdPASS;
}

void vTaskDelete(TaskHandle_t task) {
	must(fake.taskAlive, "deleted once");
	fake.taskAlive = false;
	if (task) fake.forced++;
}
