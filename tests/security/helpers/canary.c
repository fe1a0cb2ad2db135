/* SPDX-License-Identifier: Apache-2.0 */
/* canary: count the BPF programs of the kernel. */
#include <linux/bpf.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{
	union bpf_attr attr;
	unsigned n = 0, id = 0;

	for (;; n++) {
		memset(&attr, 0, sizeof attr);
		attr.start_id = id;
		if (syscall(SYS_bpf, BPF_PROG_GET_NEXT_ID, &attr, sizeof attr) < 0)
			break;
		id = attr.next_id;
	}
	printf("%u\n", n);
	return 0;
}
