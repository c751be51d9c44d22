/* SPDX-License-Identifier: BSD-2-Clause */
/* One writer at a time: a lock on a file beside the store, which also says
 * who holds it. */
#include "analyzer/store_priv.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* Who says in the lock file that he holds it. */
static void
read_holder(int fd, char *text, size_t room)
{
	ssize_t got = pread(fd, text, room - 1, 0);

	text[got > 0 ? got : 0] = '\0';
	text[strcspn(text, "\n")] = '\0';
}

static bool
try_lock(int fd)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

	return fcntl(fd, F_SETLK, &lock) == 0;
}

static void
write_holder(int fd)
{
	char text[64];
	int len = snprintf(text, sizeof(text), "process %ld\n",
	    (long)getpid());
	struct stat st;

	/* only a courtesy to who is locked out: no other file is emptied */
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || st.st_nlink > 1)
		return;
	if (ftruncate(fd, 0) != 0 || pwrite(fd, text, (size_t)len, 0) != len)
		return;
}

void
store_give(int fd, const char *dir)
{
	struct stat file, st;

	if (geteuid() != 0 || fstat(fd, &file) != 0 || file.st_uid != 0 ||
	    !S_ISREG(file.st_mode) || file.st_nlink > 1)
		return; /* not one that we have just made */
	if (stat(dir, &st) == 0 && st.st_uid != 0 &&
	    fchown(fd, st.st_uid, st.st_gid) != 0)
		return;
}

enum mx_code
store_take_lock(struct store *store, const char *dir, int64_t wait_s,
    struct mx_err *err)
{
	struct strbuf path;
	char holder[64];
	const struct timespec pause = { .tv_nsec = 100 * 1000 * 1000 };
	enum mx_code code = MX_OK;

	strbuf_init(&path, 4096);
	strbuf_addf(&path, "%s/mxtrend.lock", dir);
	store->lock_fd = open(path.ptr,
	    O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0640);
	if (store->lock_fd < 0)
		code = mx_fail_errno(err, errno == EACCES || errno == EROFS ?
		    MX_E_PERM : MX_E_CANTCREAT, errno, "%s", path.ptr);
	strbuf_release(&path);
	if (code != MX_OK)
		return code;
	store_give(store->lock_fd, dir);
	for (int64_t tries = wait_s * 10; !try_lock(store->lock_fd); tries--) {
		if (tries > 0) {
			(void)nanosleep(&pause, NULL);
			continue;
		}
		read_holder(store->lock_fd, holder, sizeof(holder));
		return mx_fail(err, MX_E_BUSY,
		    "%s: %s is writing to this store", dir,
		    holder[0] != '\0' ? holder : "another process");
	}
	write_holder(store->lock_fd);
	return MX_OK;
}
