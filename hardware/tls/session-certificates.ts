// The module `ssl/cert` for the SDK's session: in place of the SDK's manager of certificates the one that the session was
// given with its options.

export default class SessionCertificates {
	constructor({ certificates }: { readonly certificates: object }) {
		return certificates as SessionCertificates;
	}
}
