// The module `tls-socket`: names of modules do not follow files on XS, so that what it is made of keeps its own.

export { TlsSocket as default } from "hardware/tls/tls-socket";
