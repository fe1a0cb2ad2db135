/* SPDX-License-Identifier: Apache-2.0 */
#include "tenant/deploy_program.h"

#include <criterion/criterion.h>
#include <string.h>

#include "base/json.h"

static struct spec_template_system sys;
static struct spec_template_process process;
static struct spec_template template;
static struct tenant_settings settings;
static struct tenant tenant;
static struct error err;

static void set_up(void)
{
	sys = (struct spec_template_system){};
	process = (struct spec_template_process){};
	template = (struct spec_template){ .system = &sys };
	settings = (struct tenant_settings){};
	tenant = (struct tenant){ .settings = &settings };
}

static void tear_down(void)
{
	tenant.settings = NULL;
	tenant_release(&tenant);
}

TestSuite(deploy_program, .init = set_up, .fini = tear_down);

static void decide(bool busybox)
{
	cr_assert_eq(deploy_program(&template, busybox, &tenant, &err), 0, "%s", err.text);
}

Test(deploy_program, without_anything_nothing_is_said)
{
	decide(false);
	cr_expect_eq(tenant.command.n, 0u);
	cr_expect_eq(tenant.init.value, TENANT_INIT_NONE);
	cr_expect_null(tenant.stop_signal);
}

Test(deploy_program, a_known_init_is_run)
{
	sys.init = (char *)"systemd";
	decide(false);
	cr_assert_eq(tenant.command.n, 1u);
	cr_expect_str_eq(tenant.command.item[0], "/lib/systemd/systemd");
	cr_expect_eq(tenant.init.value, TENANT_INIT_SYSTEMD);
}

Test(deploy_program, busybox_is_stopped_in_its_own_way)
{
	sys.init = (char *)"sysvinit";
	decide(true);
	cr_expect_str_eq(tenant.command.item[0], "/sbin/init");
	cr_expect_eq(tenant.init.value, TENANT_INIT_BUSYBOX);
}

Test(deploy_program, an_init_that_nobody_knows_is_not_guessed)
{
	sys.init = (char *)"runit";
	decide(false);
	cr_expect_eq(tenant.command.n, 0u);
	cr_expect_eq(tenant.init.value, TENANT_INIT_NONE);
}

static char *args[] = { (char *)"/usr/bin/nginx", (char *)"-g" };
static char *env[] = { (char *)"A=b" };

static void have_process(void)
{
	sys.init = (char *)"systemd";
	template.process = &process;
	process.args.item = args;
	process.args.n = 2;
	process.env.item = env;
	process.env.n = 1;
	process.cwd = (char *)"/srv";
	process.stop_signal = (char *)"SIGQUIT";
}

Test(deploy_program, what_an_image_says_comes_before_its_init)
{
	have_process();
	decide(false);
	cr_assert_eq(tenant.command.n, 2u);
	cr_expect_str_eq(tenant.command.item[1], "-g");
	cr_expect_str_eq(tenant.env.item[0], "A=b");
	cr_expect_str_eq(tenant.cwd, "/srv");
	cr_expect_str_eq(tenant.stop_signal, "SIGQUIT");
	cr_expect_eq(tenant.init.value, TENANT_INIT_NONE);
}

Test(deploy_program, another_program_has_other_habits)
{
	char *own[] = { (char *)"sleep" };

	have_process();
	settings.command.item = own;
	settings.command.n = 1;
	decide(false);
	cr_expect_null(tenant.stop_signal);
	cr_expect_eq(tenant.init.value, TENANT_INIT_NONE);
}

Test(deploy_program, an_init_that_is_asked_for_is_one)
{
	char *own[] = { (char *)"/sbin/init" };

	have_process();
	settings.command.item = own;
	settings.command.n = 1;
	decide(false);
	cr_expect_eq(tenant.init.value, TENANT_INIT_SYSTEMD);
}
