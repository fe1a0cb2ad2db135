/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Other limits for a container that runs. All or nothing: what each file said is kept before it
 * is written, and written back when a later step fails. The order is systemd, files, device
 * program, record; controllers that had to be enabled on the way stay enabled, which limits nobody.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/list.h"
#include "base/log.h"
#include "kernel/cgroup.h"
#include "kernel/device_filter.h"
#include "lifecycle/inspect.h"
#include "lifecycle/lifecycle.h"
#include "lifecycle/unit.h"
#include "plan/resource_undo.h"
#include "plan/update_plan.h"
#include "spec/config_validate.h"
#include "state/store_resources.h"

struct update {
	struct lifecycle *l;
	struct container container;
	struct spec_config config;
	struct spec_resources former, request;
	struct update_plan plan;
	int cgroup_fd; /* -1: the container has none */
	LIST_OF(struct cgroup_write) undo;
};

static void release(struct update *u)
{
	for (size_t i = 0; i < u->undo.n; i++) {
		free(u->undo.item[i].file);
		free(u->undo.item[i].value);
	}
	free(u->undo.item);
	update_plan_release(&u->plan);
	json_release(&spec_resources_schema, &u->request);
	json_release(&spec_resources_schema, &u->former);
	json_release(&spec_config_schema, &u->config);
	cleanup_close_at(&u->cgroup_fd);
	inspect_release(&u->container);
}

/* What holds: of the last update, or of the config. Both have been checked before. */
static int load_former(struct update *u, struct error *err)
{
	cleanup_free char *config = NULL, *text = NULL;
	size_t len;
	int r;

	TRY(store_load_config(u->container.fd, &config, &len, err));
	TRY(json_decode(&spec_config_schema, config, len, &u->config, err));
	r = store_resources_load(u->container.fd, &text, &len, err);
	if (r == -ENOENT)
		return 0;
	TRY(r);
	return json_decode(&spec_resources_schema, text, len, &u->former, err);
}

static const struct spec_resources *former_resources(const struct update *u)
{
	static const struct spec_resources nothing;

	if (memcmp(&u->former, &nothing, sizeof nothing) != 0)
		return &u->former;
	return u->config.linux_ ? u->config.linux_->resources : NULL;
}

static int decode_request(const char *text, struct spec_resources *ret, struct error *err)
{
	if (json_decode(&spec_resources_schema, text, strlen(text), ret, err) < 0 ||
	    spec_config_validate_resources(ret, err) < 0)
		return error_prefix(err, "resources: ");
	return 0;
}

/* A number in a file of the cgroup; not set where it cannot be read. */
static struct optional_uint read_number(int cgroup_fd, const char *file)
{
	cleanup_free char *text = NULL;
	struct error ignored;

	if (cgroup_fd < 0 || cgroup_read(cgroup_fd, file, &text, &ignored) < 0)
		return (struct optional_uint){};
	return (struct optional_uint){ true, strtoull(text, NULL, 10) };
}

static int open_cgroup(struct update *u, struct error *err)
{
	if (!u->container.record.cgroup_path)
		return 0;
	u->cgroup_fd = inspect_open_cgroup(&u->container, err);
	return u->cgroup_fd;
}

static int build_plan(struct update *u, struct error *err)
{
	const struct store_record *record = &u->container.record;
	const struct host *host = lifecycle_host(u->l, err);
	struct update_request request = {
		.config = &u->config,
		.former = former_resources(u),
		.request = &u->request,
		.manager =
			record->systemd_cgroup ? CGROUP_MANAGER_SYSTEMD : CGROUP_MANAGER_CGROUPFS,
		.path = record->cgroup_path,
		.unit = record->systemd_unit,
		.user = record->systemd_user,
		.facts.memory = read_number(u->cgroup_fd, "memory.current"),
		.facts.swap = read_number(u->cgroup_fd, "memory.swap.current"),
	};

	if (!host)
		return -err->code;
	if (!record->cgroup_path && record->cgroup_manager &&
	    !strcmp(record->cgroup_manager, "disabled"))
		request.manager = CGROUP_MANAGER_DISABLED;
	return update_plan_build(&request, host, &u->plan, err);
}

/* What `file` says now, for the way back. What cannot be read (memory.reclaim) has no way back. */
static int keep(struct update *u, const struct cgroup_write *write, struct error *err)
{
	cleanup_free char *former = NULL;
	struct cgroup_write undo, *item;
	struct error ignored;

	if (cgroup_read(u->cgroup_fd, write->file, &former, &ignored) < 0)
		return 0;
	switch (resource_undo_build(write, former, &undo, err)) {
	case 0:
		log_debug("update: no way back for %s", write->file);
		return 0;
	case 1:
		break;
	default:
		return -err->code;
	}
	item = list_add(&u->undo);
	if (!item) {
		free(undo.file);
		free(undo.value);
		return error_errno(err, ENOMEM, "keep what %s says", write->file);
	}
	*item = undo;
	return 0;
}

static int keep_all(struct update *u, struct error *err)
{
	const struct cgroup_plan *plan = &u->plan.cgroup;

	for (size_t i = 0; i < plan->writes.n; i++) {
		const struct cgroup_write *write = &plan->writes.item[i];
		const char *companion = resource_undo_companion(write->file);

		/* Before the file's own entry, and so written back behind it. */
		if (companion)
			TRY(keep(u,
				 &(struct cgroup_write){ .file = (char *)companion, .value = "" },
				 err));
		TRY(keep(u, write, err));
	}
	return 0;
}

static int write_one(struct update *u, const struct cgroup_write *write, struct error *err)
{
	if (cgroup_write(u->cgroup_fd, write->file, write->value, err) == 0 ||
	    (write->may_be_missing && err->code == ENOENT))
		return 0;
	return error_prefix(err, "%s: ", write->from);
}

/*
 * systemd writes again what it was told, at its next daemon-reload at the latest: it has to be told
 * the same.
 */
static int tell_systemd(const struct unit_plan *unit, struct error *err)
{
	if (unit->name && unit_set(unit, err) < 0)
		return error_prefix(err, "unit %s: ", unit->name);
	return 0;
}

/* What the files said. */
static int tell_systemd_former(struct update *u, struct error *err)
{
	const struct cgroup_plan told = { .writes = { u->undo.item, u->undo.n } };

	TRY(unit_property_build(&told, &u->plan.former.unit, err));
	return tell_systemd(&u->plan.former.unit, err);
}

static int attach(const struct cgroup_plan *plan, int cgroup_fd, struct error *err)
{
	if (!plan->device_filter)
		return 0;
	if (device_filter_attach(cgroup_fd, plan->device_program.item, plan->device_program.n,
				 err) < 0)
		return error_prefix(err, "linux.resources.devices: ");
	return 0;
}

/* How far it has come, for the way back. */
enum stage { STAGE_NONE, STAGE_TOLD, STAGE_ATTACHED };

/* systemd first: it rounds, and what we write then is exact. */
static int change(struct update *u, enum stage *stage, struct error *err)
{
	const struct cgroup_plan *plan = &u->plan.cgroup;
	char words[HOST_CONTROLLER_WORDS_SIZE];

	host_controller_words(plan->controllers, words);
	if (*words)
		TRY(cgroup_enable(u->l->host.cgroup_mount, plan->path, words, err));
	TRY(keep_all(u, err));
	TRY(tell_systemd(&plan->unit, err));
	*stage = STAGE_TOLD;
	for (size_t i = 0; i < plan->writes.n; i++)
		TRY(write_one(u, &plan->writes.item[i], err));
	TRY(attach(plan, u->cgroup_fd, err));
	*stage = STAGE_ATTACHED;
	return 0;
}

static void roll_back(struct update *u, enum stage stage)
{
	struct error err;

	if (stage == STAGE_ATTACHED && attach(&u->plan.former, u->cgroup_fd, &err) < 0)
		log_warning("undo update: %s", err.text);
	if (stage >= STAGE_TOLD && tell_systemd_former(u, &err) < 0)
		log_warning("undo update: %s", err.text);
	for (size_t i = stage >= STAGE_TOLD ? u->undo.n : 0; i-- > 0;)
		if (cgroup_write(u->cgroup_fd, u->undo.item[i].file, u->undo.item[i].value, &err) <
		    0)
			log_debug("undo update: %s", err.text);
}

static int apply(struct update *u, struct error *err)
{
	cleanup_free char *text = NULL;
	enum stage stage = STAGE_NONE;
	int r;

	/* First, so that nothing can fail for want of memory when all is done. */
	TRY(json_encode(&spec_resources_schema, &u->plan.result, JSON_COMPACT, &text, err));
	r = change(u, &stage, err);
	if (r == 0)
		r = store_resources_save(u->container.fd, text, strlen(text), err);
	if (r < 0)
		roll_back(u, stage);
	return r;
}

int update_container(struct lifecycle *l, const char *id, const char *resources, struct error *err)
{
	__attribute__((__cleanup__(release))) struct update u = {
		.l = l, .container = { .fd = -1, .pidfd = -1 }, .cgroup_fd = -1
	};

	TRY(decode_request(resources, &u.request, err));
	TRY(inspect_open(l, id, true, &u.container, err));
	TRY(status_allows(u.container.status, STATUS_OP_UPDATE, id, err));
	if (load_former(&u, err) < 0 || open_cgroup(&u, err) < 0 || build_plan(&u, err) < 0 ||
	    apply(&u, err) < 0)
		return error_prefix(err, "update container `%s`: ", id);
	return 0;
}
