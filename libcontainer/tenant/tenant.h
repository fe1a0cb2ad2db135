/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A tenant: a server that is a snapshot of a base, made its own. Its document is
 * tenants/NAME/tenant.json in the store; the OCI bundle that `create` reads stands beside
 * it and is made from it (tenant_config.h), so that every OCI command works on it.
 */
#pragma once

#include "base/error.h"
#include "base/json.h"

/* How PID 1 wants to be treated: what stops it, and what it must find when it begins. */
enum tenant_init {
	TENANT_INIT_NONE, /* a program, not an init: SIGTERM */
	TENANT_INIT_SYSTEMD,
	TENANT_INIT_SYSV, /* also OpenRC on sysvinit */
	TENANT_INIT_BUSYBOX,
	TENANT_INIT_COUNT,
};
extern const char *const tenant_init_names[];

/* The signal that asks this kind of init to shut down (its manual page), as `kill` takes it. */
const char *tenant_stop_signal(enum tenant_init init);

struct tenant_bind {
	char *source;	   /* absolute, on the host */
	char *destination; /* absolute, in the tenant */
	bool readonly;
};

/* What `deploy` and `set` take. Absent: the template's default, or no limit. */
struct tenant_settings {
	char *hostname;			/* default: the name */
	struct optional_int memory;	/* bytes */
	struct optional_int cpu_millis; /* thousandths of a processor */
	struct optional_int pids;
	LIST_OF(char *) env; /* NAME=VALUE */
	LIST_OF(struct tenant_bind) binds;
	LIST_OF(char *) command;
	bool host_network; /* else a network namespace of its own, with nothing but loopback */
};

struct tenant_template {
	char *name, *digest;
};

struct tenant {
	char *name, *uuid, *created;
	struct tenant_template *template_;
	struct optional_int id_base; /* the host's id of the tenant's root; 65536 follow it */
	struct optional_int init;    /* enum tenant_init */
	/* The template's defaults at the time, so that a template may go while tenants stay. */
	LIST_OF(char *) command, env;
	char *cwd;
	char *stop_signal; /* what the template says; absent: tenant_stop_signal of init */
	struct tenant_settings *settings;
};

extern const struct json_schema tenant_schema;
void tenant_release(struct tenant *tenant);

/*
 * Is `env` NAME=VALUE with a name that a shell could set? Are both paths of a bind absolute and
 * free of ".."? `what` is for errors ("--env"). Errors: EINVAL.
 */
int tenant_check_env(const char *what, const char *env, struct error *err);
int tenant_check_bind(const char *what, const struct tenant_bind *bind, struct error *err);

/* RFC 1123: labels of 1..63 letters, digits and inner hyphens, 64 bytes in all. Errors: EINVAL. */
int tenant_check_hostname(const char *what, const char *hostname, struct error *err);
