/*
 * Number.prototype.toString (number-text.js). To base 10, or none: as the engine writes numbers anyway. To others: whole numbers that
 * doubles have exactly.
 */

#include "xsPlatform.h"
#include "xsmc.h"

#define MOST_EXACT 9007199254740991.0
#define LEAST_BASE 2
#define MOST_BASE 36
/* A sign, 53 bits, and the end. */
#define MOST_CHARACTERS 55

/* Throws a TypeError where `this` is no number, a RangeError where base or number are none of those. */
void xs_number_to_text(xsMachine *the)
{
	int type = xsmcTypeOf(xsThis);
	int base = 10;
	char text[MOST_CHARACTERS];
	char *at = text + MOST_CHARACTERS - 1;
	double number, size;
	uint64_t rest;

	if ((type != xsIntegerType) && (type != xsNumberType))
		xsTypeError("this is no number");
	if (xsmcArgc && (xsmcTypeOf(xsArg(0)) != xsUndefinedType))
		base = xsmcToInteger(xsArg(0));
	if (base == 10) {
		xsResult = xsThis;
		xsmcToString(xsResult);
		return;
	}

	number = xsmcToNumber(xsThis);
	size = (number < 0) ? -number : number;
	if ((base < LEAST_BASE) || (base > MOST_BASE) || !(size <= MOST_EXACT))
		xsRangeError("no such base, or number");
	rest = (uint64_t)size;
	if ((double)rest != size)
		xsRangeError("no whole number");

	*at = 0;
	do {
		int digit = (int)(rest % base);
		*--at = (char)((digit < 10) ? '0' + digit : 'a' + digit - 10);
		rest /= base;
	} while (rest);
	if (number < 0)
		*--at = '-';
	xsmcSetString(xsResult, at);
}
