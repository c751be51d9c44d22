/* SPDX-License-Identifier: BSD-2-Clause */
#include "analyzer/reply_mask_priv.h"

#include <stdlib.h>

#include "base/err.h"
#include "base/say.h"
#include "base/swar.h"

/* clang-format off */
#define S (C_SPACE | C_END)
#define X (C_SPACE | C_END | C_SLOW)
#define H (C_END | C_SLOW)
#define Q C_END
#define D C_DIGIT
#define R16(c) c, c, c, c, c, c, c, c, c, c, c, c, c, c, c, c
const uint8_t mask_class_of[256] = {
	R16(X), R16(X),
	/*      !  "  #  $  %  &        '  (  )  *  +  ,  -  .      /     */
	S,      0, Q, 0, 0, 0, C_SLASH, Q, Q, Q, Q, 0, Q, 0, C_DOT, C_SLASH,
	/* 0-9                        :        ;  <  =        >  ?        */
	D, D, D, D, D, D, D, D, D, D, C_COLON, Q, H, C_SLASH, Q, 0,
	/* @  A-O */
	C_AT, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
	/* P-Z                             [  \  ]  ^  _ */
	0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,  Q, H, Q, 0, 0,
	/* `  a-o */
	Q, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
	/* p-z                             {  |  }  ~  DEL */
	0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,  Q, Q, Q, 0, X,
	R16(H), R16(H), R16(H), R16(H), R16(H), R16(H), R16(H), R16(H),
};
#undef S
#undef X
#undef H
#undef Q
#undef D
/* clang-format on */

void
reply_mask_init(struct reply_mask *mask)
{
	*mask = (struct reply_mask){ .len = 0 };
	/* "a@b" grows to "<addr>": nothing more than doubles */
	mask->room = 4 * LIMIT_REPLY_BYTES;
	mask->text = mx_alloc(mask->room);
	word_table_init(&mask->words);
}

void
reply_mask_release(struct reply_mask *mask)
{
	free(mask->text);
}

size_t
reply_mask_dsn(struct slice s, uint8_t *class_r, uint16_t *subject_r,
    uint16_t *detail_r)
{
	size_t hash = s.len != 0 && s.ptr[0] == '#';
	size_t at = hash + 1, digits;
	uint64_t subject, detail;

	if (s.len < hash + 5 || (s.ptr[hash] != '2' && s.ptr[hash] != '4' &&
	    s.ptr[hash] != '5') || s.ptr[at] != '.')
		return 0;
	digits = slice_number(slice_skip(s, at + 1), 999, &subject);
	at += 1 + digits;
	if (digits == 0 || at >= s.len || s.ptr[at] != '.')
		return 0;
	digits = slice_number(slice_skip(s, at + 1), 999, &detail);
	at += 1 + digits;
	if (digits == 0 || (at < s.len && (ascii_is_alnum(s.ptr[at]) ||
	    (s.ptr[at] == '.' && at + 1 < s.len &&
	    ascii_is_digit(s.ptr[at + 1])))))
		return 0;
	*class_r = (uint8_t)(s.ptr[hash] - '0');
	*subject_r = (uint16_t)subject;
	*detail_r = (uint16_t)detail;
	return at;
}

/* --- parts of a word -----------------------------------------------------*/

bool
mask_is_long_id(struct slice s)
{
	return s.len >= ID_MIN && word_has_digit(s) && !word_is_code(s);
}

/* The same in its place: a list need not have a host name, and what is named
 * behind "blocked using" is one: "cm-csi-v11". */
static bool
is_long_id_here(const struct masker *m, struct slice s)
{
	return mask_is_long_id(s) && !(word_is_wordy(s) &&
	    word_follows_list_words(&m->mask->words,
	    slice_between(m->begin, s.ptr)));
}

/* A kept name may still hold an id: the key label of a data query service. */
static void
put_list_name(struct masker *m, struct slice name)
{
	size_t rip = word_reversed_ip(name);

	if (rip != 0) {
		mask_put(m, SLICE("<rip>"));
		name = slice_skip(name, rip);
	}
	while (name.len != 0) {
		const char *dot = slice_chr(name, '.');
		struct slice label = dot != NULL ?
		    slice_between(name.ptr, dot) : name;

		mask_put(m, mask_is_long_id(label) || label.len > VALUE_MAX ?
		    SLICE("<id>") : label);
		if (dot == NULL)
			break;
		mask_put(m, SLICE("."));
		name = slice_skip(name, label.len + 1);
	}
}

static void
put_host(struct masker *m, struct slice name)
{
	const struct word_table *words = &m->mask->words;

	if (word_is_list(words, name) || word_follows_list_words(words,
	    slice_between(m->begin, name.ptr)))
		put_list_name(m, name);
	else
		mask_put(m, SLICE("<host>"));
}

/* A piece of a word between "/", ":", "=" and "&". */
static void
put_part(struct masker *m, struct slice s)
{
	char next = s.ptr + s.len < m->end ? s.ptr[s.len] : '\0';

	if (word_is_ipv4(s)) {
		mask_put_ip(m, s);
	} else if (word_is_number(s)) {
		mask_put(m, mask_number(m, s));
	} else if (word_is_dotted_number(s)) {
		mask_put(m, s.len >= ID_MIN ? SLICE("<id>") : s);
	} else if (word_is_host(&m->mask->words, s, next)) {
		put_host(m, s);
	} else {
		mask_put(m, is_long_id_here(m, s) ? SLICE("<id>") : s);
	}
}

/* Values that only name a mail or a machine: "id=12345-06", "cn=MBX236",
 * "MxId=B7D53F4764" (no code, however few letters it begins with). */
static bool
is_id_value(struct slice key, struct slice value)
{
	if (slice_eq(key, SLICE("id")) || slice_eq(key, SLICE("cn")))
		return word_has_digit(value);
	return value.len >= ID_MIN && word_is_hex(value);
}

static void
put_value(struct masker *m, struct slice key, struct slice value)
{
	if (key.len != 0 && is_id_value(key, value))
		mask_put(m, SLICE("<id>"));
	else
		put_part(m, value);
}

static void
put_parts(struct masker *m, struct slice word)
{
	const char *end = word.ptr + word.len, *p, *from = word.ptr;
	struct slice key = SLICE_NONE;

	for (p = word.ptr; p < end; p++) {
		struct slice piece = slice_between(from, p);

		if (*p != '/' && *p != ':' && *p != '=' && *p != '&')
			continue;
		put_value(m, key, piece);
		key = *p == '=' ? piece : SLICE_NONE;
		*m->out++ = *p;
		from = p + 1;
	}
	put_value(m, key, slice_between(from, end));
}

/* --- words ---------------------------------------------------------------*/

/* Line N of a reply repeats "550-5.7.1" or "550 5.7.1": how much of WORD (and
 * of the word behind it) is only that. */
static size_t
repeated_head(const struct masker *m, struct slice word)
{
	struct slice rest;
	size_t len = m->code.len;

	/* most numbers begin with another digit */
	if (len == 0 || word.ptr[0] != m->code.ptr[0] ||
	    !slice_starts(word, m->code) || word.ptr == m->begin ||
	    !ascii_is_space(word.ptr[-1]))
		return 0;
	if (word.len > len && word.ptr[len] != '-')
		return 0;
	if (word.len == len && (word.ptr + len >= m->end ||
	    word.ptr[len] != ' '))
		return 0;
	rest = slice_between(word.ptr + len + 1, m->end);
	if (m->dsn.len != 0 && slice_starts(rest, m->dsn) &&
	    (rest.len == m->dsn.len || ascii_is_space(rest.ptr[m->dsn.len])))
		return len + 1 + m->dsn.len;
	/* without enhanced code only a dash, or a dash before it, proves it */
	return word.len > len || m->has_lines ? len + 1 : 0;
}

/* WORD without sentence marks at its end; they are copied as they are. */
static struct slice
without_marks(struct slice word)
{
	while (word.len != 0 && (word.ptr[word.len - 1] == '.' ||
	    word.ptr[word.len - 1] == ':' || word.ptr[word.len - 1] == '!' ||
	    word.ptr[word.len - 1] == '?'))
		word.len--;
	return word;
}

/* "to=" of "to=user@example.com", 0 when the word begins with the address. */
static size_t
key_length(struct slice word)
{
	enum { KEY_MAX = 10 };

	for (size_t i = 0; i < word.len && i <= KEY_MAX; i++) {
		if (word.ptr[i] == '=' || word.ptr[i] == ':')
			return i + 1;
		if (!ascii_is_alpha(word.ptr[i]) && word.ptr[i] != '_')
			break;
	}
	return 0;
}

/* "2001:db8::9/64", "IPv6:2001:db8::9", "IP=2001:db8::9": the address in WORD,
 * else none. */
static struct slice
ipv6_in(struct slice word)
{
	struct slice address = word;
	const char *slash;

	if (address.len > 5 &&
	    slice_eq_nocase(slice_of(address.ptr, 5), SLICE("IPv6:")))
		address = slice_skip(address, 5);
	slash = slice_chr(address, '/'); /* "2001:db8::/32" */
	if (slash != NULL)
		address = slice_between(address.ptr, slash);
	if (!word_is_ipv6(address))
		address = slice_skip(address, key_length(address));
	return word_is_ipv6(address) ? address : SLICE_NONE;
}

static void
put_colon_word(struct masker *m, struct slice word)
{
	struct slice address = ipv6_in(word);

	if (address.len != 0) {
		size_t before = (size_t)(address.ptr - word.ptr);

		if (before != 5 || word.ptr[3] != '6') /* "IPv6:" goes */
			mask_put(m, slice_of(word.ptr, before));
		mask_put_ip(m, address);
		mask_put(m, slice_skip(word, before + address.len));
		return;
	}
	if (word_is_stamp(word))
		mask_put(m, SLICE("<time>"));
	else if (word_is_diagnostic(word))
		mask_put_diagnostic(m);
	else
		put_parts(m, word);
}

static void
put_address(struct masker *m, struct slice word)
{
	const char *end = slice_chr(word, '@') + 1;
	const char *dots = end - 1;

	/* "is not allowed...user@example.com" */
	while (dots > word.ptr + 2 && !(dots[-1] == '.' && dots[-2] == '.'))
		dots--;
	if (dots > word.ptr + 2) {
		mask_put(m, slice_between(word.ptr, dots));
		word = slice_between(dots, word.ptr + word.len);
	}
	mask_put(m, slice_of(word.ptr, key_length(word)));
	mask_put(m, SLICE("<addr>"));
	/* "user@example.com:blocked", "user@example.com...User unknown" */
	while (end < word.ptr + word.len && word_is_name_byte(*end) &&
	    !(end[0] == '.' && end + 1 < word.ptr + word.len &&
	    end[1] == '.'))
		end++;
	if (end < word.ptr + word.len)
		put_parts(m, slice_between(end, word.ptr + word.len));
}

static void
put_number(struct masker *m, struct slice number)
{
	if (mask_is_counter(m, number))
		m->out--; /* and the space before it */
	else
		mask_put(m, mask_number(m, number));
}

/* Words that are only letters, digits and dots, the most common ones. */
static void
put_simple_word(struct masker *m, struct slice core, unsigned flags)
{
	if ((flags & C_DOT) != 0)
		put_part(m, core);
	else if (word_is_number(core))
		put_number(m, core);
	else if (core.len < ID_MIN)
		mask_copy(m, core);
	else if (word_is_stamp(core))
		mask_put(m, SLICE("<time>"));
	else
		mask_put(m, is_long_id_here(m, core) ? SLICE("<id>") : core);
}

static void
put_word(struct masker *m, struct slice word, unsigned flags)
{
	struct slice core = without_marks(word);

	if (flags == C_DOT && slice_chr(core, '.') == NULL)
		mask_copy(m, core);
	else if (flags == C_DIGIT && word_is_machine(core,
	    core.ptr == m->first))
		mask_put(m, SLICE("<host>"));
	else if ((flags & (C_AT | C_COLON | C_DOT)) == 0 &&
	    (flags & C_SLASH) != 0 && word_is_base64(core))
		mask_put(m, SLICE("<id>"));
	else if ((flags & ~(unsigned)(C_DOT | C_DIGIT)) == 0 &&
	    !slice_starts(core, SLICE("www.")))
		put_simple_word(m, core, flags);
	else if (mask_put_link(m, core, flags))
		;
	else if ((flags & C_AT) != 0 && mask_has_at(core))
		put_address(m, core);
	else if ((flags & C_COLON) != 0 && slice_chr(core, ':') != NULL)
		put_colon_word(m, core);
	else
		put_parts(m, core);
	mask_copy(m, slice_skip(word, core.len));
}

/* --- brackets, escapes, UTF-8 --------------------------------------------*/

static void
put_space(struct masker *m)
{
	if (m->out != m->mask->text && m->out[-1] != ' ')
		*m->out++ = ' ';
}

/* "\n" as two characters, which Exim and JSON writers leave behind. */
static const char *
put_escape(struct masker *m, const char *p)
{
	while (p < m->end && *p == '\\')
		p++;
	if (p < m->end && (*p == 'n' || *p == 'r' || *p == 't')) {
		put_space(m);
		return p + 1;
	}
	*m->out++ = '\\';
	return p;
}

static const char *
put_high(struct masker *m, const char *p)
{
	uint32_t codepoint;
	size_t len = utf8_sequence(slice_between(p, m->end), &codepoint);

	if (len == 0 || codepoint < 0xa0) {
		*m->out++ = '?';
		return p + 1;
	}
	mask_put(m, slice_of(p, len));
	return p + len;
}

/* One byte that ends a word. */
static const char *
put_end(struct masker *m, const char *p)
{
	unsigned class = class_at(p);
	const char *after;

	if ((class & C_SPACE) != 0) {
		put_space(m);
		return p + 1;
	}
	if ((unsigned char)*p >= 0x80)
		return put_high(m, p);
	if (*p == '\\')
		return put_escape(m, p);
	after = *p == '<' ? mask_put_angle(m, p) : NULL;
	if (after != NULL)
		return after;
	*m->out++ = *p;
	return p + 1;
}

/* --- the pass ------------------------------------------------------------*/

/* Code and enhanced code of the first line. */
static const char *
put_head(struct masker *m, const char *p)
{
	struct reply_mask *mask = m->mask;
	struct slice rest = slice_between(p, m->end);
	size_t len;

	if (rest.len >= 3 && p[0] >= '2' && p[0] <= '5' &&
	    ascii_is_digit(p[1]) && ascii_is_digit(p[2]) &&
	    (rest.len == 3 || p[3] == ' ' || p[3] == '-')) {
		m->code = slice_of(p, 3);
		mask->code = (uint16_t)((p[0] - '0') * 100 +
		    (p[1] - '0') * 10 + (p[2] - '0'));
		mask_put(m, m->code);
		if (rest.len == 3)
			return m->end;
		m->has_lines = rest.ptr[3] == '-';
		put_space(m);
		rest = slice_skip(rest, 4);
	}
	while (rest.len != 0 && ascii_is_space(rest.ptr[0]))
		rest = slice_skip(rest, 1);
	len = reply_mask_dsn(rest, &mask->dsn_class, &mask->dsn_subject,
	    &mask->dsn_detail);
	m->dsn = slice_of(rest.ptr, len);
	mask_put(m, m->dsn);
	return rest.ptr + len;
}

/* Sixteen bytes at a time, on any processor (gcc and clang: vector_size). */
typedef uint8_t sixteen __attribute__((vector_size(16)));
typedef int8_t signed_sixteen __attribute__((vector_size(16)));
enum { SIXTEEN = sizeof(sixteen) };

/* The first byte that may need a look, or one of the last sixteen: those of the
 * classes C_LOOK and C_SLOW but for a full stop before a space, and a space
 * before another. (A known reply is a fifteenth slower when this knows but
 * letters and lone spaces.) */
static const char *
skip_plain(const char *p, const char *end)
{
	for (; end - p > SIXTEEN; p += SIXTEEN) {
		sixteen v, next, stop, is_before_space;
		uint64_t stops[2];

		memcpy(&v, p, sizeof(v));
		memcpy(&next, p + 1, sizeof(next));
		is_before_space = (sixteen)(next == ' ');
		/* ./0123456789: <= and, for nothing, a semicolon */
		stop = (sixteen)(v - '.' < 16) &
		    ~((sixteen)(v == '.') & is_before_space);
		stop |= (sixteen)(v == ' ') & is_before_space;
		stop |= (sixteen)(v == '&') | (sixteen)(v == '@') |
		    (sixteen)(v == '\\') | (sixteen)(v == 0x7f);
		stop |= (sixteen)((signed_sixteen)v < ' ');
		stops[0] = swar_load((const char *)&stop);
		stops[1] = swar_load((const char *)&stop + 8);
		if ((stops[0] | stops[1]) != 0)
			return stops[0] != 0 ? p + swar_first(stops[0]) :
			    p + 8 + swar_first(stops[1]);
	}
	return p;
}

/* The longest run of bytes that need no look, copied at once: up to the word
 * that holds one. */
static const char *
put_plain(struct masker *m, const char *start)
{
	const char *p = start;

	m->seen = start;
	/* behind something that was left out */
	if ((class_at(p) & C_SPACE) != 0 && m->out != m->mask->text &&
	    m->out[-1] == ' ')
		return p;
	do {
		unsigned class;

		/* behind the first of several spaces there is no way on */
		if (p == start || (class_at(p) & C_SPACE) == 0)
			p = skip_plain(p, m->end);
		class = class_at(p);
		/* a full stop at the end of a word is only that */
		if ((class & (C_LOOK | C_SLOW)) != 0 && !(class == C_DOT &&
		    p + 1 < m->end && (class_at(p + 1) & C_SPACE) != 0))
			break;
		if ((class & C_SPACE) != 0 && p > m->begin &&
		    (class_at(p - 1) & C_SPACE) != 0)
			break;
	} while (++p < m->end);
	m->seen = p;
	if (p < m->end && (class_at(p) & C_END) == 0)
		while (p > start && (class_at(p - 1) & C_END) == 0)
			p--;
	mask_copy(m, slice_between(start, p));
	return p;
}

/* What stopped put_plain: a word to look at, or a byte. */
static const char *
put_next(struct masker *m, const char *start)
{
	const char *p = m->seen;
	unsigned flags = 0;
	struct slice word;
	size_t head;

	p = mask_skip_to(mask_class_of, C_END, p, m->end, &flags);
	if (p == start)
		return put_end(m, p);
	word = slice_between(start, p);
	head = (flags & C_DIGIT) != 0 ? repeated_head(m, word) : 0;
	if (head != 0)
		return start + head;
	put_word(m, word, flags);
	return p;
}

void
reply_mask(struct reply_mask *mask, struct slice raw)
{
	struct masker m = { .mask = mask, .out = mask->text };
	const char *p;

	if (raw.len > LIMIT_REPLY_BYTES)
		raw.len = LIMIT_REPLY_BYTES;
	mask->len = 0;
	mask->ip_count = mask->link_count = 0;
	mask->code = mask->dsn_subject = mask->dsn_detail = 0;
	mask->dsn_class = 0;
	if (raw.len == 0)
		return;
	m.begin = raw.ptr;
	m.end = raw.ptr + raw.len;
	p = put_head(&m, raw.ptr);
	m.first = p;
	while (m.first < m.end && ascii_is_space(*m.first))
		m.first++;
	while (p < m.end) {
		p = put_plain(&m, p);
		if (p < m.end)
			p = put_next(&m, p);
	}
	while (m.out != mask->text && m.out[-1] == ' ')
		m.out--;
	mask_drop_tail(&m);
	mask->len = (size_t)(m.out - mask->text);
}
