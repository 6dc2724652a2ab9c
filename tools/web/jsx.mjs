// What elements in *.tsx are made with in the built page (tools/build-web.mjs).
export { Fragment, h } from "preact";
