// What stands in for the SDK in the fuzzer's bundle, as an esbuild plugin: a clock and a TCP connection that the targets
// drive, and plain modules for the native ones that hardware/tls takes. Random bytes are always the same. Curves' arithmetic is replaced by something of the same shape: what a server
// sends is judged before any of it is used.
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

const MODULES = {
	"arith-native": `
		export const times = (curve, point, by) => ({ x: (point.x + by) % curve.m, y: point.y, z: 1n });
		export const sumOfTimes = (curve, point, by) => times(curve, point, by);
		export function power(base, exponent, modulus) {
			let result = 1n;
			for (let left = exponent, square = base % modulus; left > 0n; left >>= 1n) {
				if (left & 1n) result = (result * square) % modulus;
				square = (square * square) % modulus;
			}
			return result;
		}`,
	"crypto-native": `
		export * from "./host/platform/crypto-native.ts";
		export const randomBytes = (count) => new Uint8Array(count).fill(0x11).buffer;
		Uint8Array.fromHex ??= (text) => new Uint8Array(Buffer.from(text, "hex"));
		Uint8Array.fromBase64 ??= (text) => new Uint8Array(Buffer.from(text, "base64"));
		Uint8Array.prototype.toHex ??= function () { return Buffer.from(this).toString("hex"); };
		BigInt.fromArrayBuffer ??= (buffer) => BigInt("0x0" + Buffer.from(buffer).toString("hex"));
		ArrayBuffer.fromBigInt ??= (number, size = 0) => {
			const text = number.toString(16);
			return new Uint8Array(Buffer.from(text.padStart(Math.max(2 * size, text.length + (text.length & 1)), "0"), "hex")).buffer;
		};`,
};

export const standIns = {
	name: "stand-ins",
	setup(bundler) {
		const fake = (name) => ({
			path: fileURLToPath(new URL(`../../host-test/fuzz/${name}.ts`, import.meta.url)),
		});
		bundler.onResolve({ filter: /^timer$/ }, () => fake("fake-timer"));
		bundler.onResolve({ filter: /^(embedded:io\/socket\/tcp|\.\/resolver\.js)$/ }, ({ importer }) =>
			importer.endsWith("hardware/mqtt-client.ts") ? fake("fake-tcp") : undefined,
		);
		bundler.onResolve({ filter: /^(arith-native|crypto-native)$/ }, ({ path, importer }) =>
			importer.includes("hardware/tls/") ? { path, namespace: "tls-native" } : undefined,
		);
		bundler.onLoad({ filter: /.*/, namespace: "tls-native" }, ({ path }) => ({
			contents: MODULES[path],
			loader: "js",
			resolveDir: ROOT,
		}));
	},
};
