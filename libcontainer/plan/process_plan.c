/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/process_plan.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>

#include "base/cleanup.h"
#include "base/list.h"

#define UMASK_DEFAULT 0022  /* what runtimes agree on where the spec says nothing */
#define GROUPS_MAX    65536 /* NGROUPS_MAX since Linux 2.6.4 */

struct env_entry {
	const char *text;
	size_t name_len, place;
	bool hidden; /* by a later one of the same name */
};

static int compare_names(const struct env_entry *a, const struct env_entry *b)
{
	size_t n = a->name_len < b->name_len ? a->name_len : b->name_len;
	int order = memcmp(a->text, b->text, n);

	return order ? order : (a->name_len > b->name_len) - (a->name_len < b->name_len);
}

static int compare_entries(const void *left, const void *right)
{
	const struct env_entry *a = *(const struct env_entry *const *)left;
	const struct env_entry *b = *(const struct env_entry *const *)right;
	int order = compare_names(a, b);

	return order ? order : (a->place > b->place) - (a->place < b->place);
}

/* Sorted, because a list of many thousands must not take time by its square. */
static int hide_duplicates(struct env_entry *entries, size_t n, struct error *err)
{
	cleanup_free struct env_entry **sorted = calloc(n, sizeof *sorted);

	if (!sorted)
		return error_errno(err, ENOMEM, "plan environment");
	for (size_t i = 0; i < n; i++)
		sorted[i] = &entries[i];
	qsort(sorted, n, sizeof *sorted, compare_entries);
	for (size_t i = 0; i + 1 < n; i++)
		sorted[i]->hidden = compare_names(sorted[i], sorted[i + 1]) == 0;
	return 0;
}

/* An empty HOME is left out: init appends the one of the container's passwd. */
static int build_env(const struct spec_process *process, struct process_plan *plan,
		     struct error *err)
{
	size_t n = process->env.n;
	cleanup_free struct env_entry *entries = NULL;

	plan->add_home = true;
	if (n == 0)
		return 0;
	entries = calloc(n, sizeof *entries);
	if (!entries)
		return error_errno(err, ENOMEM, "plan environment");
	for (size_t i = 0; i < n; i++) {
		const char *text = process->env.item[i];

		entries[i] = (struct env_entry){ text, strcspn(text, "="), i, false };
	}
	TRY(hide_duplicates(entries, n, err));
	for (size_t i = 0; i < n; i++) {
		if (entries[i].hidden || !strcmp(entries[i].text, "HOME="))
			continue;
		if (!strncmp(entries[i].text, "HOME=", strlen("HOME=")))
			plan->add_home = false;
		TRY(strv_add(&plan->env, entries[i].text, err));
	}
	return 0;
}

static int build_args(const struct spec_process *process, struct process_plan *plan,
		      struct error *err)
{
	for (size_t i = 0; i < process->args.n; i++)
		TRY(strv_add(&plan->args, process->args.item[i], err));
	return 0;
}

static int add_groups(const struct spec_user *user, const struct idmap_plan *idmap,
		      struct process_plan *plan, struct error *err)
{
	if (user->additional_gids.n > GROUPS_MAX)
		return error_set(err, EINVAL, "process.user.additionalGids: over %d groups",
				 GROUPS_MAX);
	for (size_t i = 0; i < user->additional_gids.n; i++) {
		uint32_t gid = (uint32_t)user->additional_gids.item[i];
		uint32_t *added;

		if (!idmap_plan_has_gid(idmap, gid))
			return error_set(err, EINVAL,
					 "process.user.additionalGids[%zu]: %u is not mapped in "
					 "the user namespace",
					 i, gid);
		added = list_add(&plan->groups);
		if (!added)
			return error_errno(err, ENOMEM, "plan groups");
		*added = gid;
	}
	return 0;
}

static int build_groups(const struct spec_config *config, const struct spec_user *user,
			const struct idmap_plan *idmap, struct process_plan *plan,
			struct error *err)
{
	const char *keep = spec_config_annotation(config, "run.oci.keep_original_groups");

	plan->groups_mode = PROCESS_GROUPS_KEEP;
	/* The annotation is explicit; the image's own groups, which engines list too, yield. */
	if (keep && !strcmp(keep, "1"))
		return 0;
	if (!idmap->deny_setgroups) {
		plan->groups_mode = PROCESS_GROUPS_SET;
		return add_groups(user, idmap, plan, err);
	}
	if (user->additional_gids.n)
		return error_set(err, EINVAL,
				 "process.user.additionalGids: this user namespace denies "
				 "setgroups; map a range of gids (newgidmap), or name no groups");
	return 0;
}

static int build_user(const struct spec_config *config, const struct spec_process *process,
		      const struct idmap_plan *idmap, struct process_plan *plan, struct error *err)
{
	static const struct spec_user root;
	const struct spec_user *user = process->user ? process->user : &root;

	plan->uid = (uint32_t)user->uid.value;
	plan->gid = (uint32_t)user->gid.value;
	plan->umask = user->umask.set ? (mode_t)user->umask.value : UMASK_DEFAULT;
	if (!idmap_plan_has_uid(idmap, plan->uid))
		return error_set(err, EINVAL,
				 "process.user.uid: %u is not mapped in the user namespace",
				 plan->uid);
	if (!idmap_plan_has_gid(idmap, plan->gid))
		return error_set(err, EINVAL,
				 "process.user.gid: %u is not mapped in the user namespace",
				 plan->gid);
	return build_groups(config, user, idmap, plan, err);
}

static int build_limits(const struct spec_process *process, struct process_plan *plan,
			struct error *err)
{
	for (size_t i = 0; i < process->rlimits.n; i++) {
		const struct spec_rlimit *wanted = &process->rlimits.item[i];
		struct process_limit *added = list_add(&plan->limits);

		if (!added)
			return error_errno(err, ENOMEM, "plan rlimits");
		added->resource = (int)wanted->type.value;
		added->limit = (struct rlimit){ wanted->soft.value, wanted->hard.value };
	}
	return 0;
}

static int build_labels(const struct spec_process *process, const struct host *host,
			struct process_plan *plan, struct error *err)
{
	const char *profile = process->apparmor_profile;
	const char *label = process->selinux_label;

	if (profile && *profile && !host->apparmor && strcmp(profile, "unconfined"))
		return error_set(err, ENOTSUP,
				 "process.apparmorProfile: AppArmor is not enabled on this host");
	if (label && *label && !host->selinux)
		return error_set(err, ENOTSUP,
				 "process.selinuxLabel: SELinux is not enabled on this host");
	plan->apparmor_profile = host->apparmor && profile && *profile ? profile : NULL;
	plan->selinux_label = label && *label ? label : NULL;
	return 0;
}

static void build_personality(const struct spec_config *config, struct process_plan *plan)
{
	static const unsigned long domains[] = { PER_LINUX, PER_LINUX32 };
	const struct spec_personality *wanted = config->linux_ ? config->linux_->personality : NULL;

	if (!wanted)
		return;
	plan->personality_set = true;
	plan->personality = domains[wanted->domain.value == 1];
}

static void build_terminal(const struct spec_process *process, struct process_plan *plan)
{
	plan->terminal = process->terminal;
	if (!process->terminal || !process->console_size)
		return;
	plan->rows = (unsigned short)process->console_size->height.value;
	plan->columns = (unsigned short)process->console_size->width.value;
}

int process_plan_build(const struct spec_config *config, const struct spec_process *process,
		       const struct host *host, const struct idmap_plan *idmap,
		       struct process_plan *ret, struct error *err)
{
	ret->present = process != NULL;
	if (!process)
		return 0;
	ret->cwd = process->cwd;
	ret->no_new_privileges = process->no_new_privileges;
	ret->oom_score_adj_set = process->oom_score_adj.set;
	ret->oom_score_adj = (int)process->oom_score_adj.value;
	build_terminal(process, ret);
	build_personality(config, ret);
	TRY(build_args(process, ret, err));
	TRY(build_env(process, ret, err));
	TRY(build_user(config, process, idmap, ret, err));
	TRY(build_limits(process, ret, err));
	TRY(build_labels(process, host, ret, err));
	return capability_plan_build(process->capabilities, host, ret, err);
}

void process_plan_release(struct process_plan *plan)
{
	strv_release(&plan->args);
	strv_release(&plan->env);
	free(plan->groups.item);
	free(plan->limits.item);
	free(plan->unknown_capabilities.item);
	*plan = (struct process_plan){};
}
