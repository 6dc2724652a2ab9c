// The module `file-signature`: as specifier.ts.

export { verifyP256 } from "hardware/tls/signatures";
