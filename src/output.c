/* SPDX-License-Identifier: Apache-2.0 */
#include "output.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"

const char *const output_formats[] = {
	[OUTPUT_TABLE] = "table",
	[OUTPUT_JSON] = "json",
	NULL,
};

static bool is_control(unsigned char c)
{
	return c < 0x20 || c == 0x7f;
}

/*
 * Length of the UTF-8 character at `text`, 0 when there is none: overlong forms,
 * surrogates and values above U+10FFFF are none.
 */
static size_t character_length(const unsigned char *text)
{
	static const struct {
		unsigned char lead, mask;
		unsigned int least;
	} forms[] = { { 0x00, 0x80, 0 },
		      { 0xc0, 0xe0, 0x80 },
		      { 0xe0, 0xf0, 0x800 },
		      { 0xf0, 0xf8, 0x10000 } };
	const size_t n_forms = sizeof forms / sizeof *forms;
	unsigned int value;
	size_t i = 0;

	while (i < n_forms && (text[0] & forms[i].mask) != forms[i].lead)
		i++;
	if (i == n_forms)
		return 0;
	value = text[0] & (unsigned char)~forms[i].mask;
	for (size_t k = 1; k <= i; k++) {
		if ((text[k] & 0xc0) != 0x80)
			return 0;
		value = value << 6 | (text[k] & 0x3f);
	}
	if (value < forms[i].least || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff))
		return 0;
	return i + 1;
}

/* Columns on a terminal: one a character, which is right for all but wide scripts. */
static size_t text_width(const char *text)
{
	const unsigned char *c = (const unsigned char *)text;
	size_t width = 0;

	for (; *c; width++) {
		size_t length = character_length(c);

		c += length ? length : 1;
	}
	return width;
}

/* How much of it is ASCII that can be written as it is: nearly always all. */
static size_t plain_length(const char *text)
{
	size_t n = 0;

	while (text[n] >= ' ' && text[n] != 0x7f)
		n++;
	return n;
}

/* C1 controls (U+0080 to U+009f) command a terminal as ESC sequences do. */
void output_plain(FILE *out, const char *text)
{
	const unsigned char *c = (const unsigned char *)text;

	while (*c) {
		size_t length = plain_length((const char *)c);

		if (length) {
			fwrite_unlocked(c, 1, length, out);
			c += length;
			continue;
		}
		length = character_length(c);

		if (length == 0 || is_control(*c) || (c[0] == 0xc2 && c[1] < 0xa0)) {
			putc_unlocked('?', out);
			c += length ? length : 1;
			continue;
		}
		fwrite_unlocked(c, 1, length, out);
		c += length;
	}
}

static const char *cell_text(const char *cell)
{
	return cell && *cell ? cell : "-";
}

static size_t column_width(const char *const *cells, size_t n_columns, size_t n_rows, size_t column)
{
	size_t width = 0;

	for (size_t row = 0; row < n_rows; row++) {
		size_t cell = text_width(cell_text(cells[row * n_columns + column]));

		if (cell > width)
			width = cell;
	}
	return width;
}

/* A long list is mostly blanks: printf would take longer for them than for the rest. */
static void pad(FILE *out, size_t n)
{
	static const char blanks[] = "                                ";

	for (; n > sizeof blanks - 1; n -= sizeof blanks - 1)
		fwrite_unlocked(blanks, 1, sizeof blanks - 1, out);
	fwrite_unlocked(blanks, 1, n, out);
}

void output_table(FILE *out, const char *const *cells, size_t n_columns, size_t n_rows)
{
	size_t widths[n_columns];

	for (size_t column = 0; column < n_columns; column++)
		widths[column] = column_width(cells, n_columns, n_rows, column);
	for (size_t row = 0; row < n_rows; row++) {
		for (size_t column = 0; column < n_columns; column++) {
			const char *text = cell_text(cells[row * n_columns + column]);

			output_plain(out, text);
			if (column + 1 < n_columns)
				pad(out, widths[column] - text_width(text) + 2);
		}
		putc_unlocked('\n', out);
	}
}

void output_json_string(FILE *out, const char *text)
{
	const unsigned char *c = (const unsigned char *)text;

	putc_unlocked('"', out);
	while (*c) {
		size_t length = character_length(c);

		if (length == 0)
			fputs("\\ufffd", out);
		else if (*c == '"' || *c == '\\')
			fprintf(out, "\\%c", *c);
		else if (is_control(*c))
			fprintf(out, "\\u%04x", *c);
		else
			fwrite_unlocked(c, 1, length, out);
		c += length ? length : 1;
	}
	putc_unlocked('"', out);
}

static void print_member(FILE *out, const char *name, const char *text)
{
	if (!text)
		return;
	fprintf(out, ",\"%s\":", name);
	output_json_string(out, text);
}

void output_error(FILE *out, const struct ctr_error *err, const struct output_failure *failure)
{
	fputs("{\"class\":", out);
	output_json_string(out, ctr_error_class_name(err->error_class));
	/* "not in this state" is no system call's, and its number's name would mislead */
	if (err->error_class != CTR_E_STATE || err->code == ESRCH)
		print_member(out, "errno", strerrorname_np(err->code));
	print_member(out, "message", err->text);
	print_member(out, "container", failure->container);
	print_member(out, "command", failure->command);
	print_member(out, "remedy", ctr_error_class_remedy(err->error_class));
	fprintf(out, ",\"status\":%d}\n", failure->status);
}

void output_document(FILE *out, char *document)
{
	size_t length = strlen(document);

	fwrite_unlocked(document, 1, length, out);
	if (length == 0 || document[length - 1] != '\n')
		putc_unlocked('\n', out);
	free(document);
}

int output_finish(FILE *out, struct ctr_error *err)
{
	bool failed = ferror(out);

	errno = 0;
	if (fflush(out) == 0 && !failed)
		return 0;
	return command_failed(err, errno ? errno : EIO, "write the output");
}
