/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <errno.h>
#include <sys/resource.h>

#include "spec/config.h"
#include "tests/unit/spec/data.h"

#define DOCUMENT(more) "{\"ociVersion\":\"1.2.0\",\"root\":{\"path\":\"rootfs\"}," more "}"

static struct spec_config config;
static struct error err;

static void release(void)
{
	json_release(&spec_config_schema, &config);
}

TestSuite(config_schema, .fini = release);

static void decode_file(const char *path)
{
	cleanup_free char *text = data_read(path);

	data_decode(&spec_config_schema, text, &config);
}

static void expect_error(const char *text, const char *expected)
{
	cr_expect_eq(json_decode(&spec_config_schema, text, strlen(text), &config, &err), -EINVAL);
	cr_expect_str_eq(err.text, expected);
	release();
}

Test(config_schema, the_general_part_is_decoded)
{
	decode_file("config/valid/every-property.json");
	cr_expect_str_eq(config.oci_version, "1.2.0");
	cr_expect_str_eq(config.root->path, "rootfs");
	cr_expect(config.root->readonly);
	cr_expect_eq(strlen(config.hostname), 64);
	cr_expect_str_eq(config.domainname, "example.test");
	cr_expect_eq(config.mounts.n, 2);
	cr_expect_null(config.mounts.item[1].type);
	cr_expect_str_eq(config.mounts.item[1].options.item[1], "ro");
	cr_expect_eq(config.hooks->poststop.n, 1);
	cr_expect_str_eq(config.hooks->create_runtime.item[0].env.item[0], "A=b");
	cr_expect_eq(config.hooks->start_container.item[0].timeout.value, 1);
	cr_expect_str_eq(spec_config_annotation(&config, "com.example.key"), "value");
}

Test(config_schema, the_process_is_decoded)
{
	const struct spec_process *process;

	decode_file("config/valid/every-property.json");
	process = config.process;
	cr_expect(process->terminal);
	cr_expect(process->no_new_privileges);
	cr_expect_eq(process->console_size->width.value, 80);
	cr_expect_eq(process->user->gid.value, 4294967294);
	cr_expect_eq(process->user->umask.value, 022);
	cr_expect_eq(process->user->additional_gids.item[1], 6);
	cr_expect_eq(process->args.n, 4);
	cr_expect_str_eq(process->env.item[2], "EQ=a=b");
	cr_expect_eq(process->rlimits.item[1].type.value, RLIMIT_CORE);
	cr_expect_eq(process->rlimits.item[1].hard.value, UINT64_MAX);
	cr_expect_eq(process->oom_score_adj.value, -1000);
	cr_expect_str_eq(process->capabilities->ambient.item[0], "CAP_KILL");
	cr_expect_str_eq(process->apparmor_profile, "acme");
	cr_expect_eq(process->scheduler->policy.value, SPEC_SCHEDULER_DEADLINE);
	cr_expect_eq(process->scheduler->nice.value, -20);
	cr_expect_eq(process->scheduler->flags.item[1], 6);
	cr_expect_eq(process->scheduler->period.value, UINT64_MAX);
	cr_expect_eq(process->io_priority->class.value, 2);
	cr_expect_str_eq(process->exec_cpu_affinity->initial, "0-1");
}

Test(config_schema, the_linux_part_is_decoded)
{
	const struct spec_linux *part;

	decode_file("config/valid/every-property.json");
	part = config.linux_;
	cr_expect_eq(part->namespaces.n, SPEC_NAMESPACE_COUNT);
	cr_expect_eq(part->namespaces.item[7].type.value, SPEC_NAMESPACE_TIME);
	cr_expect_eq(part->gid_mappings.item[0].size.value, 4294967295);
	cr_expect_eq(part->time_offsets->monotonic->secs.value, -172800);
	cr_expect_not(part->time_offsets->boottime->nanosecs.set);
	cr_expect_eq(part->devices.item[0].file_mode.value, 0666);
	cr_expect_eq(part->devices.item[3].type.value, SPEC_DEVICE_FIFO);
	cr_expect_not(part->devices.item[3].major.set);
	cr_expect_eq(part->rootfs_propagation.value, SPEC_PROPAGATION_RSLAVE);
	cr_expect_str_eq(part->sysctl.item[0].key, "net.ipv4.ip_forward");
	cr_expect_eq(part->personality->domain.value, 1);
	cr_expect_eq(part->memory_policy->mode.value, SPEC_MEMORY_WEIGHTED_INTERLEAVE);
	cr_expect_eq(part->memory_policy->flags.item[0], SPEC_MEMORY_STATIC_NODES);
	cr_expect_str_eq(part->memory_policy->nodes, "0-3,7");
	cr_expect_str_eq(part->net_devices.item[0].key, "eth0");
	cr_expect_str_eq(part->net_devices.item[0].name, "eth%d");
	cr_expect_null(part->net_devices.item[1].name);
	cr_expect_str_eq(part->masked_paths.item[0], "/proc/kcore");
	cr_expect_str_eq(part->readonly_paths.item[0], "/proc/sys");
}

Test(config_schema, seccomp_is_decoded)
{
	const struct spec_seccomp *seccomp;

	decode_file("config/valid/every-property.json");
	seccomp = config.linux_->seccomp;
	cr_expect_eq(seccomp->default_action.value, SPEC_SECCOMP_ERRNO);
	cr_expect_eq(seccomp->default_errno_ret.value, 38);
	cr_expect_str_eq(spec_config_seccomp_flag_names[seccomp->flags.item[0]],
			 "SECCOMP_FILTER_FLAG_LOG");
	cr_expect_str_eq(spec_config_seccomp_arch_names[seccomp->architectures.item[1]],
			 "SCMP_ARCH_RISCV64");
	cr_expect_eq(seccomp->syscalls.item[1].args.item[0].op.value, SPEC_SECCOMP_MASKED_EQ);
	cr_expect_eq(seccomp->syscalls.item[2].args.item[0].value.value, UINT64_MAX);
	cr_expect_not(seccomp->syscalls.item[2].args.item[0].value_two.set);
}

Test(config_schema, a_document_of_defaults_leaves_optional_parts_absent)
{
	data_decode(&spec_config_schema, DOCUMENT("\"linux\":{}"), &config);
	cr_expect_null(config.process);
	cr_expect_null(config.hooks);
	cr_expect_not(config.root->readonly);
	cr_expect_null(config.linux_->resources);
	cr_expect_not(config.linux_->rootfs_propagation.set);
}

Test(config_schema, unknown_properties_and_nulls_count_as_absent)
{
	decode_file("config/valid/unknown-and-null.json");
	cr_expect_null(config.hooks);
	cr_expect_null(config.hostname);
	cr_expect_eq(config.linux_->sysctl.n, 0);
}

Test(config_schema, errors_name_the_path)
{
	expect_error(DOCUMENT("\"mounts\":[{\"destination\":\"/a\"},{\"destination\":7}]"),
		     "mounts[1].destination: wants a string");
	expect_error(DOCUMENT("\"process\":{\"cwd\":\"/\",\"rlimits\":[{\"type\":\"RLIMIT_AS\","
			      "\"soft\":\"1\",\"hard\":1}]}"),
		     "process.rlimits[0].soft: wants a whole number");
}

Test(config_schema, docker_s_seccomp_profile_is_decoded_whole)
{
	decode_file("config/valid/docker-seccomp.json");
	cr_assert_not_null(config.linux_->seccomp);
	cr_expect_gt(config.linux_->seccomp->syscalls.n, 5);
	cr_expect_gt(config.linux_->seccomp->syscalls.item[0].names.n, 200);
}

/*
 * The examples of the runtime-spec. Decoded are also those for other platforms:
 * their sections are unknown properties to us.
 */
static bool listed(const char *path, const char *const *list)
{
	for (; *list; list++)
		if (strcmp(path, *list) == 0)
			return true;
	return false;
}

/* clang-format off */
/* Bad, but only in the section of another platform, which is not looked at. */
static const char *const of_other_platforms[] = {
	"spec-examples/config/bad/freebsd-vnet-disable.json",
	NULL,
};

/* Bad in a string's form, which is spec_config_validate's to find. */
static const char *const left_to_validate[] = {
	"spec-examples/config/bad/linux-hugepage.json",
	NULL,
};
/* clang-format on */

static void expect_good(const char *path)
{
	cleanup_free char *text = data_read(path);
	int r = json_decode(&spec_config_schema, text, strlen(text), &config, &err);

	cr_expect_eq(r, 0, "%s: %s", path, err.text);
	free(data_round_trip(&spec_config_schema, &config));
	release();
}

static void expect_bad(const char *path)
{
	cleanup_free char *text = data_read(path);
	int r = json_decode(&spec_config_schema, text, strlen(text), &config, &err);

	if (r == 0 && listed(path, left_to_validate))
		r = spec_config_validate(&config, &err);
	cr_expect_eq(r, listed(path, of_other_platforms) ? 0 : -EINVAL, "%s: %s", path, err.text);
	release();
}

Test(config_schema, the_spec_s_good_examples_are_accepted)
{
	cr_expect_gt(data_each("spec-examples/config/good", expect_good), 5);
}

Test(config_schema, the_spec_s_bad_examples_are_refused)
{
	cr_expect_gt(data_each("spec-examples/config/bad", expect_bad), 3);
}
