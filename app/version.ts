/** The firmware's version: shown in health, page and command line; `npm version` and this line go together (a test compares them). */
export const VERSION = "0.1.0";
