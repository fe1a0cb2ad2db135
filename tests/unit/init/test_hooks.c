/* SPDX-License-Identifier: Apache-2.0 */
#include "init/hooks.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define N_OF(array) (sizeof(array) / sizeof *(array))

static char dir[64], out[80];
static struct error err;

static void set_up(void)
{
	strcpy(dir, "/tmp/ctr-test-hooks.XXXXXX");
	cr_assert(mkdtemp(dir));
	snprintf(out, sizeof out, "%s/out", dir);
}

static void tear_down(void)
{
	unlink(out);
	rmdir(dir);
}

TestSuite(hooks, .init = set_up, .fini = tear_down, .timeout = 20);

/* A hook of the shell's words; $OUT is the file that `written` reads. */
static struct spec_hook shell(char *words[3], char *env[1], const char *script)
{
	static char settings[8][100];
	static int n;
	char *setting = settings[n++ % 8];

	snprintf(setting, 100, "OUT=%s", out);
	words[0] = "hook";
	words[1] = "-c";
	words[2] = (char *)script;
	env[0] = setting;
	return (struct spec_hook){ .path = "/bin/sh", .args = { words, 3 }, .env = { env, 1 } };
}

static const char *written(void)
{
	static char text[4000];
	int fd = open(out, O_RDONLY);
	ssize_t n = fd < 0 ? 0 : read(fd, text, sizeof text - 1);

	if (fd >= 0)
		close(fd);
	text[n < 0 ? 0 : n] = '\0';
	return text;
}

static struct spec_state state = { .oci_version = "1.0.0", .id = "x", .status = "creating" };

static int run(const char *name, const struct spec_hook *list, size_t n, const char *cwd)
{
	return hooks_run(&(struct hooks_call){ name, &state, cwd, NULL }, list, n, &err);
}

Test(hooks, run_in_order_with_the_state_on_standard_input)
{
	char *words[2][3], *env[2][1];
	struct spec_hook hooks[] = {
		shell(words[0], env[0], "printf one: >>$OUT; cat >>$OUT"),
		shell(words[1], env[1], "printf :two: >>$OUT; cat >>$OUT"),
	};

	char *text, expected[1000];

	cr_assert_eq(json_encode(&spec_state_schema, &state, JSON_COMPACT, &text, &err), 0);
	snprintf(expected, sizeof expected, "one:%s:two:%s", text, text);
	cr_assert_eq(run("prestart", hooks, 2, NULL), 0, "%s", err.text);
	cr_assert_str_eq(written(), expected);
	free(text);
}

Test(hooks, get_their_own_environment_and_nothing_of_ours)
{
	char *words[3], *env[1];
	struct spec_hook hook = shell(words, env, "env | grep -c SECRET_OF_OURS >>$OUT; true");

	setenv("SECRET_OF_OURS", "1", 1);
	cr_assert_eq(run("prestart", &hook, 1, NULL), 0, "%s", err.text);
	cr_assert_str_eq(written(), "0\n");
}

Test(hooks, the_first_that_fails_ends_it_and_is_named_with_its_last_words)
{
	char *words[2][3], *env[2][1];
	struct spec_hook hooks[] = {
		shell(words[0], env[0], "echo noise >&2; echo no network >&2; exit 3"),
		shell(words[1], env[1], "echo ran >>$OUT"),
	};

	cr_assert_eq(run("createRuntime", hooks, 2, NULL), -ECANCELED);
	cr_expect_str_eq(err.text,
			 "hooks.createRuntime[0] (/bin/sh): ended with status 3: no network");
	cr_expect_str_eq(written(), "");
}

Test(hooks, all_run_where_failures_are_only_warned_of)
{
	char *words[2][3], *env[2][1];
	struct spec_hook hooks[] = {
		shell(words[0], env[0], "exit 3"),
		shell(words[1], env[1], "pwd >>$OUT"),
	};

	hooks_run_all(&(struct hooks_call){ "poststop", &state, "/usr", NULL }, hooks, N_OF(hooks));
	hooks_run_all(&(struct hooks_call){ "poststop", &state, "/a/bundle/that/is/gone", NULL },
		      hooks, N_OF(hooks));
	cr_expect_str_eq(written(), "/usr\n/\n");
}

Test(hooks, one_that_cannot_be_executed_is_an_error)
{
	struct spec_hook hook = { .path = "/nowhere/hook" };

	cr_assert_eq(run("prestart", &hook, 1, NULL), -ENOENT);
	cr_expect(strstr(err.text, "hooks.prestart[0] (/nowhere/hook): "));
}

Test(hooks, a_timeout_ends_the_hook_and_what_it_started)
{
	char *words[3], *env[1];
	struct spec_hook hook = shell(words, env, "sleep 30 & sleep 30; echo ran >>$OUT");

	hook.timeout = (struct optional_int){ true, 1 };
	cr_assert_eq(run("prestart", &hook, 1, NULL), -ETIMEDOUT);
	cr_expect_str_eq(written(), "");
}

Test(hooks, a_timeout_also_ends_a_hook_that_never_stops_talking)
{
	char *words[3], *env[1];
	struct spec_hook hook = shell(words, env, "exec yes >&2");

	hook.timeout = (struct optional_int){ true, 1 };
	cr_assert_eq(run("prestart", &hook, 1, NULL), -ETIMEDOUT);
}

Test(hooks, a_hook_that_does_not_read_its_input_is_fine)
{
	char *words[3], *env[1];
	struct spec_hook hook = shell(words, env, "exec <&-; echo ran >>$OUT");

	state.bundle = calloc(1, 1 << 20);
	memset(state.bundle, 'x', (1 << 20) - 1);
	cr_assert_eq(run("prestart", &hook, 1, NULL), 0, "%s", err.text);
	cr_expect_str_eq(written(), "ran\n");
	free(state.bundle);
}

Test(hooks, without_args_the_path_is_the_name)
{
	struct spec_hook hook = { .path = "/bin/true" };

	cr_assert_eq(run("prestart", &hook, 1, NULL), 0, "%s", err.text);
}

Test(hooks, run_where_they_are_told_to)
{
	char *words[3], *env[1];
	struct spec_hook hook = shell(words, env, "pwd >>$OUT");

	cr_assert_eq(run("createContainer", &hook, 1, "/usr"), 0, "%s", err.text);
	cr_expect_str_eq(written(), "/usr\n");
}
