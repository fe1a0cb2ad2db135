/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/cleanup.h"
#include "base/json.h"
#include "base/str.h"

static const char *const colours[] = { "red", "green", "blue", NULL };
static const char *const digits[] = { "zero", "one",   "two",	"three", "four", "five",
				      "six",  "seven", "eight", "nine",	 NULL };

struct part {
	char *name;
	struct optional_int id;
	bool needed;
};
struct keyed {
	char *key;
	struct optional_int limit;
};
struct doc {
	char *text;
	bool flag;
	struct optional_bool choice;
	struct optional_int number, small;
	struct optional_uint big;
	struct optional_int colour, digit;
	LIST_OF(char *) words;
	LIST_OF(int64_t) numbers;
	LIST_OF(int) colours;
	struct part *part;
	LIST_OF(struct part) parts;
	LIST_OF(struct json_pair) labels;
	LIST_OF(struct keyed) limits;
};

/* clang-format off */
static SCHEMA(part,
	NEEDS_STRING(part, name, "name"),
	ID(part, id, "id"),
	BOOL(part, needed, "needed"));
static SCHEMA(keyed,
	INT(keyed, limit, "limit"));
static SCHEMA(doc,
	STRING(doc, text, "text"),
	BOOL(doc, flag, "flag"),
	OPT_BOOL(doc, choice, "choice"),
	INT(doc, number, "number"),
	RANGE(doc, small, "small", -5, 5),
	UINT(doc, big, "big"),
	ENUM(doc, colour, "colour", colours),
	ENUM(doc, digit, "digit", digits),
	STRINGS(doc, words, "words"),
	INTS(doc, numbers, "numbers", 0, JSON_ID_MAX),
	ENUMS(doc, colours, "colours", colours),
	OBJECT(doc, part, "part", part),
	OBJECTS(doc, parts, "parts", part),
	MAP(doc, labels, "labels"),
	OBJECT_MAP(doc, limits, "limits", keyed),
	UNSUPPORTED("intelRdt"));

static const char full[] =
	"{\"text\":\"a\\\"b\\\\\\n\\u0001\xf0\x9f\x98\x80\",\"flag\":true,\"choice\":false,"
	"\"number\":-9223372036854775808,\"small\":5,\"big\":18446744073709551615,"
	"\"colour\":\"blue\",\"words\":[\"\",\"b\"],\"numbers\":[0,4294967294],"
	"\"colours\":[\"green\",\"red\"],\"part\":{\"name\":\"p\",\"id\":0},"
	"\"parts\":[{\"name\":\"q\"},{\"name\":\"r\",\"needed\":true}],"
	"\"labels\":{\"a.b\":\"1\",\"\":\"2\"},\"limits\":{\"mlx\":{\"limit\":3},\"x\":{}}}";
/* clang-format on */

static int decode(const char *text, struct doc *ret, struct error *err)
{
	*ret = (struct doc){};
	return json_decode(&doc_schema, text, strlen(text), ret, err);
}

/* What json_decode says of the text; "" when it takes it. */
static const char *verdict_n(const char *text, size_t len)
{
	static struct error err;
	struct doc doc = {};
	int r = json_decode(&doc_schema, text, len, &doc, &err);

	json_release(&doc_schema, &doc);
	cr_expect(r == 0 || (r == -EINVAL && err.code == EINVAL));
	return r ? err.text : "";
}

static const char *verdict(const char *text)
{
	return verdict_n(text, strlen(text));
}

Test(json, every_kind_of_row_is_decoded)
{
	struct doc d;
	struct error err;

	cr_assert_eq(decode(full, &d, &err), 0);
	cr_expect_str_eq(d.text, "a\"b\\\n\x01\xf0\x9f\x98\x80");
	cr_expect(d.flag && d.choice.set && !d.choice.value);
	cr_expect(d.number.set && d.number.value == INT64_MIN && d.small.value == 5);
	cr_expect(d.big.set && d.big.value == UINT64_MAX);
	cr_expect(d.colour.set && d.colour.value == 2 && !d.digit.set);
	cr_expect(d.words.n == 2 && !strcmp(d.words.item[1], "b"));
	cr_expect(d.numbers.n == 2 && d.numbers.item[1] == 4294967294);
	cr_expect(d.colours.n == 2 && d.colours.item[0] == 1 && d.colours.item[1] == 0);
	cr_expect(d.part && !strcmp(d.part->name, "p") && d.part->id.set && !d.part->needed);
	cr_expect(d.parts.n == 2 && !d.parts.item[0].id.set && d.parts.item[1].needed);
	cr_expect(d.labels.n == 2 && !strcmp(d.labels.item[0].key, "a.b"));
	cr_expect_str_eq(d.labels.item[1].value, "2");
	cr_expect(d.limits.n == 2 && !strcmp(d.limits.item[0].key, "mlx"));
	cr_expect(d.limits.item[0].limit.value == 3 && !d.limits.item[1].limit.set);
	json_release(&doc_schema, &d);
	cr_expect(!d.text && !d.part && !d.words.item && !d.parts.n);
}

Test(json, encoding_gives_back_what_was_decoded)
{
	struct doc d;
	struct error err;
	cleanup_free char *compact = NULL, *indented = NULL, *again = NULL;

	cr_assert_eq(decode(full, &d, &err), 0);
	cr_assert_eq(json_encode(&doc_schema, &d, JSON_COMPACT, &compact, &err), 0);
	cr_expect_str_eq(compact, full);
	cr_assert_eq(json_encode(&doc_schema, &d, JSON_INDENTED, &indented, &err), 0);
	json_release(&doc_schema, &d);
	cr_assert_eq(decode(indented, &d, &err), 0);
	cr_assert_eq(json_encode(&doc_schema, &d, JSON_COMPACT, &again, &err), 0);
	cr_expect_str_eq(again, full);
	json_release(&doc_schema, &d);
}

Test(json, the_indented_form_is_for_people)
{
	struct doc d;
	struct error err;
	cleanup_free char *text = NULL;

	cr_assert_eq(decode("{\"words\":[\"a\",\"b\"],\"limits\":{\"k\":{}}}", &d, &err), 0);
	cr_assert_eq(json_encode(&doc_schema, &d, JSON_INDENTED, &text, &err), 0);
	cr_expect_str_eq(text, "{\n"
			       "  \"words\": [\n"
			       "    \"a\",\n"
			       "    \"b\"\n"
			       "  ],\n"
			       "  \"limits\": {\n"
			       "    \"k\": {}\n"
			       "  }\n"
			       "}\n");
	json_release(&doc_schema, &d);
}

Test(json, what_is_absent_is_left_out)
{
	struct doc d = { .flag = false };
	struct error err;
	cleanup_free char *text = NULL;

	cr_assert_eq(json_encode(&doc_schema, &d, JSON_COMPACT, &text, &err), 0);
	cr_expect_str_eq(text, "{}");
}

Test(json, bytes_that_are_not_utf8_are_encoded_as_the_replacement_character)
{
	struct doc d = { .text = (char *)"a\xff\xed\xa0\x80z\x7f\xc3\xa9" };
	struct error err;
	cleanup_free char *text = NULL;

	cr_assert_eq(json_encode(&doc_schema, &d, JSON_COMPACT, &text, &err), 0);
	cr_expect_str_eq(text, "{\"text\":\"a\\ufffd\\ufffd\\ufffd\\ufffdz\x7f\xc3\xa9\"}");
	cr_expect_str_eq(verdict(text), "");
}

Test(json, null_counts_as_absent)
{
	struct doc d;
	struct error err;

	cr_assert_eq(decode("{\"text\":null,\"part\":null,\"words\":null,\"intelRdt\":null,"
			    "\"labels\":{\"a\":null,\"b\":\"x\"},\"number\":null}",
			    &d, &err),
		     0);
	cr_expect(!d.text && !d.part && !d.words.n && !d.number.set);
	cr_expect(d.labels.n == 1 && !strcmp(d.labels.item[0].key, "b"));
	json_release(&doc_schema, &d);
	cr_expect_str_eq(verdict("{\"part\":{\"name\":null}}"), "part.name: is required");
	cr_expect_str_eq(verdict("{\"words\":[null]}"), "words[0]: wants a string");
}

Test(json, errors_name_the_path)
{
	static const char *const cases[][2] = {
		{ "{\"text\":1}", "text: wants a string" },
		{ "{\"flag\":\"true\"}", "flag: wants true or false" },
		{ "{\"choice\":0}", "choice: wants true or false" },
		{ "{\"number\":\"5\"}", "number: wants a whole number" },
		{ "{\"words\":\"a\"}", "words: wants an array" },
		{ "{\"words\":[\"a\",7]}", "words[1]: wants a string" },
		{ "{\"part\":[]}", "part: wants an object" },
		{ "{\"part\":{}}", "part.name: is required" },
		{ "{\"parts\":[{\"name\":\"a\"},{\"name\":\"b\",\"id\":4294967295}]}",
		  "parts[1].id: 4294967295 is out of range (0 to 4294967294)" },
		{ "{\"parts\":[3]}", "parts[0]: wants an object" },
		{ "{\"numbers\":[-1]}", "numbers[0]: -1 is out of range (0 to 4294967294)" },
		{ "{\"labels\":{\"a.b\":1}}", "labels['a.b']: wants a string" },
		{ "{\"labels\":[]}", "labels: wants an object" },
		{ "{\"limits\":{\"mlx\":{\"limit\":true}}}",
		  "limits['mlx'].limit: wants a whole number" },
		{ "{\"colour\":\"pink\"}",
		  "colour: unknown value 'pink' (one of red, green, blue)" },
		{ "{\"digit\":\"ten\"}",
		  "digit: unknown value 'ten' (one of zero, one, two, three, "
		  "four, five, six, seven, ...)" },
		{ "{\"colours\":[\"red\",\"Red\"]}",
		  "colours[1]: unknown value 'Red' (one of red, green, blue)" },
		{ "{\"intelRdt\":{}}", "intelRdt: is not supported by this version of ctr" },
		{ "[]", "document: wants an object" },
		{ "3", "document: wants an object" },
		{ "null", "document: wants an object" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		cr_expect_str_eq(verdict(cases[i][0]), cases[i][1]);
}

Test(json, integers_are_exact)
{
	struct doc d;
	struct error err;
	char text[500] = "{\"big\":";

	cr_assert_eq(decode("{\"number\":9223372036854775807,\"small\":-0,\"big\":-0}", &d, &err),
		     0);
	cr_expect(d.number.value == INT64_MAX && d.small.set && !d.small.value && d.big.set);
	json_release(&doc_schema, &d);
	cr_expect_str_eq(verdict("{\"small\":1e0}"), "small: wants a whole number");
	cr_expect_str_eq(verdict("{\"small\":1E0}"), "small: wants a whole number");
	cr_expect_str_eq(verdict("{\"small\":1.0}"), "small: wants a whole number");
	cr_expect_str_eq(verdict("{\"small\":6}"), "small: 6 is out of range (-5 to 5)");
	cr_expect_str_eq(verdict("{\"big\":-1}"),
			 "big: -1 is out of range (0 to 18446744073709551615)");
	cr_expect_neq(verdict("{\"big\":18446744073709551616}")[0], '\0');
	cr_expect_neq(verdict("{\"number\":9223372036854775808}")[0], '\0');
	cr_expect_neq(verdict("{\"number\":-9223372036854775809}")[0], '\0');
	cr_expect_neq(verdict("{\"number\":01}")[0], '\0');
	cr_expect_neq(verdict("{\"number\":+1}")[0], '\0');
	memset(text + 7, '9', 400);
	strcpy(text + 407, "}");
	cr_expect(!strncmp(verdict(text), "big: 9999999", 12) && strlen(verdict(text)) < 150);
	memset(text + 7, '0', 400); /* a leading zero, 400 times */
	cr_expect_neq(verdict(text)[0], '\0');
}

Test(json, unknown_properties_are_ignored_but_must_be_json)
{
	cr_expect_str_eq(verdict("{\"x\":{\"y\":[1.5e300,{\"z\":null}]},\"flag\":true}"), "");
	cr_expect_str_eq(verdict("{\"x\":{\"y\":[0,{\"z\":1,\"z\":1}]}}"),
			 "x.y[1]: duplicate key 'z'");
}

Test(json, duplicate_keys_are_refused_anywhere)
{
	cleanup_str struct str s = {};

	cr_expect_str_eq(verdict("{\"a\":1,\"b\":2,\"a\":3}"), "duplicate key 'a'");
	cr_expect_str_eq(verdict("{\"a\":{\"b\":null,\"\\u0062\":null}}"), "a: duplicate key 'b'");
	cr_expect_str_eq(verdict("[{},[{\"k\":1,\"k\":1}]]"), "[1][0]: duplicate key 'k'");
	str_add(&s, "{\"labels\":{");
	for (int i = 0; i < 1000; i++)
		str_addf(&s, "\"a_long_key_%d\":\"\",", i);
	str_add(&s, "\"a_long_key_77\":\"\"}}");
	cr_expect_str_eq(verdict(s.text), "labels: duplicate key 'a_long_key_77'");
	s.text[s.len - 8] = 'x';
	cr_expect_str_eq(verdict(s.text), "");
}

Test(json, a_nul_is_refused_in_strings_and_keys)
{
	cr_expect_str_eq(verdict("{\"words\":[\"a\\u0000b\"]}"), "words[0]: contains \\u0000");
	cr_expect_str_eq(verdict("{\"x\":{\"a\\u0000\":1}}"), "x: a key contains \\u0000");
	cr_expect_str_eq(verdict("{\"\\u0000\":1}"), "a key contains \\u0000");
	cr_expect_neq(verdict_n("{\"text\":\"a\0b\"}", 14)[0], '\0');
	cr_expect_neq(verdict_n("{}\0", 3)[0], '\0');
}

Test(json, text_must_be_utf8_in_its_shortest_form)
{
	static const char *const wrong[] = {
		"\xc0\x80", "\xc1\xbf",		"\xe0\x80\x80",	    "\xed\xa0\x80",
		"\x80",	    "\xf0\x80\x80\x80", "\xf4\x90\x80\x80", "\xff",
		"\xc3",	    "\xe2\x82",		"\xf5\x80\x80\x80"
	};
	char text[64];

	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		snprintf(text, sizeof text, "{\"x\":\"%s\"}", wrong[i]);
		cr_expect_str_eq(verdict(text), "line 1, column 7: not UTF-8");
	}
	cr_expect_str_eq(verdict("{\"x\":\"\xc2\x80\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80"
				 "\xf0\x90\x80\x80\xf4\x8f\xbf\xbf\"}"),
			 "");
	cr_expect_str_eq(verdict("\xef\xbb\xbf{}"),
			 "line 1, column 1: begins with a byte order mark");
}

Test(json, escaped_surrogates_come_in_pairs)
{
	static const char *const wrong[] = {
		"\\ud800",	  "\\udc00",	     "\\uD83D\\u0041",
		"\\ud83d\\ud83d", "\\ud83dx\\ude00", "\\udbff\\\\udfff"
	};
	char text[64];
	struct doc d;
	struct error err;

	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		snprintf(text, sizeof text, "{\"x\":\"%s\"}", wrong[i]);
		cr_expect_str_eq(verdict(text), "line 1, column 7: half of a surrogate pair");
	}
	cr_assert_eq(decode("{\"text\":\"\\uD83d\\uDe00\\\\ud800\"}", &d, &err), 0);
	cr_expect_str_eq(d.text, "\xf0\x9f\x98\x80\\ud800");
	json_release(&doc_schema, &d);
}

Test(json, syntax_errors_name_line_and_column_in_one_line)
{
	static const char *const cases[][2] = {
		{ "", "line 1, column 1: " },
		{ "{\"a\":1,\n \"b\" 2}", "line 2, column 6: " },
		{ "{\"\xc3\xa9\": tru}", "line 1, column 10: " },
		{ "{} x", "line 1, column 4: " },
		{ "{}{}", "line 1, column 3: " },
		{ "{\"a\":1,}", "line 1, column 8: " },
		{ "// c\n{}", "line 1, column 1: " },
		{ "{/* c */}", "line 1, column 2: " },
		{ "{'a':1}", "line 1, column 2: " },
		{ "{\"a\":\"b", "line 1, column 8: " },
		{ "{\"a\":[1 2]}", "line 1, column 9: " },
		{ "{\"a\":\"\t\"}", "line 1, column 7: " },
		{ "{\"a\":\"\\x\"}", "line 1, column 8: " },
		{ "{\"a\":\"\\u12", "line 1, column " },
		{ "{\"a\":NaN}", "line 1, column 6: " },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const char *got = verdict(cases[i][0]);

		cr_expect(!strncmp(got, cases[i][1], strlen(cases[i][1])), "%s: %s", cases[i][0],
			  got);
		cr_expect(!strchr(got, '\n') && got[strlen(got) - 1] != '.');
	}
}

Test(json, input_in_errors_is_printable_and_short)
{
	char text[300] = "{\"colour\":\"";

	cr_expect_str_eq(verdict("{\"colour\":\"\\u001b[31m\\n\\u009b\\u007f\xc3\xa9\"}"),
			 "colour: unknown value '?[31m???\xc3\xa9' (one of red, green, blue)");
	memset(text + 11, 'x', 200);
	strcpy(text + 211, "\"}");
	cr_expect(strstr(verdict(text), "xxx...' (one of red, green, blue)") &&
		  strlen(verdict(text)) < 130);
}

Test(json, depth_is_limited)
{
	char text[200];

	memset(text, '[', JSON_DEPTH_MAX);
	memset(text + JSON_DEPTH_MAX, ']', JSON_DEPTH_MAX);
	cr_expect_str_eq(verdict_n(text, 2 * JSON_DEPTH_MAX), "document: wants an object");
	memset(text, '[', JSON_DEPTH_MAX + 1);
	cr_expect_str_eq(verdict_n(text, JSON_DEPTH_MAX + 1),
			 "document nests deeper than 64 levels");
}

Test(json, size_is_limited)
{
	const size_t size = (size_t)JSON_SIZE_MAX + 1;
	cleanup_free char *text = malloc(size);

	memset(text, ' ', size);
	memcpy(text, "{}", 2);
	cr_expect_str_eq(verdict_n(text, size), "document is larger than 16 MiB");
	cr_expect_str_eq(verdict_n(text, size - 1), "");
}

static double seconds_for(const char *text, size_t len)
{
	struct timespec from, to;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
	verdict_n(text, len);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
	return to.tv_sec - from.tv_sec + (to.tv_nsec - from.tv_nsec) / 1e9;
}

Test(json, hostile_documents_end_soon)
{
	cleanup_str struct str s = {};
	const size_t n = 2000000;
	cleanup_free char *brackets = malloc(n);

	memset(brackets, '[', n);
	cr_expect_lt(seconds_for(brackets, n), 5);
	memset(brackets, '{', n);
	cr_expect_lt(seconds_for(brackets, n), 5);
	str_add(&s, "{\"labels\":{");
	for (int i = 0; i < 300000; i++)
		str_addf(&s, "\"%d\":\"\",", i);
	str_add(&s, "\"x\":1}}");
	cr_expect_lt(seconds_for(s.text, s.len), 5);
	cr_expect_str_eq(verdict_n(s.text, s.len), "labels['x']: wants a string");
}

Test(json, a_failed_document_can_be_released)
{
	struct doc d;
	struct error err;

	cr_assert_lt(decode("{\"text\":\"a\",\"part\":{\"name\":\"b\",\"id\":\"c\"}}", &d, &err),
		     0);
	json_release(&doc_schema, &d);
	cr_assert_lt(decode("{\"labels\":{\"a\":\"b\",\"c\":1},\"words\":[\"x\",1]}", &d, &err), 0);
	json_release(&doc_schema, &d);
	json_release(&doc_schema, &d);
}

/* The lexer alone takes a string that begins behind the document and never ends. */
Test(json, nothing_but_blanks_may_follow_the_document)
{
	static const char *const bad[] = { "{}\"", "{} \"}", "{}x", "{}{}", "{} // no", "{}\n1" };
	struct error failure = { 0 };
	struct doc doc = { 0 };

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		cr_expect_eq(decode(bad[i], &doc, &failure), -EINVAL, "%s", bad[i]);
		json_release(&doc_schema, &doc);
	}
}
