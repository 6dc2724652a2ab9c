// What XS has as globals and the standard libraries' declarations lack, as far as the firmware uses it.
// For the project's own type checks; mcconfig brings the SDK's declarations of the same.

/** Writes to the log without adding a line break. */
declare function trace(...parts: (string | number | boolean)[]): void;

interface ArrayBufferConstructor {
	/** UTF-8 bytes of the text. */
	fromString(text: string): ArrayBuffer;
}

interface StringConstructor {
	/** Text of UTF-8 bytes. */
	fromArrayBuffer(buffer: ArrayBufferLike): string;
}

/** The constructor of a class whose objects hold memory of C; xsc knows it by name, with one literal. */
declare function Native(destructor: string): new () => object;
/** A function of C; xsc knows it by name, with one literal. */
declare function native(name: string): { call(self: object, ...parts: unknown[]): unknown };
