// `meter-serial` of XS on Linux: the SDK's own class. It knows 8N1 only and counts nothing.

export { default } from "embedded:io/serial";
