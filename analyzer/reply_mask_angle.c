/* SPDX-License-Identifier: BSD-2-Clause */
/* What stands in angle brackets: mail addresses mostly. */
#include "analyzer/reply_mask_priv.h"

/* "mx.example.com[192.0.2.9]", as Postfix names a client. */
static bool
put_client(struct masker *m, struct slice inner)
{
	const char *open = slice_ends(inner, SLICE("]")) ?
	    slice_chr(inner, '[') : NULL;
	struct slice ip;

	if (open == NULL)
		return false;
	ip = slice_between(open + 1, inner.ptr + inner.len - 1);
	if (!word_is_ipv4(ip) && !word_is_ipv6(ip))
		return false;
	mask_put(m, SLICE("<host>["));
	mask_put_ip(m, ip);
	mask_put(m, SLICE("]"));
	return true;
}

/* "<...>" without a space inside: what it is, and the byte behind it; NULL
 * when it is only a "<". */
const char *
mask_put_angle(struct masker *m, const char *open)
{
	const char *p = open + 1;
	const char *last = m->end - open > ANGLE_MAX ? open + ANGLE_MAX :
	    m->end;
	struct slice inner;
	unsigned flags = 0;

	for (; p < last && *p != '>' && *p != '<'; p++) {
		flags |= class_at(p);
		if ((flags & C_SPACE) != 0)
			return NULL;
	}
	if (p == m->end || *p != '>')
		return NULL;
	inner = slice_between(open + 1, p);
	if ((flags & C_COLON) != 0 && slice_find(inner, SLICE("://")) != NULL)
		return NULL;
	if (inner.len == 0)
		mask_put(m, SLICE("<>"));
	else if (word_is_ipv4(inner) || word_is_ipv6(inner))
		mask_put_ip(m, inner);
	else if (put_client(m, inner))
		;
	else if (slice_eq(inner, SLICE("CR")) || slice_eq(inner, SLICE("LF")) ||
	    slice_eq(inner, SLICE("CRLF")))
		mask_put(m, slice_between(open, p + 1)); /* "bare <LF> received" */
	else
		mask_put(m, word_is_host(&m->mask->words, inner,
		    '\0') ? SLICE("<host>") :
		    SLICE("<addr>"));
	return p + 1;
}
