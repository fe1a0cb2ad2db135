/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A request to update laid over what holds: the resources that hold afterwards. Private to
 * update_plan.c.
 */
#pragma once

#include "plan/update_plan.h"

/*
 * Fill `ret->result` and what it points to. Lists are `former`'s with the request's items in the
 * place of those of the same device, page size or file, and else behind; device rules are the
 * request's when it has any. Release with update_merge_release, also after a failure.
 * Errors: ENOMEM.
 */
int update_merge(const struct spec_resources *former, const struct spec_resources *request,
		 struct update_plan *ret, struct error *err);
void update_merge_release(struct update_plan *plan);
