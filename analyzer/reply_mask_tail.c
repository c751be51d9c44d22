/* SPDX-License-Identifier: BSD-2-Clause */
/* What machines append to a reply in brackets: their name, the time, ids. None
 * of it tells one cause from another, and the same cause comes with and without
 * it. */
#include "analyzer/reply_mask_priv.h"

#include "base/swar.h"

/* Longer ones hold more than marks. */
enum { TAIL_MAX = 64 };

static struct slice
text_of(const struct masker *m)
{
	return slice_of(m->mask->text, (size_t)(m->out - m->mask->text));
}

/* The filter agents of Exchange: "Name=Protocol Filter Agent", "AGT=PFA",
 * "MxId=<id>". */
static bool
is_agent(struct slice s)
{
	return slice_starts(s, SLICE("Name=")) ||
	    slice_starts(s, SLICE("AGT=")) || slice_starts(s, SLICE("MxId="));
}

/* Placeholders that name a machine, a time or a mail, and nothing else. */
static bool
is_only_marks(struct slice s)
{
	while (s.len != 0) {
		if (slice_starts(s, SLICE("<host>")) ||
		    slice_starts(s, SLICE("<time>")))
			s = slice_skip(s, 6);
		else if (slice_starts(s, SLICE("<id>")))
			s = slice_skip(s, 4);
		else
			return false;
		while (s.len != 0 && (s.ptr[0] == ' ' || s.ptr[0] == ','))
			s = slice_skip(s, 1);
	}
	return true;
}

/* Where the last bracket of TEXT opens; NULL when it does not end in one. A
 * text that was cut short may lack the closing one. */
static const char *
last_bracket(struct slice text, struct slice *inner_r)
{
	const char *end = text.ptr + text.len, *p, *first;
	bool is_closed = text.len != 0 && end[-1] == ']';

	/* what was cut inside a name is a mark by now: <host>, <time>, <id> */
	if (text.len < 2 || (!is_closed && (end[-1] != '>' ||
	    (end[-2] != 't' && end[-2] != 'e' && end[-2] != 'd'))))
		return NULL;
	first = text.len > TAIL_MAX ? end - TAIL_MAX : text.ptr;
	for (p = end - is_closed; p > first; p--) {
		/* mostly there is none (a twentieth of a known reply) */
		while (p - first >= 8 &&
		    swar_in_range(swar_load(p - 8), '[', ']') == 0)
			p -= 8;
		if (p == first || p[-1] == ']')
			return NULL;
		if (p[-1] == '[') {
			*inner_r = slice_between(p, end - is_closed);
			return p - 1;
		}
	}
	return NULL;
}

static bool
has_letter(struct slice s)
{
	for (size_t i = 0; i < s.len; i++)
		if (ascii_is_alpha(s.ptr[i]) || (unsigned char)s.ptr[i] >= 0x80)
			return true;
	return false;
}

void
mask_drop_tail(struct masker *m)
{
	for (;;) {
		struct slice text = text_of(m), inner;
		const char *open = last_bracket(text, &inner);

		/* a reply that is nothing else keeps it */
		if (open == NULL || inner.len == 0 ||
		    (!is_only_marks(inner) && !is_agent(inner)) ||
		    !has_letter(slice_between(text.ptr, open)))
			return;
		m->out = m->mask->text + (open - text.ptr);
		while (m->out != m->mask->text && m->out[-1] == ' ')
			m->out--;
	}
}
