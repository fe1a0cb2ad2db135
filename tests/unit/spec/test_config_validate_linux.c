/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <errno.h>

#include "spec/config_validate.h"
#include "tests/unit/spec/data.h"

#define DOCUMENT(more) "{\"ociVersion\":\"1.2.0\",\"root\":{\"path\":\"rootfs\"}" more "}"

static struct spec_config config;
static struct error err;

static void release(void)
{
	json_release(&spec_config_schema, &config);
}

TestSuite(config_validate_linux, .fini = release);

static int check(const char *text)
{
	data_decode(&spec_config_schema, text, &config);
	return spec_config_validate_linux(&config, &err);
}

Test(config_validate_linux, no_linux_part_is_fine)
{
	cr_expect_eq(check(DOCUMENT("")), 0, "%s", err.text);
}

Test(config_validate_linux, without_a_mount_namespace_nothing_is_mounted)
{
	cr_expect_eq(check(DOCUMENT(",\"mounts\":[{\"destination\":\"/a\"}]")), -EINVAL);
	cr_expect_str_eq(err.text, "mounts: needs a mount namespace of its own (add {\"type\": \"mount\"} to "
				   "linux.namespaces)");
}

Test(config_validate_linux, a_joined_mount_namespace_takes_no_mounts)
{
	cr_expect_eq(
		check(DOCUMENT(",\"mounts\":[{\"destination\":\"/a\"}],\"linux\":{\"namespaces\":["
			       "{\"type\":\"mount\",\"path\":\"/proc/1/ns/mnt\"}]}")),
		-EINVAL);
}

Test(config_validate_linux, a_joined_mount_namespace_is_taken)
{
	cr_expect_eq(check(DOCUMENT(",\"linux\":{\"namespaces\":["
				    "{\"type\":\"mount\",\"path\":\"/proc/1/ns/mnt\"}]}")),
		     0, "%s", err.text);
}

Test(config_validate_linux, a_joined_user_namespace_needs_no_mappings)
{
	cr_expect_eq(check(DOCUMENT(
			     ",\"linux\":{\"namespaces\":[{\"type\":\"user\",\"path\":\"/a\"}]}")),
		     0, "%s", err.text);
}

/* Engines write a mapping there because other runtimes ask for one. */
Test(config_validate_linux, mappings_beside_a_joined_user_namespace_are_taken)
{
	cr_expect_eq(check(DOCUMENT(
			     ",\"linux\":{\"uidMappings\":[{\"containerID\":0,\"hostID\":0,\"size\":1}],"
			     "\"namespaces\":[{\"type\":\"user\",\"path\":\"/a\"}]}")),
		     0, "%s", err.text);
}

Test(config_validate_linux, empty_time_offsets_need_no_time_namespace)
{
	cr_expect_eq(check(DOCUMENT(",\"linux\":{\"timeOffsets\":{}}")), 0, "%s", err.text);
}

Test(config_validate_linux, equal_domain_names_do_not_contradict)
{
	cr_expect_eq(check(DOCUMENT(",\"domainname\":\"a\","
				    "\"linux\":{\"sysctl\":{\"kernel.domainname\":\"a\"}}")),
		     0, "%s", err.text);
}

Test(config_validate_linux, dots_are_only_refused_as_a_whole_component)
{
	cr_expect_eq(check(DOCUMENT(",\"linux\":{\"cgroupsPath\":\"/a..b/...//..c/\"}")), 0, "%s",
		     err.text);
}

Test(config_validate_linux, parts_have_their_path)
{
	cr_expect_eq(check(DOCUMENT(",\"linux\":{\"resources\":{\"unified\":{\"..\":\"1\"}}}")),
		     -EINVAL);
	cr_expect_eq(strncmp(err.text, "linux.resources.unified: ", 25), 0, "%s", err.text);
}
