/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files behind ctr.h share: the runtime's insides and the border between errors
 * inside and outside. No decision about containers is made in these files.
 */
#pragma once

#include "ctr.h"
#include "lifecycle/lifecycle.h"

struct ctr_runtime {
	struct lifecycle lifecycle;
	char *root;
	char *store; /* where templates and tenants are; absolute */
};

enum api_root {
	API_ROOT_EXISTS, /* must be there already: nothing is made to look at containers */
	API_ROOT_MAKE,
};

/*
 * Check the id and open the state root. Errors: EINVAL, ENOENT ("container `ID` does not
 * exist", when not even the root does), as store_open.
 */
int api_begin(struct ctr_runtime *runtime, const char *id, enum api_root root, struct error *err);

/* Only the root. Errors: as store_open. */
int api_open_root(struct ctr_runtime *runtime, enum api_root root, struct error *err);

/*
 * Take the caller's option struct, which may be of an older or a newer ctr.h, over into a
 * zeroed one of ours. NULL leaves the zeroes. Errors: EINVAL (no size), E2BIG (asks for
 * what we do not know).
 */
int api_take_options(void *ret, size_t room, const void *given, struct error *err);

/* The inside of a caller's options, with what they leave out. */
struct create_options api_create_options(const struct ctr_create_options *options);

/* End a public function: hand `result` out, and the error with its class when there is one. */
int api_result(int result, const struct error *inside, struct ctr_error *err);
