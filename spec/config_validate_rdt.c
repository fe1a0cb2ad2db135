/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <limits.h>
#include <string.h>

#include "spec/config_validate.h"

/* A directory of the resctrl tree; "/" is the tree itself. */
static bool is_group(const char *name)
{
	static const char *const not_groups[] = { ".", "..", "info", "mon_data", "mon_groups" };

	for (size_t i = 0; i < sizeof not_groups / sizeof *not_groups; i++)
		if (!strcmp(name, not_groups[i]))
			return false;
	return !strcmp(name, "/") || (!strpbrk(name, "/\n") && strlen(name) <= NAME_MAX);
}

static int check_line(const char *key, const char *line, struct error *err)
{
	if (line && strchr(line, '\n'))
		return error_set(err, EINVAL, "intelRdt.%s: contains a newline", key);
	return 0;
}

static int check_schemata(const struct spec_intel_rdt *rdt, struct error *err)
{
	for (size_t i = 0; i < rdt->schemata.n; i++)
		if (!*rdt->schemata.item[i] || strchr(rdt->schemata.item[i], '\n'))
			return error_set(err, EINVAL,
					 "intelRdt.schemata[%zu]: wants one line, such as L2:0=f",
					 i);
	return 0;
}

int spec_config_validate_rdt(const struct spec_config *config, struct error *err)
{
	const struct spec_intel_rdt *rdt = config->linux_->intel_rdt;

	if (!rdt)
		return 0;
	if (rdt->clos_id && !is_group(rdt->clos_id))
		return error_set(err, EINVAL, "intelRdt.closID: is no name of a resctrl group");
	TRY(check_line("l3CacheSchema", rdt->l3_cache_schema, err));
	TRY(check_line("memBwSchema", rdt->mem_bw_schema, err));
	if (rdt->mem_bw_schema && *rdt->mem_bw_schema && strncmp(rdt->mem_bw_schema, "MB:", 3))
		return error_set(err, EINVAL, "intelRdt.memBwSchema: wants to begin with MB:");
	return check_schemata(rdt, err);
}
