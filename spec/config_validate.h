/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The parts of spec_config_validate, one file a part of the document. Each text
 * begins with the property's path inside the part; the caller puts the part's own
 * path in front.
 */
#pragma once

#include "base/error.h"
#include "spec/config.h"

int spec_config_validate_linux(const struct spec_config *config, struct error *err);
int spec_config_validate_net_devices(const struct spec_config *config, struct error *err);
int spec_config_validate_rdt(const struct spec_config *config, struct error *err);
int spec_config_validate_resources(const struct spec_resources *resources, struct error *err);
int spec_config_validate_seccomp(const struct spec_seccomp *seccomp, struct error *err);

/* Entries of an environment have the form NAME=value (config.md#process). */
int spec_config_validate_env(char *const *env, size_t n, struct error *err);
