/* SPDX-License-Identifier: BSD-2-Clause */
/* Shared by reply_mask.c, the pass, and what it calls: reply_mask_angle.c,
 * reply_mask_number.c, reply_mask_link.c and reply_mask_tail.c. */
#ifndef MX_ANALYZER_REPLY_MASK_PRIV_H
#define MX_ANALYZER_REPLY_MASK_PRIV_H

#include "analyzer/reply_mask.h"

/* What a byte means to the one pass. Bytes of class 0 and the ends of plain
 * words are copied in runs; a word with any of C_LOOK is looked at, and a byte
 * of C_SLOW is never copied as it is. */
enum {
	C_DIGIT = 1, C_DOT = 2, C_AT = 4, C_COLON = 8,
	C_SLASH = 16, /* / = & */
	C_LOOK = 31,
	C_SPACE = 32, C_END = 64, C_SLOW = 128
};

extern const uint8_t mask_class_of[256];

static inline unsigned
class_at(const char *p)
{
	return mask_class_of[(unsigned char)*p];
}

/* From P to the next byte whose class has STOP, or to END; the classes before
 * it are added to *FLAGS. Four bytes at a time: words that are looked at are
 * mostly links and ids. (A thirtieth of a known reply's time.) */
static inline const char *
mask_skip_to(const uint8_t *class_of, unsigned stop, const char *p,
    const char *end, unsigned *flags)
{
	const unsigned char *at = (const unsigned char *)p;
	const unsigned char *last = (const unsigned char *)end;

	for (; last - at >= 4; at += 4) {
		unsigned four = (unsigned)(class_of[at[0]] |
		    class_of[at[1]] | class_of[at[2]] | class_of[at[3]]);

		if ((four & stop) != 0)
			break;
		*flags |= four;
	}
	for (; at < last && (class_of[*at] & stop) == 0; at++)
		*flags |= class_of[*at];
	return (const char *)at;
}

/* A word that takes more can only be an attack; it is cut into pieces. */
enum { ANGLE_MAX = 320, ID_MIN = 10, NUMBER_MIN = 5, VALUE_MAX = 24 };

struct masker {
	struct reply_mask *mask;
	const char *begin, *end; /* raw text */
	char *out;
	struct slice code, dsn;  /* of the first line; len 0 = none */
	bool has_lines;          /* the first line ended in "550-" */
	const char *first;       /* the word behind code and enhanced code */
	const char *seen;        /* before it the word at hand is plain */
};

static inline void
mask_put(struct masker *m, struct slice s)
{
	if (s.len != 0)
		memcpy(m->out, s.ptr, s.len);
	m->out += s.len;
}

/* The same for S of the raw text. Most are short: sixteen bytes without a
 * call, what is too much is written over. (There is room: of the sixteen raw
 * bytes each has its share of the mask.) */
static inline void
mask_copy(struct masker *m, struct slice s)
{
	if (s.len > 16 || m->end - s.ptr < 16) {
		mask_put(m, s);
		return;
	}
	memcpy(m->out, s.ptr, 16);
	m->out += s.len;
}

static inline void
mask_put_ip(struct masker *m, struct slice ip)
{
	if (m->mask->ip_count < MASK_IPS)
		m->mask->ips[m->mask->ip_count++] = ip;
	mask_put(m, SLICE("<ip>"));
}

/* A long word with digits that is no code. */
bool mask_is_long_id(struct slice s);
/* Something on both sides of an @. */
bool mask_has_at(struct slice s);
/* WORD masked as a link; false when it is none. FLAGS: the classes of WORD's
 * bytes. */
bool mask_put_link(struct masker *m, struct slice word, unsigned flags);

/* OPEN is a "<": what it opens, and the byte behind its ">"; NULL when it is
 * only a "<". (reply_mask_angle.c) */
const char *mask_put_angle(struct masker *m, const char *open);
/* NUMBER, or the mark that stands for it. (reply_mask_number.c) */
struct slice mask_number(const struct masker *m, struct slice s);
/* Does NUMBER only count, behind an address in brackets? */
bool mask_is_counter(const struct masker *m, struct slice number);
void mask_put_diagnostic(struct masker *m);

/* The text without what a machine appended to say where and when: "[host time
 * id]", "[Name=Protocol Filter Agent][AGT=PFA][MxId=id]". */
void mask_drop_tail(struct masker *m);

#endif
