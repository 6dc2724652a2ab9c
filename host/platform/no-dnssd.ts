// In place of the SDK's `embedded:network/dnssd` on XS for Linux, whose UDP knows no multicast: there is none.

export default undefined;
