/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The text of a passwd(5) file, without NSS: a static program has none, and inside a container it
 * would be the image's. Any text will do: what is no line of the format is passed over.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define PASSWD_SIZE_MAX (1 << 20) /* more of a file need not be read */

struct passwd_user {
	const char *name, *home, *shell; /* in the text */
};

/* The first line of `uid` in `text`, which is cut up. False: there is none. */
bool passwd_find(char *text, uint32_t uid, struct passwd_user *ret);
