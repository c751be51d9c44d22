/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/hash.h"

#include <fcntl.h>
#include <time.h>
#include <unistd.h>

#include "base/fd_read.h"

uint64_t
hash_stable(struct slice s, uint64_t start)
{
	uint64_t h = start;

	for (size_t i = 0; i < s.len; i++)
		h = (h ^ (unsigned char)s.ptr[i]) * 0x100000001b3u;
	return h;
}

uint64_t
hash_random_seed(void)
{
	uint64_t seed = 0;
	int fd = open("/dev/urandom", O_RDONLY | O_CLOEXEC);

	if (fd >= 0) {
		ssize_t got = fd_read(fd, &seed, sizeof(seed));

		(void)close(fd);
		if (got == (ssize_t)sizeof(seed))
			return seed;
	}
	return hash_mix((uint64_t)time(NULL), (uint64_t)getpid());
}
