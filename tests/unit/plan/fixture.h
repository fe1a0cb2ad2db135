/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the tests of the plan room share: a host that is made up, and configs from text.
 */
#pragma once

#include <criterion/criterion.h>
#include <string.h>

#include "plan/plan.h"

/* A root user's machine with everything; a test takes away what it is about. */
static inline struct host fixture_host(void)
{
	return (struct host){
		.privileged = true,
		.cgroup_mount = "/sys/fs/cgroup",
		.cgroup_parent = "/",
		.controllers = HOST_CPUSET | HOST_CPU | HOST_IO | HOST_MEMORY | HOST_HUGETLB |
			       HOST_PIDS | HOST_RDMA | HOST_MISC,
		.cap_last = 40,
		.kernel_version = 6 << 16 | 1,
	};
}

/* Decode a config, written with single quotes for double ones; release with fixture_release. */
static inline struct spec_config fixture_config(const char *text)
{
	struct spec_config config = {};
	struct error err = {};
	char *json = strdup(text);

	for (char *c = json; *c; c++)
		*c = *c == '\'' ? '"' : *c;
	cr_assert_eq(json_decode(&spec_config_schema, json, strlen(json), &config, &err), 0, "%s",
		     err.text);
	free(json);
	return config;
}

static inline void fixture_release(struct spec_config *config)
{
	json_release(&spec_config_schema, config);
}
