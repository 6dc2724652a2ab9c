// `update-slots` for builds that measure memory: no second slot, and nothing of the simulated flash (host/platform/update-slots.ts).

const none = () => undefined;

export const source = () => ({});
export const size = () => 0;
export {
	none as abandon,
	none as begin,
	none as confirm,
	none as finish,
	none as onTrial,
	none as rollBack,
	none as running,
	none as write,
};
