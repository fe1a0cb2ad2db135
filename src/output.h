/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What commands print: aligned tables and JSON. Control characters never reach the
 * terminal from here: a bundle's path or an error text may come from anyone.
 */
#pragma once

#include <stddef.h>
#include <stdio.h>

#include "ctr.h"

enum output_format { OUTPUT_TABLE, OUTPUT_JSON };
extern const char *const output_formats[]; /* by enum output_format, NULL-terminated */

/*
 * Print rows of `n_columns` cells, the headings first, each column as wide as its longest
 * cell; a NULL cell is printed as "-".
 */
void output_table(FILE *out, const char *const *cells, size_t n_columns, size_t n_rows);

/* Print a text with "?" for control characters. */
void output_plain(FILE *out, const char *text);

/* Print a JSON string; bytes that are not UTF-8 become U+FFFD. */
void output_json_string(FILE *out, const char *text);

/* What failed, for output_error; NULL: not known. */
struct output_failure {
	const char *command, *container;
	int status; /* the exit status */
};

/*
 * Print an error as one object on one line (ctr-errors(7)): class, errno, message, and where they
 * are known container, command and remedy.
 */
void output_error(FILE *out, const struct ctr_error *err, const struct output_failure *failure);

/* Print a document from the library and end it with a newline. Frees `document`. */
void output_document(FILE *out, char *document);

/* Flush; an earlier failed write counts too. A command whose output is lost has failed. */
int output_finish(FILE *out, struct ctr_error *err);
