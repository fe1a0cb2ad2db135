/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/capability.h"

#include <errno.h>
#include <sys/capability.h>
#include <sys/prctl.h>

#include "base/cleanup.h"

static void free_caps(cap_t *caps)
{
	if (*caps)
		cap_free(*caps);
}
#define cleanup_caps __attribute__((__cleanup__(free_caps)))

static uint64_t bit(int capability)
{
	return UINT64_C(1) << capability;
}

int capability_last(void)
{
	return cap_max_bits() - 1;
}

/* Fail with the name of the capability behind the action. */
static int error_capability(struct error *err, int code, const char *action, int capability)
{
	char *name = cap_to_name(capability);
	int result = error_errno(err, code, "%s %s", action, name ? name : "capability");

	cap_free(name);
	return result;
}

int capability_limit_bounding(uint64_t keep, struct error *err)
{
	/* As far as the kernel itself goes: what it calls invalid does not exist. A library's idea
	   of the last one may come from a question that failed. */
	for (int capability = 0; capability < 64; capability++) {
		int left;

		/* Dropped before asked: without CAP_SETPCAP an absent one is fine too. */
		if (keep & bit(capability) || prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) == 0)
			continue;
		left = prctl(PR_CAPBSET_READ, capability, 0, 0, 0);
		if (left < 0 && errno == EINVAL)
			return 0;
		if (left == 0)
			continue;
		return error_capability(err, EPERM, "drop from the bounding set", capability);
	}
	return 0;
}

int capability_keep_on_setuid(bool keep, struct error *err)
{
	if (prctl(PR_SET_KEEPCAPS, keep, 0, 0, 0) < 0)
		return error_errno(err, errno, "set PR_SET_KEEPCAPS");
	return 0;
}

static uint64_t read_set(cap_t caps, cap_flag_t which)
{
	uint64_t set = 0;

	for (int capability = 0; capability <= capability_last(); capability++) {
		cap_flag_value_t value = CAP_CLEAR;

		if (cap_get_flag(caps, capability, which, &value) == 0 && value == CAP_SET)
			set |= bit(capability);
	}
	return set;
}

static int write_set(cap_t caps, cap_flag_t which, uint64_t set)
{
	cap_value_t list[64];
	int n = 0;

	for (int capability = 0; capability <= capability_last(); capability++)
		if (set & bit(capability))
			list[n++] = capability;
	return n ? cap_set_flag(caps, which, n, list, CAP_SET) : 0;
}

int capability_raise_effective(struct error *err)
{
	cleanup_caps cap_t caps = cap_get_proc();

	if (!caps || write_set(caps, CAP_EFFECTIVE, read_set(caps, CAP_PERMITTED)) < 0 ||
	    cap_set_proc(caps) < 0)
		return error_errno(err, errno, "raise effective capabilities");
	return 0;
}

/* The kernel says only EPERM: name the first that the process does not have. */
static int explain(uint64_t wanted, int code, struct error *err)
{
	cleanup_caps cap_t caps = cap_get_proc();
	uint64_t missing = caps ? wanted & ~read_set(caps, CAP_PERMITTED) : 0;

	if (code == EPERM && missing)
		return error_capability(err, code, "set capabilities: the process does not have",
					__builtin_ctzll(missing));
	return error_errno(err, code, "set capabilities");
}

static int set_ambient(uint64_t ambient, struct error *err)
{
	if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) < 0)
		return error_errno(err, errno, "clear ambient capabilities");
	for (int capability = 0; capability <= capability_last(); capability++)
		if (ambient & bit(capability) &&
		    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability, 0, 0) < 0)
			return error_capability(err, errno, "raise ambient", capability);
	return 0;
}

/* `possible`: the kernel keeps ambient within permitted and inheritable. */
static uint64_t read_ambient(uint64_t possible)
{
	uint64_t set = 0;

	for (int capability = 0; capability <= capability_last(); capability++)
		if (possible & bit(capability) &&
		    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, capability, 0, 0) == 1)
			set |= bit(capability);
	return set;
}

static uint64_t known(uint64_t set)
{
	return set & (~UINT64_C(0) >> (63 - capability_last()));
}

int capability_apply(uint64_t effective, uint64_t permitted, uint64_t inheritable, uint64_t ambient,
		     struct error *err)
{
	cleanup_caps cap_t wanted = cap_init(), got = NULL;

	if (!wanted || write_set(wanted, CAP_EFFECTIVE, effective) < 0 ||
	    write_set(wanted, CAP_PERMITTED, permitted) < 0 ||
	    write_set(wanted, CAP_INHERITABLE, inheritable) < 0)
		return error_errno(err, errno, "prepare capabilities");
	if (cap_set_proc(wanted) < 0)
		return explain(effective | permitted | inheritable, errno, err);
	TRY(set_ambient(ambient, err));

	got = cap_get_proc();
	if (!got)
		return error_errno(err, errno, "read capabilities back");
	if (read_set(got, CAP_EFFECTIVE) != known(effective) ||
	    read_set(got, CAP_PERMITTED) != known(permitted) ||
	    read_set(got, CAP_INHERITABLE) != known(inheritable) ||
	    read_ambient(permitted & inheritable) != known(ambient))
		return error_set(err, EPERM, "set capabilities: the kernel gave other ones");
	return 0;
}

bool capability_have(int capability)
{
	cleanup_caps cap_t caps = cap_get_proc();
	cap_flag_value_t value = CAP_CLEAR;

	return caps && cap_get_flag(caps, capability, CAP_EFFECTIVE, &value) == 0 &&
	       value == CAP_SET;
}
