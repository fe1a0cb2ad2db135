/* SPDX-License-Identifier: Apache-2.0 */
#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/str.h"

static struct {
	int fd;
	bool is_file;
	enum log_format format;
	enum log_level level;
} sink = { .fd = STDERR_FILENO, .level = LOG_LEVEL_WARNING };

static const char *const level_names[] = {
	[LOG_LEVEL_ERROR] = "error",
	[LOG_LEVEL_WARNING] = "warning",
	[LOG_LEVEL_INFO] = "info",
	[LOG_LEVEL_DEBUG] = "debug",
};

struct log_line {
	char *level, *msg, *time;
};

/* clang-format off */
static SCHEMA(log_line,
	NEEDS_STRING(log_line, level, "level"),
	NEEDS_STRING(log_line, msg, "msg"),
	NEEDS_STRING(log_line, time, "time"));
/* clang-format on */

int log_open(const struct log_options *options, struct error *err)
{
	if (options->path) {
		/* A FIFO that nobody reads must not stop us. */
		int fd = open(options->path,
			      O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK,
			      0644);

		if (fd < 0)
			return error_errno(err, errno, "open log %s", options->path);
		fcntl(fd, F_SETFL, O_APPEND);
		sink.fd = fd;
		sink.is_file = true;
	}
	sink.format = options->format;
	sink.level = options->level;
	return 0;
}

void log_close(void)
{
	sink.fd = -1;
}

/* Whole lines in one write(2): O_APPEND keeps those of several processes apart. */
static void write_line(int fd, const struct str *line)
{
	ssize_t n;

	if (line->failed)
		return;
	do
		n = write(fd, line->text, line->len);
	while (n < 0 && errno == EINTR);
}

static void write_json(int fd, enum log_level level, const char *text)
{
	char time[CLOCK_TEXT_SIZE];
	struct log_line line = { (char *)level_names[level], (char *)text, time };
	cleanup_free char *json = NULL;
	cleanup_str struct str out = {};
	struct error ignored;

	clock_now(6, time);
	if (json_encode(&log_line_schema, &line, JSON_COMPACT, &json, &ignored) < 0)
		return;
	str_add(&out, json);
	str_add(&out, "\n");
	write_line(fd, &out);
}

/* One line of text: what a terminal or a reader of lines would obey is replaced. */
static void add_printable(struct str *out, const char *text)
{
	size_t start = out->len;

	str_add(out, text);
	if (out->failed)
		return;
	for (char *p = out->text + start; *p; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			*p = '?';
}

/* "time level: text" in a file, "ctr: level: text" for a person, whose errors need no level. */
static void write_text(int fd, bool is_file, enum log_level level, const char *text)
{
	cleanup_str struct str out = {};
	char time[CLOCK_TEXT_SIZE];

	if (is_file) {
		clock_now(6, time);
		str_addf(&out, "%s ", time);
	} else {
		str_add(&out, "ctr: ");
	}
	if (is_file || level != LOG_LEVEL_ERROR)
		str_addf(&out, "%s: ", level_names[level]);
	add_printable(&out, text);
	str_add(&out, "\n");
	write_line(fd, &out);
}

static void write_sink(enum log_level level, const char *text)
{
	if (sink.format == LOG_FORMAT_JSON)
		write_json(sink.fd, level, text);
	else
		write_text(sink.fd, sink.is_file, level, text);
}

void log_write(enum log_level level, const char *fmt, ...)
{
	char *text;
	va_list ap;
	int n;

	if (level > sink.level)
		return;
	va_start(ap, fmt);
	n = vasprintf(&text, fmt, ap);
	va_end(ap);
	if (n < 0)
		return;
	write_sink(level, text);
	free(text);
}

void log_final_error(const char *text)
{
	write_sink(LOG_LEVEL_ERROR, text);
	if (sink.is_file)
		write_text(STDERR_FILENO, false, LOG_LEVEL_ERROR, text);
}
