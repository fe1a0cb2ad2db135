/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "base/list.h"
#include "base/str.h"
#include "kernel/filter_compile.h"

#define ENTRIES_MAX 64
#define KEY_MAX	    (16u << 20)
#define NAME_SIZE   17 /* sixteen hexadecimal digits */

/* An entry is this, the key, the instructions. */
struct header {
	char magic[8];
	uint64_t checksum; /* of the key and the instructions */
	uint32_t key_len;
	uint32_t n_instructions;
};

static const char magic[8] = "ctrbpf1";

/* 64-bit FNV-1a */
static uint64_t hash(const void *data, size_t len)
{
	const unsigned char *byte = data;
	uint64_t value = UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i < len; i++)
		value = (value ^ byte[i]) * UINT64_C(0x100000001b3);
	return value;
}

/* What else decides about the built program. */
static int full_key(const char *key, char **ret)
{
	struct utsname machine;
	struct error ignored;

	if (uname(&machine) < 0)
		return -errno;
	return str_printf(ret, &ignored, "compiler %d, libseccomp %s, %s\n%s",
			  FILTER_COMPILE_VERSION, filter_library_version(), machine.machine, key);
}

static void name_of(const char *key, char ret[NAME_SIZE])
{
	snprintf(ret, NAME_SIZE, "%016" PRIx64, hash(key, strlen(key)));
}

/* The entry's bytes if the file is ours and nobody else's to write. NULL: not so. */
static char *read_entry(int dir_fd, const char *name, size_t *ret_len)
{
	cleanup_close int fd = openat(dir_fd, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	cleanup_free char *data = NULL;
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) || st.st_uid != geteuid() ||
	    (st.st_mode & 022) || st.st_size < (off_t)sizeof(struct header) ||
	    st.st_size > (off_t)(KEY_MAX + (64u << 10)))
		return NULL;
	data = malloc((size_t)st.st_size);
	if (!data || pread(fd, data, (size_t)st.st_size, 0) != (ssize_t)st.st_size)
		return NULL;
	*ret_len = (size_t)st.st_size;
	return steal_ptr(&data);
}

/* Is the entry whole, and for this key? */
static bool is_entry_of(const char *data, size_t len, const char *key)
{
	struct header header;
	size_t body = len - sizeof header;

	memcpy(&header, data, sizeof header);
	return memcmp(header.magic, magic, sizeof magic) == 0 && header.key_len == strlen(key) &&
	       header.n_instructions >= 1 && header.n_instructions <= BPF_MAXINSNS &&
	       body == header.key_len + header.n_instructions * sizeof(struct sock_filter) &&
	       memcmp(data + sizeof header, key, header.key_len) == 0 &&
	       header.checksum == hash(data + sizeof header, body);
}

int filter_cache_find(int dir_fd, const char *key, struct filter_program *ret)
{
	cleanup_free char *whole_key = NULL, *data = NULL;
	struct sock_filter *filter;
	char name[NAME_SIZE];
	size_t len = 0, size;

	if (full_key(key, &whole_key) < 0)
		return 0;
	name_of(whole_key, name);
	data = read_entry(dir_fd, name, &len);
	if (!data || !is_entry_of(data, len, whole_key))
		return 0;
	size = len - sizeof(struct header) - strlen(whole_key);
	filter = malloc(size);
	if (!filter)
		return 0;
	memcpy(filter, data + len - size, size);
	ret->filter = filter;
	ret->len = (unsigned short)(size / sizeof *filter);
	return 1;
}

struct entry {
	char name[NAME_SIZE];
	struct timespec time;
};

static int by_age(const void *left, const void *right)
{
	const struct entry *a = left, *b = right;

	if (a->time.tv_sec != b->time.tv_sec)
		return a->time.tv_sec < b->time.tv_sec ? -1 : 1;
	return (a->time.tv_nsec > b->time.tv_nsec) - (a->time.tv_nsec < b->time.tv_nsec);
}

static void close_directory(DIR **dir)
{
	if (*dir)
		closedir(*dir);
}

/* Remove the oldest entries until no more than ENTRIES_MAX are left. */
static void evict(int dir_fd)
{
	__attribute__((__cleanup__(close_directory))) DIR *dir = NULL;
	LIST_OF(struct entry) entries = { 0 };
	struct dirent *item;
	int fd = openat(dir_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0 || !(dir = fdopendir(fd))) {
		if (fd >= 0)
			close(fd);
		return;
	}
	while ((item = readdir(dir))) {
		struct entry *entry;
		struct stat st;

		if (strspn(item->d_name, "0123456789abcdef") != NAME_SIZE - 1 ||
		    item->d_name[NAME_SIZE - 1] ||
		    fstatat(dir_fd, item->d_name, &st, AT_SYMLINK_NOFOLLOW) < 0)
			continue;
		entry = list_add(&entries);
		if (!entry)
			break;
		memcpy(entry->name, item->d_name, NAME_SIZE);
		entry->time = st.st_mtim;
	}
	if (entries.n > ENTRIES_MAX) {
		qsort(entries.item, entries.n, sizeof *entries.item, by_age);
		for (size_t i = 0; i < entries.n - ENTRIES_MAX; i++)
			unlinkat(dir_fd, entries.item[i].name, 0);
	}
	free(entries.item);
}

void filter_cache_store(int dir_fd, const char *key, const struct filter_program *program)
{
	cleanup_free char *whole_key = NULL, *data = NULL;
	size_t code_size = program->len * sizeof *program->filter, key_len, len;
	struct header header = { .n_instructions = program->len };
	struct error ignored;
	char name[NAME_SIZE];

	if (full_key(key, &whole_key) < 0)
		return;
	key_len = strlen(whole_key);
	len = sizeof header + key_len + code_size;
	data = key_len <= KEY_MAX ? malloc(len) : NULL;
	if (!data)
		return;
	memcpy(data + sizeof header, whole_key, key_len);
	memcpy(data + sizeof header + key_len, program->filter, code_size);
	memcpy(header.magic, magic, sizeof magic);
	header.key_len = (uint32_t)key_len;
	header.checksum = hash(data + sizeof header, key_len + code_size);
	memcpy(data, &header, sizeof header);
	name_of(whole_key, name);
	if (file_replace(dir_fd, name, data, len, 0600, &ignored) == 0)
		evict(dir_fd);
}
