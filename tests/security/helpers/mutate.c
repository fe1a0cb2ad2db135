/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mutate DOCUMENT OUTPUT COMMAND...: for every value of the compact JSON DOCUMENT that is no
 * object and no array, put each of a list of others in its place, write the result to OUTPUT
 * and run COMMAND on it. It must end with 0, or with 1 and one line on stderr that names the
 * property or the document; some run twice and must end in the same way. What did not is
 * printed, then "N documents, M refused, W wrong".
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LONG = 5000, TEXT = 1 << 16 };

static char long_text[LONG + 3];

static const char *const others[] = {
	"null", "true", "-1", "0", "2147483648", "4294967295", "4294967296", "9007199254740993",
	"9223372036854775808", "18446744073709551616", "1.5", "\"\"", "\"a\\u0000b\"", "\"../..\"",
	long_text, "[]", "{}", NULL /* the key twice */
};

static struct {
	char text[TEXT];
	size_t len;
	const char *output;
	char **command;
	unsigned documents, refused, wrong;
} m;

struct leaf {
	size_t key, key_end; /* the newest key, with its quotes */
	size_t start, end;
	int is_member;
};

static void die(const char *what)
{
	perror(what);
	exit(2);
}

static void write_with(const struct leaf *leaf, const char *other)
{
	FILE *file = fopen(m.output, "we");

	if (!file)
		die(m.output);
	fwrite(m.text, 1, leaf->start, file);
	if (other)
		fputs(other, file);
	else
		fprintf(file, "%.*s,%.*s:%.*s", (int)(leaf->end - leaf->start), m.text + leaf->start,
			(int)(leaf->key_end - leaf->key), m.text + leaf->key,
			(int)(leaf->end - leaf->start), m.text + leaf->start);
	fwrite(m.text + leaf->end, 1, m.len - leaf->end, file);
	if (fclose(file))
		die(m.output);
}

/* The wait status; what it says on stderr goes to `said`. */
static int run(char *said, size_t room)
{
	static int quiet = -1;
	int ends[2], status;
	size_t n = 0;
	ssize_t got;
	pid_t pid;

	if (quiet < 0)
		quiet = open("/dev/null", O_WRONLY | O_CLOEXEC);
	if (pipe2(ends, O_CLOEXEC) < 0)
		die("pipe");
	pid = fork();
	if (pid == 0) {
		dup2(ends[1], 2);
		dup2(quiet, 1);
		alarm(5);
		execvp(m.command[0], m.command);
		_exit(127);
	}
	close(ends[1]);
	while (n < room - 1 && (got = read(ends[0], said + n, room - 1 - n)) > 0)
		n += (size_t)got;
	said[n] = 0;
	close(ends[0]);
	if (waitpid(pid, &status, 0) < 0)
		die("wait");
	return status;
}

static const char *fault(const struct leaf *leaf, int status, const char *said)
{
	char key[256];
	size_t len = leaf->key_end - leaf->key;
	const char *line = strchr(said, '\n');

	if (WIFSIGNALED(status))
		return "died of a signal";
	if (WEXITSTATUS(status) == 0)
		return NULL;
	if (WEXITSTATUS(status) != 1)
		return "another status than 0 or 1";
	if (!line || line[1])
		return "not one line of error";
	snprintf(key, sizeof key, "%.*s", len > 2 ? (int)len - 2 : 0, m.text + leaf->key + 1);
	if (!strstr(said, key) && !strstr(said, "config.json"))
		return "an error that does not name it";
	return NULL;
}

static void check(const struct leaf *leaf, const char *other)
{
	char said[8192], again[8192];
	const char *what;
	int status;

	write_with(leaf, other);
	status = run(said, sizeof said);
	m.documents++;
	m.refused += status != 0;
	what = fault(leaf, status, said);
	if (!what && m.documents % 16 == 0 && run(again, sizeof again) != status)
		what = "another verdict the second time";
	if (!what)
		return;
	if (m.wrong++ < 20)
		printf("%.*s = %.30s: %s: %.200s\n", (int)(leaf->key_end - leaf->key),
		       m.text + leaf->key, other ? other : "twice", what, said);
}

static size_t string_end(size_t at)
{
	for (at++; m.text[at] && m.text[at] != '"'; at++)
		if (m.text[at] == '\\')
			at++;
	return at + 1;
}

/* Walk the tokens; a string before a colon is a key. */
static void walk(void)
{
	struct leaf leaf = { 0 };
	char open[256];
	int depth = 0;

	for (size_t at = 0; at < m.len;) {
		char c = m.text[at];
		size_t end = c == '"' ? string_end(at) : at + strcspn(m.text + at, ",:]}[{\"");

		if (strchr("[{", c))
			open[depth++] = c;
		else if (strchr("]}", c))
			depth--;
		if (strchr("[]{},:\n", c)) {
			at++;
			continue;
		}
		if (c == '"' && m.text[end] == ':') {
			leaf.key = at;
			leaf.key_end = end;
		} else {
			leaf.start = at;
			leaf.end = end;
			leaf.is_member = depth > 0 && open[depth - 1] == '{';
			for (size_t i = 0; i < sizeof others / sizeof *others; i++)
				if (others[i] || leaf.is_member)
					check(&leaf, others[i]);
		}
		at = end;
	}
}

int main(int argc, char **argv)
{
	int fd;
	ssize_t n;

	if (argc < 4)
		return 2;
	memset(long_text, 'A', LONG + 2);
	long_text[0] = long_text[LONG + 1] = '"';
	fd = open(argv[1], O_RDONLY | O_CLOEXEC);
	n = fd < 0 ? -1 : read(fd, m.text, sizeof m.text - 1);
	if (n <= 0)
		die(argv[1]);
	m.len = (size_t)n;
	m.output = argv[2];
	m.command = argv + 3;
	walk();
	printf("%u documents, %u refused, %u wrong\n", m.documents, m.refused, m.wrong);
	return m.wrong || !m.documents;
}
