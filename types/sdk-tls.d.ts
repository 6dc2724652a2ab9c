// What hardware/tls builds on, which tsc does not read: the SDK's arithmetic in C (hardware/tls/arith-native.js), and
// what XS has as globals.

declare module "arith-native" {
	interface Point {
		readonly x: bigint;
		readonly y: bigint;
		/** 0n: the point at infinity. */
		readonly z: bigint;
	}
	interface Curve {
		readonly m: bigint;
		readonly a: bigint;
		readonly b: bigint;
	}
	export function times(curve: Curve, point: Point, by: bigint): Point;
	export function sumOfTimes(curve: Curve, point: Point, by: bigint, other: Point, byOther: bigint): Point;
	export function power(base: bigint, exponent: bigint, modulus: bigint): bigint;
}

declare module "hardware/tls/signatures" {
	export { verifyP256 } from "file-signature";
}

declare module "hardware/tls/tls-socket" {
	export { TlsSocket } from "../hardware/tls/tls-socket.js";
}

interface ArrayBufferConstructor {
	/** Big-endian, at least so many bytes. */
	fromBigInt(number: bigint, length?: number): ArrayBuffer;
}

interface BigIntConstructor {
	fromArrayBuffer(bytes: ArrayBuffer): bigint;
}

interface Uint8ArrayConstructor {
	fromBase64(text: string): Uint8Array<ArrayBuffer>;
}
