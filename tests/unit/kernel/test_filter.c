/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <errno.h>
#include <seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kernel/filter_number.h"
#include "tests/unit/kernel/filter_machine.h"

/* --- architectures ------------------------------------------------------------------- */

Test(filter, foreign_architectures_kill_the_process)
{
	struct filter *filter = new_filter(SECCOMP_RET_ALLOW, two_architectures);
	struct filter_program program = finish(filter, true);

	cr_expect_eq(ask(&program, AUDIT_ARCH_AARCH64, 1, 0, 0), SECCOMP_RET_KILL_PROCESS);
	cr_expect_eq(ask_native(&program, 1, 0, 0), SECCOMP_RET_ALLOW);
	free(program.filter);
}

Test(filter, x32_is_killed_unless_it_is_listed)
{
	const char *const with_x32[] = { "SCMP_ARCH_X86_64", "SCMP_ARCH_X32", NULL };
	struct filter *filter = new_filter(DENY, two_architectures);
	struct filter_program program;

	allow(filter, "getpid");
	program = finish(filter, false);
	cr_expect_eq(ask_native(&program, X32_BIT | SYS_getpid, 0, 0), SECCOMP_RET_KILL_PROCESS);
	cr_expect_eq(ask_native(&program, -1, 0, 0), DENY, "what a tracer sets to skip a call");
	free(program.filter);

	filter = new_filter(DENY, with_x32);
	allow(filter, "getpid");
	program = finish(filter, false);
	cr_expect_eq(ask_native(&program, X32_BIT | SYS_getpid, 0, 0), SECCOMP_RET_ALLOW);
	cr_expect_eq(ask_native(&program, X32_BIT | SYS_getppid, 0, 0), DENY);
	free(program.filter);
}

Test(filter, system_calls_newer_than_the_profile_get_enosys)
{
	const char *const all[] = { "SCMP_ARCH_X86_64", "SCMP_ARCH_X32", "SCMP_ARCH_X86", NULL };
	struct filter *filter = new_filter(DENY, all);
	struct filter_program program;

	allow(filter, "getpid");
	allow(filter, "openat2"); /* 437 everywhere */
	program = finish(filter, true);
	cr_expect_eq(ask_native(&program, 437, 0, 0), SECCOMP_RET_ALLOW);
	cr_expect_eq(ask_native(&program, 436, 0, 0), DENY);
	cr_expect_eq(ask_native(&program, 438, 0, 0), NO_SYSCALL);
	cr_expect_eq(ask_native(&program, 1000, 0, 0), NO_SYSCALL);
	cr_expect_eq(ask_native(&program, X32_BIT | 437, 0, 0), SECCOMP_RET_ALLOW);
	cr_expect_eq(ask_native(&program, X32_BIT | 436, 0, 0), DENY);
	cr_expect_eq(ask_native(&program, X32_BIT | 1000, 0, 0), NO_SYSCALL);
	cr_expect_eq(ask(&program, AUDIT_ARCH_I386, 436, 0, 0), DENY);
	cr_expect_eq(ask(&program, AUDIT_ARCH_I386, 438, 0, 0), NO_SYSCALL);
	free(program.filter);
}

Test(filter, enosys_leaves_an_architecture_alone_that_no_rule_names)
{
	struct filter *filter = new_filter(DENY, two_architectures);
	struct filter_program program;

	allow(filter, "newfstatat"); /* i386 has none */
	program = finish(filter, true);
	cr_expect_eq(ask(&program, AUDIT_ARCH_I386, 1000, 0, 0), DENY);
	cr_expect_eq(ask_native(&program, 1000, 0, 0), NO_SYSCALL);
	free(program.filter);
}

/* --- socketcall and ipc ---------------------------------------------------------------- */

Test(filter, i386_reaches_multiplexed_calls_by_both_ways)
{
	struct filter *filter = new_filter(DENY, two_architectures);
	struct filter_program program;

	allow(filter, "socket");
	allow(filter, "semop");
	program = finish(filter, true);
	cr_expect_eq(ask(&program, AUDIT_ARCH_I386, I386_socket, 1, 0), SECCOMP_RET_ALLOW);
	cr_expect_eq(ask(&program, AUDIT_ARCH_I386, I386_socketcall, 1, 0), SECCOMP_RET_ALLOW);
	cr_expect_eq(ask(&program, AUDIT_ARCH_I386, I386_socketcall, 2, 0), DENY);
	cr_expect_eq(ask(&program, AUDIT_ARCH_I386, I386_ipc, 1, 0), SECCOMP_RET_ALLOW);
	cr_expect_eq(ask(&program, AUDIT_ARCH_I386, I386_ipc, 0x10001, 0), SECCOMP_RET_ALLOW,
		     "the upper half is a version");
	cr_expect_eq(ask(&program, AUDIT_ARCH_I386, I386_ipc, 2, 0), DENY);
	free(program.filter);
}

Test(filter, conditions_behind_socketcall_count_as_fulfilled_and_allowing_wins)
{
	const struct filter_condition netlink_audit[] = { { 0, FILTER_EQ, 16, 0 },
							  { 2, FILTER_EQ, 9, 0 } };
	const struct filter_condition not_audit = { 2, FILTER_NE, 9, 0 };
	struct filter *filter = new_filter(DENY, two_architectures);
	struct filter_program program;
	struct error err = { 0 };

	cr_assert_eq(filter_add_rule(filter, "socket", SECCOMP_RET_ERRNO | EINVAL, netlink_audit, 2,
				     &err),
		     0);
	cr_assert_eq(filter_add_rule(filter, "socket", SECCOMP_RET_ALLOW, &not_audit, 1, &err), 0);
	program = finish(filter, false);
	cr_expect_eq(ask(&program, AUDIT_ARCH_I386, I386_socketcall, 1, 0), SECCOMP_RET_ALLOW);
	cr_expect_eq(ask(&program, AUDIT_ARCH_I386, I386_socket, 16, 0), SECCOMP_RET_ALLOW);
	free(program.filter);
}

Test(filter, direct_numbers_are_those_that_libseccomp_names)
{
	static const uint32_t tokens[] = { SCMP_ARCH_X86, SCMP_ARCH_S390X, SCMP_ARCH_PPC64LE };
	int found = 0;

	for (size_t i = 0; i < sizeof tokens / sizeof *tokens; i++) {
		for (int number = 320; number < 410; number++) {
			char *name = seccomp_syscall_resolve_num_arch(tokens[i], number);
			struct filter_number ret;

			if (name && seccomp_syscall_resolve_name_arch(tokens[i], name) < -1) {
				cr_assert(filter_number_find(tokens[i], name, &ret));
				cr_expect_eq(ret.number, number, "%s", name);
				found++;
			}
			free(name);
		}
	}
	cr_expect_gt(found, 60);
}

/* --- what is refused ------------------------------------------------------------------- */

Test(filter, unknown_names_are_ignored)
{
	struct filter *filter = new_filter(DENY, two_architectures);
	struct error err = { 0 };

	cr_expect_eq(filter_add_rule(filter, "no_such_call", SECCOMP_RET_ALLOW, NULL, 0, &err), 1);
	cr_expect_eq(filter_add_rule(filter, "", SECCOMP_RET_ALLOW, NULL, 0, &err), 1);
	cr_expect_eq(
		filter_add_rule(filter, "riscv_flush_icache", SECCOMP_RET_ALLOW, NULL, 0, &err), 1);
	filter_free(filter);
}

Test(filter, conditions_that_make_no_sense_are_refused)
{
	const struct filter_condition beyond = { 6, FILTER_EQ, 0, 0 };
	const struct filter_condition unknown = { 0, 99, 0, 0 };
	struct filter *filter = new_filter(DENY, two_architectures);
	struct error err = { 0 };

	cr_expect_eq(filter_add_rule(filter, "ioctl", SECCOMP_RET_ALLOW, &beyond, 1, &err),
		     -EINVAL);
	cr_expect_str_eq(err.text, "ioctl: argument 6: there are 0 to 5");
	cr_expect_eq(filter_add_rule(filter, "ioctl", SECCOMP_RET_ALLOW, &unknown, 1, &err),
		     -EINVAL);
	filter_free(filter);
}

Test(filter, unknown_or_late_architectures_are_refused)
{
	struct filter *filter = new_filter(DENY, two_architectures);
	struct error err = { 0 };

	cr_expect_eq(filter_add_architecture(filter, "SCMP_ARCH_VAX", &err), -EINVAL);
	cr_expect_eq(filter_add_architecture(filter, "x86", &err), -EINVAL);
	allow(filter, "ioctl");
	cr_expect_eq(filter_add_architecture(filter, "SCMP_ARCH_X32", &err), -EINVAL);
	filter_free(filter);
}

Test(filter, a_program_over_the_kernels_limit_is_an_error)
{
	struct filter *filter = new_filter(DENY, two_architectures);
	struct filter_program program = { 0 };
	struct error err = { 0 };

	for (uint64_t i = 0; i < 3000; i++) {
		const struct filter_condition condition = { 0, FILTER_EQ, i << 20, 0 };

		cr_assert_eq(
			filter_add_rule(filter, "ioctl", SECCOMP_RET_ALLOW, &condition, 1, &err),
			0);
	}
	cr_expect_eq(filter_export(filter, false, &program, &err), -E2BIG);
	cr_expect_null(program.filter);
	filter_free(filter);
}

Test(filter, long_programs_jump_right)
{
	struct filter *filter = new_filter(DENY, two_architectures);
	struct filter_program program;
	struct error err = { 0 };

	/* Every eighth value, so that the searches and the chains need trampolines. */
	for (uint64_t i = 0; i < 600; i++) {
		const struct filter_condition condition = { 0, FILTER_EQ, i * 8, 0 };

		cr_assert_eq(filter_add_rule(filter, "personality", SECCOMP_RET_ALLOW, &condition,
					     1, &err),
			     0);
	}
	allow(filter, "getpid");
	allow(filter, "openat2");
	program = finish(filter, true);
	for (uint64_t i = 0; i < 4800; i++)
		cr_assert_eq(ask_native(&program, SYS_personality, i, 0),
			     i % 8 ? DENY : SECCOMP_RET_ALLOW);
	cr_expect_eq(ask_native(&program, SYS_getpid, 0, 0), SECCOMP_RET_ALLOW);
	cr_expect_eq(ask_native(&program, SYS_getppid, 0, 0), DENY);
	cr_expect_eq(ask(&program, AUDIT_ARCH_I386, 20, 0, 0), SECCOMP_RET_ALLOW);
	cr_expect_eq(ask(&program, AUDIT_ARCH_I386, 438, 0, 0), NO_SYSCALL);
	free(program.filter);
}

/* --- the kernel ------------------------------------------------------------------------ */

/* Exit status of `body` in a child of its own. */
static int in_child(int (*body)(void))
{
	int status = 0;
	pid_t pid = fork();

	if (pid == 0)
		_exit(body());
	cr_assert_eq(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static int load_and_probe(void)
{
	const struct rule rule = { CALL(personality, SECCOMP_RET_ERRNO | 77), 0, { { 0 } } };
	struct filter *filter = new_filter(SECCOMP_RET_ALLOW, two_architectures);
	struct filter_program program;
	struct error err = { 0 };

	if (filter_add_rule(filter, rule.name, rule.action, NULL, 0, &err) < 0)
		return 1;
	program = finish(filter, true);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 || filter_load(&program, 0, &err) != 0)
		return 2;
	return syscall(SYS_personality, 0xffffffff) == -1 && errno == 77 && getppid() > 0 ? 0 : 3;
}

Test(filter, the_kernel_takes_the_program_and_obeys_it)
{
	cr_expect_eq(in_child(load_and_probe), 0);
}

static int load_without_privilege(void)
{
	struct filter_program program = finish(new_filter(SECCOMP_RET_ALLOW, two_architectures), 0);
	struct error err = { 0 };

	if (geteuid() == 0 && setresuid(65534, 65534, 65534) < 0)
		return 1;
	return filter_load(&program, 0, &err) == -EACCES && strstr(err.text, "no_new_privs") ? 0 :
											       2;
}

Test(filter, loading_without_privilege_names_the_remedy)
{
	cr_expect_eq(in_child(load_without_privilege), 0);
}

Test(filter, flags_of_the_kernel_are_told_from_others)
{
	cr_expect(filter_flag_is_supported(SECCOMP_FILTER_FLAG_TSYNC));
	cr_expect(filter_flag_is_supported(SECCOMP_FILTER_FLAG_LOG));
	cr_expect(filter_flag_is_supported(SECCOMP_FILTER_FLAG_NEW_LISTENER));
	cr_expect_not(filter_flag_is_supported(1u << 30));
}

Test(filter, the_library_has_a_version_of_three_numbers)
{
	unsigned major, minor, micro;

	cr_expect_eq(sscanf(filter_library_version(), "%u.%u.%u", &major, &minor, &micro), 3);
}
