/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>

#include "spec/rootfs.h"

static struct spec_rootfs rootfs;
static struct error err;

static void end(void)
{
	json_release(&spec_rootfs_schema, &rootfs);
}

TestSuite(spec_rootfs, .fini = end);

/* Decode and check a document with single quotes for double ones. */
static int load(const char *text)
{
	char *json = strdup(text);
	int r;

	for (char *c = json; *c; c++)
		*c = *c == '\'' ? '"' : *c;
	json_release(&spec_rootfs_schema, &rootfs);
	err = (struct error){};
	r = json_decode(&spec_rootfs_schema, json, strlen(json), &rootfs, &err);
	free(json);
	return r < 0 ? r : spec_rootfs_validate(&rootfs, &err);
}

Test(spec_rootfs, a_whole_document_is_read)
{
	cr_assert_eq(load("{'store':'/s','lower':['b','/a'],'upper':'u','work':'w','volatile':true,"
			  "'uidMappings':[{'containerID':0,'hostID':7,'size':9}],"
			  "'gidMappings':[{'containerID':0,'hostID':8,'size':9}],'other':1}"),
		     0, "%s", err.text);
	cr_expect_str_eq(rootfs.store, "/s");
	cr_assert_eq(rootfs.lower.n, 2);
	cr_expect_str_eq(rootfs.lower.item[0], "b");
	cr_expect_str_eq(rootfs.upper, "u");
	cr_expect_str_eq(rootfs.work, "w");
	cr_expect(rootfs.is_volatile);
	cr_expect_eq(rootfs.uid_mappings.item[0].host_id.value, 7);
	cr_expect_eq(rootfs.gid_mappings.item[0].host_id.value, 8);
}

Test(spec_rootfs, what_contradicts_itself_is_refused_with_its_property)
{
	static const struct {
		const char *document, *text;
	} rows[] = {
		{ "{'lower':['a','b']}", "store" },
		{ "{'store':'s','lower':['a','b']}", "store: wants an absolute path" },
		{ "{'store':'/s'}", "lower: needs 2 layers" },
		{ "{'store':'/s','lower':['a']}", "lower: needs 2 layers" },
		{ "{'store':'/s','upper':'u','work':'w'}", "lower: needs 1 layer" },
		{ "{'store':'/s','lower':['a',''],'upper':'u','work':'w'}", "lower[1]: is empty" },
		{ "{'store':'/s','lower':['a'],'upper':'u'}", "work: is missing" },
		{ "{'store':'/s','lower':['a','b'],'work':'u'}", "upper: is missing" },
		{ "{'store':'/s','lower':['a'],'upper':'','work':'w'}", "upper: is empty" },
		{ "{'store':'/s','lower':['a'],'upper':'u','work':''}", "work: is empty" },
		{ "{'store':'/s','lower':['a','b'],'volatile':true}", "volatile: needs an upper" },
		{ "{'store':'/s','lower':['a','b'],'uidMappings':"
		  "[{'containerID':0,'hostID':1,'size':1}]}",
		  "gidMappings: is missing" },
		{ "{'store':'/s','lower':['a','b'],'gidMappings':"
		  "[{'containerID':0,'hostID':1,'size':1}]}",
		  "uidMappings: is missing" },
		{ "{'store':'/s','lower':'a'}", "lower" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		cr_expect_eq(load(rows[i].document), -EINVAL, "%s", rows[i].document);
		cr_expect_not_null(strstr(err.text, rows[i].text), "%s: %s", rows[i].document,
				   err.text);
	}
}

Test(spec_rootfs, there_is_an_end_to_layers)
{
	char text[4096] = "{'store':'/s','upper':'u','work':'w','lower':['0'";

	for (int i = 1; i < SPEC_ROOTFS_LOWER_MAX; i++)
		sprintf(text + strlen(text), ",'%d'", i);
	strcat(text, "]}");
	cr_expect_eq(load(text), 0, "%s", err.text);
	strcpy(strrchr(text, ']'), ",'more']}");
	cr_expect_eq(load(text), -EINVAL);
	cr_expect_not_null(strstr(err.text, "129 layers, more than 128"), "%s", err.text);
}

Test(spec_rootfs, the_annotation_is_a_name_and_no_path)
{
	static const char *const bad[] = { "", ".", "..", "/", "/etc/x", "rootfs/x", "../x", "x/" };

	cr_expect_eq(spec_rootfs_check_name("rootfs.json", &err), 0);
	cr_expect_eq(spec_rootfs_check_name("..json", &err), 0);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		cr_expect_eq(spec_rootfs_check_name(bad[i], &err), -EINVAL, "%s", bad[i]);
}
