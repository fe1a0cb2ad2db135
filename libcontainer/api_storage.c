/* SPDX-License-Identifier: Apache-2.0 */
/* The public functions about templates and the store. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "api.h"
#include "base/cleanup.h"
#include "base/list.h"
#include "storage/gc.h"
#include "storage/journal.h"
#include "storage/storage.h"
#include "storage/storage_probe.h"
#include "storage/template.h"

/* Whom to tell, on the other side of the border. */
struct teller {
	void (*tell)(void *data, const struct ctr_progress *progress);
	void *data;
};

static void tell(void *data, const struct tree_progress *progress)
{
	const struct teller *teller = data;
	const struct ctr_progress outside = {
		progress->entries,
		progress->bytes,
		progress->shared,
	};

	if (teller->tell)
		teller->tell(teller->data, &outside);
}

static int open_store(struct ctr_runtime *runtime, enum storage_open how, struct storage *ret,
		      struct error *err)
{
	return storage_open(runtime->store, how, ret, err);
}

static int import(struct ctr_runtime *runtime, const char *name,
		  const struct ctr_template_import_options *given, struct error *err)
{
	struct ctr_template_import_options options = { 0 };
	cleanup_storage struct storage storage = { .fd = -1, .lock_fd = -1 };
	struct template_import import = { .name = name, .tell = tell };
	struct teller teller;

	TRY(api_take_options(&options, sizeof options, given, err));
	if ((unsigned)options.source > CTR_TEMPLATE_HOST)
		return error_set(err, EINVAL, "unknown source of a template %d",
				 (int)options.source);
	if (!options.path && options.source != CTR_TEMPLATE_HOST)
		return error_set(err, EINVAL, "no %s is given", template_sources[options.source]);
	TRY(storage_check_name("template", name, err));
	TRY(open_store(runtime, STORAGE_MAKE, &storage, err));
	teller = (struct teller){ options.tell, options.tell_data };
	import.source = (enum template_source)options.source;
	import.path = options.path;
	import.reference = options.reference;
	import.max_bytes = options.max_bytes;
	import.max_entries = options.max_entries;
	import.tell_data = &teller;
	return template_import(&storage, &import, err);
}

int ctr_template_import(struct ctr_runtime *runtime, const char *name,
			const struct ctr_template_import_options *options, struct ctr_error *err)
{
	struct error inside = { 0 };

	return api_result(import(runtime, name, options, &inside), &inside, err);
}

/* --- looking ----------------------------------------------------------------------------------- */

struct listed {
	LIST_OF(struct ctr_template) templates;
};

static void release_listed(struct listed *listed)
{
	ctr_template_list_free(listed->templates.item, listed->templates.n);
}
#define cleanup_listed __attribute__((__cleanup__(release_listed)))

static int describe_system(const struct spec_template_system *system, char **ret, struct error *err)
{
	cleanup_str struct str text = { 0 };
	const char *const words[] = {
		system ? system->distribution : NULL,
		system ? system->version : NULL,
		system ? system->architecture : NULL,
	};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (words[i])
			str_addf(&text, "%s%s", text.len ? " " : "", words[i]);
	return str_steal(&text, ret, err);
}

static int describe(struct spec_template *from, struct ctr_template *ret, struct error *err)
{
	ret->source = steal_ptr(&from->source);
	ret->created = steal_ptr(&from->created);
	ret->digest = steal_ptr(&from->digest);
	ret->entries = from->entries.value;
	ret->bytes = from->size.value;
	return describe_system(from->system, &ret->system, err);
}

/* One that has just been removed is no entry; one that cannot be read is. */
static int list_one(const struct storage *storage, const char *name, struct listed *listed,
		    struct error *err)
{
	cleanup_template struct spec_template template = { 0 };
	struct error problem = { 0 };
	int r = template_load(storage, name, &template, &problem);
	struct ctr_template *entry;

	if (r == -ENOENT)
		return 0;
	entry = list_add(&listed->templates);
	if (!entry || !(entry->name = strdup(name)))
		return error_errno(err, ENOMEM, "list templates");
	if (r == 0)
		return describe(&template, entry, err);
	entry->problem = strdup(problem.text);
	return entry->problem ? 0 : error_errno(err, ENOMEM, "list templates");
}

/* Where a killed command left something, it is finished first, if the store can be written. */
static int open_to_look(struct ctr_runtime *runtime, struct storage *ret, struct error *err)
{
	size_t left = 0;

	TRY(open_store(runtime, STORAGE_LOOK, ret, err));
	TRY(journal_count_left(ret, &left, err));
	if (left == 0)
		return 0;
	TRY(storage_lock(ret, true, err));
	storage_unlock(ret);
	return 0;
}

/* No store, no templates. */
static int list(struct ctr_runtime *runtime, struct ctr_template **ret, size_t *ret_n,
		struct error *err)
{
	cleanup_storage struct storage storage = { .fd = -1, .lock_fd = -1 };
	cleanup_listed struct listed listed = { 0 };
	cleanup_strv struct strv names = { 0 };
	int r = open_to_look(runtime, &storage, err);

	if (r < 0 && r != -ENOENT)
		return r;
	if (r == 0)
		TRY(template_list(&storage, &names, err));
	for (size_t i = 0; i < names.n; i++)
		TRY(list_one(&storage, names.item[i], &listed, err));
	*ret_n = listed.templates.n;
	*ret = steal_ptr(&listed.templates.item);
	listed.templates.n = 0;
	return 0;
}

int ctr_template_list(struct ctr_runtime *runtime, struct ctr_template **ret, size_t *ret_n,
		      struct ctr_error *err)
{
	struct error inside = { 0 };

	return api_result(list(runtime, ret, ret_n, &inside), &inside, err);
}

void ctr_template_list_free(struct ctr_template *templates, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct ctr_template *t = &templates[i];
		char *const owned[] = { t->name,    t->source, t->system,
					t->created, t->digest, t->problem };

		for (size_t k = 0; k < sizeof owned / sizeof *owned; k++)
			free(owned[k]);
	}
	free(templates);
}

static int info(struct ctr_runtime *runtime, const char *name, char **ret, struct error *err)
{
	cleanup_storage struct storage storage = { .fd = -1, .lock_fd = -1 };
	cleanup_template struct spec_template template = { 0 };

	TRY(open_to_look(runtime, &storage, err));
	TRY(template_load(&storage, name, &template, err));
	return json_encode(&spec_template_schema, &template, JSON_INDENTED, ret, err);
}

int ctr_template_info(struct ctr_runtime *runtime, const char *name, char **ret,
		      struct ctr_error *err)
{
	struct error inside = { 0 };

	return api_result(info(runtime, name, ret, &inside), &inside, err);
}

static int verify(struct ctr_runtime *runtime, const char *name, struct teller *teller,
		  struct error *err)
{
	cleanup_storage struct storage storage = { .fd = -1, .lock_fd = -1 };

	TRY(open_to_look(runtime, &storage, err));
	return template_verify(&storage, name, tell, teller, err);
}

int ctr_template_verify(struct ctr_runtime *runtime, const char *name,
			void (*tell_function)(void *data, const struct ctr_progress *progress),
			void *tell_data, struct ctr_error *err)
{
	struct teller teller = { tell_function, tell_data };
	struct error inside = { 0 };

	return api_result(verify(runtime, name, &teller, &inside), &inside, err);
}

static int remove_template(struct ctr_runtime *runtime, const char *name, struct error *err)
{
	cleanup_storage struct storage storage = { .fd = -1, .lock_fd = -1 };

	TRY(open_store(runtime, STORAGE_LOOK, &storage, err));
	return template_remove(&storage, name, err);
}

int ctr_template_remove(struct ctr_runtime *runtime, const char *name, struct ctr_error *err)
{
	struct error inside = { 0 };

	return api_result(remove_template(runtime, name, &inside), &inside, err);
}

static int mount_template(struct ctr_runtime *runtime, const char *name, const char *directory,
			  struct error *err)
{
	cleanup_storage struct storage storage = { .fd = -1, .lock_fd = -1 };

	TRY(open_to_look(runtime, &storage, err));
	return template_mount(&storage, name, directory, err);
}

int ctr_template_mount(struct ctr_runtime *runtime, const char *name, const char *directory,
		       struct ctr_error *err)
{
	struct error inside = { 0 };

	return api_result(mount_template(runtime, name, directory, &inside), &inside, err);
}

/* --- gc ---------------------------------------------------------------------------------------- */

struct garbage {
	LIST_OF(struct ctr_garbage) items;
};

static void release_garbage(struct garbage *garbage)
{
	ctr_garbage_free(garbage->items.item, garbage->items.n);
}
#define cleanup_garbage __attribute__((__cleanup__(release_garbage)))

static int hand_out(struct gc_list *list_found, struct garbage *ret, struct error *err)
{
	for (size_t i = 0; i < list_found->items.n; i++) {
		struct ctr_garbage *item = list_add(&ret->items);

		if (!item || !(item->why = strdup(list_found->items.item[i].why)))
			return error_errno(err, ENOMEM, "list what is to go");
		item->path = steal_ptr(&list_found->items.item[i].path);
		item->bytes = list_found->items.item[i].bytes;
	}
	return 0;
}

static int gc(struct ctr_runtime *runtime, const struct ctr_gc_options *given, struct garbage *ret,
	      struct error *err)
{
	cleanup_storage struct storage storage = { .fd = -1, .lock_fd = -1 };
	cleanup_gc_list struct gc_list found = { 0 };
	struct ctr_gc_options options = { 0 };
	int r;

	TRY(api_take_options(&options, sizeof options, given, err));
	r = open_store(runtime, STORAGE_LOOK, &storage, err);
	if (r == -ENOENT)
		return 0;
	TRY(r);
	TRY(options.dry_run ? gc_look(&storage, &found, err) : gc_collect(&storage, &found, err));
	return hand_out(&found, ret, err);
}

int ctr_gc(struct ctr_runtime *runtime, const struct ctr_gc_options *options,
	   struct ctr_garbage **ret, size_t *ret_n, struct ctr_error *err)
{
	cleanup_garbage struct garbage garbage = { 0 };
	struct error inside = { 0 };
	int r = gc(runtime, options, &garbage, &inside);

	if (r == 0) {
		*ret_n = garbage.items.n;
		*ret = steal_ptr(&garbage.items.item);
		garbage.items.n = 0;
	}
	return api_result(r, &inside, err);
}

void ctr_garbage_free(struct ctr_garbage *garbage, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		free(garbage[i].path);
		free(garbage[i].why);
	}
	free(garbage);
}

/* --- doctor ------------------------------------------------------------------------------------ */

static int doctor(struct ctr_runtime *runtime, struct ctr_store_check **ret, size_t *ret_n,
		  struct error *err)
{
	cleanup_storage struct storage storage = { .fd = -1, .lock_fd = -1 };
	struct storage_check checks[STORAGE_CHECKS_MAX];
	struct ctr_store_check *outside;
	int n;

	TRY(open_store(runtime, STORAGE_MAKE, &storage, err));
	n = storage_probe(&storage, checks, err);
	TRY(n);
	outside = calloc((size_t)n, sizeof *outside);
	if (!outside)
		return error_errno(err, ENOMEM, "look at the store");
	for (int i = 0; i < n; i++) {
		outside[i] = (struct ctr_store_check){
			.name = checks[i].name,
			.what = checks[i].what,
			.remedy = checks[i].remedy,
			.needed = checks[i].needed,
			.found = checks[i].found,
		};
		strcpy(outside[i].detail, checks[i].detail);
	}
	*ret = outside;
	*ret_n = (size_t)n;
	return 0;
}

int ctr_doctor_store(struct ctr_runtime *runtime, struct ctr_store_check **ret, size_t *ret_n,
		     struct ctr_error *err)
{
	struct error inside = { 0 };

	return api_result(doctor(runtime, ret, ret_n, &inside), &inside, err);
}

void ctr_store_checks_free(struct ctr_store_check *checks)
{
	free(checks);
}
