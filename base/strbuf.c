/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/strbuf.h"

#include <stdio.h>
#include <stdlib.h>

enum { FIRST_ROOM = 64 };

void
strbuf_init(struct strbuf *buf, size_t max_len)
{
	buf->room = FIRST_ROOM;
	buf->ptr = mx_alloc(buf->room);
	buf->ptr[0] = '\0';
	buf->len = 0;
	buf->max_len = max_len;
	buf->is_cut = false;
}

void
strbuf_release(struct strbuf *buf)
{
	free(buf->ptr);
	buf->ptr = NULL;
	buf->len = buf->room = 0;
}

void
strbuf_reset(struct strbuf *buf)
{
	buf->len = 0;
	buf->ptr[0] = '\0';
	buf->is_cut = false;
}

/* Room for EXTRA more bytes and the NUL; the caller keeps under max_len. */
static void
grow(struct strbuf *buf, size_t extra)
{
	size_t need = buf->len + extra + 1;

	if (need <= buf->room)
		return;
	while (buf->room < need)
		buf->room *= 2;
	buf->ptr = mx_realloc(buf->ptr, buf->room);
}

void
strbuf_add(struct strbuf *buf, const char *ptr, size_t len)
{
	if (len > buf->max_len - buf->len) {
		len = buf->max_len - buf->len;
		buf->is_cut = true;
	}
	if (len == 0)
		return;
	grow(buf, len);
	memcpy(buf->ptr + buf->len, ptr, len);
	buf->len += len;
	buf->ptr[buf->len] = '\0';
}

char *
strbuf_room(struct strbuf *buf, size_t len)
{
	if (len > buf->max_len - buf->len)
		return NULL;
	grow(buf, len);
	return buf->ptr + buf->len;
}

void
strbuf_addf(struct strbuf *buf, const char *fmt, ...)
{
	char small[256];
	char *text = small;
	va_list args;
	int want;

	va_start(args, fmt);
	want = vsnprintf(small, sizeof(small), fmt, args);
	va_end(args);
	if (want < 0) {
		buf->is_cut = true;
		return;
	}
	if ((size_t)want >= sizeof(small)) {
		text = mx_alloc((size_t)want + 1);
		va_start(args, fmt);
		(void)vsnprintf(text, (size_t)want + 1, fmt, args);
		va_end(args);
	}
	strbuf_add(buf, text, (size_t)want);
	if (text != small)
		free(text);
}

void
strbuf_truncate(struct strbuf *buf, size_t len)
{
	if (len >= buf->len)
		return;
	buf->len = len;
	buf->ptr[len] = '\0';
}
