/*
 * Found before the SDK's header of this name, since folders of modules come first. There the tables of a file of XS lie in one section, and
 * are linked together; here each has its own (-fdata-sections), so that those stay out that only XS's parser asks for: which
 * of Unicode's characters names are made of, 5,940 bytes.
 */
#include_next "xsPlatform.h"
#undef ICACHE_RODATA_ATTR
#define ICACHE_RODATA_ATTR
