/* SPDX-License-Identifier: Apache-2.0 */
#include "tenant/personalize_text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"

#define FIRST_ID 1000
#define LAST_ID	 59999

static const char no_hosts[] = "127.0.0.1\tlocalhost\n"
			       "::1\tlocalhost ip6-localhost ip6-loopback\n";

/* The line at `text` is `*ret_len` bytes without its newline; returns the next one. */
static const char *next_line(const char *text, size_t *ret_len)
{
	*ret_len = strcspn(text, "\n");
	return text + *ret_len + (text[*ret_len] == '\n');
}

static void add_line(struct str *s, const char *line, size_t len)
{
	str_add_n(s, line, len);
	str_add(s, "\n");
}

int personalize_text_hosts(const char *text, const char *hostname, char **ret, struct error *err)
{
	static const char address[] = "127.0.1.1";
	cleanup_str struct str hosts = {};
	size_t label = strcspn(hostname, "."), len;
	const char *next;

	for (const char *line = text && *text ? text : no_hosts; *line; line = next) {
		size_t first = strcspn(line, " \t\n");

		next = next_line(line, &len);
		if (first != sizeof address - 1 || memcmp(line, address, first) != 0)
			add_line(&hosts, line, len);
	}
	str_addf(&hosts, "%s\t%s", address, hostname);
	if (hostname[label])
		str_addf(&hosts, " %.*s", (int)label, hostname);
	str_add(&hosts, "\n");
	return str_steal(&hosts, ret, err);
}

/* The beginning of `user`'s line. */
static const char *find_line(const char *text, const char *user)
{
	size_t n = strlen(user), len;

	while (text && *text) {
		if (strncmp(text, user, n) == 0 && text[n] == ':')
			return text;
		text = next_line(text, &len);
	}
	return NULL;
}

/* The field number `index` of the line, NULL: it has fewer. */
static const char *find_field(const char *line, int index, size_t *ret_len)
{
	while (index-- > 0) {
		line += strcspn(line, ":\n");
		if (*line != ':')
			return NULL;
		line++;
	}
	*ret_len = strcspn(line, ":\n");
	return line;
}

static bool read_id(const char *line, int index, uint32_t *ret)
{
	size_t len;
	const char *field = find_field(line, index, &len);

	if (!field || len == 0 || len > 10 || strspn(field, "0123456789") != len)
		return false;
	*ret = (uint32_t)strtoull(field, NULL, 10);
	return true;
}

bool personalize_text_find_user(const char *passwd, const char *user, struct personalize_user *ret)
{
	const char *line = find_line(passwd, user), *home;
	size_t len;

	if (!line || !read_id(line, 2, &ret->uid) || !read_id(line, 3, &ret->gid))
		return false;
	home = find_field(line, 5, &len);
	if (!home || len == 0 || len >= sizeof ret->home)
		return false;
	memcpy(ret->home, home, len);
	ret->home[len] = '\0';
	return true;
}

static bool has_id(const char *text, uint32_t id)
{
	uint32_t found;
	size_t len;

	for (; text && *text; text = next_line(text, &len))
		if (read_id(text, 2, &found) && found == id)
			return true;
	return false;
}

int personalize_text_free_id(const char *passwd, const char *group, uint32_t *ret,
			     struct error *err)
{
	for (uint32_t id = FIRST_ID; id <= LAST_ID; id++) {
		if (has_id(passwd, id) || has_id(group, id))
			continue;
		*ret = id;
		return 0;
	}
	return error_set(err, ENOSPC,
			 "the guest's passwd and group files use all ids from %d to %d", FIRST_ID,
			 LAST_ID);
}

/* The text, ending with a newline. */
static void begin_with(struct str *s, const char *text)
{
	size_t len = text ? strlen(text) : 0;

	str_add_n(s, text ? text : "", len);
	if (len && text[len - 1] != '\n')
		str_add(s, "\n");
}

int personalize_text_add_user(const char *passwd, const char *user, uint32_t id, const char *shell,
			      char **ret, struct error *err)
{
	cleanup_str struct str text = {};

	begin_with(&text, passwd);
	str_addf(&text, "%s:x:%u:%u::/home/%s:%s\n", user, id, id, user, shell);
	return str_steal(&text, ret, err);
}

int personalize_text_add_group(const char *group, const char *name, uint32_t id, char **ret,
			       struct error *err)
{
	cleanup_str struct str text = {};

	begin_with(&text, group);
	str_addf(&text, "%s:x:%u:\n", name, id);
	return str_steal(&text, ret, err);
}

int personalize_text_shadow(const char *text, const char *user, const char *hash, char **ret,
			    struct error *err)
{
	const char *line = find_line(text, user);
	cleanup_str struct str shadow = {};
	size_t len = 0;

	if (!line) {
		begin_with(&shadow, text);
		str_addf(&shadow, "%s:%s:::::::\n", user, hash);
		return str_steal(&shadow, ret, err);
	}
	line = find_field(line, 1, &len);
	str_add_n(&shadow, text, (size_t)(line - text));
	str_add(&shadow, hash);
	begin_with(&shadow, line + len);
	return str_steal(&shadow, ret, err);
}

int personalize_text_check_user(const char *user, struct error *err)
{
	size_t n = strlen(user);

	if (n && n <= 31 && strchr("abcdefghijklmnopqrstuvwxyz_", *user) &&
	    strspn(user, "abcdefghijklmnopqrstuvwxyz0123456789_-") == n)
		return 0;
	return error_set(err, EINVAL,
			 "user %.40s: wants a small letter, then letters, digits, _ and -", user);
}

int personalize_text_check_hash(const char *hash, struct error *err)
{
	size_t n = 0;

	while (hash[n] > ' ' && hash[n] < 0x7f && hash[n] != ':')
		n++;
	if (n && !hash[n] && (*hash == '$' || *hash == '!' || *hash == '*'))
		return 0;
	/* Never printed: it may be a password by mistake. */
	return error_set(err, EINVAL,
			 "the password is no hash of crypt(5); make one with mkpasswd or "
			 "openssl passwd -6");
}
