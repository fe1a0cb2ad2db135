/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Test data: documents in files below $CTR_TEST_DATA, or tests/data. What cannot be
 * read fails the test.
 */
#pragma once

#include <criterion/criterion.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/json.h"

/* The whole file, which the caller frees. */
static inline char *data_read(const char *path)
{
	const char *root = getenv("CTR_TEST_DATA");
	char full[4096];
	char *text;
	long size;
	FILE *file;

	snprintf(full, sizeof full, "%s/%s", root ? root : "tests/data", path);
	file = fopen(full, "re");
	cr_assert_not_null(file, "open %s", full);
	fseek(file, 0, SEEK_END);
	size = ftell(file);
	rewind(file);
	text = calloc(1, size + 1);
	cr_assert_not_null(text);
	cr_assert_eq(fread(text, 1, size, file), (size_t)size, "read %s", full);
	fclose(file);
	return text;
}

/* Call `check` with the path of every .json in a folder; returns how many there were. */
static inline int data_each(const char *folder, void (*check)(const char *path))
{
	const char *root = getenv("CTR_TEST_DATA");
	char full[4096], path[4096];
	struct dirent *entry;
	int n = 0;
	DIR *dir;

	snprintf(full, sizeof full, "%s/%s", root ? root : "tests/data", folder);
	dir = opendir(full);
	cr_assert_not_null(dir, "open %s", full);
	while ((entry = readdir(dir))) {
		size_t len = strlen(entry->d_name);

		if (len < 5 || strcmp(entry->d_name + len - 5, ".json") != 0)
			continue;
		snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
		check(path);
		n++;
	}
	closedir(dir);
	return n;
}

static inline void data_decode(const struct json_schema *schema, const char *text, void *ret)
{
	struct error err = {};

	cr_assert_eq(json_decode(schema, text, strlen(text), ret, &err), 0, "%s", err.text);
}

/* Encode, decode, encode: both texts are equal. Returns the text, which the caller frees. */
static inline char *data_round_trip(const struct json_schema *schema, const void *doc)
{
	struct error err = {};
	void *again = calloc(1, schema->size);
	char *first = NULL, *second = NULL;

	cr_assert_not_null(again);
	cr_assert_eq(json_encode(schema, doc, JSON_INDENTED, &first, &err), 0, "%s", err.text);
	data_decode(schema, first, again);
	cr_assert_eq(json_encode(schema, again, JSON_INDENTED, &second, &err), 0, "%s", err.text);
	cr_expect_str_eq(first, second);
	free(second);
	json_release(schema, again);
	free(again);
	return first;
}
