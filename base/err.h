/* SPDX-License-Identifier: BSD-2-Clause */
/* What can go wrong, said once: the function that knows the cause fills the
 * struct, the function that knows the policy decides. Prints nothing. */
#ifndef MX_BASE_ERR_H
#define MX_BASE_ERR_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#define MX_MUST_USE __attribute__((warn_unused_result))
#define MX_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#define MX_NORETURN __attribute__((noreturn))
#define MX_NEVER_NULL __attribute__((returns_nonnull))

enum mx_code {
	MX_OK = 0,
	MX_E_USAGE,       /* the command line is wrong */
	MX_E_DATA,        /* input is not what it claims to be */
	MX_E_NOINPUT,     /* input cannot be opened */
	MX_E_UNAVAILABLE, /* a service is not there */
	MX_E_INTERNAL,    /* a defect of ours */
	MX_E_OS,          /* out of memory, no thread, no descriptor */
	MX_E_CANTCREAT,   /* output cannot be made */
	MX_E_IO,          /* reading or writing failed half-way */
	MX_E_BUSY,        /* somebody holds the lock; try again later */
	MX_E_PERM,        /* not allowed */
	MX_E_CONFIG,      /* configuration or rule file is wrong */
	MX_E_LIMIT,       /* a limit of base/limits.h was reached */
	MX_E_STOPPED,     /* a signal asked us to stop; what is done is done */
	MX_CODES
};

struct mx_err {
	enum mx_code code;
	int sys_errno;    /* 0 when no system call was involved */
	char text[512];   /* one line, without program name or newline */
};

/* Fill *err (may be NULL) and return CODE, so that `return mx_fail(...)`
 * reads well. Text longer than the field is cut. */
enum mx_code mx_fail(struct mx_err *err, enum mx_code code, const char *fmt,
    ...) MX_PRINTF(3, 4);

/* The same, with ": strerror(sys_errno)" appended. */
enum mx_code mx_fail_errno(struct mx_err *err, enum mx_code code,
    int sys_errno, const char *fmt, ...) MX_PRINTF(4, 5);

/* The sysexits(3) status for CODE: 0, 64..78. */
int mx_exit_status(enum mx_code code);

/* One row a code for the manual and its test: name such as "EX_DATAERR". */
const char *mx_exit_name(enum mx_code code);

/* Small allocations (never of a size that input chose) end the program when
 * memory is out: one line and EX_OSERR. The open SQLite transaction makes
 * that safe. The result is never NULL; free() it. */
void *mx_alloc(size_t size) MX_NEVER_NULL;
void *mx_calloc(size_t count, size_t size) MX_NEVER_NULL;
void *mx_realloc(void *old, size_t size) MX_NEVER_NULL;
char *mx_strdup(const char *text) MX_NEVER_NULL;
char *mx_strndup(const char *text, size_t len) MX_NEVER_NULL;
MX_NORETURN void mx_oom(void);

/* An impossible state: says where and aborts. */
#define mx_bug(text) mx_bug_at(__FILE__, __LINE__, (text))
MX_NORETURN void mx_bug_at(const char *file, int line, const char *text);

#endif
