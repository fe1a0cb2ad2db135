/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "lifecycle/stats.h"

static char *print(const struct stats *stats)
{
	struct error err = {};
	char *ret = NULL;

	cr_assert_eq(stats_print(stats, "web1", &ret, &err), 0, "%s", err.text);
	return ret;
}

static void has(const struct stats *stats, const char *wanted)
{
	char *text = print(stats);

	cr_expect_not_null(strstr(text, wanted), "%s\nis not in\n%s", wanted, text);
	free(text);
}

Test(stats, without_controllers_it_is_what_runc_prints_of_an_empty_cgroup)
{
	char *text = print(&(struct stats){ .n_processes = 2 });

	cr_expect_str_eq(
		text,
		"{\"type\":\"stats\",\"id\":\"web1\",\"data\":{\"cpu\":{\"usage\":{\"kernel\":0,\"user\":0},"
		"\"throttling\":{}},\"cpuset\":{\"cpu_exclusive\":0,\"mem_hardwall\":0,"
		"\"mem_exclusive\":0,\"memory_migrate\":0,\"memory_spread_page\":0,"
		"\"memory_spread_slab\":0,\"memory_pressure\":0,\"sched_load_balance\":0,"
		"\"sched_relax_domain_level\":0},\"memory\":{\"usage\":{\"limit\":0,\"failcnt\":0},"
		"\"swap\":{\"limit\":0,\"failcnt\":0},\"kernel\":{\"limit\":0,\"failcnt\":0},"
		"\"kernelTCP\":{\"limit\":0,\"failcnt\":0}},\"pids\":{\"current\":2},\"blkio\":{},"
		"\"hugetlb\":{},\"intel_rdt\":{},\"network_interfaces\":null}}");
	free(text);
}

Test(stats, processor_time_is_in_nanoseconds)
{
	struct stats stats = { .files[STATS_CPU_STAT] =
				       (char *)"usage_usec 7\nuser_usec 4\nsystem_usec 3\n"
					       "nr_periods 9\nnr_throttled 2\nthrottled_usec 5\n" };

	has(&stats, "\"usage\":{\"total\":7000,\"kernel\":3000,\"user\":4000},\"throttling\":"
		    "{\"periods\":9,\"throttledPeriods\":2,\"throttledTime\":5000}");
}

Test(stats, swap_is_counted_with_the_memory)
{
	struct stats stats = { .files = { [STATS_MEMORY_CURRENT] = (char *)"100\n",
					  [STATS_MEMORY_MAX] = (char *)"1000\n",
					  [STATS_MEMORY_PEAK] = (char *)"300\n",
					  [STATS_MEMORY_EVENTS] = (char *)"low 0\nmax 4\noom 0\n",
					  [STATS_MEMORY_STAT] = (char *)"anon 60\nfile 40\n",
					  [STATS_MEMORY_SWAP_CURRENT] = (char *)"20\n",
					  [STATS_MEMORY_SWAP_MAX] = (char *)"500\n" } };

	has(&stats, "\"memory\":{\"cache\":40,\"usage\":{\"limit\":1000,\"usage\":100,\"max\":300,"
		    "\"failcnt\":4},\"swap\":{\"limit\":1500,\"usage\":120,\"failcnt\":0}");
	has(&stats, "\"raw\":{\"anon\":60,\"file\":40}");
	stats.files[STATS_MEMORY_SWAP_MAX] = (char *)"max\n";
	has(&stats, "\"swap\":{\"limit\":18446744073709551615,");
}

Test(stats, no_limit_on_processes_is_left_out)
{
	struct stats stats = { .files = { [STATS_PIDS_CURRENT] = (char *)"3\n",
					  [STATS_PIDS_MAX] = (char *)"max\n" } };

	has(&stats, "\"pids\":{\"current\":3}");
	stats.files[STATS_PIDS_MAX] = (char *)"10\n";
	has(&stats, "\"pids\":{\"current\":3,\"limit\":10}");
}

Test(stats, each_device_has_entries_for_reading_and_writing)
{
	struct stats stats = {
		.files[STATS_IO_STAT] =
			(char *)"8:0 rbytes=1 wbytes=2 rios=3 wios=4 dbytes=0 dios=0\n"
				"253:1 rbytes=5 wbytes=0 rios=6 wios=0\n"
	};

	has(&stats, "\"ioServiceBytesRecursive\":[{\"major\":8,\"op\":\"Read\",\"value\":1},"
		    "{\"major\":8,\"op\":\"Write\",\"value\":2},"
		    "{\"major\":253,\"minor\":1,\"op\":\"Read\",\"value\":5},"
		    "{\"major\":253,\"minor\":1,\"op\":\"Write\"}]");
	has(&stats, "\"ioServicedRecursive\":[{\"major\":8,\"op\":\"Read\",\"value\":3},");
}

Test(stats, pressure_and_huge_pages_are_told)
{
	struct stats_huge_page page = { (char *)"2MB", (char *)"4096\n", (char *)"max 5\n" };
	struct stats stats = { .files[STATS_CPU_PRESSURE] =
				       (char *)"some avg10=1.50 avg60=0.00 avg300=0.25 total=77\n"
					       "full avg10=0.00 avg60=0.00 avg300=0.00 total=0\n",
			       .huge_pages = { &page, 1 } };

	has(&stats,
	    "\"psi\":{\"some\":{\"avg10\":1.50,\"avg60\":0.00,\"avg300\":0.25,\"total\":77},"
	    "\"full\":{");
	has(&stats, "\"hugetlb\":{\"2MB\":{\"usage\":4096,\"failcnt\":5}}");
}

Test(stats, a_key_is_a_whole_word_at_the_start_of_a_line)
{
	cr_expect_eq(stats_value("oom 1\noom_kill 2\n", "oom_kill"), 2u);
	cr_expect_eq(stats_value("oom_kill 2\n", "oom"), 0u);
	cr_expect_eq(stats_value("a_oom 3\n", "oom"), 0u);
	cr_expect_eq(stats_value(NULL, "oom"), 0u);
}
