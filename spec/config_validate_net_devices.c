/* SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "spec/config_validate.h"

#define NAME_MAX_LENGTH 15 /* IFNAMSIZ less the NUL */

/* What the kernel takes for the name of a network device. */
static bool is_name(const char *name)
{
	size_t len = strlen(name);

	if (len == 0 || len > NAME_MAX_LENGTH || !strcmp(name, ".") || !strcmp(name, ".."))
		return false;
	for (; *name; name++)
		if (*name == '/' || *name == ':' || isspace((unsigned char)*name))
			return false;
	return true;
}

/* config-linux.md#network-devices: the kernel fills a %d in, and nothing else. */
static bool is_name_or_template(const char *name)
{
	const char *percent = strchr(name, '%');

	return is_name(name) && (!percent || (percent[1] == 'd' && !strchr(percent + 1, '%')));
}

/* Two that want one name: the second could never come in. */
static int check_distinct(const struct spec_linux *part, size_t i, struct error *err)
{
	const struct spec_net_device *device = &part->net_devices.item[i];
	const char *name = device->name ? device->name : device->key;

	for (size_t k = 0; k < i; k++) {
		const struct spec_net_device *other = &part->net_devices.item[k];

		if (!strchr(name, '%') && !strcmp(name, other->name ? other->name : other->key))
			return error_set(
				err, EINVAL,
				"netDevices['%s'].name: %s is the name of netDevices['%s'] too",
				device->key, name, other->key);
	}
	return 0;
}

int spec_config_validate_net_devices(const struct spec_config *config, struct error *err)
{
	const struct spec_linux *part = config->linux_;

	for (size_t i = 0; i < part->net_devices.n; i++) {
		const struct spec_net_device *device = &part->net_devices.item[i];

		if (!is_name(device->key) || strchr(device->key, '%'))
			return error_set(err, EINVAL,
					 "netDevices: key %zu is no name of a network device",
					 i + 1);
		if (device->name && !is_name_or_template(device->name))
			return error_set(err, EINVAL,
					 "netDevices['%s'].name: is no name of a network device, and "
					 "no template with one %%d",
					 device->key);
		TRY(check_distinct(part, i, err));
	}
	if (part->net_devices.n && !spec_config_namespace(config, SPEC_NAMESPACE_NETWORK))
		return error_set(err, EINVAL,
				 "netDevices: needs a network namespace (add {\"type\": "
				 "\"network\"} to linux.namespaces)");
	return 0;
}
