/* SPDX-License-Identifier: Apache-2.0 */
#include "checkpoint_options.h"

#include <string.h>

const char *const checkpoint_options_cgroups[] = {
	[CTR_CRIU_CGROUPS_SOFT] = "soft",
	[CTR_CRIU_CGROUPS_FULL] = "full",
	[CTR_CRIU_CGROUPS_STRICT] = "strict",
	[CTR_CRIU_CGROUPS_IGNORE] = "ignore",
	NULL,
};

const char *const checkpoint_options_locks[] = {
	[CTR_CRIU_LOCK_DEFAULT] = "default",
	[CTR_CRIU_LOCK_IPTABLES] = "iptables",
	[CTR_CRIU_LOCK_NFTABLES] = "nftables",
	[CTR_CRIU_LOCK_SKIP] = "skip",
	NULL,
};

int checkpoint_options_empty_ns(const char *word, bool *ret, struct ctr_error *err)
{
	if (!word)
		return 0;
	if (strcmp(word, "network") != 0)
		return command_invalid(err, "--empty-ns: CRIU knows only \"network\", not \"%.40s\"",
				       word);
	*ret = true;
	return 0;
}
