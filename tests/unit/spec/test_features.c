/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>

#include "spec/features.h"
#include "tests/unit/spec/data.h"

static struct spec_features features;
static struct error err;

static void release(void)
{
	json_release(&spec_features_schema, &features);
}

TestSuite(features, .fini = release);

Test(features, properties_are_those_of_the_tables)
{
	cr_expect(spec_features_has("linux"));
	cr_expect(spec_features_has("linux.intelRdt.schemata"));
	cr_expect(spec_features_has("mounts.uidMappings"));
	cr_expect(spec_features_has("linux.netDevices"));
	cr_expect_not(spec_features_has("linux.intelRdt.enableCMT"));
	cr_expect_not(spec_features_has("linux.intelRdt.schemata.more"));
	cr_expect_not(spec_features_has("intelRdt"));
	cr_expect_not(spec_features_has("linu"));
}

Test(features, words_are_copied_in_order_behind_those_that_are_there)
{
	char word[] = "third";
	const char *const more[] = { word, NULL };
	const char *const words[] = { "first", "second", NULL };

	cr_assert_eq(spec_features_add_words(&features.hooks, words, &err), 0);
	cr_assert_eq(spec_features_add_words(&features.hooks, more, &err), 0);
	word[0] = 'x';
	cr_assert_eq(features.hooks.n, 3);
	cr_expect_str_eq(features.hooks.item[0], "first");
	cr_expect_str_eq(features.hooks.item[1], "second");
	cr_expect_str_eq(features.hooks.item[2], "third");
}

Test(features, no_words_leave_the_list_empty)
{
	const char *const none[] = { NULL };

	cr_assert_eq(spec_features_add_words(&features.mount_options, none, &err), 0);
	cr_expect_eq(features.mount_options.n, 0);
}

Test(features, the_parser_s_own_lists_are_printed)
{
	cleanup_free char *out = NULL;

	features.oci_version_min = strdup(SPEC_VERSION_MIN);
	features.oci_version_max = strdup(SPEC_VERSION);
	cr_assert_eq(spec_features_add_words(&features.hooks, spec_config_hook_names, &err), 0);
	out = data_round_trip(&spec_features_schema, &features);
	cr_expect_not_null(strstr(out, "\"createContainer\""));
}
