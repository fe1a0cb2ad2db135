/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <errno.h>

#include "spec/template.h"
#include "tests/unit/spec/data.h"

static struct spec_template document;
static struct error err;

static void release(void)
{
	json_release(&spec_template_schema, &document);
}

TestSuite(template_schema, .fini = release);

static const char whole[] =
	"{\"name\":\"web\",\"created\":\"2024-01-01T00:00:00Z\",\"source\":\"image\","
	"\"digest\":\"sha256:0\",\"parent\":\"base\",\"layers\":[\"a\",\"b\"],\"entries\":3,"
	"\"size\":4,\"system\":{\"distribution\":\"debian\",\"version\":\"12\","
	"\"architecture\":\"amd64\",\"init\":\"systemd\",\"packageManager\":\"apt\"},"
	"\"process\":{\"args\":[\"sh\"],\"env\":[\"A=B\"],\"user\":\"1:2\",\"cwd\":\"/\","
	"\"stopSignal\":\"SIGINT\"},\"scrub\":[\"/etc/machine-id\"]}";

Test(template_schema, a_whole_document_survives_a_round_trip)
{
	cleanup_free char *text = NULL;

	data_decode(&spec_template_schema, whole, &document);
	cr_assert_eq(json_encode(&spec_template_schema, &document, JSON_COMPACT, &text, &err), 0);
	cr_expect_str_eq(text, whole);
}

Test(template_schema, a_document_without_a_digest_is_none)
{
	static const char text[] = "{\"name\":\"web\",\"created\":\"x\",\"source\":\"tar\"}";

	cr_expect_eq(json_decode(&spec_template_schema, text, strlen(text), &document, &err),
		     -EINVAL);
	cr_expect_str_eq(err.text, "digest: is required");
}

Test(template_schema, of_any_document_the_layers_can_be_read)
{
	struct spec_references references = { 0 };

	data_decode(&spec_references_schema,
		    "{\"template\":{\"name\":\"web\"},\"layers\":[\"a\"],\"other\":{\"x\":[1]}}", &references);
	cr_expect_str_eq(references.template_->name, "web");
	cr_expect_eq(references.layers.n, 1u);
	json_release(&spec_references_schema, &references);
}

Test(template_schema, a_layer_may_have_no_digest_yet)
{
	struct spec_layer layer = { 0 };

	data_decode(&spec_layer_schema, "{\"id\":\"a\",\"created\":\"x\"}", &layer);
	cr_expect_null(layer.digest);
	json_release(&spec_layer_schema, &layer);
}
