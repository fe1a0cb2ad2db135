/* SPDX-License-Identifier: Apache-2.0 */
/*
 * typist: type "INJECTED" into every terminal among the descriptors and into /dev/tty, with
 * TIOCSTI and with its number as a filter that compares 64 bits sees it; and by TIOCLINUX.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static void type_into(int fd)
{
	static const char text[] = "INJECTED\n";
	char paste = 3;

	for (const char *p = text; *p; p++)
		if (ioctl(fd, TIOCSTI, p) < 0)
			ioctl(fd, 0x100000000UL | TIOCSTI, p);
	ioctl(fd, TIOCLINUX, &paste);
}

int main(void)
{
	int tty = open("/dev/tty", O_RDWR);

	for (int fd = 0; fd < 3; fd++)
		type_into(fd);
	if (tty >= 0)
		type_into(tty);
	write(1, "typed\n", 6);
	return 0;
}
