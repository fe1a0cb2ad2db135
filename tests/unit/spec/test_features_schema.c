/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <errno.h>

#include "spec/features.h"
#include "tests/unit/spec/data.h"

static struct spec_features features;
static struct error err;

static void release(void)
{
	json_release(&spec_features_schema, &features);
}

TestSuite(features_schema, .fini = release);

Test(features_schema, runc_s_document_is_decoded_whole)
{
	cleanup_free char *text = data_read("spec-examples/features/good/runc.json");

	data_decode(&spec_features_schema, text, &features);
	cr_expect_str_eq(features.oci_version_min, "1.0.0");
	cr_expect_eq(features.hooks.n, 6);
	cr_assert_not_null(features.linux_);
	cr_expect(features.linux_->cgroup->v2.value);
	cr_expect(features.linux_->seccomp->enabled.value);
	cr_expect_gt(features.linux_->seccomp->actions.n, 5);
	cr_expect_gt(features.linux_->capabilities.n, 30);
}

Test(features_schema, a_feature_that_is_off_is_said)
{
	cleanup_free char *out = NULL;

	data_decode(
		&spec_features_schema,
		"{\"ociVersionMin\":\"1.0.0\",\"ociVersionMax\":\"1.3.0\",\"linux\":{"
		"\"intelRdt\":{\"enabled\":false},\"mountExtensions\":{\"idmap\":{\"enabled\":false}},"
		"\"netDevices\":{\"enabled\":false}}}",
		&features);
	cr_assert_eq(json_encode(&spec_features_schema, &features, JSON_COMPACT, &out, &err), 0);
	cr_expect_not_null(strstr(out, "\"idmap\":{\"enabled\":false}"));
	cr_expect_not_null(strstr(out, "\"netDevices\":{\"enabled\":false}"));
	cr_expect_null(strstr(out, "schemata"));
}

static void expect_good(const char *path)
{
	cleanup_free char *text = data_read(path);

	data_decode(&spec_features_schema, text, &features);
	free(data_round_trip(&spec_features_schema, &features));
	release();
}

static void expect_bad(const char *path)
{
	cleanup_free char *text = data_read(path);

	cr_expect_eq(json_decode(&spec_features_schema, text, strlen(text), &features, &err),
		     -EINVAL, "%s", path);
	release();
}

Test(features_schema, the_spec_s_examples_are_accepted_and_refused_as_labelled)
{
	cr_expect_gt(data_each("spec-examples/features/good", expect_good), 1);
	cr_expect_gt(data_each("spec-examples/features/bad", expect_bad), 0);
}
