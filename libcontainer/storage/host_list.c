/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/host_list.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/path.h"
#include "base/str.h"
#include "storage/entry_rule.h"

#define SYSTEM_ID_END 1000
#define NOBODY_ID     65534
#define SKELETON_MAX  3 /* components: /var/lib/NAME is there, what is in it is not */

enum rule {
	NEVER,
	EMPTY,	  /* the directory without what is in it */
	SKELETON, /* directories and links */
	PUBLIC,	  /* what any local user may read */
};

/* Of rows that fit the longest holds; a "*" at the end stands for the rest of a name. */
static const struct {
	const char *path;
	enum rule rule;
} rules[] = {
	/* clang-format off */
	{ "usr", PUBLIC }, { "bin", PUBLIC }, { "sbin", PUBLIC },
	{ "lib", PUBLIC }, { "lib32", PUBLIC }, { "lib64", PUBLIC }, { "libx32", PUBLIC },
	{ "etc", PUBLIC },
	{ "var", SKELETON },
	{ "var/lib/dpkg", PUBLIC }, { "var/lib/rpm", PUBLIC }, { "var/lib/pacman", PUBLIC },
	{ "var/lib/pam", PUBLIC },
	{ "dev", EMPTY }, { "proc", EMPTY }, { "sys", EMPTY }, { "run", EMPTY }, { "tmp", EMPTY },
	{ "mnt", EMPTY }, { "media", EMPTY }, { "srv", EMPTY }, { "home", EMPTY },
	{ "root", EMPTY }, { "boot", EMPTY }, { "opt", EMPTY }, { "var/tmp", EMPTY },
	{ "var/log", EMPTY }, { "var/cache", EMPTY }, { "var/spool", EMPTY }, { "var/mail", EMPTY },
	/* this machine's own */
	{ "etc/passwd*", NEVER }, { "etc/group*", NEVER }, { "etc/shadow*", NEVER },
	{ "etc/gshadow*", NEVER }, { "etc/subuid*", NEVER }, { "etc/subgid*", NEVER },
	{ "etc/machine-id", NEVER }, { "etc/hostname", NEVER }, { "etc/hosts", NEVER },
	{ "etc/resolv.conf", NEVER }, { "etc/fstab", NEVER }, { "etc/crypttab", NEVER },
	{ "etc/mtab", NEVER }, { "etc/adjtime", NEVER }, { "etc/mailname", NEVER },
	{ "etc/hostid", NEVER }, { "etc/ssh/ssh_host_*", NEVER }, { "etc/netplan", EMPTY },
	{ "etc/network/interfaces*", NEVER }, { "etc/systemd/network", EMPTY },
	{ "etc/NetworkManager/system-connections", EMPTY }, { "etc/wireguard", EMPTY },
	{ "etc/ssl/private", EMPTY }, { "etc/letsencrypt", NEVER }, { "etc/krb5.keytab", NEVER },
	/* clang-format on */
};

static bool fits(const char *path, const char *row)
{
	size_t len = strlen(row);

	if (row[len - 1] == '*')
		return !strncmp(path, row, len - 1);
	return path_is_below(path, row);
}

static enum rule find_rule(const char *path)
{
	enum rule rule = NEVER;
	size_t longest = 0;

	for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
		size_t len = strlen(rules[i].path);

		if (len > longest && fits(path, rules[i].path)) {
			longest = len;
			rule = rules[i].rule;
		}
	}
	return rule;
}

static int depth(const char *path)
{
	int n = 1;

	for (; *path; path++)
		n += *path == '/';
	return n;
}

static enum tree_choice choose_public(const struct stat *st)
{
	switch (st->st_mode & S_IFMT) {
	case S_IFDIR:
		/* A closed one is there, as programs expect, and has nothing in it. */
		return (st->st_mode & 05) == 05 ? TREE_TAKE : TREE_TAKE_EMPTY;
	case S_IFREG:
		return st->st_mode & 04 ? TREE_TAKE : TREE_LEAVE_OUT;
	case S_IFLNK:
		return TREE_TAKE;
	default:
		return TREE_LEAVE_OUT;
	}
}

enum tree_choice host_list_choose(const void *data, const char *path, const struct stat *st)
{
	(void)data;
	if (st->st_uid > ENTRY_RULE_ID_MAX || st->st_gid > ENTRY_RULE_ID_MAX)
		return TREE_LEAVE_OUT;
	switch (find_rule(path)) {
	case NEVER:
		return TREE_LEAVE_OUT;
	case EMPTY:
		return S_ISDIR(st->st_mode) ? TREE_TAKE_EMPTY :
		       S_ISLNK(st->st_mode) ? TREE_TAKE :
					      TREE_LEAVE_OUT;
	case SKELETON:
		if (S_ISDIR(st->st_mode))
			return depth(path) < SKELETON_MAX ? TREE_TAKE : TREE_TAKE_EMPTY;
		return S_ISLNK(st->st_mode) ? TREE_TAKE : TREE_LEAVE_OUT;
	case PUBLIC:
		return choose_public(st);
	}
	return TREE_LEAVE_OUT;
}

/* --- accounts ---------------------------------------------------------------------------------- */

/* A line of passwd(5) or group(5), in place. */
struct account {
	const char *name, *rest; /* rest: what is behind the number and its colon */
	int name_len, rest_len;
	unsigned long id;
};

/* Returns the next line; false where the line is none. */
static bool parse(const char **text, struct account *ret)
{
	const char *line = *text;
	int len = (int)strcspn(line, "\n");
	const char *password, *number;
	char *end;

	*text = line + len + (line[len] == '\n');
	ret->name = line;
	ret->name_len = (int)strcspn(line, ":\n");
	password = line + ret->name_len + 1;
	if (ret->name_len == 0 || ret->name_len >= len)
		return false;
	number = password + strcspn(password, ":\n") + 1;
	if (number >= line + len || *number < '0' || *number > '9')
		return false;
	ret->id = strtoul(number, &end, 10);
	if (*end != ':')
		return false;
	ret->rest = end + 1;
	ret->rest_len = (int)(line + len - ret->rest);
	return ret->id < SYSTEM_ID_END || ret->id == NOBODY_ID;
}

static bool has_account(const char *passwd, const char *name, size_t len)
{
	for (const char *line = passwd; *line; line += strcspn(line, "\n") + 1)
		if (!strncmp(line, name, len) && line[len] == ':')
			return true;
	return false;
}

static void add_members(struct str *to, const struct account *group, const char *passwd)
{
	const char *member = group->rest, *end = group->rest + group->rest_len;
	const char *separator = "";

	while (member < end) {
		size_t len = strcspn(member, ",\n");

		if (len && has_account(passwd, member, len)) {
			str_addf(to, "%s%.*s", separator, (int)len, member);
			separator = ",";
		}
		member += len + 1;
	}
	str_add(to, "\n");
}

static int take_users(const char *text, struct host_accounts *ret, struct error *err)
{
	cleanup_str struct str passwd = { 0 };
	cleanup_str struct str shadow = { 0 };
	struct account user;

	while (*text) {
		if (!parse(&text, &user))
			continue;
		str_addf(&passwd, "%.*s:x:%lu:%.*s\n", user.name_len, user.name, user.id,
			 user.rest_len, user.rest);
		str_addf(&shadow, "%.*s:*:19000:0:99999:7:::\n", user.name_len, user.name);
	}
	TRY(str_steal(&passwd, &ret->passwd, err));
	return str_steal(&shadow, &ret->shadow, err);
}

static int take_groups(const char *text, struct host_accounts *ret, struct error *err)
{
	cleanup_str struct str groups = { 0 };
	cleanup_str struct str gshadow = { 0 };
	struct account group;

	while (*text) {
		if (!parse(&text, &group))
			continue;
		str_addf(&groups, "%.*s:x:%lu:", group.name_len, group.name, group.id);
		add_members(&groups, &group, ret->passwd);
		str_addf(&gshadow, "%.*s:*::", group.name_len, group.name);
		add_members(&gshadow, &group, ret->passwd);
	}
	TRY(str_steal(&groups, &ret->group, err));
	return str_steal(&gshadow, &ret->gshadow, err);
}

int host_list_accounts(const char *passwd, const char *group, struct host_accounts *ret,
		       struct error *err)
{
	TRY(take_users(passwd, ret, err));
	return take_groups(group, ret, err);
}

void host_list_release(struct host_accounts *accounts)
{
	free(accounts->passwd);
	free(accounts->shadow);
	free(accounts->group);
	free(accounts->gshadow);
	*accounts = (struct host_accounts){ 0 };
}
