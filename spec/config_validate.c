/* SPDX-License-Identifier: Apache-2.0 */
#include "spec/config_validate.h"

#include <errno.h>
#include <string.h>

#define UTS_LENGTH_MAX 64 /* __NEW_UTS_LEN */

#define DIGITS	    "0123456789"
#define IDENTIFIERS DIGITS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-."

/* A number without leading zeros; returns what follows it, or NULL. */
static const char *skip_number(const char *text)
{
	size_t n = strspn(text, DIGITS);

	return n == 0 || (n > 1 && *text == '0') ? NULL : text + n;
}

/* Dot-separated identifiers, none of them empty; returns what follows them, or NULL. */
static const char *skip_identifiers(const char *text)
{
	size_t n = strspn(text, IDENTIFIERS);

	if (n == 0 || *text == '.' || text[n - 1] == '.' || memmem(text, n, "..", 2))
		return NULL;
	return text + n;
}

/* Semantic Versioning 2.0.0: MAJOR.MINOR.PATCH[-PRERELEASE][+BUILD]. */
static bool is_semantic_version(const char *text)
{
	for (int i = 0; i < 3; i++) {
		if (i > 0 && *text++ != '.')
			return false;
		text = skip_number(text);
		if (!text)
			return false;
	}
	if (*text == '-')
		text = skip_identifiers(text + 1);
	if (text && *text == '+')
		text = skip_identifiers(text + 1);
	return text && *text == '\0';
}

/* config.md#specification-version: later minor versions only add, so all of 1.x are read. */
static int check_version(const struct spec_config *config, struct error *err)
{
	const char *version = config->oci_version;

	if (!version || !is_semantic_version(version))
		return error_set(err, EINVAL, "ociVersion: wants a version such as " SPEC_VERSION);
	if (strncmp(version, "1.", 2) != 0)
		return error_set(err, EINVAL,
				 "ociVersion: %s is not supported (this ctr knows " SPEC_VERSION_MIN
				 " to " SPEC_VERSION ")",
				 version);
	return 0;
}

/* config.md#root: required by every platform of ours. */
static int check_root(const struct spec_config *config, struct error *err)
{
	if (!config->root)
		return error_set(err, EINVAL, "root: is required");
	if (!config->root->path || !*config->root->path)
		return error_set(err, EINVAL,
				 "root.path: is empty (name the root filesystem's directory)");
	return 0;
}

/* config.md#mounts: a destination that is not absolute is taken below "/". */
static int check_mounts(const struct spec_config *config, struct error *err)
{
	for (size_t i = 0; i < config->mounts.n; i++) {
		const struct spec_mount *mount = &config->mounts.item[i];

		if (!*mount->destination)
			return error_set(
				err, EINVAL,
				"mounts[%zu].destination: is empty (name a path in the container)",
				i);
		if (!mount->uid_mappings.n != !mount->gid_mappings.n)
			return error_set(err, EINVAL, "mounts[%zu].%s: is missing", i,
					 mount->uid_mappings.n ? "gidMappings" : "uidMappings");
	}
	return 0;
}

/* config.md#process: optional until start, whole when it is there. */
static int check_process(const struct spec_config *config, struct error *err)
{
	return config->process ? spec_config_validate_process(config->process, "process", err) : 0;
}

static int check_uts_name(const struct spec_config *config, const char *key, const char *name,
			  struct error *err)
{
	if (!name)
		return 0;
	if (strlen(name) > UTS_LENGTH_MAX)
		return error_set(err, EINVAL, "%s: is longer than %d bytes", key, UTS_LENGTH_MAX);
	if (!spec_config_namespace(config, SPEC_NAMESPACE_UTS))
		return error_set(
			err, EINVAL,
			"%s: needs a uts namespace (add {\"type\": \"uts\"} to linux.namespaces)",
			key);
	return 0;
}

/* config.md#hostname: without a namespace of its own it would rename the host. */
static int check_hostname(const struct spec_config *config, struct error *err)
{
	return check_uts_name(config, "hostname", config->hostname, err);
}

/* config.md#domainname */
static int check_domainname(const struct spec_config *config, struct error *err)
{
	return check_uts_name(config, "domainname", config->domainname, err);
}

static int check_hook(const struct spec_hook *hook, struct error *err)
{
	if (hook->path[0] != '/')
		return error_set(err, EINVAL, "path: wants an absolute path");
	return spec_config_validate_env(hook->env.item, hook->env.n, err);
}

/* config.md#posix-platform-hooks: paths are absolute, and the environment well-formed. */
static int check_hooks(const struct spec_config *config, struct error *err)
{
	for (size_t i = 0; config->hooks && spec_config_hook_names[i]; i++) {
		const struct spec_hook_list list = spec_config_hook_list(config->hooks, i);

		for (size_t k = 0; k < list.n; k++)
			if (check_hook(&list.item[k], err) < 0)
				return error_prefix(err, "hooks.%s[%zu].",
						    spec_config_hook_names[i], k);
	}
	return 0;
}

/* config.md#annotations: a key is not empty. */
static int check_annotations(const struct spec_config *config, struct error *err)
{
	for (size_t i = 0; i < config->annotations.n; i++)
		if (!*config->annotations.item[i].key)
			return error_set(err, EINVAL,
					 "annotations: a key is empty (name or remove it)");
	return 0;
}

int spec_config_validate_env(char *const *env, size_t n, struct error *err)
{
	for (size_t i = 0; i < n; i++)
		if (env[i][0] == '=' || !strchr(env[i], '='))
			return error_set(err, EINVAL, "env[%zu]: wants the form NAME=value", i);
	return 0;
}

int spec_config_validate(const struct spec_config *config, struct error *err)
{
	static int (*const checks[])(const struct spec_config *, struct error *) = {
		check_version, check_root,	  check_mounts,
		check_process, check_hostname,	  check_domainname,
		check_hooks,   check_annotations, spec_config_validate_linux,
	};

	for (size_t i = 0; i < sizeof checks / sizeof *checks; i++)
		TRY(checks[i](config, err));
	return 0;
}
