/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

/* `rules` is the inside of linux.resources.devices. */
static void expect(const char *rules, const char *allowed)
{
	struct unit_plan unit = {};
	struct spec_config config;
	struct error err = {};
	char text[1024];

	snprintf(text, sizeof text,
		 "{'ociVersion':'1.3.0','root':{'path':'r'},"
		 "'linux':{'resources':{'devices':[%s]}}}",
		 rules);
	config = fixture_config(text);
	cr_assert_eq(unit_device_build(config.linux_->resources->devices.item,
				       config.linux_->resources->devices.n, &unit, &err),
		     0);
	cr_assert_str_eq(unit.properties.item[0].name, "DevicePolicy");
	cr_assert_str_eq(unit.properties.item[0].value, "'strict'");
	cr_expect_eq(unit.properties.n, allowed ? 2 : 1, "%s", rules);
	if (allowed && unit.properties.n == 2)
		cr_expect_str_eq(unit.properties.item[1].value, allowed, "%s: %s", rules,
				 unit.properties.item[1].value);
	unit_plan_release(&unit);
	fixture_release(&config);
}

#define DENY_ALL "{'allow':false,'access':'rwm'},"

Test(unit_device, what_is_allowed_after_a_general_denial_is_listed)
{
	expect("{'allow':false,'access':'rwm'}", NULL);
	expect(DENY_ALL "{'allow':true,'type':'c','major':1,'minor':3,'access':'rw'}",
	       "[('/dev/char/1:3', 'rw')]");
	expect(DENY_ALL "{'allow':true,'type':'b','major':8,'access':'r'}", "[('block-8', 'r')]");
	expect(DENY_ALL "{'allow':true,'type':'c','access':'m'}", "[('char-*', 'm')]");
}

Test(unit_device, everything_is_both_kinds)
{
	expect("{'allow':true}", "[('char-*', 'rwm'), ('block-*', 'rwm')]");
	expect("{'allow':true,'type':'a','major':1,'minor':3,'access':'r'}",
	       "[('/dev/char/1:3', 'r'), ('/dev/block/1:3', 'r')]");
}

Test(unit_device, accesses_of_one_device_add_up)
{
	expect("{'allow':true,'type':'c','major':1,'minor':3,'access':'r'},"
	       "{'allow':true,'type':'c','major':1,'minor':3,'access':'w'}",
	       "[('/dev/char/1:3', 'rw')]");
}

Test(unit_device, a_denial_takes_away_what_it_covers_whole)
{
	expect("{'allow':true,'type':'c','major':1,'minor':3},"
	       "{'allow':true,'type':'c','major':1,'minor':5},"
	       "{'allow':false,'type':'c','major':1,'minor':3,'access':'w'}",
	       "[('/dev/char/1:3', 'rm'), ('/dev/char/1:5', 'rwm')]");
	expect("{'allow':true,'type':'c','major':1},"
	       "{'allow':false,'type':'c','major':1}",
	       NULL);
}

/* systemd's list cannot say it, and our own program is asked as well. */
Test(unit_device, what_cannot_be_said_allows_more_never_less)
{
	expect("{'allow':true,'type':'c','major':1},"
	       "{'allow':false,'type':'c','major':1,'minor':3}",
	       "[('char-1', 'rwm')]");
	expect("{'allow':true,'type':'c','minor':3,'access':'r'}", "[('char-*', 'r')]");
}
