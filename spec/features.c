/* SPDX-License-Identifier: Apache-2.0 */
#include "spec/features.h"

#include <errno.h>
#include <string.h>

#include "base/list.h"

int spec_features_add_words(void *list_of_strings, const char *const *words, struct error *err)
{
	LIST_OF(char *) *list = list_of_strings;

	for (; *words; words++) {
		char **word = list_add(list);

		if (word)
			*word = strdup(*words);
		if (!word || !*word)
			return error_errno(err, ENOMEM, "add the word %s", *words);
	}
	return 0;
}
