/* SPDX-License-Identifier: Apache-2.0 */
#include "lifecycle/document.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "base/log.h"
#include "base/path.h"
#include "base/str.h"
#include "config.h"
#include "lifecycle/launch.h"

void document_release(struct document *document)
{
	plan_release(&document->plan);
	json_release(&spec_rootfs_schema, &document->layers);
	json_release(&spec_config_schema, &document->config);
	free(document->text);
	free(document->bundle);
	*document = (struct document){};
}

int document_decode(const char *name, const char *text, size_t len, struct spec_config *ret,
		    struct error *err)
{
	if (json_decode(&spec_config_schema, text, len, ret, err) < 0 ||
	    spec_config_validate(ret, err) < 0)
		return error_prefix(err, "%s: ", name);
	return 0;
}

static int find_bundle(const char *bundle, char **ret, struct error *err)
{
	char here[PATH_MAX];

	if (!getcwd(here, sizeof here)) {
		if (!bundle || *bundle != '/')
			return error_errno(err, errno, "the working directory");
		snprintf(here, sizeof here, "/");
	}
	return path_absolute(here, bundle ? bundle : ".", ret, err);
}

/*
 * Descriptors that a socket-activating manager has promised to this very process
 * (sd_listen_fds(3)) go on to the container, before those of --preserve-fds.
 */
static int listen_fds(void)
{
	const char *count = getenv("LISTEN_FDS"), *pid = getenv("LISTEN_PID");
	struct error ignored;
	long long n, whose;

	if (!count || !pid || str_to_int(pid, "LISTEN_PID", 1, INT_MAX, &whose, &ignored) < 0 ||
	    whose != getpid() || str_to_int(count, "LISTEN_FDS", 0, 1024, &n, &ignored) < 0)
		return 0;
	return (int)n;
}

/* Whoever may write it chooses which of the host's directories become the container's. */
static int open_layers(int bundle_fd, const char *name, struct error *err)
{
	cleanup_close int fd =
		openat(bundle_fd, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0)
		return error_errno(err, errno, "open");
	if ((st.st_uid && st.st_uid != geteuid()) || st.st_mode & 022)
		return error_set(err, EPERM, "others may write to it (chown root, chmod go-w)");
	return steal_fd(&fd);
}

static int decode_layers(struct document *document, int bundle_fd, const char *name,
			 struct error *err)
{
	cleanup_close int fd = -1;
	cleanup_free char *text = NULL;
	size_t len;

	TRY(spec_rootfs_check_name(name, err));
	fd = open_layers(bundle_fd, name, err);
	TRY(fd);
	TRY(fd_read_all(fd, name, JSON_SIZE_MAX, &text, &len, err));
	TRY(json_decode(&spec_rootfs_schema, text, len, &document->layers, err));
	return spec_rootfs_validate(&document->layers, err);
}

static int read_layers(struct document *document, int bundle_fd, struct error *err)
{
	const char *name = spec_config_annotation(&document->config, SPEC_ROOTFS_ANNOTATION);

	if (!name || decode_layers(document, bundle_fd, name, err) == 0)
		return 0;
	return error_prefix(err, "annotation " SPEC_ROOTFS_ANNOTATION " (%s): ", name);
}

static int read_config(struct document *document, const char *file, struct error *err)
{
	cleanup_close int fd = open(document->bundle, O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return error_errno(err, errno, "bundle %s", document->bundle);
	if (fd_read_file(fd, file, JSON_SIZE_MAX, &document->text, &document->len, err) < 0)
		return error_prefix(err, "bundle %s: ", document->bundle);
	TRY(document_decode(file, document->text, document->len, &document->config, err));
	return read_layers(document, fd, err);
}

static void warn(const struct plan *plan)
{
	for (size_t i = 0; i < plan->process.unknown_capabilities.n; i++)
		log_warning(
			"process.capabilities: %.64s is not known to this kernel and is ignored",
			plan->process.unknown_capabilities.item[i]);
}

static int check_rootfs(const struct plan *plan, const char *file, struct error *err)
{
	cleanup_close int fd = open(plan->rootfs, O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return error_errno(err, errno, "%s: root.path: open %s", file, plan->rootfs);
	return 0;
}

int document_load(struct lifecycle *l, const char *id, const struct create_options *options,
		  struct document *ret, struct error *err)
{
	cleanup_document struct document document = {};
	const char *file = options->config ? options->config : "config.json";
	const struct host *host;
	struct plan_options plan_options = {
		.id = id,
		.cgroup_manager = l->cgroup_manager,
		.no_pivot = options->no_pivot,
		.no_new_keyring = options->no_new_keyring,
		.preserve_fds = options->preserve_fds,
	};

	if (l->cgroup_manager == CGROUP_MANAGER_SYSTEMD && !CTR_SYSTEMD)
		return error_set(err, ENOTSUP, "--systemd-cgroup: this ctr was built without "
					       "libsystemd: use --cgroup-manager=cgroupfs");
	plan_options.listen_fds = listen_fds();
	plan_options.preserve_fds += plan_options.listen_fds;
	TRY(launch_check_preserved(plan_options.preserve_fds, err));
	TRY(find_bundle(options->bundle, &document.bundle, err));
	TRY(read_config(&document, file, err));
	host = lifecycle_host(l, err);
	if (!host)
		return -err->code;
	plan_options.bundle = document.bundle;
	plan_options.layers = document.layers.store ? &document.layers : NULL;
	if (plan_build(&document.config, host, &plan_options, &document.plan, err) < 0)
		return error_prefix(err, "%s: ", file);
	TRY(check_rootfs(&document.plan, file, err));
	warn(&document.plan);
	*ret = document;
	document = (struct document){};
	return 0;
}
