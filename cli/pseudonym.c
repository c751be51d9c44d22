/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/pseudonym.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd_read.h"
enum { KEY_DIGITS = 2 * PSEUDONYM_KEY_BYTES, DIGEST_BYTES = 32 };

static const char hex_digits[] = "0123456789abcdef";

static enum mx_code
make_random(struct pseudonym_key *key, struct mx_err *err)
{
	if (getrandom(key->bytes, sizeof(key->bytes), 0) !=
	    (ssize_t)sizeof(key->bytes))
		return mx_fail_errno(err, MX_E_OS, errno, "random numbers");
	return MX_OK;
}

static bool
read_digits(const char *text, size_t len, struct pseudonym_key *key)
{
	if (len != KEY_DIGITS && !(len == KEY_DIGITS + 1 &&
	    text[KEY_DIGITS] == '\n'))
		return false;
	for (size_t i = 0; i < KEY_DIGITS; i++) {
		const char *digit = text[i] == '\0' ? NULL :
		    strchr(hex_digits, text[i]);

		if (digit == NULL)
			return false;
		key->bytes[i / 2] = (uint8_t)(key->bytes[i / 2] << 4 |
		    (digit - hex_digits));
	}
	return true;
}

/* FD is open on PATH. */
static enum mx_code
read_key(int fd, const char *path, struct pseudonym_key *key,
    struct mx_err *err)
{
	char text[KEY_DIGITS + 2];
	struct stat info;
	ssize_t got;

	if (fstat(fd, &info) != 0)
		return mx_fail_errno(err, MX_E_NOINPUT, errno, "%s", path);
	if (!S_ISREG(info.st_mode))
		return mx_fail(err, MX_E_DATA, "%s: not a regular file", path);
	if ((info.st_mode & (S_IRWXG | S_IRWXO)) != 0)
		return mx_fail(err, MX_E_PERM,
		    "%s: a key that others may use; chmod 600 it", path);
	got = fd_read(fd, text, sizeof(text));
	if (got < 0)
		return mx_fail_errno(err, MX_E_IO, errno, "%s", path);
	if (!read_digits(text, (size_t)got, key))
		return mx_fail(err, MX_E_DATA,
		    "%s: no key (64 hexadecimal digits in lower case)", path);
	return MX_OK;
}

static bool
write_key(int fd, const struct pseudonym_key *key)
{
	char text[KEY_DIGITS + 1];

	for (size_t i = 0; i < PSEUDONYM_KEY_BYTES; i++) {
		text[2 * i] = hex_digits[key->bytes[i] >> 4];
		text[2 * i + 1] = hex_digits[key->bytes[i] & 15];
	}
	text[KEY_DIGITS] = '\n';
	for (size_t done = 0; done < sizeof(text);) {
		ssize_t n = write(fd, text + done, sizeof(text) - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		done += (size_t)n;
	}
	return fsync(fd) == 0;
}

/* Inside the sandbox nothing can be linked. Then the caller sees to it that he
 * is alone, as the writer of a store is. */
static bool
give_name(const char *name, const char *path)
{
	if (link(name, path) == 0 || errno == EEXIST)
		return true;
	return errno == EPERM && access(path, F_OK) != 0 &&
	    rename(name, path) == 0;
}

/* A new key appears under its name whole or not at all; where another run was
 * quicker, its key counts. */
static enum mx_code
make_key(const char *path, struct mx_err *err)
{
	char name[PATH_MAX];
	struct pseudonym_key key;
	int fd, why, len = snprintf(name, sizeof(name), "%s.XXXXXX", path);
	bool is_made;

	if (len < 0 || (size_t)len >= sizeof(name))
		return mx_fail(err, MX_E_USAGE, "the key file's name is too long");
	if (make_random(&key, err) != MX_OK)
		return err->code;
	fd = mkstemp(name); /* mode 0600 */
	if (fd < 0)
		return mx_fail_errno(err, MX_E_CANTCREAT, errno, "%s", path);
	is_made = write_key(fd, &key) && give_name(name, path);
	why = errno;
	(void)unlink(name);
	(void)close(fd);
	if (!is_made)
		return mx_fail_errno(err, MX_E_CANTCREAT, why, "%s", path);
	return MX_OK;
}

enum mx_code
pseudonym_key_load(const char *path, struct pseudonym_key *key_r,
    struct mx_err *err)
{
	enum mx_code code;
	int fd;

	memset(key_r, 0, sizeof(*key_r));
	if (path[0] == '\0')
		return make_random(key_r, err);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 && errno == ENOENT) {
		code = make_key(path, err);
		if (code != MX_OK)
			return code;
		fd = open(path, O_RDONLY | O_CLOEXEC);
	}
	if (fd < 0)
		return mx_fail_errno(err, errno == EACCES ? MX_E_PERM :
		    MX_E_NOINPUT, errno, "%s", path);
	code = read_key(fd, path, key_r, err);
	(void)close(fd);
	return code;
}

void
pseudonym_add(struct strbuf *out, const struct pseudonym_key *key,
    const char *kind, struct slice text, unsigned digits)
{
	GHmac *hmac = g_hmac_new(G_CHECKSUM_SHA256, key->bytes,
	    sizeof(key->bytes));
	guint8 digest[DIGEST_BYTES];
	gsize len = sizeof(digest);

	/* with its NUL, so that kind and text cannot be shifted */
	g_hmac_update(hmac, (const guchar *)kind, (gssize)strlen(kind) + 1);
	if (text.len > 0)
		g_hmac_update(hmac, (const guchar *)text.ptr,
		    (gssize)text.len);
	g_hmac_get_digest(hmac, digest, &len);
	g_hmac_unref(hmac);
	strbuf_add_str(out, kind);
	strbuf_add_char(out, '-');
	for (unsigned i = 0; i < digits && i < 2 * DIGEST_BYTES; i++)
		strbuf_add_char(out, hex_digits[i % 2 == 0 ?
		    digest[i / 2] >> 4 : digest[i / 2] & 15]);
}
