/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"
#include "systemd/value.h"

/* The properties that correspond to writing `value` to `file`: "Name = value" lines. */
static void expect(const char *file, const char *value, const char *lines)
{
	struct cgroup_write write = { .file = (char *)file, .value = (char *)value };
	struct cgroup_plan plan = { .writes = { &write, 1 } };
	struct unit_plan unit = {};
	struct error err = {};
	char text[1024] = "";

	cr_assert_eq(unit_property_build(&plan, &unit, &err), 0, "%s", err.text);
	for (size_t i = 0; i < unit.properties.n; i++) {
		const struct systemd_property *p = &unit.properties.item[i];
		struct systemd_value parsed = {};

		snprintf(text + strlen(text), sizeof text - strlen(text), "%s = %s\n", p->name,
			 p->value);
		cr_expect_eq(systemd_value_parse(p->value, &parsed, &err), 0, "%s: %s", p->value,
			     err.text);
		systemd_value_release(&parsed);
	}
	cr_expect_str_eq(text, lines, "%s = %s: %s", file, value, text);
	unit_plan_release(&unit);
}

Test(unit_property, limits_are_numbers_or_infinity)
{
	expect("memory.max", "1048576", "MemoryMax = uint64 1048576\n");
	expect("memory.max", "max", "MemoryMax = uint64 18446744073709551615\n");
	expect("memory.low", "0", "MemoryLow = uint64 0\n");
	expect("memory.high", "5", "MemoryHigh = uint64 5\n");
	expect("memory.swap.max", "5", "MemorySwapMax = uint64 5\n");
	expect("pids.max", "50", "TasksMax = uint64 50\n");
	expect("pids.max", "max\n", "TasksMax = uint64 18446744073709551615\n");
	expect("cpu.weight", "59", "CPUWeight = uint64 59\n");
}

Test(unit_property, what_the_kernel_will_refuse_or_systemd_does_not_know_has_none)
{
	expect("memory.max", "words", "");
	expect("memory.max", "-1", "");
	expect("pids.max", "", "");
	expect("cpu.max", "words", "");
	expect("cpu.max", "5 0", "");
	expect("cpuset.cpus", "0-", "");
	expect("cpuset.cpus", "8192", "");
	expect("io.max", "words", "");
	expect("hugetlb.2MB.max", "1", "");
	expect("cpu.max.burst", "1", "");
}

Test(unit_property, a_quota_is_time_a_second_in_whole_percents_rounded_up)
{
	expect("cpu.max", "50000 100000",
	       "CPUQuotaPerSecUSec = uint64 500000\nCPUQuotaPeriodUSec = uint64 100000\n");
	expect("cpu.max", "50100 100000",
	       "CPUQuotaPerSecUSec = uint64 510000\nCPUQuotaPeriodUSec = uint64 100000\n");
	expect("cpu.max", "20000",
	       "CPUQuotaPerSecUSec = uint64 200000\nCPUQuotaPeriodUSec = uint64 100000\n");
	expect("cpu.max", "max 50000",
	       "CPUQuotaPerSecUSec = uint64 18446744073709551615\n"
	       "CPUQuotaPeriodUSec = uint64 50000\n");
}

Test(unit_property, processors_are_bits)
{
	expect("cpuset.cpus", "0-2,8", "AllowedCPUs = @ay [0x07, 0x01]\n");
	expect("cpuset.mems", "0", "AllowedMemoryNodes = @ay [0x01]\n");
}

Test(unit_property, idle_is_a_weight_of_zero)
{
	expect("cpu.idle", "1", "CPUWeight = uint64 0\n");
	expect("cpu.idle", "0", "");
}

Test(unit_property, weights_of_devices_and_of_bfq)
{
	expect("io.weight", "default 100", "IOWeight = uint64 100\n");
	expect("io.weight", "55", "IOWeight = uint64 55\n");
	expect("io.weight", "8:0 200", "IODeviceWeight = [('/dev/block/8:0', uint64 200)]\n");
	expect("io.bfq.weight", "default 1000", "IOWeight = uint64 10000\n");
	expect("io.bfq.weight", "default 10", "IOWeight = uint64 1\n");
}

Test(unit_property, throttles_are_a_list_for_each_kind)
{
	expect("io.max", "8:0 rbps=5", "IOReadBandwidthMax = [('/dev/block/8:0', uint64 5)]\n");
	expect("io.max", "8:16 wiops=max riops=7",
	       "IOWriteIOPSMax = [('/dev/block/8:16', uint64 18446744073709551615)]\n"
	       "IOReadIOPSMax = [('/dev/block/8:16', uint64 7)]\n");
	expect("io.max", "8:0 wbps=9", "IOWriteBandwidthMax = [('/dev/block/8:0', uint64 9)]\n");
}
