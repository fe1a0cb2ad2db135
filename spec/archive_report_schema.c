/* SPDX-License-Identifier: Apache-2.0 */
/* The report of the archive reader as tables. */
#include "spec/archive_report.h"

/* clang-format off */
static SCHEMA(spec_archive_layer,
	NEEDS_STRING(spec_archive_layer, digest, "digest"),
	STRING(spec_archive_layer, diff_id, "diffId"),
	UINT(spec_archive_layer, entries, "entries"),
	UINT(spec_archive_layer, size, "size"),
	UINT(spec_archive_layer, left_out, "leftOut"));

SCHEMA(spec_archive_report,
	OBJECTS(spec_archive_report, layers, "layers", spec_archive_layer),
	NEEDS_STRING(spec_archive_report, digest, "digest"),
	STRING(spec_archive_report, architecture, "architecture"),
	OBJECT(spec_archive_report, process, "process", spec_template_process));
/* clang-format on */
