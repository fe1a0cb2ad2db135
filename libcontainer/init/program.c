/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "base/passwd.h"
#include "init/steps.h"
#include "kernel/rootfs.h"

/*
 * HOME from the container's own /etc/passwd. Whatever is wrong with that file, which the
 * image wrote, ends in HOME=/ and never in a failure.
 */
static int add_home(struct init *init, struct strv *env, struct error *err)
{
	struct error ignored;
	cleanup_close int fd =
		rootfs_open(init->root_fd, "/etc/passwd", O_RDONLY | O_NONBLOCK, &ignored);
	cleanup_free char *text = NULL;
	struct passwd_user user = { .home = "/" };
	char entry[PATH_MAX + 8];
	struct stat st;

	if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
	    fd_read_all(fd, "/etc/passwd", PASSWD_SIZE_MAX, &text, NULL, &ignored) == 0)
		passwd_find(text, init->plan->process.uid, &user);
	snprintf(entry, sizeof entry, "HOME=%s",
		 *user.home == '/' && strlen(user.home) < PATH_MAX ? user.home : "/");
	return strv_add(env, entry, err);
}

int program_enter_cwd(struct init *init, struct error *err)
{
	const char *cwd = init->plan->process.cwd;
	char reached[PATH_MAX];

	if (chdir(cwd) < 0)
		return error_errno(err, errno, "process.cwd: chdir to %s", cwd);
	/* A descriptor that leaked into us could have been named: the kernel knows where we are. */
	if (!getcwd(reached, sizeof reached))
		return error_errno(err, errno, "process.cwd: %s is not inside the container", cwd);
	if (*reached != '/')
		return error_set(err, EPERM, "process.cwd: %s is not inside the container", cwd);
	return 0;
}

static const char *search_path(const struct strv *env)
{
	for (size_t i = 0; i < env->n; i++)
		if (!strncmp(env->item[i], "PATH=", 5))
			return env->item[i] + 5;
	return "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
}

/* 0: can be executed; else the errno that execve would give. */
static int check_executable(const char *path)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return errno;
	if (S_ISDIR(st.st_mode))
		return EISDIR;
	if (!S_ISREG(st.st_mode) || faccessat(AT_FDCWD, path, X_OK, AT_EACCESS) < 0)
		return EACCES;
	return 0;
}

/* As execvp(3) looks: the first that can be executed; a refusal is remembered. */
static int search(const char *name, const char *path, char *ret, size_t room)
{
	int code = ENOENT;

	for (const char *p = path; p; p = strchr(p, ':') ? strchr(p, ':') + 1 : NULL) {
		size_t n = strcspn(p, ":");
		int found;

		if (snprintf(ret, room, "%.*s%s%s", (int)n, p, n ? "/" : "./", name) >= (int)room)
			continue;
		found = check_executable(ret);
		if (!found)
			return 0;
		if (found == EACCES)
			code = EACCES;
	}
	return code;
}

int program_find(struct init *init, struct error *err)
{
	/* Ours since the clone: the plan's lists may grow here without the parent's noticing. */
	struct process_plan *process = (struct process_plan *)&init->plan->process;
	const char *name = process->args.item[0];
	char path[PATH_MAX];
	int code;

	if (process->add_home)
		TRY(add_home(init, &process->env, err));
	if (strchr(name, '/')) {
		code = check_executable(name);
		snprintf(path, sizeof path, "%s", name);
	} else {
		code = *name ? search(name, search_path(&process->env), path, sizeof path) : ENOENT;
	}
	if (code == ENOENT)
		return error_set(err, ENOENT,
				 "exec: \"%.200s\": executable file not found in $PATH: "
				 "no such file or directory",
				 name);
	if (code)
		return error_set(err, code, "exec: \"%.200s\": %s", name,
				 code == EISDIR ? "is a directory" :
				 code == EACCES ? "permission denied" :
						  strerror(code));
	init->program = strdup(path);
	return init->program ? 0 : error_errno(err, ENOMEM, "keep the program's path");
}
