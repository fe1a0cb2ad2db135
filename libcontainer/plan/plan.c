/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/plan.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/path.h"

static int set_rootfs(const struct spec_config *config, const struct plan_options *options,
		      struct plan *plan, struct error *err)
{
	if (path_absolute(options->bundle, config->root->path, &plan->rootfs, err) < 0)
		return error_prefix(err, "root.path: ");
	/* Everything that is done to the container's tree would be done to the host's. */
	if (!strcmp(plan->rootfs, "/"))
		return error_set(err, EINVAL,
				 "root.path: the host's / cannot be a container's root");
	return 0;
}

static void set_options(const struct plan_options *options, struct plan *plan)
{
	plan->id = options->id;
	plan->no_pivot = options->no_pivot;
	plan->new_keyring = !options->no_new_keyring;
	plan->preserve_fds = options->preserve_fds;
}

/* sd_listen_fds(3): the container's process is 1 in its pid namespace. */
static int add_listen_fds(int n, struct process_plan *process, struct error *err)
{
	char entry[32];

	if (!n || !process->present)
		return 0;
	snprintf(entry, sizeof entry, "LISTEN_FDS=%d", n);
	TRY(strv_add(&process->env, entry, err));
	return strv_add(&process->env, "LISTEN_PID=1", err);
}

int plan_build(const struct spec_config *config, const struct host *host,
	       const struct plan_options *options, struct plan *ret, struct error *err)
{
	struct mount_plan_facts facts = { .host = host, .bundle = options->bundle };

	set_options(options, ret);
	ret->hooks = config->hooks;
	ret->hostname = config->hostname;
	ret->domainname = config->domainname;
	TRY(set_rootfs(config, options, ret, err));
	TRY(namespace_plan_build(config, host, &ret->namespaces, err));
	TRY(idmap_plan_build(config, host, &ret->idmap, err));
	facts.rootfs = ret->rootfs;
	facts.namespaces = &ret->namespaces;
	facts.idmap = &ret->idmap;
	TRY(mount_plan_build(config, &facts, &ret->mounts, err));
	if (rootfs_plan_build(options->layers, &facts, &ret->mounts, &ret->layers, err) < 0)
		return error_prefix(err, SPEC_ROOTFS_ANNOTATION ": ");
	TRY(cgroup_plan_build(config, host, options->cgroup_manager, options->id, &ret->cgroup,
			      err));
	TRY(sysctl_plan_build(config, &ret->namespaces, &ret->sysctls, err));
	TRY(process_plan_build(config, config->process, host, &ret->idmap, &ret->process, err));
	cgroup_plan_delegate(&(struct cgroup_plan_facts){ host, &ret->namespaces, &ret->idmap,
							  &ret->mounts, ret->process.uid,
							  ret->process.gid },
			     &ret->cgroup);
	TRY(add_listen_fds(options->listen_fds, &ret->process, err));
	TRY(scheduler_plan_build(config, config->process, false, &ret->scheduler, err));
	TRY(rdt_plan_build(config, options->id, false, &ret->rdt, err));
	return seccomp_plan_build(config, &ret->seccomp, err);
}

int plan_build_exec(const struct spec_config *config, const struct spec_process *process,
		    const struct host *host, const struct plan_options *options, struct plan *ret,
		    struct error *err)
{
	struct namespace_plan of_container = {};
	int r;

	set_options(options, ret);
	TRY(set_rootfs(config, options, ret, err));
	r = namespace_plan_build(config, host, &of_container, err);
	ret->namespaces.present = of_container.present;
	/* The container's own; one that it was given may be above its user namespace's rights. */
	ret->namespaces.late = of_container.unshare & CLONE_NEWCGROUP;
	/* Whether the process's root is the namespace's own or a chroot to take again. */
	ret->mounts.mount_namespace = of_container.present & CLONE_NEWNS;
	namespace_plan_release(&of_container);
	TRY(r);
	/* The ranges say which ids exist in the namespace; it has its maps already. */
	TRY(idmap_plan_build(config, host, &ret->idmap, err));
	ret->idmap.method = IDMAP_NONE;
	TRY(process_plan_build(config, process, host, &ret->idmap, &ret->process, err));
	TRY(scheduler_plan_build(config, process, true, &ret->scheduler, err));
	TRY(rdt_plan_build(config, options->id, true, &ret->rdt, err));
	return seccomp_plan_build(config, &ret->seccomp, err);
}

void plan_release(struct plan *plan)
{
	namespace_plan_release(&plan->namespaces);
	idmap_plan_release(&plan->idmap);
	mount_plan_release(&plan->mounts);
	rootfs_plan_release(&plan->layers);
	cgroup_plan_release(&plan->cgroup);
	sysctl_plan_release(&plan->sysctls);
	process_plan_release(&plan->process);
	scheduler_plan_release(&plan->scheduler);
	rdt_plan_release(&plan->rdt);
	seccomp_plan_release(&plan->seccomp);
	free(plan->rootfs);
	*plan = (struct plan){};
}
