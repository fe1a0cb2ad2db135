/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <sched.h>

#include "fixture.h"

/* Plan one key; 0 with its path in `path`, or the error. */
static int planned(const char *key, uint64_t present, char *path, struct error *err)
{
	struct namespace_plan namespaces = { .present = present };
	struct sysctl_plan plan = {};
	struct spec_config config;
	char text[512];
	int r;

	snprintf(text, sizeof text,
		 "{'ociVersion':'1.2.0','root':{'path':'rootfs'},'linux':{'sysctl':{'%s':'7'}}}",
		 key);
	config = fixture_config(text);
	r = sysctl_plan_build(&config, &namespaces, &plan, err);
	if (r == 0) {
		cr_assert_eq(plan.writes.n, 1);
		cr_expect_str_eq(plan.writes.item[0].value, "7");
		strcpy(path, plan.writes.item[0].path);
	}
	sysctl_plan_release(&plan);
	fixture_release(&config);
	return r;
}

Test(sysctl_plan, the_first_separator_decides_what_the_other_means)
{
	static const struct {
		const char *key, *path;
	} keys[] = {
		{ "net.core.somaxconn", "net/core/somaxconn" },
		{ "net/core/somaxconn", "net/core/somaxconn" },
		{ "net.ipv4.conf.eth0/1.mtu", "net/ipv4/conf/eth0.1/mtu" },
		{ "net/ipv4/conf/eth0.1/mtu", "net/ipv4/conf/eth0.1/mtu" },
	};

	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
		struct error err = {};
		char path[256] = "";

		cr_expect_eq(planned(keys[i].key, CLONE_NEWNET, path, &err), 0, "%s", err.text);
		cr_expect_str_eq(path, keys[i].path);
	}
}

Test(sysctl_plan, each_key_needs_its_namespace)
{
	static const struct {
		const char *key;
		uint64_t namespace;
	} keys[] = {
		{ "net.core.somaxconn", CLONE_NEWNET },
		{ "user.max_pid_namespaces", CLONE_NEWUSER },
		{ "fs.mqueue.msg_max", CLONE_NEWIPC },
		{ "kernel.msgmax", CLONE_NEWIPC },
		{ "kernel.shm_rmid_forced", CLONE_NEWIPC },
		{ "kernel.sem_next_id", CLONE_NEWIPC },
		{ "kernel.domainname", CLONE_NEWUTS },
	};
	const uint64_t all = CLONE_NEWNET | CLONE_NEWUSER | CLONE_NEWIPC | CLONE_NEWUTS;

	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
		struct error err = {};
		char path[256];

		cr_expect_eq(planned(keys[i].key, keys[i].namespace, path, &err), 0, "%s",
			     err.text);
		cr_expect_eq(planned(keys[i].key, all & ~keys[i].namespace, path, &err), -EINVAL,
			     "%s", keys[i].key);
		cr_expect_not_null(strstr(err.text, keys[i].key), "%s", err.text);
	}
}

Test(sysctl_plan, what_is_not_of_a_namespace_is_refused)
{
	static const char *const keys[] = {
		"kernel.hostname",
		"kernel.panic",
		"kernel.semaphore",
		"vm.swappiness",
		"fs.file-max",
		"fs.mqueue",
		"net",
		"",
		"network.core.x",
		"kernel.sem.x",
		"kernel/sem/",
		"net//core",
		"net/../kernel/x",
		"net/./core",
		"../net/core",
		"/net/core",
		"net.//.kernel",
		"net.core.",
		".net.core",
		"kernel.core_pattern",
	};

	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
		struct error err = {};
		char path[256] = "";

		cr_expect_eq(planned(keys[i], ~UINT64_C(0), path, &err), -EINVAL, "'%s' -> %s",
			     keys[i], path);
	}
}
