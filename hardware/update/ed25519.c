// See ed25519.h. Source: RFC 8032, 5.1; the addition of points is its 5.1.4 (extended coordinates), which holds for any two
// points of this curve, equal ones and the neutral one included, so that doubling needs no formula of its own.

#include "ed25519.h"

#include <string.h>

enum { WORDS = 8, BITS = 32 * WORDS };

/** Little end first. As a coordinate: any representative below 2^256 of a number modulo p, until `freeze`. */
typedef uint32_t Number[WORDS];

/** x = X / Z, y = Y / Z, x * y = T / Z. */
typedef struct {
	Number x, y, z, t;
} Point;

/** 2^255 - 19, and the group's order. */
static const Number kP = {0xffffffed, ~0u, ~0u, ~0u, ~0u, ~0u, ~0u, 0x7fffffff};
static const Number kOrder = {0x5cf5d3ed, 0x5812631a, 0xa2f79cd6, 0x14def9de, 0, 0, 0, 0x10000000};
/** p - 2 and (p - 5) / 8. */
static const Number kInversion = {0xffffffeb, ~0u, ~0u, ~0u, ~0u, ~0u, ~0u, 0x7fffffff};
static const Number kRoot = {0xfffffffd, ~0u, ~0u, ~0u, ~0u, ~0u, ~0u, 0x0fffffff};
/** The curve's d, and the root of -1. */
static const Number kD = {0x135978a3, 0x75eb4dca, 0x4141d8ab, 0x00700a4d, 0x7779e898, 0x8cc74079, 0x2b6ffe73, 0x52036cee};
static const Number kI = {0x4a0ea0b0, 0xc4ee1b27, 0xad2fe478, 0x2f431806, 0x3dfbd7a7, 0x2b4d0099, 0x4fc1df0b, 0x2b832480};
static const Number kOne = {1};
static const Point kNeutral = {.y = {1}, .z = {1}};
static const Point kBase = {
	{0x8f25d51a, 0xc9562d60, 0x9525a7b2, 0x692cc760, 0xfdd6dc5c, 0xc0a4e231, 0xcd6e53fe, 0x216936d3},
	{0x66666658, 0x66666666, 0x66666666, 0x66666666, 0x66666666, 0x66666666, 0x66666666, 0x66666666},
	{1},
	{0xa5b7dda3, 0x6dde8ab3, 0x775152f5, 0x20f09f80, 0x64abe37d, 0x66ea4e8e, 0xd78b7665, 0x67875f0f},
};

static void load(Number to, const uint8_t *bytes)
{
	for (int i = 0; i < WORDS; ++i, bytes += 4)
		to[i] = bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

static int bitOf(const Number number, int bit)
{
	return number[bit / 32] >> (bit % 32) & 1;
}

/** Takes `modulus` away where the number is not below it; returns whether it was below. */
static bool reduce(Number number, const Number modulus)
{
	Number rest;
	int64_t carry = 0;
	for (int i = 0; i < WORDS; ++i) {
		carry += (int64_t)number[i] - modulus[i];
		rest[i] = (uint32_t)carry;
		carry >>= 32;
	}
	if (carry) return true;
	memcpy(number, rest, sizeof rest);
	return false;
}

/** Brings what ran over 2^256, or below 0, back in: 2^256 is 38 modulo p. */
static void settle(Number number, int64_t carry)
{
	while (carry) {
		carry *= 38;
		for (int i = 0; i < WORDS; ++i) {
			carry += number[i];
			number[i] = (uint32_t)carry;
			carry >>= 32;
		}
	}
}

static void add(Number to, const Number a, const Number b)
{
	int64_t carry = 0;
	for (int i = 0; i < WORDS; ++i) {
		carry += (int64_t)a[i] + b[i];
		to[i] = (uint32_t)carry;
		carry >>= 32;
	}
	settle(to, carry);
}

static void subtract(Number to, const Number a, const Number b)
{
	int64_t carry = 0;
	for (int i = 0; i < WORDS; ++i) {
		carry += (int64_t)a[i] - b[i];
		to[i] = (uint32_t)carry;
		carry >>= 32;
	}
	settle(to, carry);
}

static void multiply(Number to, const Number a, const Number b)
{
	uint32_t product[2 * WORDS] = {0};
	for (int i = 0; i < WORDS; ++i) {
		uint64_t carry = 0;
		for (int j = 0; j < WORDS; ++j) {
			carry += (uint64_t)a[i] * b[j] + product[i + j];
			product[i + j] = (uint32_t)carry;
			carry >>= 32;
		}
		product[i + WORDS] = (uint32_t)carry;
	}
	uint64_t carry = 0;
	for (int i = 0; i < WORDS; ++i) {
		carry += (uint64_t)product[i + WORDS] * 38 + product[i];
		to[i] = (uint32_t)carry;
		carry >>= 32;
	}
	settle(to, (int64_t)carry);
}

static void power(Number to, const Number base, const Number exponent)
{
	Number result = {1};
	for (int bit = BITS - 1; bit >= 0; --bit) {
		multiply(result, result, result);
		if (bitOf(exponent, bit)) multiply(result, result, base);
	}
	memcpy(to, result, sizeof result);
}

/** Below 2^256 there is room for p twice. */
static void freeze(Number number)
{
	reduce(number, kP);
	reduce(number, kP);
}

static bool areEqual(const Number a, const Number b)
{
	static const Number kZero;
	Number difference;
	subtract(difference, a, b);
	freeze(difference);
	return memcmp(difference, kZero, sizeof kZero) == 0;
}

static void addPoints(Point *to, const Point *a, const Point *b)
{
	Number m, n, c, d, e, f;
	subtract(m, a->y, a->x);
	subtract(n, b->y, b->x);
	multiply(m, m, n);
	add(n, a->y, a->x);
	add(c, b->y, b->x);
	multiply(n, n, c);
	multiply(c, a->t, b->t);
	multiply(c, c, kD);
	add(c, c, c);
	multiply(d, a->z, b->z);
	add(d, d, d);
	subtract(e, n, m);
	add(n, n, m);
	subtract(f, d, c);
	add(d, d, c);
	multiply(to->x, e, f);
	multiply(to->y, d, n);
	multiply(to->t, e, n);
	multiply(to->z, f, d);
}

/** RFC 8032, 5.1.3, with the other sign: what is wanted is the key's negative. */
static bool decodeNegative(Point *to, const uint8_t *bytes)
{
	Number u, v, x, square;
	load(to->y, bytes);
	uint32_t sign = to->y[WORDS - 1] >> 31;
	to->y[WORDS - 1] &= 0x7fffffff;
	if (!reduce(to->y, kP)) return false;
	multiply(square, to->y, to->y);
	subtract(u, square, kOne);
	multiply(v, square, kD);
	add(v, v, kOne);
	/* x = u v^3 (u v^7)^((p - 5) / 8): its square is u / v or -u / v, unless there is no such point. */
	multiply(square, v, v);
	multiply(x, square, v);
	multiply(x, x, u);
	multiply(square, square, square);
	multiply(square, square, x);
	power(square, square, kRoot);
	multiply(x, x, square);
	multiply(square, x, x);
	multiply(square, square, v);
	if (!areEqual(square, u)) {
		add(square, square, u);
		if (!areEqual(square, kP)) return false;
		multiply(x, x, kI);
	}
	freeze(x);
	if (sign && areEqual(x, kP)) return false;
	if ((x[0] & 1) == sign) subtract(x, kP, x);
	memcpy(to->x, x, sizeof x);
	memcpy(to->z, kOne, sizeof kOne);
	multiply(to->t, x, to->y);
	return true;
}

/** 512 bits modulo the group's order, bit by bit. */
static void scalarOf(Number to, const uint8_t *digest)
{
	memset(to, 0, sizeof(Number));
	for (int bit = 8 * ED25519_DIGEST_SIZE - 1; bit >= 0; --bit) {
		for (int i = WORDS - 1; i > 0; --i) to[i] = to[i] << 1 | to[i - 1] >> 31;
		to[0] = to[0] << 1 | (digest[bit / 8] >> (bit % 8) & 1u);
		reduce(to, kOrder);
	}
}

bool ed25519Holds(const uint8_t *signature, const uint8_t *key, const uint8_t *digest)
{
	Number s, h, inverse;
	Point negative, both, sum = kNeutral;
	load(s, signature + sizeof(Number));
	if (!reduce(s, kOrder) || !decodeNegative(&negative, key)) return false;
	scalarOf(h, digest);
	addPoints(&both, &kBase, &negative);
	/* s B - h A, both at once. */
	for (int bit = BITS - 1; bit >= 0; --bit) {
		addPoints(&sum, &sum, &sum);
		int base = bitOf(s, bit), other = bitOf(h, bit);
		if (base || other) addPoints(&sum, &sum, !other ? &kBase : !base ? &negative : &both);
	}
	power(inverse, sum.z, kInversion);
	multiply(sum.x, sum.x, inverse);
	multiply(sum.y, sum.y, inverse);
	freeze(sum.x);
	freeze(sum.y);
	/* Compared as numbers of 256 bits, so that no other encoding of the same point will do. */
	sum.y[WORDS - 1] |= sum.x[0] << 31;
	load(h, signature);
	return memcmp(h, sum.y, sizeof h) == 0;
}
