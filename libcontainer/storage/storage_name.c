/* SPDX-License-Identifier: Apache-2.0 */
/* Names, ids and digests as text (pure): a hostile one never reaches a system call. */
#include <errno.h>
#include <string.h>

#include "storage/storage.h"

#define NAME_LENGTH_MAX 63
#define DIGEST_PREFIX	"sha256:"
#define DIGEST_LENGTH	64

static bool is_small(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z');
}

static bool is_name(const char *name)
{
	size_t len = 0;

	if (!is_small(name[0]))
		return false;
	for (; name[len]; len++)
		if (len == NAME_LENGTH_MAX || (!is_small(name[len]) && !strchr("_.-", name[len])))
			return false;
	return true;
}

int storage_check_name(const char *what, const char *name, struct error *err)
{
	if (!name || !is_name(name))
		return error_set(err, EINVAL,
				 "invalid %s name: wants 1 to %d of a-z 0-9 _ . -, "
				 "a letter or digit first",
				 what, NAME_LENGTH_MAX);
	return 0;
}

static bool is_hex(const char *text, size_t len)
{
	return strspn(text, "0123456789abcdef") == len && !text[len];
}

bool storage_is_id(const char *text)
{
	return text && is_hex(text, STORAGE_ID_SIZE - 1);
}

bool storage_is_digest(const char *text)
{
	return text && !strncmp(text, DIGEST_PREFIX, strlen(DIGEST_PREFIX)) &&
	       is_hex(text + strlen(DIGEST_PREFIX), DIGEST_LENGTH);
}

void storage_digest_id(const char *digest, char ret[STORAGE_ID_SIZE])
{
	memcpy(ret, digest + strlen(DIGEST_PREFIX), STORAGE_ID_SIZE - 1);
	ret[STORAGE_ID_SIZE - 1] = '\0';
}
