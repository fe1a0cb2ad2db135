/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <criterion/redirect.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "base/log.h"

static void start(char *path, enum log_format format, enum log_level level)
{
	struct error err;
	int fd = mkstemp(path);

	cr_assert_geq(fd, 0);
	close(fd);
	cr_assert_eq(
		log_open(&(struct log_options){ .path = path, .format = format, .level = level },
			 &err),
		0);
}

static char *finish(const char *path)
{
	struct error err;
	char *text = NULL;

	cr_assert_eq(fd_read_file(AT_FDCWD, path, 100000, &text, NULL, &err), 0);
	unlink(path);
	return text;
}

Test(log, json_lines_have_level_message_and_time)
{
	char path[] = "/tmp/ctr-test-log-XXXXXX", level[16], msg[64], zone;
	int year, month, day, hour, minute, second, us;
	time_t now = time(NULL);
	struct tm tm;
	cleanup_free char *text = NULL;

	start(path, LOG_FORMAT_JSON, LOG_LEVEL_WARNING);
	log_warning("a \"%s\"\n", "b");
	log_debug("not wanted");
	text = finish(path);
	cr_assert_eq(sscanf(text,
			    "{\"level\":\"%15[a-z]\",\"msg\":\"%63[^,]"
			    ",\"time\":\"%4d-%2d-%2dT%2d:%2d:%2d.%6d%c\"}\n",
			    level, msg, &year, &month, &day, &hour, &minute, &second, &us, &zone),
		     10, "%s", text);
	cr_expect_str_eq(level, "warning");
	cr_expect_str_eq(msg, "a \\\"b\\\"\\n\"");
	gmtime_r(&now, &tm);
	cr_expect(year == tm.tm_year + 1900 && month == tm.tm_mon + 1 && zone == 'Z');
	tm = (struct tm){ .tm_year = year - 1900,
			  .tm_mon = month - 1,
			  .tm_mday = day,
			  .tm_hour = hour,
			  .tm_min = minute,
			  .tm_sec = second };
	cr_expect(labs(timegm(&tm) - now) <= 2);
	cr_expect_eq(strchr(text, '\n'), text + strlen(text) - 1);
}

Test(log, a_text_line_stays_one_line)
{
	char path[] = "/tmp/ctr-test-log-XXXXXX";
	cleanup_free char *text = NULL;

	start(path, LOG_FORMAT_TEXT, LOG_LEVEL_DEBUG);
	log_debug("one\ntwo \x1b[31m");
	text = finish(path);
	cr_expect(strstr(text, "Z debug: one?two ?[31m\n"), "%s", text);
}

Test(log, the_final_error_goes_to_the_file_and_to_the_person, .init = cr_redirect_stderr)
{
	char path[] = "/tmp/ctr-test-log-XXXXXX";
	cleanup_free char *text = NULL;

	start(path, LOG_FORMAT_JSON, LOG_LEVEL_ERROR);
	log_final_error("create web1: no");
	text = finish(path);
	cr_expect(strstr(text, "{\"level\":\"error\",\"msg\":\"create web1: no\","), "%s", text);
	cr_assert_stderr_eq_str("ctr: create web1: no\n");
}

Test(log, without_a_file_the_final_error_is_printed_once, .init = cr_redirect_stderr)
{
	log_final_error("create web1: no");
	cr_assert_stderr_eq_str("ctr: create web1: no\n");
}
