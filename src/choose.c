/* SPDX-License-Identifier: Apache-2.0 */
#include "choose.h"

#include <errno.h>
#include <regex.h>
#include <stdio.h>

static int fail(struct ctr_error *err, int code, enum ctr_error_class error_class,
		const char *expression, const char *why)
{
	err->code = code;
	err->error_class = error_class;
	snprintf(err->text, sizeof err->text, "--regex '%.200s': %s", expression, why);
	return -code;
}

static int act_on_matches(struct ctr_runtime *runtime, const struct choose *choose,
			  const regex_t *expression, struct ctr_error *err)
{
	struct ctr_container *containers;
	struct ctr_error next;
	size_t n, matches = 0;
	int result = ctr_list(runtime, &containers, &n, err);

	if (result < 0)
		return result;
	for (size_t i = 0; i < n; i++) {
		if (regexec(expression, containers[i].id, 0, NULL, 0) != 0)
			continue;
		matches++;
		if (choose->act(runtime, containers[i].id, choose->data, &next) < 0 && !result) {
			*err = next;
			result = -err->code;
		}
	}
	ctr_list_free(containers, n);
	if (!matches && !choose->none_is_fine)
		return fail(err, ENOENT, CTR_E_NOT_FOUND, choose->expression,
			    "no container's ID matches: it does not exist");
	return result;
}

int choose_each(struct ctr_runtime *runtime, const struct choose *choose, struct ctr_error *err)
{
	regex_t expression;
	char why[200];
	int code = regcomp(&expression, choose->expression, REG_EXTENDED | REG_NOSUB);
	int result;

	if (code) {
		regerror(code, &expression, why, sizeof why);
		return fail(err, EINVAL, CTR_E_INVALID, choose->expression, why);
	}
	result = act_on_matches(runtime, choose, &expression, err);
	regfree(&expression);
	return result;
}
