/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The option rows that create, run and restore share. `path` leads from `type` to its
 * struct ctr_create_options, with the last dot: `CREATE_OPTIONS(struct x, run.create.)`.
 */
#pragma once

#include "command.h"

/* clang-format off */
#define MAKE_OPTIONS(type, path) \
	{ 'b', "bundle", FILLS_STRING(type, path bundle), "DIR", \
	  "the bundle (default: the working directory)", NULL }, \
	{ 'f', "config", FILLS_STRING(type, path config), "FILE", \
	  "read FILE of the bundle instead of config.json", NULL }, \
	{ 0, "pid-file", FILLS_STRING(type, path pid_file), "FILE", \
	  "write the pid of the container's init to FILE", NULL }, \
	{ 0, "console-socket", FILLS_STRING(type, path console_socket), "PATH", \
	  "send the terminal to the socket at PATH", NULL }, \
	{ 0, "pidfd-socket", FILLS_STRING(type, path pidfd_socket), "PATH", \
	  "send a pidfd of init to the socket at PATH", NULL }, \
	{ 0, "no-pivot", FILLS_FLAG(type, path no_pivot), NULL, \
	  "do not use pivot_root(2): for a root on a ramdisk", NULL }, \
	{ 0, "no-new-keyring", FILLS_FLAG(type, path no_new_keyring), NULL, \
	  "keep the caller's session keyring", NULL }, \
	{ 0, "no-subreaper", FILLS_NOTHING, NULL, \
	  "accepted, no effect", NULL }
#define CREATE_OPTIONS(type, path) \
	MAKE_OPTIONS(type, path), \
	{ 0, "preserve-fds", FILLS_NUMBER(type, path preserve_fds), "N", \
	  "pass N more descriptors, from 3 on, to the program", NULL }
/* clang-format on */
