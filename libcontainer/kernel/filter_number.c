/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/filter_number.h"

#include <seccomp.h>
#include <stddef.h>

enum family { FAMILY_X86, FAMILY_S390, FAMILY_PPC, FAMILY_COUNT };

static const struct {
	uint32_t token;
	enum family family;
} families[] = {
	{ SCMP_ARCH_X86, FAMILY_X86 },	  { SCMP_ARCH_S390, FAMILY_S390 },
	{ SCMP_ARCH_S390X, FAMILY_S390 }, { SCMP_ARCH_PPC, FAMILY_PPC },
	{ SCMP_ARCH_PPC64, FAMILY_PPC },  { SCMP_ARCH_PPC64LE, FAMILY_PPC },
};

/* clang-format off */
/*
 * libseccomp gives these calls a number of its own, below zero, where they can be
 * reached through another one. Linux 4.3 and 5.1 gave most a direct number (0: none).
 */
static const struct {
	int pseudo;
	short direct[FAMILY_COUNT];
} direct_numbers[] = {
	{ -101, { 359, 359, 326 } }, /* socket */
	{ -102, { 361, 361, 327 } }, /* bind */
	{ -103, { 362, 362, 328 } }, /* connect */
	{ -104, { 363, 363, 329 } }, /* listen */
	{ -105, { 0, 0, 330 } }, /* accept */
	{ -106, { 367, 367, 331 } }, /* getsockname */
	{ -107, { 368, 368, 332 } }, /* getpeername */
	{ -108, { 360, 360, 333 } }, /* socketpair */
	{ -109, { 0, 0, 334 } }, /* send */
	{ -110, { 0, 0, 336 } }, /* recv */
	{ -111, { 369, 369, 335 } }, /* sendto */
	{ -112, { 371, 371, 337 } }, /* recvfrom */
	{ -113, { 373, 373, 338 } }, /* shutdown */
	{ -114, { 366, 366, 339 } }, /* setsockopt */
	{ -115, { 365, 365, 340 } }, /* getsockopt */
	{ -116, { 370, 370, 341 } }, /* sendmsg */
	{ -117, { 372, 372, 342 } }, /* recvmsg */
	{ -118, { 364, 364, 344 } }, /* accept4 */
	{ -119, { 337, 357, 343 } }, /* recvmmsg */
	{ -120, { 345, 358, 349 } }, /* sendmmsg */
	{ -201, { 0, 0, 0 } }, /* semop */
	{ -202, { 393, 393, 393 } }, /* semget */
	{ -203, { 394, 394, 394 } }, /* semctl */
	{ -204, { 0, 392, 392 } }, /* semtimedop */
	{ -211, { 400, 400, 400 } }, /* msgsnd */
	{ -212, { 401, 401, 401 } }, /* msgrcv */
	{ -213, { 399, 399, 399 } }, /* msgget */
	{ -214, { 402, 402, 402 } }, /* msgctl */
	{ -221, { 397, 397, 397 } }, /* shmat */
	{ -222, { 398, 398, 398 } }, /* shmdt */
	{ -223, { 395, 395, 395 } }, /* shmget */
	{ -224, { 396, 396, 396 } }, /* shmctl */
};
/* clang-format on */

static const struct {
	int first, last, base;
	uint32_t mask; /* of the first argument, what the kernel looks at */
	const char *name;
} multiplexers[] = {
	{ -120, -101, -100, UINT32_MAX, "socketcall" },
	{ -224, -201, -200, 0xffff, "ipc" },
};

static int direct_number(uint32_t token, int pseudo)
{
	for (size_t i = 0; i < sizeof families / sizeof *families; i++) {
		if (families[i].token != token)
			continue;
		for (size_t k = 0; k < sizeof direct_numbers / sizeof *direct_numbers; k++)
			if (direct_numbers[k].pseudo == pseudo &&
			    direct_numbers[k].direct[families[i].family])
				return direct_numbers[k].direct[families[i].family];
	}
	return -1;
}

bool filter_number_find(uint32_t token, const char *name, struct filter_number *ret)
{
	int number = seccomp_syscall_resolve_name_arch(token, name);

	*ret = (struct filter_number){ .number = number, .through = -1 };
	if (number >= 0)
		return true;
	for (size_t i = 0; i < sizeof multiplexers / sizeof *multiplexers; i++) {
		if (number < multiplexers[i].first || number > multiplexers[i].last)
			continue;
		ret->number = direct_number(token, number);
		ret->through = seccomp_syscall_resolve_name_arch(token, multiplexers[i].name);
		ret->through_call = (uint32_t)(multiplexers[i].base - number);
		ret->through_mask = multiplexers[i].mask;
	}
	return ret->number >= 0 || ret->through >= 0;
}
