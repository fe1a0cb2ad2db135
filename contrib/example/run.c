/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Run the container of a bundle: cc run.c $(pkg-config --cflags --libs libcontainer)
 */
#include <ctr.h>
#include <stdio.h>

int main(int argc, char **argv)
{
	struct ctr_run_options options = { .size = sizeof options };
	struct ctr_runtime *runtime = NULL;
	struct ctr_error err = { 0 };
	int status;

	options.create.size = sizeof options.create;
	options.create.bundle = argc > 1 ? argv[1] : ".";
	status = ctr_runtime_new(NULL, &runtime, &err);
	if (status == 0)
		status = ctr_run(runtime, "example", &options, &err);
	if (status < 0)
		fprintf(stderr, "%s: %s\n", argv[0], err.text);
	ctr_runtime_free(runtime);
	return status < 0 ? 1 : status;
}
