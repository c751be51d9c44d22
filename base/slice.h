/* SPDX-License-Identifier: BSD-2-Clause */
/* A piece of somebody else's text: pointer and length, never NUL-terminated,
 * never owned. Knows nothing of files, mail or memory. */
#ifndef MX_BASE_SLICE_H
#define MX_BASE_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct slice {
	const char *ptr; /* NULL only when len is 0 and the value is absent */
	size_t len;
};

/* A slice over a string literal. */
#define SLICE(lit) ((struct slice){ (lit), sizeof(lit) - 1 })
#define SLICE_NONE ((struct slice){ NULL, 0 })

/* For printf: "%.*s", SLICE_ARG(s). Only for text known to be harmless. */
#define SLICE_ARG(s) (int)(s).len, (s).ptr != NULL ? (s).ptr : ""

static inline struct slice
slice_of(const char *ptr, size_t len)
{
	return (struct slice){ ptr, len };
}

static inline struct slice
slice_str(const char *str)
{
	return (struct slice){ str, str != NULL ? strlen(str) : 0 };
}

/* From BEGIN up to, not including, END. */
static inline struct slice
slice_between(const char *begin, const char *end)
{
	return (struct slice){ begin, (size_t)(end - begin) };
}

static inline bool
slice_is_none(struct slice s)
{
	return s.ptr == NULL;
}

static inline bool
slice_eq(struct slice a, struct slice b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

/* -1, 0, 1 in byte order; a prefix sorts before the longer one. */
static inline int
slice_cmp(struct slice a, struct slice b)
{
	size_t n = a.len < b.len ? a.len : b.len;
	int c = n != 0 ? memcmp(a.ptr, b.ptr, n) : 0;

	if (c != 0)
		return c < 0 ? -1 : 1;
	return (a.len > b.len) - (a.len < b.len);
}

static inline bool
slice_starts(struct slice s, struct slice prefix)
{
	return s.len >= prefix.len &&
	    (prefix.len == 0 || memcmp(s.ptr, prefix.ptr, prefix.len) == 0);
}

static inline bool
slice_ends(struct slice s, struct slice suffix)
{
	return s.len >= suffix.len &&
	    (suffix.len == 0 || memcmp(s.ptr + s.len - suffix.len, suffix.ptr,
	    suffix.len) == 0);
}

/* Drop the first N bytes (all of them when there are fewer). */
static inline struct slice
slice_skip(struct slice s, size_t n)
{
	if (n > s.len)
		n = s.len;
	return (struct slice){ s.ptr + n, s.len - n };
}

/* First occurrence of byte C, NULL if there is none. */
static inline const char *
slice_chr(struct slice s, char c)
{
	return s.len != 0 ? memchr(s.ptr, c, s.len) : NULL;
}

/* ASCII only: locale never changes how a log is read. */
static inline char
ascii_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

static inline bool
ascii_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline bool
ascii_is_alpha(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static inline bool
ascii_is_alnum(char c)
{
	return ascii_is_digit(c) || ascii_is_alpha(c);
}

static inline bool
ascii_is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static inline bool
slice_eq_nocase(struct slice a, struct slice b)
{
	if (a.len != b.len)
		return false;
	for (size_t i = 0; i < a.len; i++)
		if (ascii_lower(a.ptr[i]) != ascii_lower(b.ptr[i]))
			return false;
	return true;
}

/* First occurrence of NEEDLE, NULL if there is none. memchr on the first
 * byte, since libc's memmem is not in POSIX. */
const char *slice_find(struct slice s, struct slice needle);

/* White space off both ends. */
struct slice slice_trim(struct slice s);

/* Decimal digits at the start of S, no sign, at most MAX. Returns how many
 * bytes they take, 0 when there is no digit or the value exceeds MAX; then
 * *value_r is untouched. */
size_t slice_number(struct slice s, uint64_t max, uint64_t *value_r);

#endif
