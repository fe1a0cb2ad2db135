/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The cases of tests/data/plan: a folder with a config and, in host.txt, what is special about
 * its host.
 */
#pragma once

#include "fixture.h"

struct golden_case {
	struct host host;
	struct plan_options options;
	struct spec_rootfs layers;
	bool exec;
	char *update; /* update.json, or NULL */
};

/* A file's text, which the caller frees; NULL: there is none. */
char *golden_case_text(const char *folder, const char *name);

struct golden_case golden_case_read(const char *folder);
void golden_case_release(struct golden_case *setting);

/* rootfs.json, if there is one; the case must stay where it is from then on. */
int golden_case_read_layers(struct golden_case *setting, const char *folder, struct error *err);

/* The plan as text; with an update what that would write, and what holds afterwards. */
int golden_case_plan(const struct spec_config *config, const struct golden_case *setting,
		     char **ret, struct error *err);

/* The plan as text, or the error's; the caller frees it. */
char *golden_case_result(const struct spec_config *config, const struct golden_case *setting);

/* Call `visit` for each; returns how many there are. */
int golden_case_each(void (*visit)(const char *folder, const char *name, void *argument),
		     void *argument);
