/* SPDX-License-Identifier: Apache-2.0 */
#include "spec/image.h"

#include <errno.h>
#include <string.h>

#include "base/str.h"

static const char *tag_of(const struct spec_image_descriptor *d)
{
	for (size_t i = 0; i < d->annotations.n; i++)
		if (!strcmp(d->annotations.item[i].key, SPEC_IMAGE_REF_NAME))
			return d->annotations.item[i].value;
	return NULL;
}

/* "nginx:latest" has the tag "latest". */
static bool has_tag(const char *name, const char *tag)
{
	const char *colon;

	if (!name)
		return false;
	colon = strrchr(name, ':');
	return !strcmp(name, tag) || (colon && !strcmp(colon + 1, tag));
}

/* Without a platform it is for any; attestations call theirs "unknown". */
static bool fits(const struct spec_image_descriptor *d, const char *architecture)
{
	const struct spec_image_platform *p = d->platform;

	return !p || ((!p->os || !strcmp(p->os, "linux")) &&
		      (!p->architecture || !strcmp(p->architecture, architecture)));
}

int spec_image_choose(const struct spec_image_descriptor *manifests, size_t n, const char *tag,
		      const char *architecture, struct error *err)
{
	struct str names = { 0 };
	int found = -1, n_found = 0;

	for (size_t i = 0; i < n; i++) {
		const char *name = tag_of(&manifests[i]);

		if (name)
			str_addf(&names, "%s%.60s", names.len ? ", " : "", name);
		if ((tag && !has_tag(name, tag)) || !fits(&manifests[i], architecture))
			continue;
		found = (int)i;
		n_found++;
	}
	if (n_found == 0)
		error_set(err, ENOENT, "there is no image%s%.60s for linux/%s (tags: %.200s)",
			  tag ? " " : "", tag ? tag : "", architecture,
			  names.len ? names.text : "none");
	if (n_found > 1)
		error_set(err, EINVAL, "there are %d images: say which tag (%.200s)", n_found,
			  names.len ? names.text : "none has one");
	str_release(&names);
	return n_found == 1 ? found : -err->code;
}

static bool is_saved_as(const struct spec_image_saved *image, const char *tag)
{
	for (size_t i = 0; i < image->tags.n; i++)
		if (has_tag(image->tags.item[i], tag))
			return true;
	return false;
}

int spec_image_choose_saved(const struct spec_image_archive *archive, const char *tag,
			    struct error *err)
{
	int found = -1, n_found = 0;

	for (size_t i = 0; i < archive->images.n; i++) {
		if (tag && !is_saved_as(&archive->images.item[i], tag))
			continue;
		found = (int)i;
		n_found++;
	}
	if (n_found == 0)
		return error_set(err, ENOENT, "there is no image %.60s", tag ? tag : "in it");
	if (n_found > 1)
		return error_set(err, EINVAL, "there are %d images: say which tag", n_found);
	return found;
}
