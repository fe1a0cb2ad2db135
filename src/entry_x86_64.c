/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where the static program begins, before the C library has set itself up. What
 * ctr_protect does costs a second start of the program; done here, the first start is cut
 * short before its expensive part (relocation, and CPUID, which traps in a virtual
 * machine). Whatever fails here is left to ctr_protect, which says why.
 *
 * No library function, no thread-local storage and no relocated address can be used.
 */
#include <fcntl.h>
#include <linux/mount.h>
#include <stdint.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>

#define BEFORE_LIBC static __attribute__((no_stack_protector))

BEFORE_LIBC inline long call(long number, long a, long b, long c, long d, long e)
{
	register long r10 __asm__("r10") = d;
	register long r8 __asm__("r8") = e;
	long result;

	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8)
			 : "rcx", "r11", "memory");
	return result;
}

BEFORE_LIBC int is_word(const char *text, const char *word)
{
	while (*text && *text == *word) {
		text++;
		word++;
	}
	return *text == *word;
}

/* Is the command one of those that go on inside a container? A wrong guess costs a start. */
BEFORE_LIBC int enters_container(char *const *argv)
{
	for (; *argv; argv++)
		if (is_word(*argv, "run") || is_word(*argv, "create") || is_word(*argv, "exec"))
			return 1;
	return 0;
}

BEFORE_LIBC void protect(char *const *argv, char *const *envp)
{
	struct mount_attr readonly = { .attr_set = MOUNT_ATTR_RDONLY };
	struct statfs fs;
	long own = call(SYS_openat, AT_FDCWD, (long)"/proc/self/exe", O_PATH | O_CLOEXEC, 0, 0);
	long tree;

	if (own < 0)
		return;
	if (call(SYS_fstatfs, own, (long)&fs, 0, 0, 0) < 0 || fs.f_flags & ST_RDONLY) {
		call(SYS_close, own, 0, 0, 0, 0);
		return;
	}
	tree = call(SYS_open_tree, own, (long)"",
		    AT_EMPTY_PATH | OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC, 0, 0);
	if (tree >= 0 && call(SYS_mount_setattr, tree, (long)"", AT_EMPTY_PATH, (long)&readonly,
			      sizeof readonly) == 0)
		call(SYS_execveat, tree, (long)"", (long)argv, (long)envp, AT_EMPTY_PATH);
	call(SYS_close, tree, 0, 0, 0, 0);
	call(SYS_close, own, 0, 0, 0, 0);
}

/* The kernel's stack: argc, argv, NULL, environment, NULL. */
__attribute__((used, no_stack_protector, visibility("hidden"))) void entry_x86_64(long *stack)
{
	char **argv = (char **)(stack + 1);

	if (stack[0] > 1 && enters_container(argv))
		protect(argv, argv + stack[0] + 1);
}

__asm__(".text\n"
	".globl entry_x86_64_start\n"
	".type entry_x86_64_start, @function\n"
	"entry_x86_64_start:\n"
	"	endbr64\n"
	"	push %rdx\n" /* what the kernel hands to _start */
	"	sub $8, %rsp\n" /* calls are made from an aligned stack */
	"	lea 16(%rsp), %rdi\n"
	"	call entry_x86_64\n"
	"	add $8, %rsp\n"
	"	pop %rdx\n"
	"	xor %ebp, %ebp\n"
	"	jmp _start\n");
