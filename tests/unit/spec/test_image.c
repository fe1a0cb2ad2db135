/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <errno.h>

#include "spec/image.h"
#include "tests/unit/spec/data.h"

static struct spec_image_index image_index;
static struct error err;

static void release(void)
{
	json_release(&spec_image_index_schema, &image_index);
}

TestSuite(image, .fini = release);

static int choose(const char *tag)
{
	return spec_image_choose(image_index.manifests.item, image_index.manifests.n, tag, "amd64",
				 &err);
}

#define TAGGED(digest, tag) \
	"{\"digest\":\"" digest "\",\"annotations\":{\"" SPEC_IMAGE_REF_NAME "\":\"" tag "\"}}"
#define FOR(digest, os, architecture)                                                          \
	"{\"digest\":\"" digest "\",\"platform\":{\"os\":\"" os "\",\"architecture\":\"" \
	architecture "\"}}"

Test(image, the_only_one_needs_no_tag)
{
	data_decode(&spec_image_index_schema, "{\"manifests\":[" TAGGED("a", "x") "]}",
		    &image_index);
	cr_expect_eq(choose(NULL), 0);
	cr_expect_eq(choose("x"), 0);
	cr_expect_eq(choose("y"), -ENOENT);
	cr_expect(strstr(err.text, "tags: x"));
}

Test(image, of_several_the_tag_chooses)
{
	data_decode(&spec_image_index_schema,
		    "{\"manifests\":[" TAGGED("a", "x") "," TAGGED("b", "docker.io/n:y") "]}",
		    &image_index);
	cr_expect_eq(choose(NULL), -EINVAL);
	cr_expect_eq(choose("y"), 1);
}

Test(image, of_several_platforms_ours_is_taken)
{
	data_decode(&spec_image_index_schema,
		    "{\"manifests\":[" FOR("a", "linux", "arm64") "," FOR(
			    "b", "linux", "amd64") "," FOR("c", "unknown", "unknown") "]}",
		    &image_index);
	cr_expect_eq(choose(NULL), 1);
}

Test(image, docker_save_has_names_with_tags)
{
	struct spec_image_archive archive = { 0 };

	data_decode(&spec_image_archive_schema,
		    "{\"images\":[{\"Config\":\"a.json\",\"RepoTags\":[\"n:1\"]},"
		    "{\"Config\":\"b.json\",\"RepoTags\":[\"n:2\"]}]}",
		    &archive);
	cr_expect_eq(spec_image_choose_saved(&archive, "n:2", &err), 1);
	cr_expect_eq(spec_image_choose_saved(&archive, "1", &err), 0);
	cr_expect_eq(spec_image_choose_saved(&archive, NULL, &err), -EINVAL);
	cr_expect_eq(spec_image_choose_saved(&archive, "3", &err), -ENOENT);
	json_release(&spec_image_archive_schema, &archive);
}
