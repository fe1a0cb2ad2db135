/* SPDX-License-Identifier: Apache-2.0 */
/*
 * linux.sysctl: only keys that belong to one of the container's own namespaces.
 */
#pragma once

#include "plan/namespace_plan.h"
#include "spec/config.h"

struct sysctl_write {
	char *path; /* below /proc/sys: "net/ipv4/ip_forward"; owned */
	const char *value;
	char from[80];
};

struct sysctl_plan {
	LIST_OF(struct sysctl_write) writes;
};

int sysctl_plan_build(const struct spec_config *config, const struct namespace_plan *namespaces,
		      struct sysctl_plan *ret, struct error *err);
void sysctl_plan_release(struct sysctl_plan *plan);
