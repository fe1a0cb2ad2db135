/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>

#include "spec/config_validate.h"
#include "tests/unit/spec/data.h"

static struct spec_config config;
static struct error err;

static void release(void)
{
	json_release(&spec_config_schema, &config);
}

TestSuite(config_validate_net_devices, .fini = release);

static int validate(const char *devices)
{
	char text[512];

	snprintf(text, sizeof text,
		 "{\"ociVersion\":\"1.3.0\",\"root\":{\"path\":\"a\"},\"linux\":{\"namespaces\":"
		 "[{\"type\":\"network\"}],\"netDevices\":%s}}",
		 devices);
	release();
	data_decode(&spec_config_schema, text, &config);
	return spec_config_validate_net_devices(&config, &err);
}

Test(config_validate_net_devices, names_and_templates_are_accepted)
{
	static const char *const good[] = {
		"{\"eth0\":{}}",
		"{\"eth0\":{\"name\":\"container_eth0\"},\"ens4\":{},\"ens5\":{}}",
		"{\"eth0\":{\"name\":\"eth%d\"},\"eth1\":{\"name\":\"eth%d\"}}",
		"{\"a\":{\"name\":\"b\"},\"b\":{\"name\":\"a\"}}",
		"{\"abcdefghijklmno\":{}}",
	};

	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
		cr_expect_eq(validate(good[i]), 0, "%s: %s", good[i], err.text);
}

Test(config_validate_net_devices, other_names_are_refused)
{
	static const char *const bad[] = {
		"{\"\":{}}",
		"{\"..\":{}}",
		"{\"a/b\":{}}",
		"{\"a b\":{}}",
		"{\"a:1\":{}}",
		"{\"eth%d\":{}}",
		"{\"abcdefghijklmnop\":{}}",
		"{\"a\":{\"name\":\"\"}}",
		"{\"a\":{\"name\":\"a%s\"}}",
		"{\"a\":{\"name\":\"a%d%d\"}}",
		"{\"a\":{\"name\":\"a%\"}}",
		"{\"a\":{\"name\":\"abcdefghijklmnop\"}}",
		"{\"a\":{\"name\":\"c\"},\"b\":{\"name\":\"c\"}}",
		"{\"a\":{},\"b\":{\"name\":\"a\"}}",
	};

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		cr_expect_eq(validate(bad[i]), -EINVAL, "%s", bad[i]);
}
