// Why a question of a person's own was not put to the meter, or not answered: words for people, the same in every
// protocol.

export const ONLY_LISTENS = "the meter is only listened to";
export const BUSY = "another question is under way";
export const NO_ANSWER = "the meter does not answer";
export const UNKNOWN = "the meter has no such value";
