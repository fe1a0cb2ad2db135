/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The OCI bundle of a tenant: its config.json, made of the tenant's document. Pure.
 *
 * A tenant is a server, so its PID 1 may be an init: what systemd's container interface asks
 * for is there (/run a tmpfs, a writable cgroup tree of its own, container=ctr, no masks below
 * /proc that would forbid nested ones), and what separates it from the host is its user
 * namespace, under a filter of the calls that concern the host as a whole.
 */
#pragma once

#include "spec/config.h"
#include "tenant/tenant.h"

/*
 * The config; the caller releases it with spec_config_schema, also after a failure. `rootfs` is
 * root.path. Annotations are the caller's to add. Errors: EINVAL, ENOMEM.
 */
int tenant_config_build(const struct tenant *tenant, const char *rootfs, struct spec_config *ret,
			struct error *err);

/* linux.resources alone, as `update` takes them. The caller releases it with json_release. */
int tenant_config_resources(const struct tenant_settings *settings, struct spec_resources *ret,
			    struct error *err);

/* linux.seccomp of every tenant (tenant_seccomp.c). */
int tenant_config_seccomp(struct spec_seccomp *ret, struct error *err);
