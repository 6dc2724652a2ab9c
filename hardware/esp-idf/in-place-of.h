// Functions that the linker calls in place of ESP-IDF's (CMakeLists.txt).

#pragma once

/** Declares what is called in place of `name`. It has the type that ESP-IDF's header gives to `name`: another does not compile. */
#define IN_PLACE_OF(name) __typeof__(name) __wrap_##name
