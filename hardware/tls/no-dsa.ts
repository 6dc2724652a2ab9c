// In place of the SDK's `dsa`, which its handshake imports: DSA is not offered.

export default Object.freeze({});
