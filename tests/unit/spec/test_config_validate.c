/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every document of config/valid is accepted and survives a round trip; every one
 * of config/invalid is refused with the line in the .error file beside it. A new
 * rule is a new pair of files.
 */
#include <criterion/criterion.h>
#include <errno.h>

#include "spec/config.h"
#include "tests/unit/spec/data.h"

static struct spec_config config;
static struct error err;

static void release(void)
{
	json_release(&spec_config_schema, &config);
	err = (struct error){};
}

TestSuite(config_validate, .fini = release);

static int load(const char *path)
{
	cleanup_free char *text = data_read(path);

	TRY(json_decode(&spec_config_schema, text, strlen(text), &config, &err));
	return spec_config_validate(&config, &err);
}

static void expect_valid(const char *path)
{
	cr_expect_eq(load(path), 0, "%s: %s", path, err.text);
	free(data_round_trip(&spec_config_schema, &config));
	release();
}

static void expect_invalid(const char *path)
{
	char error_path[4096];
	cleanup_free char *expected = NULL;
	int r = load(path);

	snprintf(error_path, sizeof error_path, "%.*s.error", (int)(strlen(path) - strlen(".json")),
		 path);
	expected = data_read(error_path);
	expected[strcspn(expected, "\n")] = '\0';
	cr_expect_lt(r, 0, "%s is accepted", path);
	cr_expect_eq(r, -err.code, "%s", path);
	cr_expect_str_eq(err.text, expected, "%s: '%s' is not '%s'", path, err.text, expected);
	release();
}

Test(config_validate, valid_documents_are_accepted_and_survive_a_round_trip)
{
	cr_expect_gt(data_each("config/valid", expect_valid), 5);
}

Test(config_validate, invalid_documents_are_refused_with_their_error)
{
	cr_expect_gt(data_each("config/invalid", expect_invalid), 100);
}

Test(config_validate, one_half_of_a_mounts_mappings_is_refused)
{
	cr_expect_eq(load("config/invalid/mount-uid-mappings.json"), -EINVAL);
}

Test(config_validate, an_empty_document_is_refused_without_a_crash)
{
	cr_expect_eq(spec_config_validate(&config, &err), -EINVAL);
	config.oci_version = strdup("1.0.0");
	cr_expect_eq(spec_config_validate(&config, &err), -EINVAL);
	cr_expect_str_eq(err.text, "root: is required");
}
