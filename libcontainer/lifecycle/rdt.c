/* SPDX-License-Identifier: Apache-2.0 */
#include "lifecycle/rdt.h"

#include <errno.h>

#include "base/cleanup.h"
#include "kernel/resctrl.h"

static int check_absent(int tree_fd, const char *path, struct error *err)
{
	if (!resctrl_exists(tree_fd, path))
		return 0;
	return error_set(err, EEXIST,
			 "the resctrl group %s exists already, and would be the container's own",
			 path);
}

static int check_unused(const struct rdt_plan *plan, struct error *err)
{
	cleanup_close int tree_fd = resctrl_open(err);

	TRY(tree_fd);
	if (plan->must_exist && !resctrl_exists(tree_fd, plan->group))
		return error_set(err, ENOENT,
				 "closID: there is no resctrl group %s (make it, or give schemata)",
				 plan->group);
	if (plan->own)
		TRY(check_absent(tree_fd, plan->group, err));
	return plan->monitor ? check_absent(tree_fd, plan->monitor, err) : 0;
}

int rdt_check_unused(const struct rdt_plan *plan, struct error *err)
{
	if (plan->present && check_unused(plan, err) < 0)
		return error_prefix(err, "linux.intelRdt: ");
	return 0;
}

/* One with a name may have been made by another container meanwhile: then it counts as found. */
static int make_group(int tree_fd, const struct rdt_plan *plan, struct store_record *record,
		      struct error *err)
{
	bool found = resctrl_exists(tree_fd, plan->group);

	if (!found && resctrl_make(tree_fd, plan->group, err) < 0) {
		if (plan->own || err->code != EEXIST) {
			record->rdt_group = err->code == EEXIST ? NULL : record->rdt_group;
			return -err->code;
		}
		found = true;
	}
	for (size_t i = 0; found && i < plan->n_compared; i++)
		TRY(resctrl_check_schema(tree_fd, plan->group, plan->lines.item[i], err));
	for (size_t i = 0; i < plan->lines.n; i++)
		TRY(resctrl_write_schema(tree_fd, plan->group, plan->lines.item[i], err));
	return 0;
}

static int make(const struct rdt_plan *plan, struct store_record *record, struct error *err)
{
	cleanup_close int tree_fd = resctrl_open(err);

	TRY(tree_fd);
	TRY(make_group(tree_fd, plan, record, err));
	if (!plan->monitor || resctrl_make(tree_fd, plan->monitor, err) == 0)
		return 0;
	if (err->code == EEXIST)
		record->rdt_monitor = NULL;
	return -err->code;
}

int rdt_make(const struct rdt_plan *plan, struct store_record *record, struct error *err)
{
	if (plan->present && make(plan, record, err) < 0)
		return error_prefix(err, "linux.intelRdt: ");
	return 0;
}

static int add_process(const struct rdt_plan *plan, pid_t pid, struct error *err)
{
	cleanup_close int tree_fd = resctrl_open(err);

	TRY(tree_fd);
	TRY(resctrl_add_process(tree_fd, plan->group, pid, err));
	return plan->monitor ? resctrl_add_process(tree_fd, plan->monitor, pid, err) : 0;
}

int rdt_add_process(const struct rdt_plan *plan, pid_t pid, struct error *err)
{
	if (plan->present && add_process(plan, pid, err) < 0)
		return error_prefix(err, "linux.intelRdt: ");
	return 0;
}

int rdt_remove(const struct store_record *record, struct error *err)
{
	cleanup_close int tree_fd = -1;
	struct error ignored;

	if (!record->rdt_group && !record->rdt_monitor)
		return 0;
	tree_fd = resctrl_open(&ignored);
	/* Unmounted: the groups went with it. */
	if (tree_fd < 0)
		return 0;
	if (record->rdt_monitor)
		TRY(resctrl_remove(tree_fd, record->rdt_monitor, err));
	return record->rdt_group ? resctrl_remove(tree_fd, record->rdt_group, err) : 0;
}
