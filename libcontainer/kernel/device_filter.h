/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The device program of a cgroup (bpf(2), BPF_CGROUP_DEVICE).
 */
#pragma once

#include <linux/bpf.h>
#include <stddef.h>

#include "base/error.h"

/*
 * Load the program and attach it to the cgroup as its only one (no
 * BPF_F_ALLOW_OVERRIDE from below), replacing ours if there is one. The kernel holds
 * it; nothing stays open. bpf attributes are always full size and zeroed (some 6.17+
 * kernels write behind shorter ones). Errors: EPERM, with the verifier's last words
 * for EINVAL and EACCES.
 */
int device_filter_attach(int cgroup_fd, const struct bpf_insn *program, size_t n,
			 struct error *err);
