/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ctr-systemd: what ctr needs systemd for, in a program of its own, so that ctr itself stays free
 * of libsystemd. It reads one request on standard input and ends (systemd/request.h); there
 * is nothing in it for people.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "systemd_unit.h"

static int act(const struct systemd_request *request, char **ret, struct error *err)
{
	__attribute__((__cleanup__(systemd_unit_disconnect))) struct systemd_manager manager = {};

	TRY(systemd_unit_connect(request->user, &manager, err));
	switch (request->action.value) {
	case SYSTEMD_START:
		return systemd_unit_start(&manager, request, ret, err);
	case SYSTEMD_SET:
		return systemd_unit_set(&manager, request, err);
	default:
		return systemd_unit_stop(&manager, request, err);
	}
}

static int serve(char **ret, struct error *err)
{
	struct systemd_request request = {};
	cleanup_free char *text = NULL;
	size_t len;
	int r;

	TRY(fd_read_all(0, "the request", JSON_SIZE_MAX, &text, &len, err));
	r = json_decode(&systemd_request_schema, text, len, &request, err);
	if (r == 0)
		r = act(&request, ret, err);
	json_release(&systemd_request_schema, &request);
	return r;
}

int main(void)
{
	cleanup_free char *result = NULL;
	struct error err = {};

	if (serve(&result, &err) < 0) {
		printf("%d %s\n", err.code, err.text);
		return 1;
	}
	printf("0 %s\n", result ? result : "");
	return 0;
}
