/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kernel/cgroup.h"
#include "kernel/device_filter.h"
#include "kernel/syscalls.h"

static const struct bpf_insn deny[] = {
	{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0, .imm = 0 },
	{ .code = BPF_JMP | BPF_EXIT },
};
static const struct bpf_insn allow[] = {
	{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0, .imm = 1 },
	{ .code = BPF_JMP | BPF_EXIT },
};
/* r0 is never set: what the verifier refuses. */
static const struct bpf_insn broken[] = { { .code = BPF_JMP | BPF_EXIT } };

static const char *mount;
static char path[64];

static int new_cgroup(void)
{
	struct error err = { 0 };
	static char room[PATH_MAX];
	int fd;

	mount = cgroup_find_mount(room);
	if (geteuid() != 0 || !mount)
		cr_skip_test("needs root and a cgroup v2 mount: device programs");
	snprintf(path, sizeof path, "/ctr-test-devices-%d", getpid());
	fd = cgroup_create(mount, path, NULL, &err);
	cr_assert_geq(fd, 0, "%s", err.text);
	return fd;
}

static void remove_cgroup(int fd)
{
	struct error err = { 0 };

	close(fd);
	cr_expect_eq(cgroup_destroy(mount, path, 5000, &err), 0, "%s", err.text);
}

/* What a process in the cgroup gets for opening /dev/null. */
static int open_inside(int cgroup_fd)
{
	struct clone_args args = {
		.flags = CLONE_INTO_CGROUP,
		.exit_signal = SIGCHLD,
		.cgroup = (uint64_t)cgroup_fd,
	};
	int status = 0;
	pid_t pid = (pid_t)sys_clone3(&args);

	if (pid == 0)
		_exit(open("/dev/null", O_RDONLY | O_CLOEXEC) < 0 ? errno : 0);
	cr_assert_gt(pid, 0);
	cr_assert_eq(waitpid(pid, &status, 0), pid);
	return WEXITSTATUS(status);
}

static unsigned count_programs(int cgroup_fd)
{
	unsigned ids[64];
	union bpf_attr attr;

	memset(&attr, 0, sizeof attr);
	attr.query.target_fd = (unsigned)cgroup_fd;
	attr.query.attach_type = BPF_CGROUP_DEVICE;
	attr.query.prog_ids = (uintptr_t)ids;
	attr.query.prog_cnt = 64;
	cr_assert_eq(syscall(SYS_bpf, BPF_PROG_QUERY, &attr, sizeof attr), 0);
	return attr.query.prog_cnt;
}

Test(device_filter, the_program_decides_about_devices)
{
	struct error err = { 0 };
	int fd = new_cgroup();

	cr_expect_eq(open_inside(fd), 0);
	cr_assert_eq(device_filter_attach(fd, deny, 2, &err), 0, "%s", err.text);
	cr_expect_eq(open_inside(fd), EPERM);
	remove_cgroup(fd);
}

Test(device_filter, a_later_program_takes_the_place_of_the_first)
{
	struct error err = { 0 };
	int fd = new_cgroup();

	cr_assert_eq(device_filter_attach(fd, deny, 2, &err), 0, "%s", err.text);
	cr_assert_eq(device_filter_attach(fd, allow, 2, &err), 0, "%s", err.text);
	cr_expect_eq(open_inside(fd), 0);
	cr_expect_eq(count_programs(fd), 1);
	remove_cgroup(fd);
}

Test(device_filter, a_broken_program_has_the_verifiers_word)
{
	struct error err = { 0 };
	int fd = new_cgroup();

	cr_assert_eq(device_filter_attach(fd, deny, 2, &err), 0);
	cr_expect_lt(device_filter_attach(fd, broken, 1, &err), 0);
	cr_expect_not_null(strstr(err.text, "R0"), "%s", err.text);
	cr_expect_eq(open_inside(fd), EPERM, "the old one stays in force");
	remove_cgroup(fd);
}
