// Style that a module of the page imports: tools/build-web.mjs gathers it in the order of the imports.

declare module "*.css" {}
