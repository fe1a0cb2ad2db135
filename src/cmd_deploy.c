/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "output.h"
#include "quantity.h"
#include "read_text.h"
#include "tenant_options.h"

enum network { NETWORK_NONE, NETWORK_HOST };
static const char *const networks[] = { "none", "host", NULL };

struct deploy_options {
	struct ctr_deploy_options library;
	struct tenant_limits limits;
	struct command_strings env, binds;
	enum network network;
	const char *user_range, *ssh_key, *user_data, *resolv_conf;
	bool password_stdin;
	enum output_format format;
};

/* clang-format off */
#define D struct deploy_options
static const struct command_option options[] = {
	{ 't', "template", FILLS_STRING(D, library.template_name), "NAME",
	  "the template to make it from", NULL },
	{ 'n', "count", FILLS_NUMBER(D, library.count), "N",
	  "make NAME1 to NAMEN, all of them or none", NULL },
	{ 's', "start", FILLS_FLAG(D, library.start), NULL,
	  "start what was made", NULL },
	TENANT_LIMIT_OPTIONS(D, limits),
	{ 0, "hostname", FILLS_STRING(D, library.hostname), "NAME",
	  "its hostname (default: its name)", NULL },
	{ 'e', "env", FILLS_STRINGS(D, env), "NAME=VALUE",
	  "a variable of its init's environment (repeatable)", NULL },
	{ 'b', "bind", FILLS_STRINGS(D, binds), "SRC:DST[:ro]",
	  "show the host's SRC at DST (repeatable)", NULL },
	{ 0, "network", FILLS_CHOICE(D, network), "none|host",
	  "a network of its own with loopback alone (default), or the host's", networks },
	{ 0, "user-range", FILLS_STRING(D, user_range), "BASE",
	  "first of its 65536 user ids on the host (default: free ones)", NULL },
	{ 'u', "user", FILLS_STRING(D, library.user), "NAME",
	  "whose password and keys are set (default: root); made when missing", NULL },
	{ 0, "password-stdin", FILLS_FLAG(D, password_stdin), NULL,
	  "read the hash of the password (openssl passwd -6) from standard input", NULL },
	{ 0, "ssh-key", FILLS_STRING(D, ssh_key), "FILE",
	  "let the keys in FILE in", NULL },
	{ 0, "user-data", FILLS_STRING(D, user_data), "FILE",
	  "give FILE to cloud-init", NULL },
	{ 0, "resolv-conf", FILLS_STRING(D, resolv_conf), "FILE|none",
	  "its resolv.conf (default: the host's with --network host)", NULL },
	{ 0, "keep-identity", FILLS_FLAG(D, library.keep_identity), NULL,
	  "leave machine-id and host keys as they are in the template", NULL },
	{ 'f', "format", FILLS_CHOICE(D, format), "table|json",
	  "print the names, or an array of them (default: table)", output_formats },
};
#undef D
/* clang-format on */

static const struct deploy_options defaults = { .library.size = sizeof defaults.library };

const struct command_syntax cmd_deploy_syntax = {
	COMMAND_OPTIONS(options),
	COMMAND_DEFAULTS(defaults),
	.arguments = "NAME [-- COMMAND [ARGUMENT]...]",
	.needs = "a name",
	.max_arguments = COMMAND_ANY,
};

/* The texts of the files that were named; freed by release. */
struct texts {
	char *password, *keys, *user_data, *resolv_conf;
	struct tenant_binds binds;
};

static void release(struct texts *texts)
{
	free(texts->password);
	free(texts->keys);
	free(texts->user_data);
	free(texts->resolv_conf);
	tenant_binds_release(&texts->binds);
}

static int read_password(bool wanted, char **ret, struct ctr_error *err)
{
	int result = wanted ? read_text("deploy", "-", ret, err) : 0;

	if (result == 0 && *ret)
		(*ret)[strcspn(*ret, "\n")] = '\0';
	return result;
}

static int read_file(const char *path, char **ret, struct ctr_error *err)
{
	return path ? read_text("deploy", path, ret, err) : 0;
}

/* With the host's network go the host's name servers. */
static const char *resolv_conf_path(const struct deploy_options *given)
{
	if (given->resolv_conf)
		return strcmp(given->resolv_conf, "none") ? given->resolv_conf : NULL;
	return given->network == NETWORK_HOST ? "/etc/resolv.conf" : NULL;
}

static int read_texts(const struct deploy_options *given, struct texts *ret, struct ctr_error *err)
{
	int result = read_password(given->password_stdin, &ret->password, err);

	if (result == 0)
		result = read_file(given->ssh_key, &ret->keys, err);
	if (result == 0)
		result = read_file(given->user_data, &ret->user_data, err);
	if (result == 0)
		result = read_file(resolv_conf_path(given), &ret->resolv_conf, err);
	if (result == 0)
		result = tenant_binds_parse("deploy", &given->binds, &ret->binds, err);
	return result;
}

static int take_limits(const struct tenant_limits *limits, struct ctr_deploy_options *ret,
		       struct ctr_error *err)
{
	struct tenant_numbers numbers = { 0 };
	int result = tenant_limits_parse("deploy", limits, &numbers, err);

	if (result < 0)
		return result;
	/* No limit is what there is without one. */
	ret->memory = numbers.memory > 0 ? numbers.memory : 0;
	ret->cpu_millis = numbers.cpu_millis > 0 ? numbers.cpu_millis : 0;
	ret->pids = numbers.pids > 0 ? numbers.pids : 0;
	return 0;
}

static int fill(struct deploy_options *given, const struct command_line *line,
		const struct texts *texts, struct ctr_error *err)
{
	struct ctr_deploy_options *library = &given->library;

	if (given->user_range &&
	    (!quantity_integer(given->user_range, 1, &library->id_base)))
		return command_invalid(err, "deploy: invalid --user-range \"%.200s\"",
				       given->user_range);
	library->host_network = given->network == NETWORK_HOST;
	library->env = given->env.items;
	library->command = line->n_arguments > 1 ? line->arguments + 1 : NULL;
	library->binds = texts->binds.items;
	library->n_binds = texts->binds.n;
	library->password_hash = texts->password;
	library->authorized_keys = texts->keys;
	library->user_data = texts->user_data;
	library->resolv_conf = texts->resolv_conf;
	return take_limits(&given->limits, library, err);
}

#define BAR_WIDTH 40

/* One line that writes itself over. */
static void show(void *data, size_t done, size_t n)
{
	static const char bar[] = "########################################";
	size_t filled = n ? done * BAR_WIDTH / n : 0;

	fprintf(stderr, "\r%s [%-*.*s] %zu/%zu", (const char *)data, BAR_WIDTH, (int)filled, bar,
		done, n);
}

static void print_name(const struct deploy_options *given, const char *prefix, int i)
{
	char name[128];

	snprintf(name, sizeof name, i ? "%s%d" : "%s", prefix, i);
	if (given->format == OUTPUT_JSON)
		output_json_string(stdout, name);
	else
		output_plain(stdout, name);
}

static void print_names(const struct deploy_options *given, const char *prefix)
{
	bool json = given->format == OUTPUT_JSON;
	int first = given->library.count ? 1 : 0;

	if (json)
		putchar('[');
	for (int i = first; i <= given->library.count; i++) {
		print_name(given, prefix, i);
		fputs(!json ? "\n" : i < given->library.count ? ", " : "", stdout);
	}
	if (json)
		puts("]");
}

int cmd_deploy(struct ctr_runtime *runtime, const struct command_line *line, struct ctr_error *err)
{
	struct deploy_options *given = line->options;
	bool shows = given->library.count > 1 && isatty(STDERR_FILENO);
	struct texts texts = { 0 };
	int result = read_texts(given, &texts, err);

	if (result == 0)
		result = fill(given, line, &texts, err);
	if (shows) {
		given->library.tell = show;
		given->library.tell_data = line->arguments[0];
	}
	if (result == 0)
		result = ctr_deploy(runtime, line->arguments[0], &given->library, err);
	if (shows)
		fputs("\r\033[K", stderr);
	release(&texts);
	if (result == 0)
		print_names(given, line->arguments[0]);
	return result;
}
