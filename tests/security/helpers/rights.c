/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rights: print who this process is, a line each: uid and gid with four numbers, groups, the
 * capability sets inh, prm, eff, bnd and amb, nnp and seccomp.
 */
#include <stdio.h>
#include <string.h>

int main(void)
{
	static const char *const wanted[][2] = {
		{ "Uid:", "uid" },     { "Gid:", "gid" },     { "Groups:", "groups" }, { "CapInh:", "inh" },
		{ "CapPrm:", "prm" },  { "CapEff:", "eff" },  { "CapBnd:", "bnd" },    { "CapAmb:", "amb" },
		{ "NoNewPrivs:", "nnp" }, { "Seccomp:", "seccomp" },
	};
	FILE *file = fopen("/proc/self/status", "re");
	char line[4096], *word, *rest;

	while (file && fgets(line, sizeof line, file)) {
		word = strtok_r(line, " \t\n", &rest);
		for (unsigned i = 0; word && i < sizeof wanted / sizeof *wanted; i++) {
			if (strcmp(word, wanted[i][0]) != 0)
				continue;
			printf("%s", wanted[i][1]);
			while ((word = strtok_r(NULL, " \t\n", &rest)))
				printf(" %s", word);
			printf("\n");
		}
	}
	return 0;
}
