/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <errno.h>

#include "spec/image.h"
#include "tests/unit/spec/data.h"

static struct error err;

Test(image_schema, a_manifest_names_its_blobs)
{
	struct spec_image_manifest manifest = { 0 };

	data_decode(&spec_image_manifest_schema,
		    "{\"schemaVersion\":2,\"config\":{\"digest\":\"c\",\"size\":1},"
		    "\"layers\":[{\"digest\":\"l\",\"size\":18446744073709551615}]}",
		    &manifest);
	cr_expect_str_eq(manifest.config->digest, "c");
	cr_expect_eq(manifest.layers.item[0].size.value, UINT64_MAX);
	json_release(&spec_image_manifest_schema, &manifest);
}

Test(image_schema, a_negative_size_is_refused)
{
	static const char text[] = "{\"layers\":[{\"digest\":\"l\",\"size\":-1}]}";
	struct spec_image_manifest manifest = { 0 };

	cr_expect_eq(json_decode(&spec_image_manifest_schema, text, strlen(text), &manifest, &err),
		     -EINVAL);
	json_release(&spec_image_manifest_schema, &manifest);
}

Test(image_schema, a_config_says_what_runs_and_what_the_layers_are)
{
	struct spec_image_config config = { 0 };

	data_decode(&spec_image_config_schema,
		    "{\"architecture\":\"amd64\",\"os\":\"linux\",\"config\":{\"User\":\"1\","
		    "\"Env\":[\"A=B\"],\"Entrypoint\":[\"/e\"],\"Cmd\":[\"c\"],"
		    "\"WorkingDir\":\"/w\",\"Volumes\":{\"/v\":{}}},"
		    "\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\"d\"]}}",
		    &config);
	cr_expect_str_eq(config.config->entrypoint.item[0], "/e");
	cr_expect_str_eq(config.config->working_dir, "/w");
	cr_expect_str_eq(config.rootfs->diff_ids.item[0], "d");
	json_release(&spec_image_config_schema, &config);
}
