// Callbacks of the SDK's sockets, listeners and serial lines, for all of them the same: each hands on to the methods of
// the object's `target` (ECMA-419, clause 5). So they lie in flash; functions made for each connection would lie in RAM.

/** Whom a socket or a serial line tells. */
export interface StreamOwner {
	/** `count` bytes wait. */
	onReadable(count: number, stream: object): void;
	/** `count` bytes may be written now. */
	onWritable(count: number, stream: object): void;
	/** It is over. */
	onError(reason: unknown, stream: object): void;
}

interface Targeted {
	readonly target: StreamOwner;
}

export function onReadable(this: Targeted, count: number): void {
	this.target.onReadable(count, this);
}

export function onWritable(this: Targeted, count: number): void {
	this.target.onWritable(count, this);
}

export function onError(this: Targeted, reason?: unknown): void {
	this.target.onError(reason, this);
}
