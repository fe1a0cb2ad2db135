/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

static char *printed(const struct plan *plan)
{
	struct error err = {};
	char *text = NULL;

	cr_assert_eq(plan_print(plan, &text, &err), 0, "%s", err.text);
	return text;
}

Test(plan_print, what_is_absent_takes_no_line)
{
	struct plan plan = { .id = "web1", .mounts.mount_namespace = true };
	char *text = printed(&plan);

	cr_expect_str_eq(text, "id web1\nkeyring inherited\n\nnamespaces\n\nprocess none\n");
	free(text);
}

Test(plan_print, no_string_of_the_config_can_forge_a_line)
{
	char *args[] = { "a\nid evil", "b\"c\\", "\x7f\x01" };
	struct plan plan = { .id = "web1", .process = { .present = true, .args = { args, 3 } } };
	char *text = printed(&plan);

	cr_expect_not_null(strstr(text, "  args \"a\\x0aid evil\" \"b\\\"c\\\\\" \"\\x7f\\x01\"\n"),
			   "%s", text);
	cr_expect_null(strstr(text, "\nid evil"));
	free(text);
}

Test(plan_print, a_changed_device_program_changes_the_text)
{
	struct bpf_insn program[2] = { { .code = 0xb7 }, { .code = 0x95 } };
	struct plan plan = { .id = "web1",
			     .cgroup = { .path = "/ctr/web1",
					 .device_filter = true,
					 .device_program = { program, 2 } } };
	char *before = printed(&plan), *after;

	program[0].imm = 1;
	after = printed(&plan);
	cr_expect_str_neq(before, after);
	cr_expect_not_null(strstr(after, "device program: 2 instructions"));
	free(before);
	free(after);
}
