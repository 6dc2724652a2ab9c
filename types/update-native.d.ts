// hardware/update's native module.

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
