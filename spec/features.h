/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The features document (features.md, features-linux.md): what this runtime
 * implements, whatever the host. The lists are those that the parser itself uses.
 */
#pragma once

#include "base/json.h"
#include "spec/config.h"

struct spec_features_cgroup {
	struct optional_bool v1, v2, systemd, systemd_user, rdma;
};
struct spec_features_seccomp {
	struct optional_bool enabled;
	LIST_OF(char *) actions, operators, archs, known_flags, supported_flags;
};
struct spec_features_enabled {
	struct optional_bool enabled;
};
struct spec_features_mount_extensions {
	struct spec_features_enabled *idmap;
};
struct spec_features_memory_policy {
	LIST_OF(char *) modes, flags;
};
struct spec_features_intel_rdt {
	struct optional_bool enabled, schemata, monitoring;
};
struct spec_features_linux {
	LIST_OF(char *) namespaces, capabilities;
	struct spec_features_cgroup *cgroup;
	struct spec_features_seccomp *seccomp;
	struct spec_features_enabled *apparmor, *selinux;
	struct spec_features_memory_policy *memory_policy;
	struct spec_features_intel_rdt *intel_rdt;
	struct spec_features_mount_extensions *mount_extensions;
	struct spec_features_enabled *net_devices;
};
struct spec_features {
	char *oci_version_min, *oci_version_max;
	LIST_OF(char *) hooks, mount_options;
	struct spec_features_linux *linux_;
	LIST_OF(struct json_pair) annotations;
	LIST_OF(char *) potentially_unsafe_config_annotations;
};

extern const struct json_schema spec_features_schema;

/*
 * Does config.json have this property ("linux.intelRdt.schemata"), as its tables say? Lists and maps
 * are passed through without a step of their own.
 */
bool spec_features_has(const char *path);

/* Add copies of a NULL-terminated list of words to one of the lists above. Errors: ENOMEM. */
int spec_features_add_words(void *list_of_strings, const char *const *words, struct error *err);
