export function collect(): void;
export function heap(what: number): number;
export function cpuTime(): number;
