// The SDK asks every target for `embedded:provider/builtin`. It is empty: the app opens what it needs, on pins of its choice.

export default Object.freeze({});
