// What the meter's UART promises (hardware/serial/meter-uart.h), tried on the simulated driver. One behaviour a run:
//   uart-behaviour NAME     exit 0 where it holds; otherwise the line that does not

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "machine.h"

#define EXPECT(holds)                                                         \
	do {                                                                      \
		if (!(holds)) {                                                       \
			fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #holds); \
			exit(1);                                                          \
		}                                                                     \
	} while (0)

static uint8_t pattern(size_t index) { return (uint8_t)(index * 7 + index / 251); }

static void hearPattern(size_t from, size_t to) {
	for (size_t index = from; index < to; index++) machineHears(pattern(index));
}

static bool heardPattern(size_t count) {
	for (size_t index = 0; index < count; index++)
		if (machine.received[index] != pattern(index)) return false;
	return machine.count == count;
}

static void block(uint64_t milliseconds) { machine.blockedUntil = fake.now + milliseconds * 1000; }

static UartCounters counters(void) { return meterUartCounters(machine.uart); }

static void deliversInOrder(void) {
	machineOpens(115200);
	hearPattern(0, 20000);
	machineWaits(1);
	EXPECT(heardPattern(20000));
	EXPECT(counters().overflow == 0 && fake.missed == 0);
}

static void handsOnFewBytesAfterTwoCharacters(void) {
	machineOpens(300);
	machineHears('/');
	EXPECT(machine.count == 0);
	machineWaits(68);
	EXPECT(machine.count == 1);
}

static void postsOnce(void) {
	machineOpens(115200);
	block(250);
	hearPattern(0, 2000);
	EXPECT(machine.posts == 1 && machine.waiting == 1);
	machineWaits(250);
	EXPECT(heardPattern(2000) && machine.posts <= 2);
	hearPattern(2000, 2100);
	machineWaits(1);
	EXPECT(machine.mostWaiting == 1 && heardPattern(2100));
}

static void triesAgain(void) {
	machineOpens(115200);
	machine.others = MACHINE_QUEUE;
	hearPattern(0, 100);
	machineWaits(50);
	EXPECT(machine.posts == 0 && machine.count == 0);
	machine.others = 0;
	machineWaits(6);
	EXPECT(machine.posts == 1 && heardPattern(100));
	EXPECT(counters().overflow == 0);
}

static void countsWhileMachineIsFull(void) {
	machineOpens(115200);
	machine.others = MACHINE_QUEUE;
	for (int index = 0; index < 200; index++) {
		fakeArrivesDamaged('x', FAKE_BAD_PARITY);
		machineRuns();
	}
	EXPECT(counters().parity == 200 && fake.missed == 0);
}

static void countsOverflow(void) {
	machineOpens(115200);
	block(1000);
	hearPattern(0, 5000);
	EXPECT(counters().overflow >= 1);
	machineWaits(1000);
	const size_t kept = machine.count;
	EXPECT(kept >= METER_UART_RING && kept < 5000);
	for (size_t index = 0; index < METER_UART_RING; index++) EXPECT(machine.received[index] == pattern(index));
	// Nothing is stuck: what comes now arrives whole.
	const uint32_t before = counters().overflow;
	hearPattern(0, 1000);
	machineWaits(1);
	EXPECT(machine.count == kept + 1000 && counters().overflow == before);
	for (size_t index = 0; index < 1000; index++) EXPECT(machine.received[kept + index] == pattern(index));
}

static void holdsWhatItSays(void) {
	// meter-uart.h: 4,096 in ring and hand, 128 in the chip.
	machineOpens(115200);
	block(10000);
	hearPattern(0, METER_UART_RING + FAKE_FIFO);
	EXPECT(counters().overflow == 0);
	machineWaits(10000);
	EXPECT(heardPattern(METER_UART_RING + FAKE_FIFO));
}

static void survivesFullEventQueue(void) {
	machineOpens(115200);
	// The task is kept from running: events are lost, bytes are not.
	fake.stuck = true;
	for (int index = 0; index < 100; index++) fakeArrivesDamaged(pattern((size_t)index), FAKE_BAD_PARITY);
	fakeAdvance(5000);
	EXPECT(fake.missed > 0);
	fake.stuck = false;
	machineRuns();
	EXPECT(heardPattern(100));
	EXPECT(counters().overflow == 0 && counters().parity == METER_UART_EVENTS);
	hearPattern(100, 300);
	machineWaits(1);
	EXPECT(heardPattern(300));
}

static void countsOverflowOfFullEventQueue(void) {
	machineOpens(115200);
	fake.stuck = true;
	for (int index = 0; index < METER_UART_EVENTS; index++) fakeArrivesDamaged(0x55, FAKE_BAD_PARITY);
	for (int index = 0; index < 5000; index++) fakeArrives(0x55);
	EXPECT(fake.missed > 0);
	fake.stuck = false;
	machineRuns();
	EXPECT(counters().overflow == 1);
	EXPECT(machine.count >= METER_UART_RING);
}

static void countsDamage(void) {
	machineOpens(115200);
	EXPECT(fake.interrupts != 0);
	fakeArrivesDamaged('a', FAKE_BAD_PARITY);
	fakeArrivesDamaged('b', FAKE_BAD_STOP);
	fakeArrivesDamaged(0, FAKE_BREAK | FAKE_BAD_STOP);
	machineWaits(1);
	const UartCounters seen = counters();
	EXPECT(seen.parity == 1 && seen.framing == 2 && seen.breaks == 1 && seen.overflow == 0);
	// Damaged characters are passed on: what they mean is the protocol's to say.
	EXPECT(machine.count == 3);
}

static void writesAllOrNothing(void) {
	machineOpens(9600);
	static uint8_t bytes[UART_POLICY_TRANSMIT + 1];
	for (size_t index = 0; index < sizeof(bytes); index++) bytes[index] = pattern(index);
	EXPECT(!meterUartWrite(machine.uart, bytes, sizeof(bytes)));
	EXPECT(meterUartWrite(machine.uart, bytes, UART_POLICY_TRANSMIT));
	EXPECT(!meterUartWrite(machine.uart, bytes, 1));
	machineWaits(1000);
	// 1,024 characters of 10 bits at 9600 baud are 1,067 ms.
	EXPECT(machine.writable == 0);
	machineWaits(80);
	EXPECT(machine.writable == 1 && fake.wired == UART_POLICY_TRANSMIT);
	for (size_t index = 0; index < fake.wired; index++) EXPECT(fake.wire[index].byte == pattern(index));
}

static void writesWithoutGaps(void) {
	machineOpens(115200);
	uint8_t bytes[700];
	for (size_t index = 0; index < sizeof(bytes); index++) bytes[index] = pattern(index);
	for (int round = 0; round < 5; round++) {
		EXPECT(meterUartWrite(machine.uart, bytes, sizeof(bytes)));
		machineWaits(80);
	}
	EXPECT(fake.wired == 5 * sizeof(bytes) && machine.writable == 5);
	for (size_t index = 0; index < fake.wired; index++) EXPECT(fake.wire[index].byte == pattern(index % sizeof(bytes)));
	for (size_t index = 1; index < sizeof(bytes); index++)
		EXPECT(fake.wire[index].at - fake.wire[index - 1].at <= 2 * fakeCharacter());
}

static const UartSettings modeC = {.baud = 9600, .dataBits = 7, .parity = UART_PARITY_IS_EVEN, .stopBits = 1};

static void drainsBeforeSwitch(void) {
	machineOpens(300);
	EXPECT(meterUartWrite(machine.uart, (const uint8_t *)"\006050\r\n", 6));
	meterUartConfigure(machine.uart, &modeC);
	EXPECT(meterUartWrite(machine.uart, (const uint8_t *)"after", 5));
	// Six characters of 10 bits at 300 baud are 200 ms; nothing of it is waited for by the machine.
	EXPECT(fake.now == 0);
	machineWaits(199);
	EXPECT(fake.format.baud_rate == 300 && machine.writable == 0);
	machineWaits(10);
	EXPECT(fake.format.baud_rate == 9600);
	machineWaits(20);
	EXPECT(fake.wired == 11 && machine.writable >= 1 && fake.garbled == 0);
	EXPECT(fake.format.data_bits == UART_DATA_7_BITS && fake.format.parity == UART_PARITY_EVEN);
	for (size_t index = 0; index < fake.wired; index++)
		EXPECT(fake.wire[index].byte == (uint8_t)"\006050\r\nafter"[index] &&
			   fake.wire[index].baud == (index < 6 ? 300 : 9600));
}

static void switchesWhileReceiving(void) {
	machineOpens(115200);
	block(100);
	hearPattern(0, 500);
	const UartSettings inverted = {.baud = 115200, .dataBits = 8, .stopBits = 1, .invertReceive = true};
	meterUartConfigure(machine.uart, &inverted);
	hearPattern(500, 1000);
	EXPECT(fake.setters == 1 && fake.inversion == UART_SIGNAL_RXD_INV);
	machineWaits(100);
	EXPECT(heardPattern(1000) && machine.writable == 1 && counters().overflow == 0);
}

static void laterSettingsReplaceEarlier(void) {
	machineOpens(300);
	EXPECT(meterUartWrite(machine.uart, (const uint8_t *)"x", 1));
	UartSettings settings = modeC;
	meterUartConfigure(machine.uart, &settings);
	settings.baud = 19200;
	meterUartConfigure(machine.uart, &settings);
	machineWaits(50);
	EXPECT(fake.format.baud_rate == 19200 && machine.writable == 1 && fake.setters == 3);
	// The same settings again: nothing is touched, and it is told.
	meterUartConfigure(machine.uart, &settings);
	machineWaits(6);
	EXPECT(fake.setters == 3 && machine.writable == 2);
}

static void tellsRefusedSettings(void) {
	machineOpens(300);
	fake.refuseSettings = true;
	meterUartConfigure(machine.uart, &modeC);
	machineWaits(6);
	EXPECT(machine.refused == 1 && fake.format.baud_rate == 300);
	hearPattern(0, 10);
	machineWaits(100);
	EXPECT(heardPattern(10));
}

static void formatsReachTheChip(void) {
	static const struct {
		UartSettings settings;
		uart_word_length_t data;
		uart_parity_t parity;
		uart_stop_bits_t stop;
		uint32_t inversion;
	} cases[] = {
		{{300, 7, UART_PARITY_IS_EVEN, 1, false, false}, UART_DATA_7_BITS, UART_PARITY_EVEN, UART_STOP_BITS_1, 0},
		{{2400, 8, UART_PARITY_IS_EVEN, 1, false, true}, UART_DATA_8_BITS, UART_PARITY_EVEN, UART_STOP_BITS_1, UART_SIGNAL_TXD_INV},
		{{1200, 8, UART_PARITY_NONE, 2, false, false}, UART_DATA_8_BITS, UART_PARITY_DISABLE, UART_STOP_BITS_2, 0},
		{{115200, 8, UART_PARITY_IS_ODD, 1, true, false}, UART_DATA_8_BITS, UART_PARITY_ODD, UART_STOP_BITS_1, UART_SIGNAL_RXD_INV},
	};
	for (size_t index = 0; index < sizeof(cases) / sizeof(cases[0]); index++) {
		const MeterUartOptions options = {.port = 1, .receive = 16, .transmit = METER_UART_NO_PIN,
			.settings = cases[index].settings, .post = machinePost, .context = &machine};
		const char *reason;
		machine.uart = meterUartOpen(&options, &reason);
		EXPECT(machine.uart && !reason);
		EXPECT(fake.format.baud_rate == (int)cases[index].settings.baud);
		EXPECT(fake.format.data_bits == cases[index].data && fake.format.parity == cases[index].parity);
		EXPECT(fake.format.stop_bits == cases[index].stop && fake.inversion == cases[index].inversion);
		EXPECT(fake.receivePin == 16 && fake.transmitPin == UART_PIN_NO_CHANGE && fake.pullUp == 16);
		meterUartClose(machine.uart);
		EXPECT(!fake.installed && !fake.taskAlive);
	}
}

static void messageInFlightIsVoid(void) {
	machineOpens(115200);
	block(100);
	hearPattern(0, 200);
	EXPECT(machine.waiting == 1);
	meterUartClose(machine.uart);
	meterUartClose(machine.uart);
	EXPECT(!fake.installed && !fake.taskAlive && fake.forced == 0);
	machineWaits(200);
	EXPECT(machine.stale == 1 && machine.count == 0);
	EXPECT(meterUartRead(machine.uart, machine.received, 10) == 0);
	EXPECT(!meterUartWrite(machine.uart, (const uint8_t *)"x", 1));
	meterUartConfigure(machine.uart, &modeC);

	// The same across a second opening: the old message tells nothing of the new one's bytes.
	machineOpens(115200);
	block(100);
	hearPattern(0, 200);
	meterUartClose(machine.uart);
	machineOpens(115200);
	hearPattern(0, 100);
	EXPECT(machine.waiting == 2 && meterUartTake(machine.uart, machine.messages[0]) == 0);
	machineWaits(200);
	EXPECT(machine.stale == 2 && heardPattern(100));
}

static void closesWhileSending(void) {
	machineOpens(300);
	EXPECT(meterUartWrite(machine.uart, (const uint8_t *)"/?!\r\n", 5));
	meterUartConfigure(machine.uart, &modeC);
	machineWaits(10);
	meterUartClose(machine.uart);
	EXPECT(!fake.installed && !fake.taskAlive && fake.forced == 0);
	machineOpens(115200);
	machineWaits(100);
	EXPECT(machine.writable == 0 && fake.format.baud_rate == 115200);
}

static void endsStuckTask(void) {
	machineOpens(115200);
	fake.stuck = true;
	meterUartClose(machine.uart);
	EXPECT(fake.forced == 1 && !fake.installed);
	fake.stuck = false;
	machineOpens(115200);
	hearPattern(0, 100);
	machineWaits(1);
	EXPECT(heardPattern(100));
}

static void closesWithFullEventQueue(void) {
	machineOpens(115200);
	for (int index = 0; index < METER_UART_EVENTS + 5; index++) fakeArrivesDamaged(0, FAKE_BREAK);
	EXPECT(fake.missed > 0);
	meterUartClose(machine.uart);
	EXPECT(fake.forced == 0 && !fake.taskAlive && !fake.installed);
}

static void opensOneAtATime(void) {
	const char *reason;
	MeterUartOptions options = {.port = 3, .receive = 16, .transmit = 17,
		.settings = {.baud = 115200, .dataBits = 8, .stopBits = 1}, .post = machinePost, .context = &machine};
	EXPECT(!meterUartOpen(&options, &reason) && strstr(reason, "no such UART"));
	options.port = -1;
	EXPECT(!meterUartOpen(&options, &reason) && strstr(reason, "no such UART"));
	options.port = 1;
	options.settings.baud = 10;
	EXPECT(!meterUartOpen(&options, &reason) && strstr(reason, "baud"));
	options.settings.baud = 115200;
	options.receive = options.transmit = METER_UART_NO_PIN;
	EXPECT(!meterUartOpen(&options, &reason) && strstr(reason, "pins"));
	machineOpens(115200);
	options.receive = 16;
	EXPECT(!meterUartOpen(&options, &reason) && strstr(reason, "in use"));
	EXPECT(fake.tasks == 1);
}

static void leavesNothingAfterFailedOpening(void) {
	const MeterUartOptions options = {.port = 1, .receive = 16, .transmit = 17,
		.settings = {.baud = 115200, .dataBits = 8, .stopBits = 1}, .post = machinePost, .context = &machine};
	int faults = 0;
	for (;;) {
		fakeReset();
		fake.faultAt = faults + 1;
		const char *reason = NULL;
		machine.uart = meterUartOpen(&options, &reason);
		if (machine.uart) break;
		EXPECT(reason && !fake.installed && !fake.taskAlive);
		faults++;
	}
	// Format, inversion, pins, driver, threshold, silence, framing errors, task.
	EXPECT(faults == 8);
	meterUartClose(machine.uart);
}

static const struct {
	const char *name;
	void (*run)(void);
} behaviours[] = {
	{"delivers-in-order", deliversInOrder},
	{"hands-on-few-bytes-after-two-characters", handsOnFewBytesAfterTwoCharacters},
	{"posts-once", postsOnce},
	{"tries-again", triesAgain},
	{"counts-while-machine-is-full", countsWhileMachineIsFull},
	{"counts-overflow", countsOverflow},
	{"holds-what-it-says", holdsWhatItSays},
	{"survives-full-event-queue", survivesFullEventQueue},
	{"counts-overflow-of-full-event-queue", countsOverflowOfFullEventQueue},
	{"counts-damage", countsDamage},
	{"writes-all-or-nothing", writesAllOrNothing},
	{"writes-without-gaps", writesWithoutGaps},
	{"drains-before-switch", drainsBeforeSwitch},
	{"switches-while-receiving", switchesWhileReceiving},
	{"later-settings-replace-earlier", laterSettingsReplaceEarlier},
	{"tells-refused-settings", tellsRefusedSettings},
	{"formats-reach-the-chip", formatsReachTheChip},
	{"message-in-flight-is-void", messageInFlightIsVoid},
	{"closes-while-sending", closesWhileSending},
	{"ends-stuck-task", endsStuckTask},
	{"closes-with-full-event-queue", closesWithFullEventQueue},
	{"opens-one-at-a-time", opensOneAtATime},
	{"leaves-nothing-after-failed-opening", leavesNothingAfterFailedOpening},
};

int main(int count, char **arguments) {
	for (size_t index = 0; index < sizeof(behaviours) / sizeof(behaviours[0]); index++) {
		if (count != 2) puts(behaviours[index].name);
		else if (strcmp(arguments[1], behaviours[index].name) == 0) {
			fakeReset();
			behaviours[index].run();
			fakeReset();
			return 0;
		}
	}
	if (count == 2) fprintf(stderr, "no such behaviour: %s\n", arguments[1]);
	return count == 2 ? 2 : 0;
}
