/* SPDX-License-Identifier: Apache-2.0 */
#include "systemd_message.h"

#include <errno.h>
#include <string.h>

#include "systemd/value.h"

/* What sd-bus reads a basic value from. */
union basic {
	uint8_t y;
	int b;
	uint16_t q;
	uint32_t u;
	uint64_t t;
	double d;
	const char *s;
};

static int append_basic(sd_bus_message *message, const struct systemd_value *value)
{
	union basic basic = { .t = value->number };

	switch (value->type) {
	case 'y':
		basic.y = (uint8_t)value->number;
		break;
	case 'b':
		basic.b = value->number != 0;
		break;
	case 'n':
	case 'q':
		basic.q = (uint16_t)value->number;
		break;
	case 'i':
	case 'u':
		basic.u = (uint32_t)value->number;
		break;
	case 'd':
		basic.d = value->real;
		break;
	case 's':
	case 'o':
	case 'g':
		return sd_bus_message_append_basic(message, value->type, value->text);
	}
	return sd_bus_message_append_basic(message, value->type, &basic);
}

/* Containers say what is in them: an array its element's type, a tuple what is between ( and ). */
static int append_value(sd_bus_message *message, const struct systemd_value *value)
{
	size_t n = strlen(value->signature);
	char contents[n + 1];

	if (value->type != 'a' && value->type != '(')
		return append_basic(message, value);
	memcpy(contents, value->signature + 1, n);
	if (value->type == '(')
		contents[n - 2] = '\0';
	TRY(sd_bus_message_open_container(message, value->type == 'a' ? 'a' : 'r', contents));
	for (size_t i = 0; i < value->items.n; i++)
		TRY(append_value(message, &value->items.item[i]));
	return sd_bus_message_close_container(message);
}

static int append_variant(sd_bus_message *message, const char *name,
			  const struct systemd_value *value)
{
	TRY(sd_bus_message_open_container(message, 'r', "sv"));
	TRY(sd_bus_message_append_basic(message, 's', name));
	TRY(sd_bus_message_open_container(message, 'v', value->signature));
	TRY(append_value(message, value));
	TRY(sd_bus_message_close_container(message));
	return sd_bus_message_close_container(message);
}

/*
 * Lists are added to what the unit has, which is right for limits of devices, each of which
 * has its own; what is not allowed any more goes by an empty list.
 */
static int append_emptying(sd_bus_message *message, const char *name,
			   const struct systemd_value *value)
{
	const struct systemd_value empty = { .type = 'a', .signature = value->signature };

	return strcmp(name, "DeviceAllow") ? 0 : append_variant(message, name, &empty);
}

static int append_property(sd_bus_message *message, const struct systemd_property *property,
			   struct error *err)
{
	cleanup_value struct systemd_value value = {};
	int r;

	if (systemd_value_parse(property->value, &value, err) < 0)
		return error_prefix(err, "%s: ", property->name);
	r = append_emptying(message, property->name, &value);
	if (r >= 0)
		r = append_variant(message, property->name, &value);
	return r < 0 ? error_errno(err, -r, "%s: put %s into a message", property->name,
				   property->value) :
		       0;
}

static int append_all(sd_bus_message *message, const struct systemd_request *request, int version,
		      struct error *err)
{
	for (size_t i = 0; i < request->properties.n; i++) {
		const struct systemd_property *property = &request->properties.item[i];

		if (!property->since.set || property->since.value <= version)
			TRY(append_property(message, property, err));
	}
	if (!request->pid.set || sd_bus_message_append(message, "(sv)", "PIDs", "au", 1,
						       (uint32_t)request->pid.value) >= 0)
		return 0;
	return error_errno(err, ENOMEM, "put PIDs into a message");
}

int systemd_message_append(sd_bus_message *message, const struct systemd_request *request,
			   int version, struct error *err)
{
	int r = sd_bus_message_open_container(message, 'a', "(sv)");

	if (r >= 0)
		TRY(append_all(message, request, version, err));
	if (r >= 0)
		r = sd_bus_message_close_container(message);
	return r < 0 ? error_errno(err, -r, "make a message") : 0;
}
