/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>

#include "systemd/value.h"

static struct systemd_value parse(const char *text)
{
	struct systemd_value value = {};
	struct error err = {};

	cr_assert_eq(systemd_value_parse(text, &value, &err), 0, "%s: %s", text, err.text);
	return value;
}

static void expect_error(const char *text, const char *why)
{
	struct systemd_value value = {};
	struct error err = {};

	cr_expect_eq(systemd_value_parse(text, &value, &err), -EINVAL, "%s", text);
	cr_expect_not_null(strstr(err.text, why), "%s: %s", text, err.text);
	systemd_value_release(&value);
}

Test(systemd_value, numbers_have_the_type_that_is_said_or_int32)
{
	static const struct {
		const char *text, *signature;
		uint64_t number;
	} cases[] = {
		{ "5", "i", 5 },
		{ " -5 ", "i", (uint64_t)-5 },
		{ "uint64 18446744073709551615", "t", UINT64_MAX },
		{ "@t 0x10", "t", 16 },
		{ "byte 255", "y", 255 },
		{ "int64 -9223372036854775808", "x", UINT64_C(1) << 63 },
		{ "int16 -32768", "n", (uint64_t)-32768 },
		{ "uint32 4294967295", "u", UINT32_MAX },
		{ "true", "b", 1 },
		{ "boolean false", "b", 0 },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		cleanup_value struct systemd_value v = parse(cases[i].text);

		cr_expect_str_eq(v.signature, cases[i].signature, "%s", cases[i].text);
		cr_expect_eq(v.number, cases[i].number, "%s", cases[i].text);
	}
}

Test(systemd_value, a_number_with_a_point_is_a_double)
{
	cleanup_value struct systemd_value plain = parse("1.5"), said = parse("double 2");

	cr_assert_str_eq(plain.signature, "d");
	cr_assert_eq(plain.real, 1.5);
	cr_assert_str_eq(said.signature, "d");
	cr_assert_eq(said.real, 2);
}

Test(systemd_value, strings_have_either_quote_and_escapes)
{
	cleanup_value struct systemd_value single = parse("'a\\'b\\\\\\n'"), two = parse("\"a'b\"");
	cleanup_value struct systemd_value path = parse("objectpath '/a'");

	cr_assert_str_eq(single.text, "a'b\\\n");
	cr_assert_str_eq(two.text, "a'b");
	cr_assert_str_eq(path.signature, "o");
}

Test(systemd_value, the_first_element_of_an_array_says_the_type_of_all)
{
	cleanup_value struct systemd_value v = parse("[byte 1, 2,3]");

	cr_assert_str_eq(v.signature, "ay");
	cr_assert_eq(v.items.n, 3);
	cr_assert_str_eq(v.items.item[2].signature, "y");
	cr_assert_eq(v.items.item[2].number, 3);
}

Test(systemd_value, arrays_and_tuples_nest)
{
	cleanup_value struct systemd_value v = parse("[('/dev/null', 'rw'), ('/dev/zero', 'r')]");
	cleanup_value struct systemd_value empty = parse("@a(ss) []");
	cleanup_value struct systemd_value typed = parse("@a(st) [('a', 1)]");

	cr_assert_str_eq(v.signature, "a(ss)");
	cr_assert_str_eq(v.items.item[1].items.item[0].text, "/dev/zero");
	cr_assert_str_eq(empty.signature, "a(ss)");
	cr_assert_eq(empty.items.n, 0);
	cr_assert_str_eq(typed.items.item[0].items.item[1].signature, "t");
}

Test(systemd_value, what_is_wrong_is_said_with_its_place)
{
	expect_error("", "at character 1 of '': wants a value");
	expect_error("5 6", "at character 3 of '5 6': something stands behind the value");
	expect_error("'a", "the string has no end");
	expect_error("'\\q'", "there is no such escape");
	expect_error("[1, 'a']", "of another type");
	expect_error("[]", "an empty array needs its type");
	expect_error("[1 2]", "wants , or ]");
	expect_error("()", "of another type");
	expect_error("@(ss) ('a')", "of another type");
	expect_error("@(s) ('a', 'b')", "of another type");
	expect_error("@z 1", "there is no such type");
	expect_error("@() ()", "there is no such type");
	expect_error("byte 256", "does not fit");
	expect_error("2147483648", "does not fit");
	expect_error("uint32 -1", "does not fit");
	expect_error("99999999999999999999", "does not fit");
	expect_error("nonsense", "wants a value");
	expect_error("boolean 1", "of another type");
	expect_error("[[[[[[[[[[1]]]]]]]]]]", "nested too deeply");
	expect_error("@aaaaaaaaaaay []", "there is no such type");
}
