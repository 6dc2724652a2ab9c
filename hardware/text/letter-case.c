/*
 * String.prototype.toLowerCase and toUpperCase of the letters A to Z (letter-case.js).
 *
 * XS strings are UTF-8: no byte of another character lies between 'A' and 'z'. XS may move strings whenever it allocates:
 * the result is made first, pointers are taken after.
 */

#include "xsPlatform.h"
#include "xsmc.h"

#define CASE_BIT 0x20

static void convert(xsMachine *the, char first, char last)
{
	char *text = xsmcToString(xsThis);
	size_t length = c_strlen(text);
	size_t unchanged = 0;
	char *converted;

	while ((unchanged < length) && ((text[unchanged] < first) || (text[unchanged] > last)))
		unchanged++;
	xsResult = xsThis;
	if (unchanged == length)
		return;

	xsmcSetStringBuffer(xsResult, NULL, length);
	text = xsmcToString(xsThis);
	converted = xsmcToString(xsResult);
	c_memcpy(converted, text, length);
	for (; unchanged < length; unchanged++) {
		if ((converted[unchanged] >= first) && (converted[unchanged] <= last))
			converted[unchanged] ^= CASE_BIT;
	}
}

void xs_letters_to_lower_case(xsMachine *the)
{
	convert(the, 'A', 'Z');
}

void xs_letters_to_upper_case(xsMachine *the)
{
	convert(the, 'a', 'z');
}
