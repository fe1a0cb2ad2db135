/* SPDX-License-Identifier: Apache-2.0 */
/* The public operations that CRIU does: checkpoint and restore. */
#include <errno.h>

#include "api.h"
#include "kernel/helper.h"

#define DEFAULT_IMAGES "checkpoint"

int ctr_checkpoint_check(struct ctr_error *err)
{
	struct error inside = { 0 };

	return api_result(helper_check("ctr-criu", &inside), &inside, err);
}

static int check_choices(int cgroups, int lock, struct error *err)
{
	if (cgroups < 0 || cgroups > CTR_CRIU_CGROUPS_IGNORE)
		return error_set(err, EINVAL, "unknown treatment of cgroups %d", cgroups);
	if (lock < 0 || lock > CTR_CRIU_LOCK_SKIP)
		return error_set(err, EINVAL, "unknown network lock %d", lock);
	return 0;
}

static int checkpoint(struct ctr_runtime *runtime, const char *id,
		      const struct ctr_checkpoint_options *given, struct error *err)
{
	struct ctr_checkpoint_options o = { 0 };
	struct checkpoint_options inner;

	TRY(api_take_options(&o, sizeof o, given, err));
	TRY(check_choices((int)o.cgroups, (int)o.network_lock, err));
	TRY(helper_check("ctr-criu", err));
	TRY(api_begin(runtime, id, API_ROOT_EXISTS, err));
	inner = (struct checkpoint_options){
		.image_path = o.image_path ? o.image_path : DEFAULT_IMAGES,
		.work_path = o.work_path,
		.parent_path = o.parent_path,
		.page_server = o.page_server,
		.cgroups = (int)o.cgroups,
		.network_lock = (int)o.network_lock - 1,
		.status_fd = o.status_fd ? o.status_fd : -1,
		.leave_running = o.leave_running,
		.pre_dump = o.pre_dump,
		.tcp_established = o.tcp_established,
		.tcp_skip_in_flight = o.tcp_skip_in_flight,
		.ext_unix_sk = o.ext_unix_sk,
		.shell_job = o.shell_job,
		.file_locks = o.file_locks,
		.link_remap = o.link_remap,
		.auto_dedup = o.auto_dedup,
		.lazy_pages = o.lazy_pages,
		.empty_network = o.empty_network,
	};
	return checkpoint_container(&runtime->lifecycle, id, &inner, err);
}

int ctr_checkpoint(struct ctr_runtime *runtime, const char *id,
		   const struct ctr_checkpoint_options *options, struct ctr_error *err)
{
	struct error inside = { 0 };

	return api_result(checkpoint(runtime, id, options, &inside), &inside, err);
}

static int restore(struct ctr_runtime *runtime, const char *id,
		   const struct ctr_restore_options *given, struct error *err)
{
	struct ctr_restore_options o = { 0 };
	struct create_options create;
	struct restore_options inner;

	TRY(api_take_options(&o, sizeof o, given, err));
	TRY(check_choices((int)o.cgroups, (int)o.network_lock, err));
	TRY(helper_check("ctr-criu", err));
	TRY(api_begin(runtime, id, API_ROOT_MAKE, err));
	create = api_create_options(&o.create);
	inner = (struct restore_options){
		.image_path = o.image_path ? o.image_path : DEFAULT_IMAGES,
		.work_path = o.work_path,
		.lsm_profile = o.lsm_profile,
		.lsm_mount_context = o.lsm_mount_context,
		.cgroups = (int)o.cgroups,
		.network_lock = (int)o.network_lock - 1,
		.tcp_established = o.tcp_established,
		.tcp_close = o.tcp_close,
		.ext_unix_sk = o.ext_unix_sk,
		.shell_job = o.shell_job,
		.file_locks = o.file_locks,
		.auto_dedup = o.auto_dedup,
		.lazy_pages = o.lazy_pages,
		.empty_network = o.empty_network,
	};
	return restore_container(&runtime->lifecycle, id, &create, &inner, o.detach, err);
}

int ctr_restore(struct ctr_runtime *runtime, const char *id,
		const struct ctr_restore_options *options, struct ctr_error *err)
{
	struct error inside = { 0 };

	return api_result(restore(runtime, id, options, &inside), &inside, err);
}
