/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/fleet.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/fd_read.h"
enum { PASSWORD_MAX = 1024 };
static const char variable[] = "MXTREND_CLICKHOUSE_PASSWORD";

/* The first line. */
static enum mx_code
read_password(const char *path, char *password, struct mx_err *err)
{
	ssize_t got;
	char *end;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return mx_fail_errno(err, errno == EACCES ? MX_E_PERM :
		    MX_E_NOINPUT, errno, "%s", path);
	got = fd_read(fd, password, PASSWORD_MAX);
	(void)close(fd);
	if (got < 0)
		return mx_fail_errno(err, MX_E_IO, errno, "%s", path);
	if (got == PASSWORD_MAX)
		return mx_fail(err, MX_E_CONFIG, "%s: too long for a password",
		    path);
	password[got] = '\0';
	end = strpbrk(password, "\r\n");
	if (end != NULL)
		*end = '\0';
	if (password[0] == '\0')
		return mx_fail(err, MX_E_CONFIG, "%s: no password in it", path);
	return MX_OK;
}

enum mx_code
fleet_client(const struct settings *settings, const char *url,
    struct clickhouse **fleet_r, struct mx_err *err)
{
	struct clickhouse_options options = { .url = url,
		.password = getenv(variable),
		.ca_file = settings->clickhouse_ca_file,
		.silence_s = settings->clickhouse_silence_s };
	char password[PASSWORD_MAX];

	if (options.password == NULL &&
	    settings->clickhouse_password_file != NULL) {
		enum mx_code code = read_password(
		    settings->clickhouse_password_file, password, err);

		if (code != MX_OK)
			return code;
		options.password = password;
	}
	return clickhouse_open(&options, fleet_r, err);
}
