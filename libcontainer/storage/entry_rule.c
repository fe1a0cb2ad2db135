/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/entry_rule.h"

#include <errno.h>
#include <linux/capability.h>
#include <string.h>
#include <sys/stat.h>

#include "base/path.h"

int entry_rule_path(const char *path, char ret[ENTRY_RULE_PATH_MAX], struct error *err)
{
	size_t part_len, len = 0, depth = 0;

	if (!path || !*path)
		return error_set(err, EINVAL, "an entry without a name");
	for (; (part_len = path_next_part(&path)) > 0; path += part_len) {
		if (part_len == 1 && path[0] == '.')
			continue;
		if (part_len == 2 && path[0] == '.' && path[1] == '.')
			return error_set(err, EINVAL, "its path leads out with \"..\"");
		if (part_len > ENTRY_RULE_NAME_MAX || len + part_len + 2 > ENTRY_RULE_PATH_MAX ||
		    ++depth > ENTRY_RULE_DEPTH_MAX)
			return error_set(err, ENAMETOOLONG, "its path is too long or too deep");
		if (len)
			ret[len++] = '/';
		memcpy(ret + len, path, part_len);
		len += part_len;
	}
	ret[len] = '\0';
	return 0;
}

enum entry_rule_mark entry_rule_mark(const char *name)
{
	const char *hidden = name + ENTRY_RULE_WHITEOUT_PREFIX;

	if (strncmp(name, ".wh.", ENTRY_RULE_WHITEOUT_PREFIX) != 0)
		return ENTRY_RULE_PLAIN;
	if (!strcmp(hidden, ".wh..opq"))
		return ENTRY_RULE_OPAQUE;
	if (!strncmp(hidden, ".wh.", ENTRY_RULE_WHITEOUT_PREFIX))
		return ENTRY_RULE_AUFS;
	if (!*hidden || !strcmp(hidden, ".") || !strcmp(hidden, ".."))
		return ENTRY_RULE_BAD;
	return ENTRY_RULE_WHITEOUT;
}

enum entry_rule_kind entry_rule_kind(mode_t mode, dev_t device, int64_t uid, int64_t gid)
{
	switch (mode & S_IFMT) {
	case S_IFCHR:
		if (device == 0)
			return ENTRY_RULE_REFUSE_WHITEOUT;
		return ENTRY_RULE_LEAVE_OUT;
	case S_IFBLK:
	case S_IFSOCK:
		return ENTRY_RULE_LEAVE_OUT;
	case S_IFREG:
	case S_IFDIR:
	case S_IFLNK:
	case S_IFIFO:
		break;
	default:
		return ENTRY_RULE_REFUSE_TYPE;
	}
	if (uid < 0 || uid > ENTRY_RULE_ID_MAX || gid < 0 || gid > ENTRY_RULE_ID_MAX)
		return ENTRY_RULE_REFUSE_ID;
	return ENTRY_RULE_TAKE;
}

const char *entry_rule_reason(enum entry_rule_kind kind)
{
	static const char *const reasons[] = {
		[ENTRY_RULE_REFUSE_WHITEOUT] = "it is a character device 0:0, which would hide "
					       "what lower layers have",
		[ENTRY_RULE_REFUSE_TYPE] = "its type is unknown",
		[ENTRY_RULE_REFUSE_ID] = "its owner or group is not in 0..65535, the ids that a "
					 "tenant has",
	};

	return (size_t)kind < sizeof reasons / sizeof *reasons ? reasons[kind] : NULL;
}

/* capabilities(7): version 3 names the user id of a namespace's root behind the sets. */
static bool take_capability(void *value, size_t *len)
{
	struct vfs_ns_cap_data data = { 0 };
	uint32_t version;

	if (*len != XATTR_CAPS_SZ_2 && *len != XATTR_CAPS_SZ_3)
		return false;
	memcpy(&data, value, *len);
	version = data.magic_etc & VFS_CAP_REVISION_MASK;
	if (*len == XATTR_CAPS_SZ_2)
		return version == VFS_CAP_REVISION_2;
	if (version != VFS_CAP_REVISION_3 || data.rootid != 0)
		return false;
	data.magic_etc = VFS_CAP_REVISION_2 | (data.magic_etc & VFS_CAP_FLAGS_MASK);
	memcpy(value, &data, XATTR_CAPS_SZ_2);
	*len = XATTR_CAPS_SZ_2;
	return true;
}

static bool begins(const char *name, const char *prefix)
{
	return !strncmp(name, prefix, strlen(prefix));
}

bool entry_rule_attribute(const char *name, void *value, size_t *len)
{
	if (begins(name, "user."))
		return !begins(name, "user.overlay.");
	if (!strcmp(name, "security.capability"))
		return take_capability(value, len);
	return !strcmp(name, "system.posix_acl_access") ||
	       !strcmp(name, "system.posix_acl_default");
}
