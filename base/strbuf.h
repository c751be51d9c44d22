/* SPDX-License-Identifier: BSD-2-Clause */
/* Growing text with a mandatory cap. Invariants: ptr is never NULL after
 * strbuf_init; ptr[len] is NUL; NUL bytes inside are allowed. What does not
 * fit under the cap is dropped and is_cut stays set until the next reset, so
 * that a writer may append freely and ask once at the end. */
#ifndef MX_BASE_STRBUF_H
#define MX_BASE_STRBUF_H

#include "base/err.h"
#include "base/slice.h"

struct strbuf {
	char *ptr;
	size_t len;
	size_t room;    /* bytes allocated, more than len */
	size_t max_len; /* len never exceeds this */
	bool is_cut;
};

void strbuf_init(struct strbuf *buf, size_t max_len);
void strbuf_release(struct strbuf *buf);
void strbuf_reset(struct strbuf *buf); /* empty, memory kept */
void strbuf_add(struct strbuf *buf, const char *ptr, size_t len);
void strbuf_addf(struct strbuf *buf, const char *fmt, ...) MX_PRINTF(2, 3);
/* Cut back to LEN bytes; no effect when it is shorter. */
void strbuf_truncate(struct strbuf *buf, size_t len);

static inline void
strbuf_add_slice(struct strbuf *buf, struct slice s)
{
	strbuf_add(buf, s.ptr, s.len);
}

static inline void
strbuf_add_str(struct strbuf *buf, const char *str)
{
	strbuf_add(buf, str, strlen(str));
}

/* Where LEN bytes can be written at once, to be followed by strbuf_added();
 * NULL where they do not fit under the cap. */
char *strbuf_room(struct strbuf *buf, size_t len);

static inline void
strbuf_added(struct strbuf *buf, size_t len)
{
	buf->len += len;
	buf->ptr[buf->len] = '\0';
}

static inline void
strbuf_add_char(struct strbuf *buf, char c)
{
	if (buf->len + 1 >= buf->room || buf->len >= buf->max_len) {
		strbuf_add(buf, &c, 1);
		return;
	}
	buf->ptr[buf->len++] = c;
	buf->ptr[buf->len] = '\0';
}

/* Valid until the buffer changes. */
static inline struct slice
strbuf_slice(const struct strbuf *buf)
{
	return slice_of(buf->ptr, buf->len);
}

#endif
