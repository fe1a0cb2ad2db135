/* SPDX-License-Identifier: Apache-2.0 */
/* Two network namespaces of the test's own, with a pair of virtual devices in the first. */
#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kernel/net_device.h"
#include "kernel/procfs.h"

static struct net_device_place here = { -1, -1 }, there = { -1, -1 };
static struct net_device_moved moved;
static struct error err;

static int open_namespace(void)
{
	return open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
}

static void begin(void)
{
	int first, second, proc = procfs_open(&err);

	if (access("/sbin/ip", X_OK) < 0 && access("/usr/sbin/ip", X_OK) < 0)
		cr_skip_test("needs ip");
	if (unshare(CLONE_NEWNET) < 0 && unshare(CLONE_NEWUSER | CLONE_NEWNET) < 0)
		cr_skip_test("needs privilege, or a user namespace");
	first = open_namespace();
	cr_assert_eq(unshare(CLONE_NEWNET), 0);
	second = open_namespace();
	cr_assert_eq(setns(first, CLONE_NEWNET), 0);
	close(first);
	if (system("ip link add test0 type veth peer name test1 && ip link set test0 mtu 1400 up && "
		   "ip addr add 192.0.2.7/24 dev test0 && ip addr add 2001:db8::7/64 nodad dev test0 "
		   "&& ip addr add 198.51.100.8/24 scope link dev test0"))
		cr_skip_test("needs veth devices");
	cr_assert_eq(net_device_open_own(proc, &here, &err), 0, "%s", err.text);
	cr_assert_eq(net_device_open(second, &there, &err), 0, "%s", err.text);
	close(proc);
}

static void end(void)
{
	net_device_close(&here);
	net_device_close(&there);
}

TestSuite(net_device, .init = begin, .fini = end);

/* What `ip -o ...` says in a namespace. */
static const char *ask(const struct net_device_place *place, const char *command)
{
	static char text[4096];
	int home = open_namespace();
	FILE *out;
	size_t n;

	cr_assert_eq(setns(place->ns_fd, CLONE_NEWNET), 0);
	out = popen(command, "re");
	cr_assert_not_null(out);
	n = fread(text, 1, sizeof text - 1, out);
	text[n] = '\0';
	pclose(out);
	cr_assert_eq(setns(home, CLONE_NEWNET), 0);
	close(home);
	return text;
}

static void expect(const struct net_device_place *place, const char *command, const char *words)
{
	const char *text = ask(place, command);

	cr_expect_not_null(strstr(text, words), "'%s' is not in what %s says:\n%s", words, command,
			   text);
}

Test(net_device, a_device_moves_with_name_mtu_and_addresses)
{
	cr_assert_eq(net_device_move(&here, &there, "test0", "inside", true, &moved, &err), 0, "%s",
		     err.text);
	cr_expect_str_eq(moved.name, "inside");
	cr_expect(moved.was_up);
	expect(&there, "ip -o link show dev inside", "UP");
	expect(&there, "ip -o link show dev inside", "mtu 1400");
	expect(&there, "ip -o addr show dev inside", "192.0.2.7/24");
	expect(&there, "ip -o addr show dev inside", "2001:db8::7/64");
	cr_expect_null(strstr(ask(&there, "ip -o addr show dev inside"), "198.51.100.8"),
		       "addresses of lesser scope stay");
	cr_expect_str_empty(ask(&here, "ip -o link show dev test0 2>/dev/null"));
}

Test(net_device, and_back_as_it_was)
{
	cr_assert_eq(net_device_move(&here, &there, "test0", "inside", true, &moved, &err), 0);
	cr_assert_eq(net_device_move(&there, &here, "inside", "test0", true, &moved, &err), 0, "%s",
		     err.text);
	expect(&here, "ip -o addr show dev test0", "192.0.2.7/24");
	expect(&here, "ip -o link show dev test0", "UP");
}

Test(net_device, a_template_gets_its_number)
{
	cr_assert_eq(net_device_move(&here, &there, "test0", "eth%d", true, &moved, &err), 0, "%s",
		     err.text);
	cr_expect_str_eq(moved.name, "eth0");
	cr_assert_eq(net_device_move(&here, &there, "test1", "eth%d", false, &moved, &err), 0, "%s",
		     err.text);
	cr_expect_str_eq(moved.name, "eth1");
	cr_expect_not(moved.was_up);
	expect(&there, "ip -o link show dev eth1", "state DOWN");
}

Test(net_device, an_index_that_is_taken_does_not_matter)
{
	ask(&there, "for i in 0 1 2 3 4; do ip link add other$i type veth peer name peer$i; done");
	cr_assert_eq(net_device_move(&here, &there, "test0", "test0", true, &moved, &err), 0, "%s",
		     err.text);
	expect(&there, "ip -o addr show dev test0", "192.0.2.7/24");
}

Test(net_device, a_name_that_is_taken_is_refused_and_nothing_moves)
{
	ask(&there, "ip link add taken type veth peer name peer");
	cr_expect_eq(net_device_move(&here, &there, "test0", "taken", true, &moved, &err), -EEXIST);
	cr_expect_not_null(strstr(err.text, "has a device taken already"), "%s", err.text);
	expect(&here, "ip -o addr show dev test0", "192.0.2.7/24");
	cr_expect_str_empty(moved.name);
}

Test(net_device, what_fails_in_the_new_place_is_taken_back)
{
	ask(&there, "echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6");
	cr_expect_lt(net_device_move(&here, &there, "test0", "inside", true, &moved, &err), 0);
	cr_expect_not_null(strstr(err.text, "addresses"), "%s", err.text);
	expect(&here, "ip -o addr show dev test0", "192.0.2.7/24");
	expect(&here, "ip -o addr show dev test0", "2001:db8::7/64");
	expect(&here, "ip -o link show dev test0", "UP");
	cr_expect_str_empty(ask(&there, "ip -o link show dev inside 2>/dev/null"));
}

Test(net_device, a_device_that_is_not_there_or_may_not_leave_is_an_error)
{
	cr_expect_eq(net_device_move(&here, &there, "none", "none", true, &moved, &err), -ENODEV);
	cr_expect_str_eq(err.text, "there is no such network device");
	cr_expect_eq(net_device_move(&here, &there, "lo", "other", true, &moved, &err), -EINVAL,
		     "%s", err.text);
}
