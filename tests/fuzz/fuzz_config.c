/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes may stand in config.json: decode, check, plan, print and encode them. Nothing
 * may crash or leak, and what was encoded must decode again.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "plan/plan.h"
#include "spec/config.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void plan(const struct spec_config *config)
{
	static const struct host host = {
		.privileged = true,
		.cgroup_mount = "/sys/fs/cgroup",
		.cgroup_parent = "/",
		.controllers = HOST_CPUSET | HOST_CPU | HOST_IO | HOST_MEMORY | HOST_PIDS,
		.cap_last = 40,
		.apparmor = true,
		.kernel_version = 6 << 16 | 1,
	};
	static const struct plan_options options = { .id = "fuzz", .bundle = "/bundle" };
	struct error err = { 0 };
	struct plan p = { 0 };
	char *text = NULL;

	if (plan_build(config, &host, &options, &p, &err) == 0)
		plan_print(&p, &text, &err);
	free(text);
	plan_release(&p);
}

static void encode_and_decode(const struct spec_config *config)
{
	struct spec_config again = { 0 };
	struct error err = { 0 };
	char *text = NULL;

	if (json_encode(&spec_config_schema, config, JSON_COMPACT, &text, &err) < 0)
		return;
	if (json_decode(&spec_config_schema, text, strlen(text), &again, &err) < 0)
		abort();
	json_release(&spec_config_schema, &again);
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct spec_config config = { 0 };
	struct error err = { 0 };

	if (json_decode(&spec_config_schema, (const char *)data, size, &config, &err) == 0) {
		encode_and_decode(&config);
		if (spec_config_validate(&config, &err) == 0)
			plan(&config);
	}
	json_release(&spec_config_schema, &config);
	return 0;
}
