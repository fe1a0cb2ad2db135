/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The runtime's own program file. A process that executes inside a container leaves a
 * way back to it, /proc/self/exe, through which root in the container could write to it
 * (CVE-2019-5736).
 */
#pragma once

#include "base/error.h"

/*
 * Go on from a read-only clone of our own program's mount, which nobody can make writable: returns
 * 0 in the new image, where argv and the environment are the same, and also when the program is
 * read-only already or the caller is not privileged, whose containers are no more than the caller.
 * To be called first thing. Errors: as open_tree(2), execveat(2).
 */
int self_protect(char *const *argv, struct error *err);
