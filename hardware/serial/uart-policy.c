// See uart-policy.h.

#include "uart-policy.h"

#include <string.h>

#define POSITION_MASK (UART_POLICY_TRANSMIT - 1u)

_Static_assert((UART_POLICY_TRANSMIT & POSITION_MASK) == 0, "positions wrap by a mask");

void uartPolicyOpen(UartPolicy *policy) { memset(policy, 0, sizeof(*policy)); }

void uartPolicySaw(UartPolicy *policy, UartSight sight) {
	switch (sight) {
	case UART_SAW_DATA:
	case UART_SAW_FULL_RING:
		policy->tells |= UART_TELLS_READABLE;
		break;
	case UART_SAW_OVERFLOW:
		policy->counters.overflow++;
		policy->tells |= UART_TELLS_READABLE;
		break;
	case UART_SAW_BREAK:
		policy->counters.breaks++;
		break;
	case UART_SAW_FRAMING:
		policy->counters.framing++;
		break;
	case UART_SAW_PARITY:
		policy->counters.parity++;
		break;
	}
}

void uartPolicyMissed(UartPolicy *policy, bool ringFull) {
	if (ringFull) policy->counters.overflow++;
	policy->tells |= UART_TELLS_READABLE;
}

void uartPolicyLeftOver(UartPolicy *policy) { policy->tells |= UART_TELLS_READABLE; }

bool uartPolicyWantsMessage(UartPolicy *policy) {
	if (policy->pending || policy->tells == 0) return false;
	policy->pending = true;
	return true;
}

void uartPolicyNotPosted(UartPolicy *policy) { policy->pending = false; }

uint8_t uartPolicyTake(UartPolicy *policy) {
	const uint8_t tells = policy->tells;
	policy->pending = false;
	policy->tells = 0;
	return tells;
}

bool uartPolicyWrite(UartPolicy *policy, const uint8_t *bytes, size_t count) {
	if (count > UART_POLICY_TRANSMIT - (policy->written - policy->sent)) return false;
	if (count == 0) return true;
	const size_t from = policy->written & POSITION_MASK;
	const size_t first = count < UART_POLICY_TRANSMIT - from ? count : UART_POLICY_TRANSMIT - from;
	memcpy(policy->bytes + from, bytes, first);
	memcpy(policy->bytes, bytes + first, count - first);
	policy->written += (uint32_t)count;
	policy->sending = true;
	return true;
}

void uartPolicyConfigure(UartPolicy *policy, const UartSettings *settings) {
	if (!policy->changing) policy->changeAt = policy->written;
	policy->changing = true;
	policy->next = *settings;
}

/** How far may be sent with the settings that hold. */
static uint32_t sendableTo(const UartPolicy *policy) {
	return policy->changing ? policy->changeAt : policy->written;
}

size_t uartPolicySendable(const UartPolicy *policy, const uint8_t **bytes) {
	const size_t from = policy->sent & POSITION_MASK;
	const size_t count = sendableTo(policy) - policy->sent;
	*bytes = policy->bytes + from;
	return count < UART_POLICY_TRANSMIT - from ? count : UART_POLICY_TRANSMIT - from;
}

void uartPolicySent(UartPolicy *policy, size_t count) { policy->sent += (uint32_t)count; }

bool uartPolicyAwaitsIdle(const UartPolicy *policy) {
	return (policy->sending || policy->changing) && policy->sent == sendableTo(policy);
}

bool uartPolicyIdle(UartPolicy *policy, UartSettings *settings) {
	const bool changes = policy->changing;
	if (changes) *settings = policy->next;
	policy->changing = false;
	if (policy->sent == policy->written) {
		policy->sending = false;
		policy->tells |= UART_TELLS_WRITABLE;
	}
	return changes;
}

void uartPolicyRefused(UartPolicy *policy) { policy->tells |= UART_TELLS_REFUSED; }
