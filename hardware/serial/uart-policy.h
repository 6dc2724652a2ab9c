// What the meter's UART decides, without a driver, an engine or a clock: when the XS machine gets a message, what is
// counted, what waits to be sent, and when new settings may be taken. Plain C11 that calls nothing.
// Not reentrant: the caller (meter-uart.c) holds its lock around each call.

#ifndef METERLING_UART_POLICY_H
#define METERLING_UART_POLICY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Bytes that may wait to be sent; a power of two. No request of any protocol is half as long. */
#define UART_POLICY_TRANSMIT 1024u

typedef enum { UART_PARITY_NONE, UART_PARITY_IS_EVEN, UART_PARITY_IS_ODD } UartParity;

typedef struct {
	uint32_t baud;
	uint8_t dataBits; /* 7 or 8 */
	uint8_t parity;   /* UartParity */
	uint8_t stopBits; /* 1 or 2 */
	bool invertReceive;
	bool invertTransmit;
} UartSettings;

/**
 * Counts since opening. `overflow`: times that received bytes were lost because nobody read them, each time some
 * hundred bytes. The others count interrupts, not characters: the chip has one flag for all that arrived since it
 * looked last, so they are lower bounds that say "there is such trouble". A break is a character of zeros without a
 * stop bit, which is a framing error too and reaches the reader as a byte 0x00.
 */
typedef struct {
	uint32_t overflow;
	uint32_t parity;
	uint32_t framing;
	uint32_t breaks;
} UartCounters;

typedef enum {
	UART_SAW_DATA,
	/** The ring took no more; nothing is lost yet: the chip's buffer still takes some. */
	UART_SAW_FULL_RING,
	/** The chip's buffer ran over: bytes are lost. */
	UART_SAW_OVERFLOW,
	UART_SAW_BREAK,
	UART_SAW_FRAMING,
	UART_SAW_PARITY,
} UartSight;

/** What a message tells, as bits. */
enum {
	/** Bytes wait. */
	UART_TELLS_READABLE = 1,
	/** All that was written has left the wire, the last stop bit included, and settings that waited are taken. */
	UART_TELLS_WRITABLE = 2,
	/** The chip refused new settings; it goes on with the old ones. */
	UART_TELLS_REFUSED = 4,
};

typedef struct {
	UartCounters counters;
	/** What the next message tells. */
	uint8_t tells;
	/** A message is on its way: no second one before `uartPolicyTake`. */
	bool pending;
	/** Written and not yet surely on the wire. */
	bool sending;
	/** `next` waits until the bytes before `changeAt` are on the wire. */
	bool changing;
	UartSettings next;
	uint32_t changeAt;
	/** Free-running positions in `bytes`. */
	uint32_t written;
	uint32_t sent;
	uint8_t bytes[UART_POLICY_TRANSMIT];
} UartPolicy;

/** A UART that has just been opened. */
void uartPolicyOpen(UartPolicy *policy);

/** Counts what the driver saw, and notes what the machine must be told. */
void uartPolicySaw(UartPolicy *policy, UartSight sight);

/**
 * The driver's event queue was found full: whatever it said since then is lost. With `ringFull` that may have been an
 * overflow, and it is counted as one; without, no byte is lost. Either way bytes may wait that nobody was told of.
 */
void uartPolicyMissed(UartPolicy *policy, bool ringFull);

/** After a read: bytes still wait, and are told of by another message. */
void uartPolicyLeftOver(UartPolicy *policy);

/**
 * Whether to post a message now. True at most once until `uartPolicyTake` or `uartPolicyNotPosted`: however fast
 * bytes arrive, one message is on its way, so the machine's short queue is never filled by the UART.
 */
bool uartPolicyWantsMessage(UartPolicy *policy);

/** The machine's queue had no room: `uartPolicyWantsMessage` says so again at the next turn. */
void uartPolicyNotPosted(UartPolicy *policy);

/** The message has arrived: what it tells. What happens from now on is told by the next one. */
uint8_t uartPolicyTake(UartPolicy *policy);

/** Takes all bytes or none. */
bool uartPolicyWrite(UartPolicy *policy, const uint8_t *bytes, size_t count);

/**
 * New settings, for when all that was written before is on the wire; what is written after this call waits for
 * them. A later call replaces settings that still wait, at the place of the earlier ones.
 */
void uartPolicyConfigure(UartPolicy *policy, const UartSettings *settings);

/** How many bytes may be handed to the chip now, and where they lie (in one piece; there may be more behind). */
size_t uartPolicySendable(const UartPolicy *policy, const uint8_t **bytes);

/** The chip took this many of them. */
void uartPolicySent(UartPolicy *policy, size_t count);

/** Whether there is something to do once the transmitter is idle: everything that may be sent is with the chip. */
bool uartPolicyAwaitsIdle(const UartPolicy *policy);

/** The transmitter is idle. True where `settings` are to be given to the chip before anything else is sent. */
bool uartPolicyIdle(UartPolicy *policy, UartSettings *settings);

/** The chip did not take the settings that `uartPolicyIdle` gave. */
void uartPolicyRefused(UartPolicy *policy);

#endif
