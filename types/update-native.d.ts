// hardware/update's native modules.

declare module "ed25519-native" {
	/** True where `signature` (64 bytes) over `message` is by the holder of `publicKey` (32 bytes). */
	export function ed25519Verify(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean;
}

declare module "update-slots" {
	export function source(): { readonly key: string | undefined; readonly board: string | undefined };
	export function running(): string;
	export function onTrial(): boolean;
	export function size(): number;
	export function begin(): void;
	export function write(bytes: Uint8Array): void;
	export function finish(): void;
	export function abandon(): void;
	export function confirm(): void;
	export function rollBack(): void;
}
