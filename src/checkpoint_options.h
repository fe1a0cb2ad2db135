/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The option rows that checkpoint and restore share. `path` leads from `type` to its struct
 * ctr_checkpoint_options or ctr_restore_options, with the last dot; empty_ns is a member of
 * `type` itself.
 */
#pragma once

#include "command.h"

extern const char *const checkpoint_options_cgroups[], *const checkpoint_options_locks[];

/* The word of --empty-ns, of which CRIU knows one. Errors: EINVAL. */
int checkpoint_options_empty_ns(const char *word, bool *ret, struct ctr_error *err);

/* clang-format off */
#define CRIU_OPTIONS(type, path) \
	{ 0, "image-path", FILLS_STRING(type, path image_path), "DIR", \
	  "where the images are (default: checkpoint)", NULL }, \
	{ 0, "work-path", FILLS_STRING(type, path work_path), "DIR", \
	  "where CRIU's log goes (default: as --image-path)", NULL }, \
	{ 0, "tcp-established", FILLS_FLAG(type, path tcp_established), NULL, \
	  "with established TCP connections", NULL }, \
	{ 0, "ext-unix-sk", FILLS_FLAG(type, path ext_unix_sk), NULL, \
	  "with unix sockets to the outside", NULL }, \
	{ 0, "shell-job", FILLS_FLAG(type, path shell_job), NULL, \
	  "with a terminal or session from outside", NULL }, \
	{ 0, "file-locks", FILLS_FLAG(type, path file_locks), NULL, \
	  "with file locks", NULL }, \
	{ 0, "lazy-pages", FILLS_FLAG(type, path lazy_pages), NULL, \
	  "move memory only when it is needed (criu lazy-pages)", NULL }, \
	{ 0, "auto-dedup", FILLS_FLAG(type, path auto_dedup), NULL, \
	  "drop what is in images twice", NULL }, \
	{ 0, "empty-ns", FILLS_STRING(type, empty_ns), "network", \
	  "without the contents of the network namespace", NULL }, \
	{ 0, "manage-cgroups-mode", FILLS_CHOICE(type, path cgroups), "soft|full|strict|ignore", \
	  "what to do with cgroups in the container's (default: soft)", checkpoint_options_cgroups }, \
	{ 0, "network-lock", FILLS_CHOICE(type, path network_lock), "default|iptables|nftables|skip", \
	  "how to keep connections still", checkpoint_options_locks }
/* clang-format on */
