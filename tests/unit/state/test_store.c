/* SPDX-License-Identifier: Apache-2.0 */
#include "state/store.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* A directory of its own for each test; the root is below it. */
static char top[64], root[80];
static struct store store = { .fd = -1 };
static struct error err;

static void set_up(void)
{
	strcpy(top, "/tmp/ctr-test-store.XXXXXX");
	cr_assert(mkdtemp(top));
	snprintf(root, sizeof root, "%s/root", top);
	cr_assert_eq(store_open(root, true, &store, &err), 0, "%s", err.text);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static void tear_down(void)
{
	store_close(&store);
	nftw(top, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

TestSuite(store, .init = set_up, .fini = tear_down);

static const char *below(const char *name)
{
	static char path[200];

	snprintf(path, sizeof path, "%s/%s", top, name);
	return path;
}

static struct store_record sample_record(void)
{
	static struct json_pair annotations[] = { { "a.b", "c d" } };

	return (struct store_record){
		.oci_version = "1.0.2",
		.id = "web1",
		.bundle = "/b",
		.rootfs = "/b/rootfs",
		.created = "2026-01-02T03:04:05.000000006Z",
		.owner = { true, 0 },
		.complete = true,
		.pid = { true, 4242 },
		.start_time = { true, 18446744073709551615u },
		.boot_id = "0d6a9cb4-1f33-4d4f-a1f3-2c5a1c1b9d10",
		.shared_pid_namespace = true,
		.cgroup_path = "/ctr/web1",
		.cgroup_manager = "cgroupfs",
		.annotations = { annotations, 1 },
	};
}

Test(store, the_root_is_made_with_parents_and_is_private)
{
	struct store deep = { .fd = -1 };
	struct stat st;

	cr_assert_eq(store_open(below("a/b/c/"), true, &deep, &err), 0, "%s", err.text);
	cr_assert_eq(fstat(deep.fd, &st), 0);
	cr_assert_eq(st.st_mode & 07777, 0700);
	cr_assert_str_eq(deep.path, below("a/b/c"));
	store_close(&deep);
}

Test(store, a_missing_root_is_not_made_for_those_who_only_look)
{
	struct store none = { .fd = -1 };

	cr_assert_eq(store_open(below("none"), false, &none, &err), -ENOENT);
	cr_assert_neq(access(below("none"), F_OK), 0);
	cr_assert_eq(none.fd, -1);
}

Test(store, the_root_directory_is_no_state_root_in_any_spelling)
{
	static const char *const spellings[] = { "/", "//", "/..", "/tmp/..", "/./" };
	struct store none = { .fd = -1 };

	for (size_t i = 0; i < sizeof spellings / sizeof *spellings; i++)
		cr_expect_eq(store_open(spellings[i], true, &none, &err), -EPERM, "%s",
			     spellings[i]);
	cr_expect_eq(store_open("relative", true, &none, &err), -EINVAL);
}

Test(store, a_root_that_others_can_write_is_refused)
{
	struct store none = { .fd = -1 };

	cr_assert_eq(chmod(root, 0720), 0);
	cr_assert_eq(store_open(root, false, &none, &err), -EPERM);
	cr_assert(strstr(err.text, "chmod"));
	cr_assert_eq(chmod(root, 01702), 0);
	cr_assert_eq(store_open(root, false, &none, &err), -EPERM);
	cr_assert_eq(chmod(root, 0755), 0);
	cr_assert_eq(store_open(root, false, &none, &err), 0);
	store_close(&none);
}

Test(store, a_root_of_someone_else_is_refused)
{
	struct store none = { .fd = -1 };

	if (geteuid() != 0)
		cr_skip("needs root to give a directory away");
	cr_assert_eq(chown(root, 1234, 0), 0);
	cr_assert_eq(store_open(root, false, &none, &err), -EPERM);
	cr_assert(strstr(err.text, "1234"));
}

Test(store, a_symlink_of_someone_else_is_refused_and_one_of_ours_is_followed)
{
	struct store linked = { .fd = -1 };
	char link[200];

	strcpy(link, below("link"));
	cr_assert_eq(symlink(root, link), 0);
	cr_assert_eq(store_open(link, false, &linked, &err), 0, "%s", err.text);
	store_close(&linked);
	if (geteuid() != 0)
		return;
	cr_assert_eq(lchown(link, 1234, 1234), 0);
	cr_expect_eq(store_open(link, false, &linked, &err), -EPERM);
	strcat(link, "/"); /* lstat(2) would look behind the link */
	cr_expect_eq(store_open(link, false, &linked, &err), -EPERM);
}

Test(store, hostile_ids_are_refused_before_any_path_is_made_of_them)
{
	static const char *const bad[] = { "",	  ".",	 "..",	"a/b", "/a",   "../a", ".hidden",
					   "-rf", "a b", "a\n", "a:b", "a\\b", "a*",   "\xc3\xa9",
					   "_a",  "+a",	 "a%s", "a;b", "a$b",  "a\x7f" };
	static const char *const good[] = { "a", "0", "A-b_c.d+e", "web1", "a..b" };
	char longest[130];

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		cr_expect_eq(store_check_id(bad[i], &err), -EINVAL, "'%s'", bad[i]);
	cr_expect(strstr(err.text, "invalid container ID format"));
	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
		cr_expect_eq(store_check_id(good[i], &err), 0, "'%s'", good[i]);
	memset(longest, 'a', sizeof longest);
	longest[128] = '\0';
	cr_expect_eq(store_check_id(longest, &err), 0);
	longest[128] = 'a';
	longest[129] = '\0';
	cr_expect_eq(store_check_id(longest, &err), -EINVAL);
}

Test(store, an_id_can_be_taken_once)
{
	int fd = store_reserve(&store, "web1", &err);

	cr_assert_geq(fd, 0, "%s", err.text);
	cr_assert_eq(store_reserve(&store, "web1", &err), -EEXIST);
	cr_assert_str_eq(err.text, "container with given ID already exists");
	close(fd);
	cr_assert_eq(store_reserve(&store, "web1", &err), -EEXIST);
}

Test(store, of_many_who_take_an_id_at_once_exactly_one_wins)
{
	int status, winners = 0;

	for (int i = 0; i < 16; i++)
		if (fork() == 0)
			_exit(store_reserve(&store, "same", &err) >= 0 ? 1 : 0);
	while (wait(&status) > 0)
		winners += WEXITSTATUS(status);
	cr_assert_eq(winners, 1);
}

Test(store, an_unknown_container_has_the_words_that_clients_match)
{
	cr_assert_eq(store_open_container(&store, "none", true, 0, &err), -ENOENT);
	cr_assert_str_eq(err.text, "container `none` does not exist");
}

Test(store, the_lock_keeps_others_out_until_it_is_closed)
{
	int fd = store_reserve(&store, "web1", &err);
	int look = store_open_container(&store, "web1", false, 0, &err);

	cr_assert_geq(look, 0);
	cr_assert_eq(store_is_locked(look), 1);
	cr_assert_eq(store_open_container(&store, "web1", true, 20, &err), -EWOULDBLOCK);
	close(fd);
	cr_assert_eq(store_is_locked(look), 0);
	fd = store_open_container(&store, "web1", true, 20, &err);
	cr_assert_geq(fd, 0);
	close(fd);
	close(look);
}

Test(store, unlocking_also_ends_the_lock_of_a_forks_copy)
{
	int fd = store_reserve(&store, "web1", &err);
	pid_t child = fork();
	int other;

	if (child == 0) {
		pause();
		_exit(0);
	}
	close(fd);
	cr_expect_eq(store_open_container(&store, "web1", true, 20, &err), -EWOULDBLOCK);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	fd = store_open_container(&store, "web1", true, 1000, &err);
	cr_assert_geq(fd, 0);
	child = fork();
	if (child == 0) {
		pause();
		_exit(0);
	}
	store_unlock(fd);
	other = store_open_container(&store, "web1", true, 20, &err);
	cr_expect_geq(other, 0);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	close(other);
	close(fd);
}

Test(store, who_waits_for_the_lock_of_a_deleted_container_is_told_that_it_is_gone)
{
	int fd = store_reserve(&store, "web1", &err);
	int status;
	pid_t child = fork();

	if (child == 0) {
		/* a lock of its own: the fork's copy of the parent's must not count */
		close(fd);
		_exit(-store_open_container(&store, "web1", true, 5000, &err));
	}
	usleep(50000);
	cr_assert_eq(store_remove(&store, "web1", &err), 0);
	cr_assert_eq(mkdirat(store.fd, "web1", 0700), 0); /* even when the id is taken again */
	close(fd);
	waitpid(child, &status, 0);
	cr_assert_eq(WEXITSTATUS(status), ENOENT);
}

Test(store, a_record_comes_back_as_it_was_saved)
{
	struct store_record record = sample_record(), loaded = { 0 };
	int fd = store_reserve(&store, "web1", &err);
	struct stat st;

	cr_assert_eq(store_save(fd, &record, &err), 0, "%s", err.text);
	cr_assert_eq(fstatat(fd, "state.json", &st, 0), 0);
	cr_expect_eq(st.st_mode & 07777, 0600);
	cr_assert_eq(store_load(fd, &loaded, &err), 0, "%s", err.text);
	cr_expect_str_eq(loaded.id, "web1");
	cr_expect_str_eq(loaded.cgroup_path, "/ctr/web1");
	cr_expect_str_eq(loaded.boot_id, record.boot_id);
	cr_expect_eq(loaded.pid.value, 4242);
	cr_expect_eq(loaded.start_time.value, 18446744073709551615u);
	cr_expect(loaded.complete && loaded.shared_pid_namespace && loaded.owner.set);
	cr_assert_eq(loaded.annotations.n, 1);
	cr_expect_str_eq(loaded.annotations.item[0].value, "c d");
	store_record_release(&loaded);
	close(fd);
}

static void write_state(int fd, const char *text)
{
	int file = openat(fd, "state.json", O_WRONLY | O_CREAT | O_TRUNC, 0600);

	cr_assert_eq(write(file, text, strlen(text)), (ssize_t)strlen(text));
	close(file);
}

Test(store, a_damaged_record_is_an_error_that_says_how_to_get_rid_of_it)
{
	static const char *const damaged[] = {
		"",
		"{}",
		"[]",
		"{\"id\":1}",
		"{\"id\":\"a\"",
		"null",
		"{\"ociVersion\":\"1\",\"id\":\"a\",\"bundle\":\"b\",\"pid\":-1}"
	};
	int fd = store_reserve(&store, "web1", &err);
	struct store_record loaded = { 0 };

	cr_assert_eq(store_load(fd, &loaded, &err), -ENOENT);
	for (size_t i = 0; i < sizeof damaged / sizeof *damaged; i++) {
		write_state(fd, damaged[i]);
		cr_expect_eq(store_load(fd, &loaded, &err), -EINVAL, "'%s'", damaged[i]);
		cr_expect(strstr(err.text, "delete --force"), "%s", err.text);
		cr_expect_null(loaded.id);
	}
	close(fd);
}

Test(store, a_record_that_is_missing_beside_a_config_is_damage)
{
	int fd = store_reserve(&store, "web1", &err);
	struct store_record loaded = { 0 };

	cr_assert_eq(store_load(fd, &loaded, &err), -ENOENT);
	cr_assert_eq(store_save_config(fd, "{}", 2, &err), 0);
	cr_assert_eq(store_load(fd, &loaded, &err), -EINVAL);
	close(fd);
}

Test(store, a_look_gives_the_same_record_and_refuses_what_is_odd)
{
	struct store_record record = sample_record(), loaded = { 0 };
	int fd = store_reserve(&store, "web1", &err);
	char *text = calloc(1, 20000);

	cr_expect_lt(store_look(&store, "web1", &loaded, &err), 0);
	cr_assert_eq(store_save(fd, &record, &err), 0);
	cr_assert_eq(store_look(&store, "web1", &loaded, &err), 0, "%s", err.text);
	cr_expect_eq(loaded.pid.value, 4242);
	cr_expect_str_eq(loaded.annotations.item[0].key, "a.b");
	store_record_release(&loaded);
	loaded = (struct store_record){ 0 };
	record.id = "other"; /* another container's record in this one's place */
	cr_assert_eq(store_save(fd, &record, &err), 0);
	cr_expect_lt(store_look(&store, "web1", &loaded, &err), 0);
	record.id = "web1";
	record.created = memset(text, 'x', 19999); /* longer than a look reads */
	cr_assert_eq(store_save(fd, &record, &err), 0);
	cr_expect_lt(store_look(&store, "web1", &loaded, &err), 0);
	write_state(fd, "{");
	cr_expect_lt(store_look(&store, "web1", &loaded, &err), 0);
	cr_expect_null(loaded.id);
	free(text);
	close(fd);
}

Test(store, a_container_counts_as_started_once_its_socket_is_gone)
{
	int fd = store_reserve(&store, "web1", &err);

	cr_expect(store_is_started(&store, "web1"));
	cr_assert_eq(mknodat(fd, "start.sock", S_IFREG | 0600, 0), 0);
	cr_expect_not(store_is_started(&store, "web1"));
	close(fd);
}

Test(store, a_record_that_is_no_file_is_an_error_and_never_blocks)
{
	int fd = store_reserve(&store, "web1", &err);
	struct store_record loaded = { 0 };

	cr_assert_eq(mkfifoat(fd, "state.json", 0600), 0);
	cr_expect_lt(store_load(fd, &loaded, &err), 0);
	cr_assert_eq(unlinkat(fd, "state.json", 0), 0);
	cr_assert_eq(symlinkat("/dev/zero", fd, "state.json"), 0);
	cr_expect_lt(store_load(fd, &loaded, &err), 0);
	close(fd);
}

Test(store, the_config_is_kept_byte_for_byte)
{
	int fd = store_reserve(&store, "web1", &err);
	char *text = NULL;
	size_t len;

	cr_assert_eq(store_save_config(fd, "{ \"a\" : 1 }\n", 12, &err), 0);
	cr_assert_eq(store_load_config(fd, &text, &len, &err), 0);
	cr_expect_eq(len, 12);
	cr_expect_str_eq(text, "{ \"a\" : 1 }\n");
	free(text);
	close(fd);
}

Test(store, removing_takes_everything_and_twice_is_fine)
{
	struct store_record record = sample_record();
	int fd = store_reserve(&store, "web1", &err);

	cr_assert_eq(store_save(fd, &record, &err), 0);
	close(fd);
	cr_assert_eq(store_remove(&store, "web1", &err), 0, "%s", err.text);
	cr_assert_eq(store_open_container(&store, "web1", false, 0, &err), -ENOENT);
	cr_assert_eq(store_remove(&store, "web1", &err), 0, "%s", err.text);
}

Test(store, the_list_is_sorted_and_holds_containers_only)
{
	struct strv ids = { 0 };
	int fd;

	cr_assert_eq(store_list(&store, &ids, &err), 0);
	cr_assert_eq(ids.n, 0);
	close(store_reserve(&store, "b", &err));
	close(store_reserve(&store, "a2", &err));
	close(store_reserve(&store, "a10", &err));
	close(store_open_cache(&store, ".cache", &err));
	fd = openat(store.fd, "file", O_CREAT | O_WRONLY, 0600);
	close(fd);
	cr_assert_eq(store_list(&store, &ids, &err), 0, "%s", err.text);
	cr_assert_eq(ids.n, 3);
	cr_expect_str_eq(ids.item[0], "a10");
	cr_expect_str_eq(ids.item[1], "a2");
	cr_expect_str_eq(ids.item[2], "b");
	strv_release(&ids);
}

Test(store, the_cache_is_private_and_no_symlink_leads_out_of_it)
{
	struct stat st;
	int fd = store_open_cache(&store, ".cache", &err);

	cr_assert_eq(fstat(fd, &st), 0);
	cr_expect_eq(st.st_mode & 07777, 0700);
	close(fd);
	cr_assert_eq(symlinkat("/tmp", store.fd, ".link"), 0);
	cr_expect_lt(store_open_cache(&store, ".link", &err), 0);
}

Test(store, a_pid_counts_in_its_own_boot_only)
{
	char id[37];

	cr_assert_eq(store_boot_id(id, &err), 0, "%s", err.text);
	cr_assert_eq(strlen(id), 36);
	cr_expect_eq(store_is_this_boot(&store, id, &err), 1);
	cr_expect_eq(store_is_this_boot(&store, NULL, &err), 1);
	id[0] = id[0] == 'a' ? 'b' : 'a';
	cr_expect_eq(store_is_this_boot(&store, id, &err), 0);
}

Test(store, the_default_root_of_root_is_in_run)
{
	char *path = NULL;

	if (geteuid() != 0)
		cr_skip("needs root");
	cr_assert_eq(store_default_path(&path, &err), 0);
	cr_expect_str_eq(path, "/run/ctr");
	free(path);
}

Test(store, the_default_root_of_others_is_in_their_runtime_directory)
{
	char *path = NULL;

	if (geteuid() == 0)
		cr_assert_eq(seteuid(1234), 0);
	setenv("XDG_RUNTIME_DIR", "/run/user/1234", 1);
	cr_expect_eq(store_default_path(&path, &err), 0);
	cr_expect_str_eq(path, "/run/user/1234/ctr");
	free(path);
	unsetenv("XDG_RUNTIME_DIR");
	cr_expect_eq(store_default_path(&path, &err), -EINVAL);
	cr_expect(strstr(err.text, "--root"));
	if (getuid() == 0)
		cr_assert_eq(seteuid(0), 0);
}
