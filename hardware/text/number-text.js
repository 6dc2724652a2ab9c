// Whole numbers as text in any base, in place of the engine's: for fractions, which nothing here writes in another base than ten, that one
// is larger, and brings a logarithm: 3 KB of flash. Done while the firmware is built: the module is preloaded.

Number.prototype.toString = native("xs_number_to_text");
