/* SPDX-License-Identifier: Apache-2.0 */
/* The public functions about documents: spec, features, version. */
#include <errno.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "api.h"
#include "base/cleanup.h"
#include "base/fd.h"
#include "base/list.h"
#include "config.h"
#include "kernel/filter.h"
#include "spec/features.h"
#include "spec/rootfs.h"

#ifndef CTR_COMMIT
#define CTR_COMMIT ""
#endif

#ifndef SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV
#define SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV (1UL << 5)
#endif

/* spec --------------------------------------------------------------------------------- */

static void release_config(struct spec_config *config)
{
	json_release(&spec_config_schema, config);
}
#define cleanup_config __attribute__((__cleanup__(release_config)))

/* A half written document would be taken for a whole one by whoever finds it. */
static int write_new(const char *bundle, const char *file, const char *text, struct error *err)
{
	cleanup_close int dir_fd = open(bundle, O_PATH | O_DIRECTORY | O_CLOEXEC);
	cleanup_close int fd = -1;

	if (dir_fd < 0)
		return error_errno(err, errno, "open the bundle %s", bundle);
	fd = openat(dir_fd, file, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
	if (fd < 0 && errno == EEXIST)
		return error_set(err, EEXIST, "%s/%s exists already: remove it first", bundle,
				 file);
	if (fd < 0)
		return error_errno(err, errno, "make %s/%s", bundle, file);
	if (fd_write_all(fd, file, text, strlen(text), err) == 0)
		return 0;
	unlinkat(dir_fd, file, 0);
	return -err->code;
}

static int spec(const struct ctr_spec_options *given, struct error *err)
{
	struct spec_default_options defaults = { .uid = geteuid(), .gid = getegid() };
	cleanup_config struct spec_config config = { 0 };
	struct ctr_spec_options options = { 0 };
	cleanup_free char *text = NULL;

	TRY(api_take_options(&options, sizeof options, given, err));
	defaults.rootless = options.rootless;
	TRY(spec_config_default(&defaults, &config, err));
	TRY(json_encode(&spec_config_schema, &config, JSON_INDENTED, &text, err));
	return write_new(options.bundle ? options.bundle : ".",
			 options.file ? options.file : "config.json", text, err);
}

int ctr_spec(struct ctr_runtime *runtime, const struct ctr_spec_options *options,
	     struct ctr_error *err)
{
	struct error inside = { 0 };

	(void)runtime;
	return api_result(spec(options, &inside), &inside, err);
}

/* features ------------------------------------------------------------------------------- */

/* clang-format off */
static const struct {
	const char *name;
	unsigned flag;
} seccomp_flags[] = {
	{ "SECCOMP_FILTER_FLAG_TSYNC", SECCOMP_FILTER_FLAG_TSYNC },
	{ "SECCOMP_FILTER_FLAG_LOG", SECCOMP_FILTER_FLAG_LOG },
	{ "SECCOMP_FILTER_FLAG_SPEC_ALLOW", SECCOMP_FILTER_FLAG_SPEC_ALLOW },
	{ "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV", SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV },
};
/* clang-format on */

/* What an engine should not pass on from whom it does not trust. */
static const char *const unsafe_annotations[] = { "run.oci.keep_original_groups",
						  SPEC_ROOTFS_ANNOTATION, NULL };

static void release_features(struct spec_features *features)
{
	json_release(&spec_features_schema, features);
}
#define cleanup_features __attribute__((__cleanup__(release_features)))

/* An answer that the tables of config.json give. */
static struct optional_bool has(const char *property)
{
	return (struct optional_bool){ true, spec_features_has(property) };
}

static int new_enabled(const char *property, struct spec_features_enabled **ret)
{
	*ret = calloc(1, sizeof **ret);
	if (!*ret)
		return -ENOMEM;
	(*ret)->enabled = has(property);
	return 0;
}

/* The objects, empty or with their answer; the document owns them. */
static int add_objects(struct spec_features_linux *f)
{
	const struct optional_bool yes = { true, true }, no = { true, false };
	const struct optional_bool systemd = { true, CTR_SYSTEMD };

	f->cgroup = calloc(1, sizeof *f->cgroup);
	f->seccomp = calloc(1, sizeof *f->seccomp);
	f->memory_policy = calloc(1, sizeof *f->memory_policy);
	f->intel_rdt = calloc(1, sizeof *f->intel_rdt);
	f->mount_extensions = calloc(1, sizeof *f->mount_extensions);
	if (!f->cgroup || !f->seccomp || !f->memory_policy || !f->intel_rdt || !f->mount_extensions)
		return -ENOMEM;
	*f->cgroup = (struct spec_features_cgroup){
		.v1 = no,
		.v2 = yes,
		.systemd = systemd,
		.systemd_user = systemd,
		.rdma = has("linux.resources.rdma"),
	};
	f->seccomp->enabled = has("linux.seccomp");
	*f->intel_rdt = (struct spec_features_intel_rdt){
		.enabled = has("linux.intelRdt"),
		.schemata = has("linux.intelRdt.schemata"),
		.monitoring = has("linux.intelRdt.enableMonitoring"),
	};
	TRY(new_enabled("process.apparmorProfile", &f->apparmor));
	TRY(new_enabled("process.selinuxLabel", &f->selinux));
	TRY(new_enabled("linux.netDevices", &f->net_devices));
	return new_enabled("mounts.uidMappings", &f->mount_extensions->idmap);
}

static int add_seccomp(struct spec_features_seccomp *f, struct error *err)
{
	TRY(spec_features_add_words(&f->actions, spec_config_seccomp_action_names, err));
	TRY(spec_features_add_words(&f->operators, spec_config_seccomp_operator_names, err));
	TRY(spec_features_add_words(&f->archs, spec_config_seccomp_arch_names, err));
	TRY(spec_features_add_words(&f->known_flags, spec_config_seccomp_flag_names, err));
	for (size_t i = 0; i < sizeof seccomp_flags / sizeof *seccomp_flags; i++) {
		const char *const word[] = { seccomp_flags[i].name, NULL };

		if (filter_flag_is_supported(seccomp_flags[i].flag))
			TRY(spec_features_add_words(&f->supported_flags, word, err));
	}
	return 0;
}

static int add_memory_policy(struct spec_features_memory_policy *f, struct error *err)
{
	TRY(spec_features_add_words(&f->modes, spec_config_memory_mode_names, err));
	return spec_features_add_words(&f->flags, spec_config_memory_flag_names, err);
}

static int add_annotation(struct spec_features *f, const char *key, const char *value,
			  struct error *err)
{
	struct json_pair *pair = list_add(&f->annotations);

	if (pair) {
		pair->key = strdup(key);
		pair->value = strdup(value);
	}
	return pair && pair->key && pair->value ? 0 : error_errno(err, ENOMEM, "list features");
}

static int add_annotations(struct spec_features *f, struct error *err)
{
	const char *libseccomp = filter_library_version();
	const char *checkpoint = ctr_checkpoint_check(NULL) == 0 ? "true" : "false";

	TRY(add_annotation(f, "ctr.version", PACKAGE_VERSION, err));
	if (CTR_COMMIT[0])
		TRY(add_annotation(f, "ctr.commit", CTR_COMMIT, err));
	if (libseccomp)
		TRY(add_annotation(f, "io.github.seccomp.libseccomp.version", libseccomp, err));
	/* The words that engines look at before they offer checkpoints. */
	TRY(add_annotation(f, "org.opencontainers.runc.checkpoint.enabled", checkpoint, err));
	return add_annotation(f, "run.oci.crun.checkpoint.enabled", checkpoint, err);
}

static int build_features(struct spec_features *f, struct error *err)
{
	f->oci_version_min = strdup(SPEC_VERSION_MIN);
	f->oci_version_max = strdup(SPEC_VERSION);
	f->linux_ = calloc(1, sizeof *f->linux_);
	if (!f->oci_version_min || !f->oci_version_max || !f->linux_ || add_objects(f->linux_) < 0)
		return error_errno(err, ENOMEM, "list features");
	TRY(spec_features_add_words(&f->hooks, spec_config_hook_names, err));
	TRY(spec_features_add_words(&f->mount_options, mount_plan_option_names, err));
	TRY(spec_features_add_words(&f->potentially_unsafe_config_annotations, unsafe_annotations,
				    err));
	TRY(spec_features_add_words(&f->linux_->namespaces, spec_config_namespace_names, err));
	TRY(spec_features_add_words(&f->linux_->capabilities, capability_plan_names, err));
	TRY(add_seccomp(f->linux_->seccomp, err));
	TRY(add_memory_policy(f->linux_->memory_policy, err));
	return add_annotations(f, err);
}

static int features(char **ret, struct error *err)
{
	cleanup_features struct spec_features document = { 0 };

	TRY(build_features(&document, err));
	return json_encode(&spec_features_schema, &document, JSON_INDENTED, ret, err);
}

int ctr_features(struct ctr_runtime *runtime, char **ret, struct ctr_error *err)
{
	struct error inside = { 0 };

	(void)runtime;
	return api_result(features(ret, &inside), &inside, err);
}

void ctr_version_get(struct ctr_version *ret)
{
	*ret = (struct ctr_version){
		.version = PACKAGE_VERSION,
		.commit = CTR_COMMIT,
		.spec = SPEC_VERSION,
		.libseccomp = filter_library_version(),
	};
}
