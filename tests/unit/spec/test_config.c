/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <sys/resource.h>

#include "spec/config.h"
#include "tests/unit/spec/data.h"

static struct spec_config config;

static void release(void)
{
	json_release(&spec_config_schema, &config);
}

TestSuite(config, .fini = release);

static size_t count(const char *const *words)
{
	size_t n = 0;

	while (words[n])
		n++;
	return n;
}

Test(config, every_enum_value_has_its_word)
{
	cr_expect_eq(count(spec_config_namespace_names), SPEC_NAMESPACE_COUNT);
	cr_expect_eq(count(spec_config_device_names), SPEC_DEVICE_FIFO + 1);
	cr_expect_eq(count(spec_config_seccomp_action_names), SPEC_SECCOMP_NOTIFY + 1);
	cr_expect_eq(count(spec_config_seccomp_operator_names), SPEC_SECCOMP_MASKED_EQ + 1);
	cr_expect_eq(count(spec_config_propagation_names), SPEC_PROPAGATION_RUNBINDABLE + 1);
	cr_expect_eq(count(spec_config_rlimit_names), RLIM_NLIMITS);
	cr_expect_eq(count(spec_config_hook_names), 6);
	cr_expect_eq(count(spec_config_personality_names), 2);
	cr_expect_eq(count(spec_config_seccomp_flag_names), 4);
	cr_expect_eq(count(spec_config_seccomp_arch_names), 23);
}

Test(config, the_index_of_a_word_is_its_enum_value)
{
	cr_expect_str_eq(spec_config_namespace_names[SPEC_NAMESPACE_NETWORK], "network");
	cr_expect_str_eq(spec_config_device_names[SPEC_DEVICE_BLOCK], "b");
	cr_expect_str_eq(spec_config_seccomp_action_names[SPEC_SECCOMP_LOG], "SCMP_ACT_LOG");
	cr_expect_str_eq(spec_config_seccomp_operator_names[SPEC_SECCOMP_GE], "SCMP_CMP_GE");
	cr_expect_str_eq(spec_config_propagation_names[SPEC_PROPAGATION_RSHARED], "rshared");
	cr_expect_str_eq(spec_config_rlimit_names[RLIMIT_NOFILE], "RLIMIT_NOFILE");
	cr_expect_str_eq(spec_config_hook_names[3], "startContainer");
}

Test(config, a_namespace_is_found_new_or_joined)
{
	data_decode(
		&spec_config_schema,
		"{\"ociVersion\":\"1.0.0\",\"root\":{\"path\":\"r\"},\"linux\":{\"namespaces\":["
		"{\"type\":\"ipc\"},{\"type\":\"pid\",\"path\":\"/p\"}]}}",
		&config);
	cr_assert_not_null(spec_config_namespace(&config, SPEC_NAMESPACE_IPC));
	cr_expect_null(spec_config_namespace(&config, SPEC_NAMESPACE_IPC)->path);
	cr_assert_not_null(spec_config_namespace(&config, SPEC_NAMESPACE_PID));
	cr_expect_str_eq(spec_config_namespace(&config, SPEC_NAMESPACE_PID)->path, "/p");
	cr_expect_null(spec_config_namespace(&config, SPEC_NAMESPACE_USER));
}

Test(config, without_a_linux_section_there_are_no_namespaces)
{
	cr_expect_null(spec_config_namespace(&config, SPEC_NAMESPACE_PID));
}

Test(config, an_annotation_is_found_by_its_whole_key)
{
	data_decode(&spec_config_schema,
		    "{\"ociVersion\":\"1.0.0\",\"root\":{\"path\":\"r\"},"
		    "\"annotations\":{\"a.b\":\"1\",\"a\":\"\"}}",
		    &config);
	cr_expect_str_eq(spec_config_annotation(&config, "a.b"), "1");
	cr_expect_str_eq(spec_config_annotation(&config, "a"), "");
	cr_expect_null(spec_config_annotation(&config, "a."));
	cr_expect_null(spec_config_annotation(&config, "b"));
}
