/* SPDX-License-Identifier: Apache-2.0 */
/* os-release(5), which a stranger may have written (pure). */
#include <string.h>

#include "storage/template_system.h"

static bool is_plain(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c && strchr("._-+~", c));
}

static void copy_value(const char *value, size_t len, char *ret, size_t room)
{
	if (len >= 2 && (value[0] == '"' || value[0] == '\'') && value[len - 1] == value[0]) {
		value++;
		len -= 2;
	}
	if (len >= room)
		return;
	for (size_t i = 0; i < len; i++)
		if (!is_plain(value[i]))
			return;
	memcpy(ret, value, len);
	ret[len] = '\0';
}

void template_release_file_value(const char *text, const char *key, char *ret, size_t room)
{
	size_t key_len = strlen(key);

	ret[0] = '\0';
	while (*text) {
		size_t len = strcspn(text, "\n");

		if (len > key_len && !strncmp(text, key, key_len) && text[key_len] == '=')
			copy_value(text + key_len + 1, len - key_len - 1, ret, room);
		text += len + (text[len] == '\n');
	}
}
