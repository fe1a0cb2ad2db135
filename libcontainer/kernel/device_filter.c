/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/device_filter.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>

#include "base/cleanup.h"
#include "kernel/syscalls.h"

#define PROGRAM_NAME "ctr_devices"
#define PROGRAMS_MAX 64 /* BPF_CGROUP_MAX_PROGS */
#define LOG_SIZE     (1u << 16)

/* Always the full union: some kernels write behind what they are given. */
static int bpf_call(enum bpf_cmd command, union bpf_attr *attr)
{
	long result = syscall(SYS_bpf, command, attr, sizeof *attr);

	/* The verifier gives up for pending signals. */
	for (int tries = 0; result < 0 && errno == EAGAIN && tries < 5; tries++)
		result = syscall(SYS_bpf, command, attr, sizeof *attr);
	return result < 0 ? -errno : (int)result;
}

static int load(const struct bpf_insn *program, size_t n, char *log)
{
	union bpf_attr attr;

	memset(&attr, 0, sizeof attr);
	attr.prog_type = BPF_PROG_TYPE_CGROUP_DEVICE;
	attr.insns = (uintptr_t)program;
	attr.insn_cnt = (uint32_t)n;
	attr.license = (uintptr_t) "Apache-2.0";
	strcpy(attr.prog_name, PROGRAM_NAME);
	if (log) {
		attr.log_buf = (uintptr_t)log;
		attr.log_size = LOG_SIZE;
		attr.log_level = 1;
	}
	return bpf_call(BPF_PROG_LOAD, &attr);
}

/* The last line of the verifier's log that is not its statistics; cuts the log. */
static const char *last_words(char *log)
{
	for (;;) {
		char *line;

		while (*log && log[strlen(log) - 1] == '\n')
			log[strlen(log) - 1] = '\0';
		line = strrchr(log, '\n');
		line = line ? line + 1 : log;
		if (line == log || strncmp(line, "processed ", 10) != 0)
			return line;
		*line = '\0';
	}
}

static const char *hint(int code)
{
	return code == EPERM ? " (needs CAP_BPF and CAP_NET_ADMIN on the host)" : "";
}

static int load_program(const struct bpf_insn *program, size_t n, struct error *err)
{
	int fd = load(program, n, NULL);
	cleanup_free char *log = NULL;

	if (fd >= 0)
		return fd;
	error_errno(err, -fd, "load device program%s", hint(-fd));
	if (fd != -EINVAL && fd != -EACCES)
		return fd;
	log = calloc(1, LOG_SIZE);
	if (!log)
		return fd;
	fd = load(program, n, log);
	if (fd < 0 && *log)
		return error_set(err, -fd, "load device program: %s", last_words(log));
	return fd < 0 ? -err->code : fd;
}

/* The programs attached to the cgroup itself. */
static int query(int cgroup_fd, uint32_t *ids, size_t *ret_n, struct error *err)
{
	union bpf_attr attr;
	int result;

	memset(&attr, 0, sizeof attr);
	attr.query.target_fd = (uint32_t)cgroup_fd;
	attr.query.attach_type = BPF_CGROUP_DEVICE;
	attr.query.prog_ids = (uintptr_t)ids;
	attr.query.prog_cnt = PROGRAMS_MAX;
	result = bpf_call(BPF_PROG_QUERY, &attr);
	if (result < 0)
		return error_errno(err, -result, "query device programs of cgroup%s",
				   hint(-result));
	*ret_n = attr.query.prog_cnt;
	return 0;
}

static int is_ours(int program_fd)
{
	struct bpf_prog_info info;
	union bpf_attr attr;

	memset(&info, 0, sizeof info);
	memset(&attr, 0, sizeof attr);
	attr.info.bpf_fd = (uint32_t)program_fd;
	attr.info.info_len = sizeof info;
	attr.info.info = (uintptr_t)&info;
	return bpf_call(BPF_OBJ_GET_INFO_BY_FD, &attr) == 0 && strcmp(info.name, PROGRAM_NAME) == 0;
}

/*
 * Our program on the cgroup, or -ENOENT. A foreign one (systemd's DevicePolicy) stays:
 * the kernel asks all of them and each can only deny.
 */
static int find_ours(int cgroup_fd, struct error *err)
{
	uint32_t ids[PROGRAMS_MAX] = { 0 };
	size_t n = 0;

	TRY(query(cgroup_fd, ids, &n, err));
	for (size_t i = 0; i < n; i++) {
		cleanup_close int fd = -1;
		union bpf_attr attr;

		memset(&attr, 0, sizeof attr);
		attr.prog_id = ids[i];
		fd = bpf_call(BPF_PROG_GET_FD_BY_ID, &attr);
		if (fd == -ENOENT)
			continue;
		if (fd < 0)
			return error_errno(err, -fd, "open device program %u", ids[i]);
		if (is_ours(fd))
			return steal_fd(&fd);
	}
	return -ENOENT;
}

int device_filter_attach(int cgroup_fd, const struct bpf_insn *program, size_t n, struct error *err)
{
	cleanup_close int program_fd = load_program(program, n, err);
	cleanup_close int old_fd = -1;
	union bpf_attr attr;
	int result;

	TRY(program_fd);
	old_fd = find_ours(cgroup_fd, err);
	if (old_fd < 0 && old_fd != -ENOENT)
		return old_fd;
	memset(&attr, 0, sizeof attr);
	attr.target_fd = (uint32_t)cgroup_fd;
	attr.attach_bpf_fd = (uint32_t)program_fd;
	attr.attach_type = BPF_CGROUP_DEVICE;
	attr.attach_flags = BPF_F_ALLOW_MULTI;
	if (old_fd >= 0) {
		attr.attach_flags |= BPF_F_REPLACE;
		attr.replace_bpf_fd = (uint32_t)old_fd;
	}
	result = bpf_call(BPF_PROG_ATTACH, &attr);
	if (result < 0)
		return error_errno(err, -result, "attach device program to cgroup%s",
				   hint(-result));
	return 0;
}
