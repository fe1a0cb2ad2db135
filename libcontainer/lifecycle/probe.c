/* SPDX-License-Identifier: Apache-2.0 */
#include "lifecycle/probe.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "kernel/capability.h"
#include "kernel/cgroup.h"
#include "kernel/lsm.h"
#include "kernel/namespace.h"
#include "kernel/procfs.h"

/* Bits of the controllers that stand as words in `text`, each at the start of a line or blank. */
static unsigned controllers_in(const char *text)
{
	unsigned found = 0;

	for (int i = 0; host_controller_names[i]; i++) {
		size_t n = strlen(host_controller_names[i]);

		for (const char *p = text; (p = strstr(p, host_controller_names[i])); p += n)
			if ((p == text || strchr(" \n", p[-1])) && strchr(" \n\t", p[n]))
				found |= 1u << i;
	}
	return found;
}

/*
 * /proc/cgroups has a row "memory 3 8 1" a controller; a hierarchy other than 0 is a v1 one. The
 * names are those of v1, where io was blkio.
 */
static unsigned controllers_of_v1(int proc_fd)
{
	cleanup_free char *text = NULL;
	struct error ignored;
	unsigned found = 0;
	char *save = NULL;

	if (procfs_read(proc_fd, "cgroups", 16384, &text, &ignored) < 0)
		return 0;
	for (char *line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		char name[32];
		int hierarchy;

		if (sscanf(line, "%31s %d", name, &hierarchy) != 2 || hierarchy == 0)
			continue;
		if (!strcmp(name, "blkio"))
			found |= HOST_IO;
		found |= controllers_in(name);
	}
	return found;
}

static int probe_cgroup(int proc_fd, bool controllers, char *mount_room, struct host *ret,
			struct error *err)
{
	cleanup_free char *text = NULL;
	cleanup_close int fd = -1;

	ret->cgroup_parent = "/";
	ret->cgroup_mount = cgroup_find_mount(mount_room);
	if (!ret->cgroup_mount)
		return 0;
	if (!controllers)
		return 0;
	fd = open(ret->cgroup_mount, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || fd_read_file(fd, "cgroup.controllers", 4096, &text, NULL, err) < 0)
		return error_prefix(err, "%s: ", ret->cgroup_mount);
	ret->controllers = controllers_in(text);
	if (!(ret->controllers & HOST_MEMORY))
		ret->controllers_v1 = controllers_of_v1(proc_fd);
	if (ret->controllers & HOST_IO)
		ret->io_bfq = access("/sys/module/bfq", F_OK) == 0;
	if (!ret->privileged || ret->in_user_namespace) {
		char *own; /* kept: a host lives as long as the process */

		TRY(cgroup_of_process(proc_fd, getpid(), &own, err));
		ret->cgroup_parent = own;
	}
	return 0;
}

static uint64_t kernel_version(void)
{
	struct utsname name;
	unsigned major = 0, minor = 0;

	if (uname(&name) < 0 || sscanf(name.release, "%u.%u", &major, &minor) != 2)
		return 0;
	return (uint64_t)major << 16 | minor;
}

int probe_host(int proc_fd, bool controllers, char *mount_room, struct host *ret, struct error *err)
{
	struct host host = {
		.euid = geteuid(),
		.egid = getegid(),
		.in_user_namespace = namespace_in_user(proc_fd),
		.privileged = capability_have(CAP_SYS_ADMIN),
		.cap_last = capability_last(),
		.apparmor = lsm_apparmor_is_enabled(),
		.selinux = lsm_selinux_is_enabled(),
		.kernel_version = kernel_version(),
	};

	host.user_manager = host.euid != 0 || (host.in_user_namespace && getenv("XDG_RUNTIME_DIR"));
	TRY(probe_cgroup(proc_fd, controllers, mount_room, &host, err));
	*ret = host;
	return 0;
}
