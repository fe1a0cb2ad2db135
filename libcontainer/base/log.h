/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The log sink of --log, --log-format and --log-level: the only global in the
 * library. The library itself writes debug and warning lines; the one error line
 * of a failed command is written by its last caller.
 */
#pragma once

#include "base/error.h"

enum log_level { LOG_LEVEL_ERROR, LOG_LEVEL_WARNING, LOG_LEVEL_INFO, LOG_LEVEL_DEBUG };
enum log_format { LOG_FORMAT_TEXT, LOG_FORMAT_JSON };

struct log_options {
	const char *path; /* NULL: standard error; "file:", "syslog:" prefixes are not taken */
	enum log_format format;
	enum log_level level;
};

/* Open the sink (append, created 0644). Called once, before anything is logged. */
int log_open(const struct log_options *options, struct error *err);

/* Close the sink: what is logged later goes nowhere. For a child that closes its descriptors. */
void log_close(void);

/*
 * Write one line when `level` is wanted. JSON form: {"level","msg","time"} with an
 * RFC 3339 time, one object a line, one write(2) each.
 */
void log_write(enum log_level level, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
#define log_debug(...)	 log_write(LOG_LEVEL_DEBUG, __VA_ARGS__)
#define log_warning(...) log_write(LOG_LEVEL_WARNING, __VA_ARGS__)

/*
 * The final error of a command: to the log file, if there is one, and as text to
 * standard error (as JSON there when no file is given and the format is JSON).
 */
void log_final_error(const char *text);
