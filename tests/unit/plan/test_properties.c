/* SPDX-License-Identifier: Apache-2.0 */
/*
 * No property without a test: each one is changed, in memory, in every golden plan's config
 * that has it, and at least one plan, or error, must change with it. What no plan shows stands
 * in tests/properties-elsewhere with the test that shows it. With PROPERTIES=FILE in
 * the environment the finding is written there, for spec/README.md.
 */
#include <criterion/criterion.h>

#include <stdio.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "golden_case.h"

enum { PROPERTIES_MAX = 512, PATH_ROOM = 128 };

struct property {
	char path[PATH_ROOM];
	struct strv cases; /* that show it */
};

struct walk {
	struct property property[PROPERTIES_MAX];
	size_t n;
	const char *name; /* of the case */
	const struct golden_case *setting;
	const struct spec_config *config;
	const char *before; /* its plan or error */
};

static struct property *find(struct walk *walk, const char *path)
{
	for (size_t i = 0; i < walk->n; i++)
		if (!strcmp(walk->property[i].path, path))
			return &walk->property[i];
	cr_assert_lt(walk->n, PROPERTIES_MAX);
	snprintf(walk->property[walk->n].path, PATH_ROOM, "%s", path);
	return &walk->property[walk->n++];
}

/* Is the plan another one now? */
static void look(struct walk *walk, const char *path)
{
	struct property *property = find(walk, path);
	cleanup_free char *after = NULL;
	struct error err;

	if (property->cases.n && !strcmp(property->cases.item[property->cases.n - 1], walk->name))
		return;
	after = golden_case_result(walk->config, walk->setting);
	if (!strcmp(after, walk->before))
		return;
	strv_add(&property->cases, walk->name, &err);
}

/* The path of what is below an array or a map. */
static void below(const char *path, const struct json_field *field, const char *name,
		  char ret[PATH_ROOM])
{
	const char *step = field->kind == JSON_OBJECT	  ? "." :
			   field->kind == JSON_OBJECT_MAP ? "['*']." :
							    "[].";

	snprintf(ret, PATH_ROOM, "%s%s%s", path, step, name);
}

static void change_members(struct walk *walk, const struct json_schema *schema, void *object,
			   const char *path, const struct json_field *parent);

/* A list with one less. */
static void change_list(struct walk *walk, const struct json_field *field, void *at,
			const char *path)
{
	LIST_OF(char) *list = at;

	if (!list->n)
		return;
	list->n--;
	look(walk, path);
	list->n++;
	if (!field->object)
		return;
	for (size_t i = 0; i < list->n; i++)
		change_members(walk, field->object, list->item + i * field->object->size, path,
			       field);
}

static void change_string(struct walk *walk, char **at, const char *path)
{
	char *kept = *at, longer[8192];

	if (!kept)
		return;
	snprintf(longer, sizeof longer, "%sx", kept);
	*at = longer;
	look(walk, path);
	*at = kept;
}

static void change_object(struct walk *walk, const struct json_field *field, void **at,
			  const char *path)
{
	void *kept = *at;

	if (!kept)
		return;
	*at = NULL;
	look(walk, path);
	*at = kept;
	change_members(walk, field->object, kept, path, field);
}

/* The nearest other value that the table allows; both neighbours, as one may mean the same. */
static void change_number(struct walk *walk, const struct json_field *field,
			  struct optional_int *at, const char *path)
{
	int64_t kept = at->value;

	if (!at->set)
		return;
	if (field->kind == JSON_ENUM ? field->names[kept + 1] != NULL : kept < field->max) {
		at->value = kept + 1;
		look(walk, path);
	}
	if (kept > field->min) {
		at->value = kept - 1;
		look(walk, path);
	}
	at->value = kept;
	at->set = false;
	look(walk, path);
	at->set = true;
}

static void change_unsigned(struct walk *walk, struct optional_uint *at, const char *path)
{
	if (!at->set)
		return;
	at->value ^= 1;
	look(walk, path);
	at->value ^= 1;
	at->set = false;
	look(walk, path);
	at->set = true;
}

static void change_value(struct walk *walk, const struct json_field *field, void *at,
			 const char *path)
{
	struct optional_bool *answer = at;

	switch (field->kind) {
	case JSON_STRING:
		change_string(walk, at, path);
		return;
	case JSON_BOOL:
		*(bool *)at ^= true;
		look(walk, path);
		*(bool *)at ^= true;
		return;
	case JSON_OPT_BOOL:
		answer->value ^= answer->set;
		look(walk, path);
		answer->value ^= answer->set;
		return;
	case JSON_INT:
	case JSON_ENUM:
		change_number(walk, field, at, path);
		return;
	case JSON_UINT:
		change_unsigned(walk, at, path);
		return;
	case JSON_OBJECT:
		change_object(walk, field, at, path);
		return;
	default:
		change_list(walk, field, at, path);
	}
}

static void change_members(struct walk *walk, const struct json_schema *schema, void *object,
			   const char *path, const struct json_field *parent)
{
	for (const struct json_field *field = schema->field; field->name; field++) {
		char here[PATH_ROOM];

		if (parent)
			below(path, parent, field->name, here);
		else
			snprintf(here, sizeof here, "%s", field->name);
		change_value(walk, field, (char *)object + field->offset, here);
	}
}

/* Every property that there is, also those that no case has. */
static void list_all(struct walk *walk, const struct json_schema *schema, const char *path,
		     const struct json_field *parent)
{
	for (const struct json_field *field = schema->field; field->name; field++) {
		char here[PATH_ROOM];

		if (parent)
			below(path, parent, field->name, here);
		else
			snprintf(here, sizeof here, "%s", field->name);
		find(walk, here);
		if (field->object)
			list_all(walk, field->object, here, field);
	}
}

static void change_case(const char *folder, const char *name, void *argument)
{
	struct walk *walk = argument;
	struct golden_case setting = golden_case_read(folder);
	cleanup_free char *json = golden_case_text(folder, "config.json");
	cleanup_free char *before = NULL;
	struct spec_config config = {};
	struct error err = {};

	/* What holds after an update repeats the config, whatever the plan makes of it. */
	if (!setting.update &&
	    json_decode(&spec_config_schema, json, strlen(json), &config, &err) == 0 &&
	    golden_case_read_layers(&setting, folder, &err) == 0) {
		before = golden_case_result(&config, &setting);
		walk->name = name;
		walk->setting = &setting;
		walk->config = &config;
		walk->before = before;
		change_members(walk, &spec_config_schema, &config, "", NULL);
	}
	json_release(&spec_config_schema, &config);
	golden_case_release(&setting);
}

/* "path<blank>file", where the file's text must at least have the property's name. */
static void take_elsewhere(struct walk *walk)
{
	cleanup_free char *list = golden_case_text("tests", "properties-elsewhere");
	struct error err;
	char *save = NULL;

	cr_assert_not_null(list);
	for (char *line = strtok_r(list, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		char *file = strchr(line, ' ');
		cleanup_free char *text = NULL;
		struct property *property;

		if (*line == '#')
			continue;
		cr_assert_not_null(file, "%s", line);
		*file++ = '\0';
		text = golden_case_text("tests", file);
		cr_assert_not_null(text, "tests/%s", file);
		property = find(walk, line);
		cr_expect_eq(property->cases.n, 0, "%s has a golden plan by now", line);
		cr_expect_not_null(strstr(text, strrchr(line, '.') + 1), "tests/%s has no %s", file,
				   line);
		strv_add(&property->cases, file, &err);
	}
}

static void write_list(const struct walk *walk)
{
	const char *path = getenv("PROPERTIES");
	FILE *file = path ? fopen(path, "we") : NULL;

	for (size_t i = 0; file && i < walk->n; i++) {
		const struct property *property = &walk->property[i];

		fprintf(file, "%s\t", property->path);
		for (size_t k = 0; k < property->cases.n; k++)
			fprintf(file, " %s", property->cases.item[k]);
		fputc('\n', file);
	}
	if (file)
		fclose(file);
}

Test(properties, every_one_matters_to_some_golden_plan)
{
	static struct walk walk;

	list_all(&walk, &spec_config_schema, "", NULL);
	cr_assert_geq(golden_case_each(change_case, &walk), 40);
	take_elsewhere(&walk);
	write_list(&walk);
	for (size_t i = 0; i < walk.n; i++) {
		cr_expect(walk.property[i].cases.n > 0, "%s: no golden plan shows it",
			  walk.property[i].path);
		strv_release(&walk.property[i].cases);
	}
}
