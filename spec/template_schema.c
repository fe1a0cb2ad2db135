/* SPDX-License-Identifier: Apache-2.0 */
/* The documents of the store as tables. */
#include "spec/template.h"

/* clang-format off */
SCHEMA(spec_template_process,
	STRINGS(spec_template_process, args, "args"),
	STRINGS(spec_template_process, env, "env"),
	STRING(spec_template_process, user, "user"),
	STRING(spec_template_process, cwd, "cwd"),
	STRING(spec_template_process, stop_signal, "stopSignal"));

SCHEMA(spec_template_system,
	STRING(spec_template_system, distribution, "distribution"),
	STRING(spec_template_system, version, "version"),
	STRING(spec_template_system, architecture, "architecture"),
	STRING(spec_template_system, init, "init"),
	STRING(spec_template_system, package_manager, "packageManager"));

SCHEMA(spec_template,
	NEEDS_STRING(spec_template, name, "name"),
	NEEDS_STRING(spec_template, created, "created"),
	NEEDS_STRING(spec_template, source, "source"),
	NEEDS_STRING(spec_template, digest, "digest"),
	STRING(spec_template, parent, "parent"),
	STRINGS(spec_template, layers, "layers"),
	UINT(spec_template, entries, "entries"),
	UINT(spec_template, size, "size"),
	OBJECT(spec_template, system, "system", spec_template_system),
	OBJECT(spec_template, process, "process", spec_template_process),
	STRINGS(spec_template, scrub, "scrub"));

SCHEMA(spec_layer,
	NEEDS_STRING(spec_layer, id, "id"),
	NEEDS_STRING(spec_layer, created, "created"),
	STRING(spec_layer, digest, "digest"),
	STRING(spec_layer, diff_id, "diffId"),
	UINT(spec_layer, entries, "entries"),
	UINT(spec_layer, size, "size"),
	UINT(spec_layer, left_out, "leftOut"));

static SCHEMA(spec_references_template,
	STRING(spec_references_template, name, "name"));

SCHEMA(spec_references,
	OBJECT(spec_references, template_, "template", spec_references_template),
	STRINGS(spec_references, layers, "layers"));
/* clang-format on */
