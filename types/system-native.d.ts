// The project's own native module (hardware/system): JavaScript and C, which tsc does not read.

declare module "system-native" {
	export function restart(orderly: boolean): void;
	export function resetReason(): string;
	export function memory(what: number): number;
	export function wallClock(): number;
	export function coreDump(): string | undefined;
}
