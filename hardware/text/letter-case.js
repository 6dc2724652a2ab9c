// Lower and upper case of the letters A to Z, in place of the engine's: its tables of all of Unicode's letters, with their code, are 9.7 KB of flash,
// and whatever the gateway compares without regard to case is ASCII by its specification (HTTP, URLs, DNS, units). Other characters
// stay as they are. Done while the firmware is built: the module is preloaded, and the engine's own are in manifest.json's "strip".

String.prototype.toLowerCase = native("xs_letters_to_lower_case");
String.prototype.toUpperCase = native("xs_letters_to_upper_case");
