/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/err.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/fault.h"

/* clang-format off */
static const struct {
	int status;
	const char *name;
} exits[MX_CODES] = {
	[MX_OK]            = { 0, "EX_OK" },
	[MX_E_USAGE]       = { EX_USAGE, "EX_USAGE" },
	[MX_E_DATA]        = { EX_DATAERR, "EX_DATAERR" },
	[MX_E_NOINPUT]     = { EX_NOINPUT, "EX_NOINPUT" },
	[MX_E_UNAVAILABLE] = { EX_UNAVAILABLE, "EX_UNAVAILABLE" },
	[MX_E_INTERNAL]    = { EX_SOFTWARE, "EX_SOFTWARE" },
	[MX_E_OS]          = { EX_OSERR, "EX_OSERR" },
	[MX_E_CANTCREAT]   = { EX_CANTCREAT, "EX_CANTCREAT" },
	[MX_E_IO]          = { EX_IOERR, "EX_IOERR" },
	[MX_E_BUSY]        = { EX_TEMPFAIL, "EX_TEMPFAIL" },
	[MX_E_PERM]        = { EX_NOPERM, "EX_NOPERM" },
	[MX_E_CONFIG]      = { EX_CONFIG, "EX_CONFIG" },
	[MX_E_LIMIT]       = { EX_DATAERR, "EX_DATAERR" },
	[MX_E_STOPPED]     = { EX_TEMPFAIL, "EX_TEMPFAIL" },
};
/* clang-format on */

static void fill(struct mx_err *err, enum mx_code code, int sys_errno,
    const char *fmt, va_list args) MX_PRINTF(4, 0);

static void
fill(struct mx_err *err, enum mx_code code, int sys_errno, const char *fmt,
    va_list args)
{
	if (err == NULL)
		return;
	err->code = code;
	err->sys_errno = sys_errno;
	if (vsnprintf(err->text, sizeof(err->text), fmt, args) < 0)
		err->text[0] = '\0';
}

enum mx_code
mx_fail(struct mx_err *err, enum mx_code code, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	fill(err, code, 0, fmt, args);
	va_end(args);
	return code;
}

enum mx_code
mx_fail_errno(struct mx_err *err, enum mx_code code, int sys_errno,
    const char *fmt, ...)
{
	va_list args;
	size_t used;

	va_start(args, fmt);
	fill(err, code, sys_errno, fmt, args);
	va_end(args);
	if (err == NULL)
		return code;
	used = strlen(err->text);
	(void)snprintf(err->text + used, sizeof(err->text) - used, ": %s",
	    strerror(sys_errno));
	return code;
}

int
mx_exit_status(enum mx_code code)
{
	return exits[code].status;
}

const char *
mx_exit_name(enum mx_code code)
{
	return exits[code].name;
}

void
mx_oom(void)
{
	static const char text[] = "mxtrend: out of memory\n";

	if (write(STDERR_FILENO, text, sizeof(text) - 1) < 0)
		_exit(EX_OSERR);
	_exit(EX_OSERR);
}

void
mx_bug_at(const char *file, int line, const char *text)
{
	(void)fprintf(stderr, "mxtrend: bug at %s:%d: %s\n", file, line, text);
	abort();
}

void *
mx_alloc(size_t size)
{
	void *ptr = fault_hits(FAULT_ALLOC) ? NULL : malloc(size != 0 ? size : 1);

	if (ptr == NULL)
		mx_oom();
	return ptr;
}

void *
mx_calloc(size_t count, size_t size)
{
	void *ptr = fault_hits(FAULT_ALLOC) ?
	    NULL : calloc(count != 0 ? count : 1, size != 0 ? size : 1);

	if (ptr == NULL)
		mx_oom();
	return ptr;
}

void *
mx_realloc(void *old, size_t size)
{
	void *ptr = fault_hits(FAULT_ALLOC) ?
	    NULL : realloc(old, size != 0 ? size : 1);

	if (ptr == NULL)
		mx_oom();
	return ptr;
}

char *
mx_strndup(const char *text, size_t len)
{
	char *copy = mx_alloc(len + 1);

	if (len != 0)
		memcpy(copy, text, len);
	copy[len] = '\0';
	return copy;
}

char *
mx_strdup(const char *text)
{
	return mx_strndup(text, strlen(text));
}
