/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/rdt_plan.h"

#include <stdlib.h>
#include <string.h>

/* config-linux.md#intelrdt: l3CacheSchema, then memBwSchema, and schemata last. */
static int add_lines(const struct spec_intel_rdt *rdt, struct rdt_plan *plan, struct error *err)
{
	if (rdt->l3_cache_schema && *rdt->l3_cache_schema)
		TRY(strv_add(&plan->lines, rdt->l3_cache_schema, err));
	if (rdt->mem_bw_schema && *rdt->mem_bw_schema)
		TRY(strv_add(&plan->lines, rdt->mem_bw_schema, err));
	plan->n_compared = plan->lines.n;
	for (size_t i = 0; i < rdt->schemata.n; i++)
		TRY(strv_add(&plan->lines, rdt->schemata.item[i], err));
	return 0;
}

int rdt_plan_build(const struct spec_config *config, const char *id, bool exec,
		   struct rdt_plan *ret, struct error *err)
{
	const struct spec_intel_rdt *rdt = config->linux_ ? config->linux_->intel_rdt : NULL;
	bool is_named;

	if (!rdt)
		return 0;
	is_named = rdt->clos_id && *rdt->clos_id;
	ret->present = true;
	ret->group = !is_named ? id : strcmp(rdt->clos_id, "/") == 0 ? "" : rdt->clos_id;
	if (rdt->enable_monitoring)
		TRY(str_printf(&ret->monitor, err, "%s%smon_groups/%s", ret->group,
			       *ret->group ? "/" : "", id));
	if (exec)
		return 0;
	TRY(add_lines(rdt, ret, err));
	ret->own = !is_named;
	ret->must_exist = is_named && !ret->lines.n;
	return 0;
}

void rdt_plan_release(struct rdt_plan *plan)
{
	strv_release(&plan->lines);
	free(plan->monitor);
	*plan = (struct rdt_plan){};
}

void rdt_plan_print(const struct rdt_plan *plan, struct str *out)
{
	if (!plan->present)
		return;
	str_addf(out, "\nresctrl group /%s%s%s\n", plan->group, plan->own ? " new" : "",
		 plan->must_exist ? " existing" : "");
	for (size_t i = 0; i < plan->lines.n; i++)
		str_addf(out, "  %s%s\n", plan->lines.item[i],
			 i < plan->n_compared ? "  # compared if it exists" : "");
	if (plan->monitor)
		str_addf(out, "  monitored in %s\n", plan->monitor);
}
