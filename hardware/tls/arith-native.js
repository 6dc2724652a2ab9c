// The SDK's long arithmetic in C (modules/crypt/arith) without its classes: points are `{ x, y, z }` with `z` 0n for the
// point at infinity, else 1n; a curve is an object with `m`, `a` and `b`.

/** `point` times `by`. */
export function times(curve, point, by) {
	return native("xs_ec2_mul").call(curve, point, by);
}

/** `point` times `by` and `other` times `byOther`, added. */
export function sumOfTimes(curve, point, by, other, byOther) {
	return native("xs_ec2_mul2").call(curve, point, by, other, byOther);
}

/** `base` to the power of `exponent`, modulo an odd `modulus`. */
export function power(base, exponent, modulus) {
	// Not `…exp_SW`: that is wrong for exponents of more than 36 bits, and its pool too small for those of 2,048.
	return native("xs_mont2_exp_LR").call(this, base, exponent, modulus);
}
