/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/template_system.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "base/list.h"
#include "kernel/rootfs.h"

#define RELEASE_MAX 65536

struct known {
	const char *path, *name;
};

/* The first that is there. */
static const struct known inits[] = {
	{ "/usr/lib/systemd/systemd", "systemd" },
	{ "/lib/systemd/systemd", "systemd" },
	{ "/sbin/openrc-init", "openrc" },
	{ "/sbin/openrc", "openrc" },
	{ "/etc/runit/1", "runit" },
	{ "/bin/s6-svscan", "s6" },
	{ "/etc/inittab", "sysvinit" },
	{ NULL, NULL },
};
static const struct known package_managers[] = {
	{ "/usr/bin/dpkg", "apt" },
	{ "/usr/bin/dnf", "dnf" },
	{ "/usr/bin/dnf5", "dnf" },
	{ "/usr/bin/microdnf", "dnf" },
	{ "/usr/bin/yum", "yum" },
	{ "/usr/bin/zypper", "zypper" },
	{ "/sbin/apk", "apk" },
	{ "/usr/bin/pacman", "pacman" },
	{ "/usr/bin/xbps-install", "xbps" },
	{ "/usr/bin/emerge", "portage" },
	{ NULL, NULL },
};
static const char *const programs[] = { "/bin/sh", "/bin/busybox", "/sbin/init", NULL };

static const struct {
	unsigned machine;
	const char *name; /* as an image says it (image-spec config.md) */
} machines[] = {
	{ EM_X86_64, "amd64" }, { EM_386, "386" },	 { EM_AARCH64, "arm64" },
	{ EM_ARM, "arm" },	{ EM_RISCV, "riscv64" }, { EM_PPC64, "ppc64le" },
	{ EM_S390, "s390x" },
};

/* What makes one machine of many alike; the room that deploys makes these anew. */
static const char *const scrub[] = {
	"/etc/machine-id",
	"/etc/hostname",
	"/etc/ssh/ssh_host_*",
	"/var/lib/dbus/machine-id",
	"/var/lib/systemd/random-seed",
	"/var/lib/cloud",
	"/root/.ssh/authorized_keys",
	"/root/.bash_history",
	"/run/*",
	"/tmp/*",
};

struct places {
	const int *layers;
	size_t n;
};

/* From the uppermost layer that has it; the whiteouts between are no matter for a guess. */
static int open_any(const struct places *places, const char *path, int flags)
{
	for (size_t i = 0; i < places->n; i++) {
		struct error ignored = { 0 };
		int fd = rootfs_open(places->layers[i], path, flags, &ignored);

		if (fd >= 0)
			return fd;
	}
	return -1;
}

static const char *find_known(const struct places *places, const struct known *known)
{
	for (; known->path; known++) {
		cleanup_close int fd = open_any(places, known->path, O_PATH);

		if (fd >= 0)
			return known->name;
	}
	return NULL;
}

static const char *find_architecture(const struct places *places)
{
	for (const char *const *path = programs; *path; path++) {
		cleanup_close int fd = open_any(places, *path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
		Elf64_Ehdr header = { 0 };

		if (fd < 0 || pread(fd, &header, sizeof header, 0) != sizeof header ||
		    memcmp(header.e_ident, ELFMAG, SELFMAG) != 0)
			continue;
		for (size_t i = 0; i < sizeof machines / sizeof *machines; i++)
			if (machines[i].machine == header.e_machine)
				return machines[i].name;
	}
	return NULL;
}

static int read_release(const struct places *places, char **ret)
{
	static const char *const paths[] = { "/etc/os-release", "/usr/lib/os-release" };

	for (size_t i = 0; i < 2; i++) {
		cleanup_close int fd = open_any(places, paths[i], O_RDONLY | O_NONBLOCK | O_NOCTTY);
		struct error ignored = { 0 };
		struct stat st;

		if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
		    fd_read_all(fd, paths[i], RELEASE_MAX, ret, NULL, &ignored) == 0)
			return 1;
	}
	return 0;
}

/* A copy when there is something to copy; what the caller had stays otherwise. */
static bool set(char **member, const char *text)
{
	if (*member || !text || !*text)
		return true;
	*member = strdup(text);
	return *member;
}

static bool take_release(const struct places *places, struct spec_template_system *ret)
{
	cleanup_free char *text = NULL;
	char id[64], version[64];

	if (!read_release(places, &text))
		return true;
	template_release_file_value(text, "ID", id, sizeof id);
	template_release_file_value(text, "VERSION_ID", version, sizeof version);
	return set(&ret->distribution, id) && set(&ret->version, version);
}

static bool take_scrub(struct spec_template *ret)
{
	for (size_t i = 0; i < sizeof scrub / sizeof *scrub; i++) {
		char **item = list_add(&ret->scrub);

		if (!item || !(*item = strdup(scrub[i])))
			return false;
	}
	return true;
}

int template_system_look(const int *layers, size_t n, struct spec_template *ret, struct error *err)
{
	const struct places places = { layers, n };

	if (!ret->system)
		ret->system = calloc(1, sizeof *ret->system);
	if (!ret->system || !take_release(&places, ret->system) ||
	    !set(&ret->system->architecture, find_architecture(&places)) ||
	    !set(&ret->system->init, find_known(&places, inits)) ||
	    !set(&ret->system->package_manager, find_known(&places, package_managers)) ||
	    !take_scrub(ret))
		return error_errno(err, ENOMEM, "describe %s", ret->name);
	return 0;
}
