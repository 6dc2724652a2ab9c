// The SDK's littlefs (the one that runs on the ESP32, with the same configuration) on a simulated NOR flash of 4 KB sectors whose
// power can fail in the middle of a write or an erasure. A program beside the tests: littlefs.ts asks it over two FIFOs.
//
//   request: operation (1) | file (1) | three numbers of 32 bits | their bytes        answer: result (32 bits, signed) | bytes
//
// The flash: writing can only clear bits, erasing sets a sector's. `budget` counts bytes written, and an erasure as 256. Where it
// ends within a write, what lay before is written, some of the sixteen bytes there have some of their bits, and the rest has none.
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "lfs.h"

enum { SECTOR = 4096, MOST_SECTORS = 1024, UNIT = 16, ERASURE = 256, FILES = 4, NAME = 64, MOST_BYTES = 1 << 17 };
#define NEVER 0xffffffffu

static uint8_t flash[MOST_SECTORS][SECTOR];
static uint8_t copy[MOST_SECTORS][SECTOR];
static uint32_t erased[MOST_SECTORS], sectors = 128;
static uint64_t programmed;
static uint32_t budget = NEVER, seed = 1;
static int dead;
static lfs_t lfs;
static lfs_file_t files[FILES];

static uint32_t rnd(void) { seed ^= seed << 13; seed ^= seed >> 17; return seed ^= seed << 5; }

static int flash_read(const struct lfs_config *c, lfs_block_t block, lfs_off_t at, void *to, lfs_size_t size) {
	(void)c;
	if (dead) return LFS_ERR_IO;
	memcpy(to, &flash[block][at], size);
	return 0;
}

static uint32_t powered(uint32_t cost) {
	if (budget == NEVER) return cost;
	uint32_t lasts = budget < cost ? budget : cost;
	budget -= lasts;
	if (lasts < cost) dead = 1;
	return lasts;
}

static int flash_prog(const struct lfs_config *c, lfs_block_t block, lfs_off_t at, const void *from, lfs_size_t size) {
	(void)c;
	if (dead) return LFS_ERR_IO;
	uint32_t whole = powered(size);
	const uint8_t *bytes = from;
	for (uint32_t i = 0; i < size; i++)
		if (i < whole) flash[block][at + i] &= bytes[i];
		else if (i < whole + UNIT) flash[block][at + i] &= bytes[i] | (uint8_t)rnd();
	programmed += whole;
	return dead ? LFS_ERR_IO : 0;
}

static int flash_erase(const struct lfs_config *c, lfs_block_t block) {
	(void)c;
	if (dead) return LFS_ERR_IO;
	erased[block]++;
	if (powered(ERASURE) == ERASURE) memset(flash[block], 0xff, SECTOR);
	else
		for (int i = 0; i < SECTOR; i++) flash[block][i] |= (uint8_t)(rnd() & rnd());
	return dead ? LFS_ERR_IO : 0;
}

static int flash_sync(const struct lfs_config *c) { (void)c; return dead ? LFS_ERR_IO : 0; }
static int unlocked(const struct lfs_config *c) { (void)c; return 0; }

// As in $MODDABLE/modules/io/files/littlefs/files-littlefs.c on the ESP32, with its default numbers.
static struct lfs_config config = {
	.read = flash_read, .prog = flash_prog, .erase = flash_erase, .sync = flash_sync,
	.lock = unlocked, .unlock = unlocked,
	.read_size = 16, .prog_size = 16, .block_size = SECTOR, .block_count = 128,
	.cache_size = 16, .lookahead_size = 16, .block_cycles = 500,
};

static void all(int fd, void *bytes, size_t count, int writing) {
	for (size_t done = 0; done < count;) {
		ssize_t n = writing ? write(fd, (char *)bytes + done, count - done) : read(fd, (char *)bytes + done, count - done);
		if (n <= 0) exit(0);
		done += n;
	}
}

int main(int count, char **arguments) {
	static uint8_t bytes[MOST_BYTES];
	static uint8_t answer[4 + MOST_BYTES];
	if (count < 3) return 2;
	int in = open(arguments[1], O_RDONLY), out = open(arguments[2], O_WRONLY);
	memset(flash, 0xff, sizeof flash);
	for (;;) {
		struct __attribute__((packed)) { uint8_t operation, file; uint32_t a, b, length; } ask;
		all(in, &ask, sizeof ask, 0);
		if (ask.length >= MOST_BYTES || ask.b > MOST_BYTES || ask.file >= FILES) return 3;
		all(in, bytes, ask.length, 0);
		bytes[ask.length] = 0;
		char *name = (char *)bytes;
		lfs_file_t *file = &files[ask.file];
		struct lfs_info info;
		int32_t result = 0;
		uint32_t more = 0;
		switch (ask.operation) {
		case 'b': // budget, seed
			budget = ask.a;
			seed = ask.b | 1;
			break;
		case 'm': // power on; formats where nothing is, as the SDK does; a: sectors
			dead = 0;
			budget = NEVER;
			sectors = config.block_count = ask.a;
			result = lfs_mount(&lfs, &config);
			if (result) result = lfs_format(&lfs, &config) ? -1 : lfs_mount(&lfs, &config) ? -1 : 1;
			break;
		case 'k': memcpy(copy, flash, sizeof flash); break; // keeps what the flash holds
		case 'l': memcpy(flash, copy, sizeof flash); break; // brings it back; power on follows
		case 's': // size of a name
			result = lfs_stat(&lfs, name, &info);
			if (result >= 0) result = info.size;
			break;
		case 'o': // open; a: 0 r, 1 r+, 2 w
			result = lfs_file_open(&lfs, file, name,
				ask.a == 0 ? LFS_O_RDONLY : ask.a == 1 ? LFS_O_RDWR : LFS_O_WRONLY | LFS_O_CREAT | LFS_O_TRUNC);
			break;
		case 'r': // a: position, b: count
			result = lfs_file_seek(&lfs, file, ask.a, LFS_SEEK_SET);
			if (result >= 0) result = lfs_file_read(&lfs, file, answer + 4, ask.b);
			if (result > 0) more = result;
			break;
		case 'w': // a: position
			result = lfs_file_seek(&lfs, file, ask.a, LFS_SEEK_SET);
			if (result >= 0) result = lfs_file_write(&lfs, file, bytes, ask.length);
			break;
		case 'z': result = lfs_file_size(&lfs, file); break;
		case 'f': result = lfs_file_sync(&lfs, file); break;
		case 'c': result = lfs_file_close(&lfs, file); break;
		case 'd': result = lfs_remove(&lfs, name); break;
		case 'v': result = lfs_rename(&lfs, name, name + strlen(name) + 1); break;
		case 'u': result = lfs_fs_size(&lfs); break; // sectors in use
		case 'e': // erasures of all sectors, of the most erased one; bytes programmed
			more = 12;
			memset(answer + 4, 0, more);
			for (uint32_t i = 0; i < sectors; i++) {
				uint32_t sum, most;
				memcpy(&sum, answer + 4, 4);
				memcpy(&most, answer + 8, 4);
				sum += erased[i];
				if (erased[i] > most) most = erased[i];
				memcpy(answer + 4, &sum, 4);
				memcpy(answer + 8, &most, 4);
			}
			{ uint32_t low = programmed; memcpy(answer + 12, &low, 4); }
			break;
		default: return 4;
		}
		if (dead) result = LFS_ERR_IO, more = 0;
		memcpy(answer, &result, 4);
		int32_t length = more;
		uint8_t head[8];
		memcpy(head, &result, 4);
		memcpy(head + 4, &length, 4);
		all(out, head, 8, 1);
		if (more) all(out, answer + 4, more, 1);
	}
}
