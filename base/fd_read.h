/* SPDX-License-Identifier: BSD-2-Clause */
/* Reading a small file: a read may be interrupted, or give less than was asked
 * for, though there is more. */
#ifndef MX_BASE_FD_READ_H
#define MX_BASE_FD_READ_H

#include <errno.h>
#include <sys/types.h>
#include <unistd.h>

/* Up to SIZE bytes, fewer only at the end of the file; -1 with errno. */
static inline ssize_t
fd_read(int fd, void *to, size_t size)
{
	char *bytes = to;
	size_t len = 0;

	while (len < size) {
		ssize_t got = read(fd, bytes + len, size - len);

		if (got == 0)
			break;
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -1;
		len += (size_t)got;
	}
	return (ssize_t)len;
}

#endif
