/* SPDX-License-Identifier: Apache-2.0 */
#include "tenant/tenant_config.h"

#include <criterion/criterion.h>
#include <string.h>

#include "base/cleanup.h"
#include "tenant/id_range.h"

static struct tenant_settings settings;
static struct tenant tenant;

static void begin(void)
{
	settings = (struct tenant_settings){};
	tenant = (struct tenant){
		.name = (char *)"web1",
		.uuid = (char *)"c0ffee00-0000-4000-8000-000000000000",
		.id_base = { true, 131072 },
		.settings = &settings,
	};
}

static struct spec_config build(void)
{
	struct spec_config config = {};
	struct error err = {};

	cr_assert_eq(tenant_config_build(&tenant, "rootfs", &config, &err), 0, "%s", err.text);
	cr_assert_eq(spec_config_validate(&config, &err), 0, "%s", err.text);
	return config;
}

static void release(struct spec_config *config)
{
	json_release(&spec_config_schema, config);
}

static bool has_env(const struct spec_config *config, const char *text)
{
	for (size_t i = 0; i < config->process->env.n; i++)
		if (strcmp(config->process->env.item[i], text) == 0)
			return true;
	return false;
}

TestSuite(tenant_config, .init = begin);

Test(tenant_config, a_tenant_has_all_namespaces_and_a_range_of_its_own)
{
	struct spec_config config = build();

	for (int type = 0; type < SPEC_NAMESPACE_TIME; type++)
		cr_assert(spec_config_namespace(&config, type), "%s",
			  spec_config_namespace_names[type]);
	cr_assert_eq(config.linux_->uid_mappings.item[0].host_id.value, 131072);
	cr_assert_eq(config.linux_->gid_mappings.item[0].size.value, ID_RANGE_SIZE);
	cr_assert_str_eq(config.hostname, "web1");
	release(&config);
}

Test(tenant_config, the_hosts_network_is_joined_when_asked)
{
	struct spec_config config;

	settings.host_network = true;
	config = build();
	cr_assert_null(spec_config_namespace(&config, SPEC_NAMESPACE_NETWORK));
	release(&config);
}

Test(tenant_config, limits_are_resources)
{
	struct spec_config config;
	const struct spec_resources *resources;

	settings.memory = (struct optional_int){ true, 1 << 20 };
	settings.cpu_millis = (struct optional_int){ true, 1500 };
	settings.pids = (struct optional_int){ true, 50 };
	config = build();
	resources = config.linux_->resources;
	cr_assert_eq(resources->memory->limit.value, 1 << 20);
	cr_assert_eq(resources->cpu->quota.value, 150000);
	cr_assert_eq(resources->cpu->period.value, 100000);
	cr_assert_eq(resources->pids->limit.value, 50);
	release(&config);
}

Test(tenant_config, without_limits_no_controller_is_asked_for)
{
	struct spec_config config = build();

	cr_assert_null(config.linux_->resources->memory);
	cr_assert_null(config.linux_->resources->cpu);
	cr_assert_null(config.linux_->resources->pids);
	release(&config);
}

Test(tenant_config, settings_go_before_the_template_before_the_defaults)
{
	char *template_env[] = { (char *)"PATH=/t", (char *)"A=t" };
	char *own_env[] = { (char *)"A=o", (char *)"B=o" };
	struct spec_config config;

	tenant.env.item = template_env;
	tenant.env.n = 2;
	settings.env.item = own_env;
	settings.env.n = 2;
	config = build();
	cr_assert(has_env(&config, "PATH=/t"));
	cr_assert(has_env(&config, "A=o"));
	cr_assert(has_env(&config, "B=o"));
	cr_assert(has_env(&config, "container=ctr"));
	cr_assert(has_env(&config, "container_uuid=c0ffee00-0000-4000-8000-000000000000"));
	cr_assert_not(has_env(&config, "A=t"));
	release(&config);
}

Test(tenant_config, the_command_is_the_tenants_then_the_templates_then_waiting)
{
	char *init[] = { (char *)"/sbin/init" }, *own[] = { (char *)"/bin/web" };
	struct spec_config config = build();

	cr_assert_str_eq(config.process->args.item[0], "/bin/sh");
	release(&config);
	tenant.command.item = init;
	tenant.command.n = 1;
	config = build();
	cr_assert_str_eq(config.process->args.item[0], "/sbin/init");
	release(&config);
	settings.command.item = own;
	settings.command.n = 1;
	config = build();
	cr_assert_str_eq(config.process->args.item[0], "/bin/web");
	cr_assert_eq(config.process->args.n, 1);
	release(&config);
}

Test(tenant_config, binds_follow_the_mounts_with_the_tenants_ids)
{
	struct tenant_bind bind = { (char *)"/srv", (char *)"/data", true };
	struct spec_config config;
	const struct spec_mount *last;

	settings.binds.item = &bind;
	settings.binds.n = 1;
	config = build();
	last = &config.mounts.item[config.mounts.n - 1];
	cr_assert_str_eq(last->destination, "/data");
	cr_assert_str_eq(last->options.item[last->options.n - 1], "ro");
	cr_assert_str_eq(last->options.item[3], "idmap");
	release(&config);
}

Test(tenant_config, the_filter_is_written_as_the_spec_has_it)
{
	struct spec_config config = build();
	cleanup_free char *text = NULL;
	struct error err = {};

	cr_assert_eq(json_encode(&spec_config_schema, &config, JSON_COMPACT, &text, &err), 0);
	cr_assert(strstr(text, "\"defaultAction\":\"SCMP_ACT_ALLOW\""));
	cr_assert(strstr(text, "\"open_by_handle_at\""));
	cr_assert(strstr(text,
			 "{\"names\":[\"ioctl\"],\"action\":\"SCMP_ACT_ERRNO\",\"errnoRet\":1,"
			 "\"args\":[{\"index\":1,\"value\":4294967295,\"valueTwo\":21522,"
			 "\"op\":\"SCMP_CMP_MASKED_EQ\"}]}"),
		  "%s", text);
	release(&config);
}
