/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Growing text and lists of strings. Allocation failures stick: the builder
 * turns into an error that str_steal reports once, so callers do not check every
 * append.
 */
#pragma once

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/* A zeroed struct is an empty builder. */
struct str {
	char *text; /* NULL or NUL-terminated */
	size_t len, room;
	bool failed;
};

void str_add(struct str *s, const char *text);
void str_add_n(struct str *s, const char *text, size_t n);
void str_addf(struct str *s, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void str_release(struct str *s);
#define cleanup_str __attribute__((__cleanup__(str_release)))

/* Hand the text (never NULL) to the caller, who frees it; empties the builder. Errors: ENOMEM. */
int str_steal(struct str *s, char **ret, struct error *err);

/* A new string, printed; the caller frees it. Errors: ENOMEM. */
int str_printf(char **ret, struct error *err, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* NULL-terminated vectors of strings (argv, environ). */
struct strv {
	char **item; /* NULL or NULL-terminated */
	size_t n;
};

/* Append a copy of `text`. Errors: ENOMEM. */
int strv_add(struct strv *v, const char *text, struct error *err);
void strv_release(struct strv *v);
#define cleanup_strv __attribute__((__cleanup__(strv_release)))

/*
 * The whole of `text` as a decimal number from min to max; no sign but '-', no
 * blanks, no leading zeros, no other base. Errors: EINVAL, ERANGE; the text
 * names `what` ("--user").
 */
int str_to_int(const char *text, const char *what, long long min, long long max, long long *ret,
	       struct error *err);
