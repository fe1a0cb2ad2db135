/* SPDX-License-Identifier: Apache-2.0 */
#include "archive_meta.h"

#include <archive.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/posix_acl.h>
#include <linux/posix_acl_xattr.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "storage/entry_rule.h"

#define TIME_MAX_SECONDS (INT64_C(1) << 33) /* the year 2242; ext4 ends at 2446 */
#define ATTRIBUTE_MAX	 65536
#define ACL_ENTRIES_MAX	 512

void archive_meta_times(struct archive_entry *entry, struct timespec ret[2])
{
	time_t seconds = archive_entry_mtime_is_set(entry) ? archive_entry_mtime(entry) : 0;
	long nanoseconds = archive_entry_mtime_nsec(entry);

	if (seconds < 0 || seconds > TIME_MAX_SECONDS)
		seconds = nanoseconds = 0;
	if (nanoseconds < 0 || nanoseconds > 999999999)
		nanoseconds = 0;
	ret[0] = ret[1] = (struct timespec){ seconds, nanoseconds };
}

static int set_attributes(int fd, struct archive_entry *entry, struct error *err)
{
	char value[ATTRIBUTE_MAX];
	const char *name;
	const void *given;
	size_t len;

	archive_entry_xattr_reset(entry);
	while (archive_entry_xattr_next(entry, &name, &given, &len) == ARCHIVE_OK) {
		if (!name || len > sizeof value)
			return error_set(err, E2BIG, "an attribute is too long");
		memcpy(value, given, len);
		if (!entry_rule_attribute(name, value, &len))
			continue;
		/* What the file system does not know or take cannot be kept. */
		if (fsetxattr(fd, name, value, len, 0) < 0 && errno != EOPNOTSUPP &&
		    errno != EINVAL && errno != EPERM)
			return error_errno(err, errno, "set the attribute %.100s", name);
	}
	return 0;
}

static const struct {
	int archive, kernel;
} tags[] = {
	{ ARCHIVE_ENTRY_ACL_USER_OBJ, ACL_USER_OBJ },	{ ARCHIVE_ENTRY_ACL_USER, ACL_USER },
	{ ARCHIVE_ENTRY_ACL_GROUP_OBJ, ACL_GROUP_OBJ }, { ARCHIVE_ENTRY_ACL_GROUP, ACL_GROUP },
	{ ARCHIVE_ENTRY_ACL_MASK, ACL_MASK },		{ ARCHIVE_ENTRY_ACL_OTHER, ACL_OTHER },
};

/* The kernel wants them in the order of the table. Returns how many there are. */
static size_t collect_acl(struct archive_entry *entry, int type,
			  struct posix_acl_xattr_entry ret[ACL_ENTRIES_MAX])
{
	size_t n = 0;

	for (size_t i = 0; i < sizeof tags / sizeof *tags; i++) {
		int got_type, permset, tag, id;
		const char *name;

		archive_entry_acl_reset(entry, type);
		while (n < ACL_ENTRIES_MAX &&
		       archive_entry_acl_next(entry, type, &got_type, &permset, &tag, &id, &name) ==
			       ARCHIVE_OK) {
			bool named =
				tag == ARCHIVE_ENTRY_ACL_USER || tag == ARCHIVE_ENTRY_ACL_GROUP;

			if (tag != tags[i].archive)
				continue;
			ret[n++] = (struct posix_acl_xattr_entry){
				.e_tag = (uint16_t)tags[i].kernel,
				.e_perm = (uint16_t)(permset & 7),
				.e_id = named ? (uint32_t)id : (uint32_t)ACL_UNDEFINED_ID,
			};
		}
	}
	return n;
}

/* Three entries of an access list are but the mode. */
static int set_acl(int fd, struct archive_entry *entry, int type, const char *name, size_t least,
		   struct error *err)
{
	struct {
		struct posix_acl_xattr_header header;
		struct posix_acl_xattr_entry entries[ACL_ENTRIES_MAX];
	} list = { .header = { POSIX_ACL_XATTR_VERSION } };
	size_t n;

	if (archive_entry_acl_reset(entry, type) == 0)
		return 0;
	n = collect_acl(entry, type, list.entries);
	if (n < least)
		return 0;
	if (fsetxattr(fd, name, &list, sizeof list.header + n * sizeof *list.entries, 0) < 0 &&
	    errno != EOPNOTSUPP)
		return error_errno(err, errno, "set its access list");
	return 0;
}

static int set_acls(int fd, struct archive_entry *entry, struct error *err)
{
	if (archive_entry_acl_types(entry) == 0)
		return 0;
	TRY(set_acl(fd, entry, ARCHIVE_ENTRY_ACL_TYPE_ACCESS, "system.posix_acl_access", 4, err));
	if (archive_entry_filetype(entry) != AE_IFDIR)
		return 0;
	return set_acl(fd, entry, ARCHIVE_ENTRY_ACL_TYPE_DEFAULT, "system.posix_acl_default", 3,
		       err);
}

int archive_meta_set(int fd, struct archive_entry *entry, struct error *err)
{
	struct timespec times[2];

	if (fchown(fd, (uid_t)archive_entry_uid(entry), (gid_t)archive_entry_gid(entry)) < 0)
		return error_errno(err, errno, "set its owner");
	TRY(set_attributes(fd, entry, err));
	if (fchmod(fd, archive_entry_mode(entry) & 07777) < 0)
		return error_errno(err, errno, "set its mode");
	TRY(set_acls(fd, entry, err));
	archive_meta_times(entry, times);
	if (futimens(fd, times) < 0)
		return error_errno(err, errno, "set its times");
	return 0;
}

int archive_meta_set_node(const struct archive_place *place, struct archive_entry *entry,
			  struct error *err)
{
	struct timespec times[2];

	archive_meta_times(entry, times);
	if (fchownat(place->parent, place->name, (uid_t)archive_entry_uid(entry),
		     (gid_t)archive_entry_gid(entry), AT_SYMLINK_NOFOLLOW) < 0)
		return error_errno(err, errno, "set its owner");
	if (archive_entry_filetype(entry) != AE_IFLNK &&
	    fchmodat(place->parent, place->name, archive_entry_mode(entry) & 07777, 0) < 0)
		return error_errno(err, errno, "set its mode");
	if (utimensat(place->parent, place->name, times, AT_SYMLINK_NOFOLLOW) < 0)
		return error_errno(err, errno, "set its times");
	return 0;
}
