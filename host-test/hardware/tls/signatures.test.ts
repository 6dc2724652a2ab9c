// ECDSA (hardware/tls/signatures.ts) over arithmetic that answers what a test says: which signatures are refused although the sum
// of the points has the right x (FIPS 186-5, 6.4.2, steps 1 and 5). Nobody can make such ones for the real arithmetic: they
// take a logarithm, or a message for a digest; and x of the point at infinity is there what the memory had before.

import { verifyP256 } from "../../../hardware/tls/signatures";
import { SIGNATURE_VECTORS, type SignatureVector } from "../../platform/conformance/signature-vectors";

let sum: { readonly x: bigint; readonly z: bigint };
jest.mock(
	"arith-native",
	() => ({
		sumOfTimes: () => sum,
		power: () => 1n,
	}),
	{ virtual: true },
);

BigInt.fromArrayBuffer ??= (bytes) => BigInt(`0x${Buffer.from(bytes).toString("hex")}`);

/** Order of the curve's point (SEC 2, 2.4.2). */
const N = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const [SAMPLE] = SIGNATURE_VECTORS as readonly [SignatureVector];
const DIGITS = 64;
const fromHex = (text: string) => Uint8Array.from(Buffer.from(text, "hex"));
const digits = (number: bigint) => number.toString(16).padStart(DIGITS, "0");

/** The answer for `r` and `s` where the sum is the point `{ x, z }`. */
function isTaken(r: bigint, s: bigint, point: typeof sum): boolean {
	sum = point;
	const message = new TextEncoder().encode(SAMPLE.message);
	return verifyP256(fromHex(digits(r) + digits(s)), message, fromHex(SAMPLE.publicKey));
}

test.each([
	["r is 1, s is 1", 1n, 1n],
	["r is n - 1, s is n - 1", N - 1n, N - 1n],
])("%s: taken where x of the sum is r, refused where it is not", (_, r, s) => {
	expect(isTaken(r, s, { x: r, z: 1n })).toBe(true);
	expect(isTaken(r, s, { x: r + 1n, z: 1n })).toBe(false);
});

// r and s of C2SP/wycheproof, testvectors_v1/ecdsa_secp256r1_sha256_p1363_test.json, "Signature with special case values", by tcId.
test.each([
	[11, 0n, 0n],
	[12, 0n, 1n],
	[13, 0n, N],
	[14, 0n, N - 1n],
	[18, 1n, 0n],
	[20, 1n, N],
	[22, 1n, N + 1n],
	[32, N - 1n, 0n],
])("Wycheproof %d: refused whatever the sum is", (_, r, s) => {
	expect(isTaken(r, s, { x: r, z: 1n })).toBe(false);
	expect(isTaken(r, s, { x: r, z: 0n })).toBe(false);
});

test("the point at infinity is refused, whatever is left in its x", () => {
	expect(isTaken(5n, 9n, { x: 5n, z: 0n })).toBe(false);
});
