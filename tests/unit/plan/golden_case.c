/* SPDX-License-Identifier: Apache-2.0 */
#include "golden_case.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "plan/update_plan.h"

char *golden_case_text(const char *folder, const char *name)
{
	char path[4096];
	char *text = NULL;
	size_t room = 0;
	FILE *file;

	snprintf(path, sizeof path, "%s/%s", folder, name);
	file = fopen(path, "re");
	if (!file)
		return NULL;
	if (getdelim(&text, &room, '\0', file) < 0) {
		free(text);
		text = strdup("");
	}
	fclose(file);
	return text;
}

static unsigned controllers(const char *words)
{
	unsigned bits = 0;

	for (int i = 0; host_controller_names[i]; i++)
		if (strstr(words, host_controller_names[i]))
			bits |= 1u << i;
	return bits;
}

static void apply_setting(struct golden_case *s, const char *line)
{
	if (!strcmp(line, "rootless")) {
		s->host.euid = s->host.egid = 1000;
		s->host.privileged = false;
	} else if (!strcmp(line, "no-privilege")) {
		s->host.privileged = false;
	} else if (!strcmp(line, "in-user-namespace")) {
		s->host.in_user_namespace = true;
	} else if (!strcmp(line, "cgroup=none")) {
		s->host.cgroup_mount = NULL;
	} else if (!strncmp(line, "cgroup-v1=", 10)) {
		s->host.controllers_v1 = controllers(line + 10);
		s->host.controllers &= ~s->host.controllers_v1;
	} else if (!strcmp(line, "cgroup-manager=disabled")) {
		s->options.cgroup_manager = CGROUP_MANAGER_DISABLED;
	} else if (!strcmp(line, "cgroup-manager=systemd")) {
		s->options.cgroup_manager = CGROUP_MANAGER_SYSTEMD;
	} else if (!strcmp(line, "user-manager")) {
		s->host.user_manager = true;
	} else if (!strcmp(line, "selinux")) {
		s->host.selinux = true;
	} else if (!strcmp(line, "apparmor")) {
		s->host.apparmor = true;
	} else if (!strcmp(line, "kernel=6.15")) {
		s->host.kernel_version = 6 << 16 | 15;
	} else if (!strcmp(line, "exec")) {
		s->exec = true;
	} else {
		cr_assert_fail("host.txt: unknown line '%s'", line);
	}
}

struct golden_case golden_case_read(const char *folder)
{
	struct golden_case s = { .host = fixture_host(),
				 .options = { .id = "web1", .bundle = "/bundle" } };
	cleanup_free char *text = golden_case_text(folder, "host.txt");
	char *rest = text;

	for (char *line; rest && (line = strsep(&rest, "\n"));)
		if (*line)
			apply_setting(&s, line);
	s.update = golden_case_text(folder, "update.json");
	return s;
}

void golden_case_release(struct golden_case *setting)
{
	json_release(&spec_rootfs_schema, &setting->layers);
	free(setting->update);
}

/* update.json beside a config: what an update with it would write, and what holds afterwards. */
static int make_update_plan(const struct spec_config *config, const char *json,
			    const struct golden_case *s, char **ret, struct error *err)
{
	struct spec_resources request = {};
	struct update_plan plan = {};
	struct update_request update = { .config = config, .request = &request };
	struct str text = {};
	char *result;

	update.former = config->linux_ ? config->linux_->resources : NULL;
	update.path = s->host.cgroup_mount ? "/ctr/web1" : NULL;
	if (json_decode(&spec_resources_schema, json, strlen(json), &request, err) == 0 &&
	    update_plan_build(&update, &s->host, &plan, err) == 0) {
		cr_assert_eq(json_encode(&spec_resources_schema, &plan.result, JSON_INDENTED,
					 &result, err),
			     0);
		plan_print_cgroup(&plan.cgroup, &text);
		str_addf(&text, "\nafterwards\n%s", result);
		free(result);
		cr_assert_eq(str_steal(&text, ret, err), 0);
	}
	update_plan_release(&plan);
	json_release(&spec_resources_schema, &request);
	return -err->code;
}

int golden_case_read_layers(struct golden_case *s, const char *folder, struct error *err)
{
	cleanup_free char *json = golden_case_text(folder, "rootfs.json");

	if (!json)
		return 0;
	s->options.layers = &s->layers;
	TRY(json_decode(&spec_rootfs_schema, json, strlen(json), &s->layers, err));
	return spec_rootfs_validate(&s->layers, err);
}

int golden_case_plan(const struct spec_config *config, const struct golden_case *s, char **ret,
		     struct error *err)
{
	struct plan plan = {};
	int r;

	if (s->update)
		return make_update_plan(config, s->update, s, ret, err);
	r = spec_config_validate(config, err);
	if (r == 0 && s->exec)
		r = plan_build_exec(config, config->process, &s->host, &s->options, &plan, err);
	else if (r == 0)
		r = plan_build(config, &s->host, &s->options, &plan, err);
	if (r == 0)
		r = plan_print(&plan, ret, err);
	plan_release(&plan);
	return r;
}

char *golden_case_result(const struct spec_config *config, const struct golden_case *setting)
{
	struct error err = {};
	char *text = NULL;

	if (golden_case_plan(config, setting, &text, &err) == 0)
		return text;
	text = strdup(err.text);
	cr_assert_not_null(text);
	return text;
}

int golden_case_each(void (*visit)(const char *folder, const char *name, void *argument),
		     void *argument)
{
	const char *data = getenv("CTR_TEST_DATA");
	struct dirent **cases;
	char folder[2048];
	int n, n_cases = 0;

	snprintf(folder, sizeof folder, "%s/plan", data ? data : "tests/data");
	n = scandir(folder, &cases, NULL, alphasort);
	cr_assert_geq(n, 0, "%s", folder);
	for (int i = 0; i < n; i++) {
		char path[4096];

		snprintf(path, sizeof path, "%s/%s", folder, cases[i]->d_name);
		if (cases[i]->d_name[0] != '.') {
			visit(path, cases[i]->d_name, argument);
			n_cases++;
		}
		free(cases[i]);
	}
	free(cases);
	return n_cases;
}
