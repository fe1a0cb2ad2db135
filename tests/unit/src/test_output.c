/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "src/output.h"

struct sink {
	FILE *file;
	char *text;
	size_t size;
};

static struct sink *open_sink(struct sink *sink)
{
	*sink = (struct sink){ 0 };
	sink->file = open_memstream(&sink->text, &sink->size);
	cr_assert_not_null(sink->file);
	return sink;
}

static void expect_text(struct sink *sink, const char *text)
{
	fclose(sink->file);
	cr_expect_str_eq(sink->text, text);
	free(sink->text);
}

Test(output, columns_are_as_wide_as_their_longest_cell)
{
	static const char *const cells[] = { "ID",
					     "PID",
					     "BUNDLE",
					     "w\xc3\xa9"
					     "b1",
					     "7",
					     "/b",
					     "x",
					     NULL,
					     "" };
	struct sink sink;

	output_table(open_sink(&sink)->file, cells, 3, 3);
	expect_text(&sink, "ID    PID  BUNDLE\n"
			   "w\xc3\xa9"
			   "b1  7    /b\n"
			   "x     -    -\n");
}

Test(output, control_characters_do_not_reach_the_terminal)
{
	struct sink sink;

	output_plain(open_sink(&sink)->file, "a\x1b[2J\n\xc2\x9b"
					     "b\xff");
	expect_text(&sink, "a?[2J??b?");
}

Test(output, a_replaced_byte_keeps_the_columns_aligned)
{
	static const char *const cells[] = { "a\x80\xff", "1", "abc", "2" };
	struct sink sink;

	output_table(open_sink(&sink)->file, cells, 2, 2);
	expect_text(&sink, "a??  1\nabc  2\n");
}

Test(output, json_strings_are_escaped_and_valid_utf8)
{
	struct sink sink;

	output_json_string(open_sink(&sink)->file,
			   "\"\\\n\x7f \xe2\x82\xac \xc0\x80 \xed\xa0\x80 \xf5");
	expect_text(&sink,
		    "\"\\\"\\\\\\u000a\\u007f \xe2\x82\xac \\ufffd\\ufffd \\ufffd\\ufffd\\ufffd "
		    "\\ufffd\"");
}

Test(output, an_error_is_one_object_on_one_line)
{
	struct ctr_error err = { .code = ENOENT,
				 .error_class = CTR_E_NOT_FOUND,
				 .text = "no \"x\"" };
	struct sink sink;

	output_error(open_sink(&sink)->file, &err, &(struct output_failure){ "start", "web1", 66 });
	fflush(sink.file);
	cr_expect(strstr(sink.text,
			 "\"errno\":\"ENOENT\",\"message\":\"no \\\"x\\\"\",\"container\":\"web1\","
			 "\"command\":\"start\",\"remedy\":\""),
		  "%s", sink.text);
	cr_expect(strstr(sink.text, "\"status\":66}\n"), "%s", sink.text);
	cr_expect_eq(strncmp(sink.text, "{\"class\":\"", 10), 0);
	cr_expect_eq(strchr(sink.text, '\n'), sink.text + strlen(sink.text) - 1);
	fclose(sink.file);
	free(sink.text);
}

Test(output, a_document_ends_with_one_newline)
{
	struct sink sink;

	open_sink(&sink);
	output_document(sink.file, strdup("{}"));
	output_document(sink.file, strdup("[]\n"));
	expect_text(&sink, "{}\n[]\n");
}

Test(output, lost_output_is_an_error)
{
	FILE *full = fopen("/dev/full", "w");
	struct ctr_error err = { 0 };

	cr_assert_not_null(full);
	fputs("x", full);
	cr_expect_eq(output_finish(full, &err), -ENOSPC);
	cr_expect_str_eq(err.text, "write the output: No space left on device");
	fclose(full);
}
