// hardware/pulses/pulse-native.js, which is C below; on Node host/platform/pulse-native.ts.

declare module "pulse-native" {
	export default class PulseCounter {
		constructor(options: {
			readonly pin: number;
			readonly pull: number;
			readonly activeLow: boolean;
			readonly debounce: number;
		});
		count(): number;
		at(): number;
		close(): void;
	}
}
