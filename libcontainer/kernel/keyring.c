/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/keyring.h"

#include <errno.h>
#include <inttypes.h>
#include <linux/keyctl.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <unistd.h>

int keyring_join_new(const char *name, struct error *err)
{
	uint64_t nonce = 0;
	char unique[300];

	/* The kernel joins an existing keyring of the same name, whoever made it. */
	if (getrandom(&nonce, sizeof nonce, 0) != sizeof nonce)
		return error_errno(err, EIO, "name session keyring %s", name);
	snprintf(unique, sizeof unique, "%.200s.%016" PRIx64, name, nonce);
	if (syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, unique) >= 0 || errno == ENOSYS)
		return 0;
	if (errno == EDQUOT)
		return error_errno(err, EDQUOT,
				   "join new session keyring (raise kernel.keys.maxkeys or use "
				   "--no-new-keyring)");
	return error_errno(err, errno, "join new session keyring %s", unique);
}
