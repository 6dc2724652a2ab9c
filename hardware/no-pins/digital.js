// The SDK's `embedded:io/digital` where there are no pins (XS on Linux): says so to whoever opens one.

class Digital {
	constructor() {
		throw new Error("no pins here");
	}
}
Digital.Input = 0;
Digital.InputPullUp = 1;
Digital.InputPullDown = 2;
Digital.Output = 8;
Digital.Rising = 1;
Digital.Falling = 2;

export default Digital;
