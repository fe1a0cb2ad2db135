/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <sched.h>

#include "fixture.h"

#define PROCESS "'process':{'user':{'uid':0,'gid':0},'args':['sh'],'cwd':'/'}"
#define CONFIG(root, linux_) \
	"{'ociVersion':'1.2.0','root':{'path':'" root "'}," PROCESS ",'linux':" linux_ "}"

static const struct plan_options options = {
	.id = "web1", .bundle = "/b", .no_new_keyring = true, .preserve_fds = 2
};

Test(plan, the_rootfs_is_absolute_and_its_mounts_know_it)
{
	struct spec_config config =
		fixture_config("{'ociVersion':'1.2.0','root':{'path':'./r/'}," PROCESS
			       ",'mounts':[{'destination':'/d','source':'r/s','options':['bind']}],"
			       "'linux':{'namespaces':[{'type':'mount'}]}}");
	struct host host = fixture_host();
	struct plan plan = {};
	struct error err = {};

	cr_assert_eq(plan_build(&config, &host, &options, &plan, &err), 0, "%s", err.text);
	cr_expect_str_eq(plan.rootfs, "/b/r");
	cr_expect_eq(plan.mounts.ops.item[0].source_in_rootfs, true);
	cr_expect_eq(plan.new_keyring, false);
	cr_expect_eq(plan.preserve_fds, 2);
	plan_release(&plan);
	fixture_release(&config);
}

Test(plan, the_hosts_root_is_never_a_rootfs)
{
	static const char *const paths[] = { CONFIG("/", "{}"), CONFIG("..", "{}"),
					     CONFIG("/usr/..", "{}"), CONFIG("//.", "{}") };

	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
		struct spec_config config = fixture_config(paths[i]);
		struct host host = fixture_host();
		struct plan plan = {};
		struct error err = {};

		cr_expect_eq(plan_build(&config, &host, &options, &plan, &err), -EINVAL, "%s",
			     paths[i]);
		cr_expect_not_null(strstr(err.text, "root.path"), "%s", err.text);
		plan_release(&plan);
		fixture_release(&config);
	}
}

Test(plan, exec_joins_all_and_makes_nothing)
{
	struct spec_config config = fixture_config(
		CONFIG("r", "{'namespaces':[{'type':'mount'},{'type':'pid'},{'type':'time'},"
			    "{'type':'network','path':'/run/n'},{'type':'user'}],"
			    "'uidMappings':[{'containerID':0,'hostID':5,'size':1}],"
			    "'gidMappings':[{'containerID':0,'hostID':5,'size':1}],"
			    "'timeOffsets':{'boottime':{'secs':1}},'sysctl':{'net.core.x':'1'},"
			    "'maskedPaths':['/m'],'resources':{'pids':{'limit':5}}}"));
	struct host host = fixture_host();
	struct plan plan = {};
	struct error err = {};

	cr_assert_eq(plan_build_exec(&config, config.process, &host, &options, &plan, &err), 0,
		     "%s", err.text);
	cr_expect_eq(plan.namespaces.present,
		     CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWTIME | CLONE_NEWNET | CLONE_NEWUSER);
	cr_expect(!plan.namespaces.clone && !plan.namespaces.unshare && !plan.namespaces.join.n);
	cr_expect(!plan.namespaces.time_offsets && !plan.namespaces.loopback_up);
	cr_expect(!plan.mounts.ops.n && !plan.sysctls.writes.n && !plan.cgroup.writes.n);
	cr_expect_eq(plan.mounts.mount_namespace, true);
	cr_expect_eq(plan.idmap.method, IDMAP_NONE, "the maps are written already");
	cr_expect_eq(idmap_plan_has_uid(&plan.idmap, 1), false, "but still say who exists");
	cr_expect_eq(plan.process.present, true);
	plan_release(&plan);
	fixture_release(&config);
}

Test(plan, exec_refuses_an_id_that_the_container_has_not)
{
	struct spec_config config = fixture_config(
		CONFIG("r", "{'namespaces':[{'type':'user'}],"
			    "'uidMappings':[{'containerID':0,'hostID':5,'size':1}],"
			    "'gidMappings':[{'containerID':0,'hostID':5,'size':1}]}"));
	struct host host = fixture_host();
	struct plan plan = {};
	struct error err = {};

	config.process->user->uid.value = 1;
	cr_expect_lt(plan_build_exec(&config, config.process, &host, &options, &plan, &err), 0);
	plan_release(&plan);
	fixture_release(&config);
}

Test(plan, a_plan_that_failed_is_released_whole)
{
	struct spec_config config =
		fixture_config(CONFIG("r", "{'namespaces':[{'type':'mount'},{'type':'network'}],"
					   "'sysctl':{'net.core.x':'1','kernel.panic':'1'}}"));
	struct host host = fixture_host();
	struct plan plan = {};
	struct error err = {};

	cr_expect_eq(plan_build(&config, &host, &options, &plan, &err), -EINVAL);
	plan_release(&plan);
	plan_release(&plan);
	fixture_release(&config);
}
