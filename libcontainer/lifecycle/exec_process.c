/* SPDX-License-Identifier: Apache-2.0 */
#include "lifecycle/exec_process.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "base/str.h"

static size_t count(char *const *words)
{
	size_t n = 0;

	while (words && words[n])
		n++;
	return n;
}

/* The list with more words behind it, as a new array of the same strings. */
static int join_words(char **list, size_t n, char *const *more, char ***ret, size_t *ret_n,
		      struct error *err)
{
	size_t n_more = count(more);
	char **all = calloc(n + n_more + 1, sizeof *all);

	if (!all)
		return error_errno(err, ENOMEM, "exec");
	for (size_t i = 0; i < n; i++)
		all[i] = list[i];
	for (size_t i = 0; i < n_more; i++)
		all[n + i] = more[i];
	*ret = all;
	*ret_n = n + n_more;
	return 0;
}

/* "uid" or "uid:gid", each exactly a number: what is not one is never root. */
static int parse_user(const char *text, struct spec_user *ret, struct error *err)
{
	const char *colon = strchr(text, ':');
	size_t n = colon ? (size_t)(colon - text) : strlen(text);
	char uid[16] = "";
	long long id;

	if (n < sizeof uid)
		memcpy(uid, text, n);
	TRY(str_to_int(uid, "--user", 0, JSON_ID_MAX, &id, err));
	ret->uid = (struct optional_int){ true, id };
	if (!colon)
		return 0;
	TRY(str_to_int(colon + 1, "--user", 0, JSON_ID_MAX, &id, err));
	ret->gid = (struct optional_int){ true, id };
	return 0;
}

static int apply_groups(const struct exec_options *options, struct exec_process *ret,
			struct error *err)
{
	if (!options->n_additional_gids)
		return 0;
	ret->groups = calloc(options->n_additional_gids, sizeof *ret->groups);
	if (!ret->groups)
		return error_errno(err, ENOMEM, "exec");
	for (size_t i = 0; i < options->n_additional_gids; i++)
		ret->groups[i] = options->additional_gids[i];
	ret->user.additional_gids.item = ret->groups;
	ret->user.additional_gids.n = options->n_additional_gids;
	return 0;
}

static int apply_user(const struct exec_options *options, struct exec_process *ret,
		      struct error *err)
{
	if (ret->process.user)
		ret->user = *ret->process.user;
	if (options->user)
		TRY(parse_user(options->user, &ret->user, err));
	TRY(apply_groups(options, ret, err));
	ret->process.user = &ret->user;
	return 0;
}

/* Never into inheritable or ambient: those outlive a change of program and user. */
static int apply_capabilities(const struct exec_options *options, struct exec_process *ret,
			      struct error *err)
{
	struct spec_capabilities *c = &ret->capabilities;

	if (!count(options->caps))
		return 0;
	if (ret->process.capabilities)
		*c = *ret->process.capabilities;
	TRY(join_words(c->bounding.item, c->bounding.n, options->caps, &ret->capability_lists[0],
		       &c->bounding.n, err));
	TRY(join_words(c->effective.item, c->effective.n, options->caps, &ret->capability_lists[1],
		       &c->effective.n, err));
	TRY(join_words(c->permitted.item, c->permitted.n, options->caps, &ret->capability_lists[2],
		       &c->permitted.n, err));
	c->bounding.item = ret->capability_lists[0];
	c->effective.item = ret->capability_lists[1];
	c->permitted.item = ret->capability_lists[2];
	ret->process.capabilities = c;
	return 0;
}

static int apply_flags(const struct exec_options *options, struct exec_process *ret,
		       struct error *err)
{
	struct spec_process *p = &ret->process;

	p->args.item = (char **)options->args;
	p->args.n = count(options->args);
	if (!p->args.n)
		return error_set(err, EINVAL, "exec: needs a command, or --process FILE");
	p->terminal = options->tty == 1;
	if (options->cwd)
		p->cwd = (char *)options->cwd;
	if (options->apparmor)
		p->apparmor_profile = (char *)options->apparmor;
	if (options->process_label)
		p->selinux_label = (char *)options->process_label;
	p->no_new_privileges |= options->no_new_privs;
	TRY(join_words(p->env.item, p->env.n, options->env, &ret->environment, &p->env.n, err));
	p->env.item = ret->environment;
	TRY(apply_user(options, ret, err));
	return apply_capabilities(options, ret, err);
}

static int load_document(const char *path, struct exec_process *ret, struct error *err)
{
	cleanup_free char *text = NULL;
	size_t len;

	TRY(fd_read_file(AT_FDCWD, path, JSON_SIZE_MAX, &text, &len, err));
	if (json_decode(&spec_process_schema, text, len, &ret->document, err) < 0)
		return error_prefix(err, "%s: ", path);
	ret->process = ret->document;
	return 0;
}

int exec_process_build(const struct spec_config *config, const struct exec_options *options,
		       struct exec_process *ret, struct error *err)
{
	const char *path = options->process ? options->process : "exec";

	if (options->process) {
		TRY(load_document(options->process, ret, err));
		ret->process.terminal |= options->tty == 1;
	} else {
		if (config->process)
			ret->process = *config->process;
		else
			ret->process.cwd = (char *)"/";
		TRY(apply_flags(options, ret, err));
	}
	return spec_config_validate_process(&ret->process, path, err);
}

void exec_process_release(struct exec_process *process)
{
	json_release(&spec_process_schema, &process->document);
	free(process->environment);
	for (int i = 0; i < 3; i++)
		free(process->capability_lists[i]);
	free(process->groups);
}
