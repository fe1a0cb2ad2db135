/* SPDX-License-Identifier: Apache-2.0 */
#include "tenant/tenant.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>

#include "base/cleanup.h"

static const char document[] =
	"{\"name\":\"web1\",\"uuid\":\"c0ffee00-0000-4000-8000-000000000000\",\"created\":\"2026-01-01T00:00:00Z\","
	"\"template\":{\"name\":\"debian\",\"digest\":\"sha256:00\"},\"idBase\":131072,\"init\":\"systemd\","
	"\"command\":[\"/sbin/init\"],\"env\":[\"A=b\"],\"cwd\":\"/\",\"settings\":{\"hostname\":\"web1\","
	"\"memory\":1048576,\"cpuMillis\":1500,\"pids\":100,\"env\":[\"C=d\"],\"binds\":[{\"source\":\"/srv\","
	"\"destination\":\"/data\",\"readonly\":true}],\"command\":[\"/bin/sh\"],\"hostNetwork\":true}}";

Test(tenant, a_document_comes_back_as_it_was)
{
	struct tenant tenant = {};
	struct error err = {};
	cleanup_free char *text = NULL;

	cr_assert_eq(json_decode(&tenant_schema, document, strlen(document), &tenant, &err), 0,
		     "%s", err.text);
	cr_assert_eq(tenant.settings->cpu_millis.value, 1500);
	cr_assert_eq(tenant.init.value, TENANT_INIT_SYSTEMD);
	cr_assert_eq(json_encode(&tenant_schema, &tenant, JSON_COMPACT, &text, &err), 0);
	cr_assert_str_eq(text, document);
	tenant_release(&tenant);
}

Test(tenant, each_init_has_its_signal)
{
	cr_assert_str_eq(tenant_stop_signal(TENANT_INIT_SYSTEMD), "SIGRTMIN+4");
	cr_assert_str_eq(tenant_stop_signal(TENANT_INIT_BUSYBOX), "SIGUSR2");
	cr_assert_str_eq(tenant_stop_signal(TENANT_INIT_SYSV), "SIGPWR");
	cr_assert_str_eq(tenant_stop_signal(TENANT_INIT_NONE), "SIGTERM");
}

Test(tenant, env_has_a_name_and_a_value)
{
	struct error err = {};

	cr_assert_eq(tenant_check_env("--env", "A=", &err), 0);
	cr_assert_eq(tenant_check_env("--env", "A_1=x=y", &err), 0);
	cr_assert_eq(tenant_check_env("--env", "A", &err), -EINVAL);
	cr_assert_eq(tenant_check_env("--env", "=x", &err), -EINVAL);
	cr_assert_eq(tenant_check_env("--env", "A B=x", &err), -EINVAL);
	cr_assert(strstr(err.text, "--env A B=x"), "%s", err.text);
}

Test(tenant, binds_are_absolute_and_do_not_climb)
{
	static const struct {
		const char *source, *destination;
		int result;
	} cases[] = {
		{ "/srv", "/data", 0 },		 { "srv", "/data", -EINVAL },
		{ "/srv", "data", -EINVAL },	 { "/srv/../etc", "/data", -EINVAL },
		{ "/srv", "/data/..", -EINVAL }, { "/srv/..x", "/x..", 0 },
		{ "/srv", NULL, -EINVAL },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct tenant_bind bind = { (char *)cases[i].source,
						  (char *)cases[i].destination, false };
		struct error err = {};

		cr_assert_eq(tenant_check_bind("--bind", &bind, &err), cases[i].result, "case %zu",
			     i);
	}
}

Test(tenant, hostnames_are_those_of_rfc_1123)
{
	static const char *const good[] = { "a", "web-1", "1.2", "www.example.com", NULL };
	static const char *const bad[] = { "",	  "-a",	 "a-",	"a..b",	    ".a", "a.",
					   "a_b", "a b", "a/b", "\xc3\xa4", NULL };
	char longest[70] = {};
	struct error err = {};

	for (size_t i = 0; good[i]; i++)
		cr_assert_eq(tenant_check_hostname("hostname", good[i], &err), 0, "%s", good[i]);
	for (size_t i = 0; bad[i]; i++)
		cr_assert_eq(tenant_check_hostname("hostname", bad[i], &err), -EINVAL, "%s",
			     bad[i]);
	memset(longest, 'a', 64);
	cr_assert_eq(tenant_check_hostname("hostname", longest, &err), -EINVAL, "a label of 64");
	longest[30] = '.';
	cr_assert_eq(tenant_check_hostname("hostname", longest, &err), 0);
	longest[64] = 'a';
	cr_assert_eq(tenant_check_hostname("hostname", longest, &err), -EINVAL);
}
