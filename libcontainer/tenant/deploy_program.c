/* SPDX-License-Identifier: Apache-2.0 */
#include "tenant/deploy_program.h"

#include <errno.h>
#include <string.h>

#include "base/path.h"
#include "spec/features.h"

/* clang-format off */
static const struct known_init {
	const char *name; /* as a template has it */
	enum tenant_init init;
	const char *path;
} inits[] = {
	{ "systemd", TENANT_INIT_SYSTEMD, "/lib/systemd/systemd" },
	{ "sysvinit", TENANT_INIT_SYSV, "/sbin/init" },
	{ "openrc", TENANT_INIT_SYSV, "/sbin/init" },
};
/* clang-format on */

static const struct known_init *find_init(const struct spec_template *template)
{
	const char *name = template->system ? template->system->init : NULL;

	for (size_t i = 0; name && i < sizeof inits / sizeof *inits; i++)
		if (!strcmp(inits[i].name, name))
			return &inits[i];
	return NULL;
}

static int out_of_memory(struct error *err)
{
	return error_errno(err, ENOMEM, "describe the tenant's program");
}

static int copy(char **ret, const char *text, struct error *err)
{
	if (!text)
		return 0;
	*ret = strdup(text);
	return *ret ? 0 : out_of_memory(err);
}

/* Is it an init that would take the place of PID 1? */
static bool is_init(const char *program)
{
	const char *name = path_last(program);

	return !strcmp(name, "init") || !strcmp(name, "systemd");
}

static int add_words(void *list, char *const *item, size_t n, struct error *err)
{
	for (size_t i = 0; i < n; i++) {
		const char *const word[] = { item[i], NULL };

		TRY(spec_features_add_words(list, word, err));
	}
	return 0;
}

static int take_process(const struct spec_template_process *process, struct tenant *ret,
			struct error *err)
{
	TRY(add_words(&ret->command, process->args.item, process->args.n, err));
	TRY(add_words(&ret->env, process->env.item, process->env.n, err));
	TRY(copy(&ret->cwd, process->cwd, err));
	/* Of the template's program: another one has other habits. */
	return ret->settings->command.n ? 0 : copy(&ret->stop_signal, process->stop_signal, err);
}

int deploy_program(const struct spec_template *template, bool busybox, struct tenant *ret,
		   struct error *err)
{
	const struct tenant_settings *settings = ret->settings;
	const struct known_init *known = find_init(template);
	const char *program;

	ret->init = (struct optional_int){ true, TENANT_INIT_NONE };
	if (template->process)
		TRY(take_process(template->process, ret, err));
	if (!ret->command.n && known) {
		const char *const words[] = { known->path, NULL };

		TRY(spec_features_add_words(&ret->command, words, err));
	}
	program = settings->command.n ? settings->command.item[0] :
		  ret->command.n      ? ret->command.item[0] :
					"";
	if (known && is_init(program))
		ret->init.value = busybox ? TENANT_INIT_BUSYBOX : known->init;
	return 0;
}
