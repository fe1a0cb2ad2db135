/* SPDX-License-Identifier: Apache-2.0 */
#include "progress.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "output.h"

#define TELL_EVERY_MS 100

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * INT64_C(1000) + now.tv_nsec / 1000000;
}

void progress_format_bytes(uint64_t bytes, char ret[16])
{
	static const char *const units[] = { "B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB" };
	unsigned unit = 0, tenths = 0;

	for (; bytes >= 1024 && unit < 6; unit++) {
		tenths = (unsigned)(bytes % 1024 * 10 / 1024);
		bytes /= 1024;
	}
	if (unit == 0)
		snprintf(ret, 16, "%u B", (unsigned)bytes);
	else
		snprintf(ret, 16, "%u.%u %s", (unsigned)bytes, tenths, units[unit]);
}

struct progress progress_begin(const char *what)
{
	struct progress ret = { .what = what, .shown = isatty(STDERR_FILENO) };

	ret.start_ms = now_ms();
	return ret;
}

void progress_tell(void *data, const struct ctr_progress *now)
{
	struct progress *progress = data;
	char bytes[16], rate[16];
	int64_t at = now_ms(), since = at - progress->start_ms;

	if (!progress->shown || at - progress->last_ms < TELL_EVERY_MS)
		return;
	progress->last_ms = at;
	progress_format_bytes(now->bytes, bytes);
	progress_format_bytes(since > 0 ? now->bytes * 1000 / (uint64_t)since : 0, rate);
	fputs("\r\033[K", stderr);
	output_plain(stderr, progress->what);
	fprintf(stderr, ": %llu entries, %s, %s/s", (unsigned long long)now->entries, bytes, rate);
}

void progress_end(struct progress *progress)
{
	if (progress->shown && progress->last_ms)
		fputs("\r\033[K", stderr);
}
