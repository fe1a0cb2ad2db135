/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Golden plans: every folder of tests/data/plan is a config (and, in host.txt, what is
 * special about its host, in rootfs.json the layers of its root), and the plan or the error that
 * must come of it; with an update.json what `update` makes of it. With
 * UPDATE_PLANS=1 in the environment the expectations are written instead; review the
 * difference like code.
 */
#include <dirent.h>
#include <stdio.h>

#include "base/cleanup.h"
#include "fixture.h"
#include "plan/update_plan.h"

struct setting {
	struct host host;
	struct plan_options options;
	struct spec_rootfs layers;
	bool exec;
};

static char *read_text(const char *folder, const char *name)
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

/* Write the expectation, or remove it when text is NULL. */
static void write_text(const char *folder, const char *name, const char *text)
{
	char path[4096];
	FILE *file;

	snprintf(path, sizeof path, "%s/%s", folder, name);
	if (!text) {
		remove(path);
		return;
	}
	file = fopen(path, "we");
	cr_assert_not_null(file, "%s", path);
	fputs(text, file);
	fclose(file);
}

static unsigned controllers(const char *words)
{
	unsigned bits = 0;

	for (int i = 0; host_controller_names[i]; i++)
		if (strstr(words, host_controller_names[i]))
			bits |= 1u << i;
	return bits;
}

static void apply_setting(struct setting *s, const char *line)
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

static struct setting read_setting(const char *folder)
{
	struct setting s = { .host = fixture_host(),
			     .options = { .id = "web1", .bundle = "/bundle" } };
	cleanup_free char *text = read_text(folder, "host.txt");
	char *rest = text;

	for (char *line; rest && (line = strsep(&rest, "\n"));)
		if (*line)
			apply_setting(&s, line);
	return s;
}

/* update.json beside a config: what an update with it would write, and what holds afterwards. */
static int make_update_plan(const struct spec_config *config, const char *json,
			    const struct setting *s, char **ret, struct error *err)
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

static int read_layers(struct setting *s, const char *folder, struct error *err)
{
	cleanup_free char *json = read_text(folder, "rootfs.json");

	if (!json)
		return 0;
	s->options.layers = &s->layers;
	TRY(json_decode(&spec_rootfs_schema, json, strlen(json), &s->layers, err));
	return spec_rootfs_validate(&s->layers, err);
}

static int make_plan(const struct spec_config *config, const struct setting *s, char **ret,
		     struct error *err)
{
	struct plan plan = {};
	int r = spec_config_validate(config, err);

	if (r == 0 && s->exec)
		r = plan_build_exec(config, config->process, &s->host, &s->options, &plan, err);
	else if (r == 0)
		r = plan_build(config, &s->host, &s->options, &plan, err);
	if (r == 0)
		r = plan_print(&plan, ret, err);
	plan_release(&plan);
	return r;
}

static void compare(const char *folder, const char *name, const char *got)
{
	cleanup_free char *wanted = read_text(folder, name);

	if (getenv("UPDATE_PLANS"))
		write_text(folder, name, got);
	else if (got)
		cr_expect_str_eq(got, wanted ? wanted : "(no such file)",
				 "%s/%s: got\n%swanted\n%s", folder, name, got,
				 wanted ? wanted : "(no such file)\n");
	else
		cr_expect_null(wanted, "%s: gives no %s any more", folder, name);
}

static void check_case(const char *folder)
{
	struct setting s = read_setting(folder);
	cleanup_free char *json = read_text(folder, "config.json");
	cleanup_free char *update = read_text(folder, "update.json");
	cleanup_free char *text = NULL;
	char failure[sizeof((struct error *)0)->text + 1] = "";
	struct spec_config config = {};
	struct error err = {};

	cr_assert_not_null(json, "%s/config.json", folder);
	if (json_decode(&spec_config_schema, json, strlen(json), &config, &err) == 0 &&
	    read_layers(&s, folder, &err) == 0)
		update ? make_update_plan(&config, update, &s, &text, &err) :
			 make_plan(&config, &s, &text, &err);
	if (err.code)
		snprintf(failure, sizeof failure, "%.499s\n", err.text);
	compare(folder, "expected.plan", text);
	compare(folder, "expected.error", err.code ? failure : NULL);
	json_release(&spec_config_schema, &config);
	json_release(&spec_rootfs_schema, &s.layers);
}

Test(golden, every_config_gives_its_plan_or_its_error)
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
			check_case(path);
			n_cases++;
		}
		free(cases[i]);
	}
	free(cases);
	cr_assert_geq(n_cases, 40, "only %d cases in %s", n_cases, folder);
}
