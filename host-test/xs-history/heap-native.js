// What the machine's heap holds: for measuring, in this application only.

/** Collects garbage; peaks count from here. */
export function collect() {
	return native("xs_heap_collect").call(this);
}

/** 0: slots in use, 1: bytes of chunks in use, 2 and 3: the most of each since `collect`. */
export function heap(what) {
	return native("xs_heap").call(this, what);
}

/** Milliseconds of the processor that this process has had: other programs do not count. */
export function cpuTime() {
	return native("xs_cpu_time").call(this);
}
