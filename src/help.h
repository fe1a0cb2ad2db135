/* SPDX-License-Identifier: Apache-2.0 */
/* The help texts, printed from the command tables. */
#pragma once

#include <stdio.h>

#include "command.h"

void help_command(FILE *out, const struct command *command);

/* The classes of errors with their exit statuses: ctr-errors(7) in short. */
void help_errors(FILE *out);

/* The help of ctr itself: usage, the commands that are not hidden, global options. */
void help_overview(FILE *out);
