/* SPDX-License-Identifier: Apache-2.0 */
/* Looking what software a root file system holds. */
#pragma once

#include "base/error.h"
#include "spec/template.h"

/*
 * Look into the layers (the uppermost first) and fill the template's system and scrub list.
 * What cannot be found out is left out; nothing there is trusted. Errors: ENOMEM.
 */
int template_system_look(const int *layers, size_t n, struct spec_template *ret, struct error *err);

/*
 * The value of `key` in the text of os-release(5), unquoted, into `ret`; "" when there is none
 * or it is not of plain characters. (template_release_file.c, pure)
 */
void template_release_file_value(const char *text, const char *key, char *ret, size_t room);
