// The SDK's modules below TLS, as their code is (Moddable SDK 8.2.3, modules/crypt), as far as hardware/tls uses them.

declare module "ssl/session" {
	/** What the session reads and writes by. */
	export interface SessionSocket {
		readable: number;
		writable: number;
		read(into: Uint8Array): void;
		/** All of it; what may be written next. */
		write(bytes: ArrayBuffer | Uint8Array): number;
	}

	export default class Session {
		constructor(options: {
			readonly serverName?: string;
			readonly protocolVersion: number;
			readonly cache: boolean;
			readonly certificates: object;
		});
		readonly alert: { readonly level: number; readonly description: number } | undefined;
		/** The message that was handled last; -1: none that asks for an answer. */
		readonly handshakeProcess: number;
		/** A record that is not yet whole. */
		readonly packetBuffer: object | null | undefined;
		initiateHandshake(): void;
		/** True where it is over. */
		handshake(socket: SessionSocket): boolean;
		/** `null`: the other end has taken leave. */
		read(socket: SessionSocket): Uint8Array | null | undefined;
		write(
			socket: SessionSocket,
			data: ArrayBuffer | Uint8Array,
			options?: { readonly more?: boolean; readonly byteLength?: number },
		): number;
		readPacket(socket: SessionSocket): ArrayBuffer | undefined;
	}
}

declare module "ssl/constants" {
	export const AES: number;
	export const ECDHE_RSA: number;
	export const GCM: number;
	export const SHA256: number;
}

declare module "ber" {
	export default class BER {
		constructor(bytes: Uint8Array);
		getSequence(): Uint8Array;
		getInteger(): bigint;
		getOctetString(): Uint8Array;
		getObjectIdentifier(): Uint32Array;
	}
}

declare module "mont" {
	export default class Mont {
		constructor(options: { readonly m: bigint });
		mul(one: bigint, other: bigint): bigint;
		mulinv(number: bigint): bigint;
	}
}

declare module "curve" {
	export interface Point {
		readonly X: bigint;
		isZero(): boolean;
	}

	export interface Curve {
		readonly G: Point;
		readonly n: bigint;
		readonly orderSize: number;
		readonly ec: { mul2(one: Point, by: bigint, other: Point, byOther: bigint): Point };
	}
}

declare module "rsa" {
	export default class RSA {
		constructor(
			exponent: bigint,
			modulus: bigint,
			prim1?: bigint,
			prim2?: bigint,
			exponent1?: bigint,
			exponent2?: bigint,
			coefficient?: bigint,
		);
		readonly modulusSize: number;
		process(message: bigint): bigint;
	}
}

declare module "x509" {
	import type { Curve, Point } from "curve";

	/** RSA's two numbers, or a point and its curve; empty for what the SDK does not know. */
	export interface PublicKey {
		readonly modulus?: bigint;
		readonly exponent?: bigint;
		readonly pub?: Point;
		readonly curve?: Curve;
	}

	const X509: {
		decode(bytes: Uint8Array): {
			readonly tbs: Uint8Array;
			readonly algo: Uint32Array;
			readonly sig: Uint8Array;
			readonly spki: PublicKey;
		};
		decodeTBS(tbs: Uint8Array): {
			readonly issuer: Uint8Array;
			readonly subject: Uint8Array;
			readonly validity: { readonly from: number; readonly to: number };
		};
		decodeExtension(bytes: Uint8Array, id: readonly number[]): ArrayBuffer | Uint8Array | undefined;
		decodeSAN(
			bytes: Uint8Array,
		): readonly { readonly tag: number; readonly value: string | ArrayBuffer }[] | undefined;
	};
	export default X509;
}

declare module "pkcs1_5" {
	export type { RsaKey } from "../hardware/tls/pkcs1-5.js";
	export { default } from "../hardware/tls/pkcs1-5.js";
}

declare module "ecdsa" {
	export { default } from "../hardware/tls/ecdsa.js";
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
