/* SPDX-License-Identifier: BSD-2-Clause */
#include "analyzer/rule_hint.h"

#include "base/hash.h"

enum { WORDS_MIN = 8, WORDS_MAX = 120 };

/* --- the words to look for -----------------------------------------------*/

static size_t
count_letters(struct slice s)
{
	size_t letters = 0;

	for (size_t i = 0; i < s.len; i++)
		letters += ascii_is_alpha(s.ptr[i]) ||
		    (unsigned char)s.ptr[i] >= 0x80;
	return letters;
}

/* At most WORDS_MAX bytes, cut between words. */
static struct slice
shortened(struct slice s)
{
	size_t len = WORDS_MAX;

	if (s.len <= WORDS_MAX)
		return s;
	while (len > WORDS_MIN && s.ptr[len] != ' ')
		len--;
	/* one endless word, perhaps of several bytes a letter */
	if (s.ptr[len] != ' ')
		for (len = WORDS_MAX; len > 0 &&
		    ((unsigned char)s.ptr[len] & 0xc0) == 0x80; len--)
			;
	return slice_trim(slice_of(s.ptr, len));
}

static void
take_longer(struct slice *best, struct slice s)
{
	s = slice_trim(s);
	/* marks at the ends say nothing and are quick to differ */
	while (s.len != 0 && (s.ptr[0] == ']' || s.ptr[0] == ')' ||
	    s.ptr[0] == ':' || s.ptr[0] == ',' || s.ptr[0] == ' ' ||
	    s.ptr[0] == '.' || s.ptr[0] == ';'))
		s = slice_skip(s, 1);
	while (s.len != 0 && (s.ptr[s.len - 1] == '[' ||
	    s.ptr[s.len - 1] == '(' || s.ptr[s.len - 1] == ' '))
		s.len--;
	if (count_letters(s) > count_letters(*best))
		*best = s;
}

/* Where the link that covers AT ends; 0 = none does. */
static size_t
link_end(const struct reply_mask *mask, size_t at)
{
	for (unsigned i = 0; i < mask->link_count; i++)
		if (at >= mask->links[i].begin && at < mask->links[i].end)
			return mask->links[i].end;
	return 0;
}

/* The length of a placeholder at AT, "<addr>" or so; 0 = none. */
static size_t
mark_length(struct slice text, size_t at)
{
	size_t len = 1;

	if (text.ptr[at] != '<')
		return 0;
	while (at + len < text.len && text.ptr[at + len] >= 'a' &&
	    text.ptr[at + len] <= 'z')
		len++;
	return at + len < text.len && text.ptr[at + len] == '>' ? len + 1 : 0;
}

/* Code and enhanced code are conditions of their own. */
static size_t
head_length(const struct reply_mask *mask)
{
	struct slice text = slice_of(mask->text, mask->len);
	uint8_t class;
	uint16_t subject, detail;
	size_t at = mask->code != 0 ? 3 : 0;

	while (at < text.len && text.ptr[at] == ' ')
		at++;
	at += reply_mask_dsn(slice_skip(text, at), &class, &subject, &detail);
	return at;
}

/* The longest piece of prose between placeholders and links. */
static struct slice
find_words(const struct reply_mask *mask)
{
	struct slice text = slice_of(mask->text, mask->len);
	struct slice best = SLICE_NONE;
	size_t from = head_length(mask);

	for (size_t at = from; at < text.len;) {
		size_t end = link_end(mask, at);
		size_t mark = end == 0 ? mark_length(text, at) : 0;

		if (end == 0 && mark == 0) {
			at++;
			continue;
		}
		take_longer(&best, slice_of(text.ptr + from, at - from));
		at = from = end != 0 ? end : at + mark;
	}
	take_longer(&best, slice_skip(text, from));
	return shortened(best);
}

/* --- the paragraph -------------------------------------------------------*/

/* A guess by the code alone; the reason is what a person has to correct. */
static const char *
class_of(const struct reply_mask *mask)
{
	if (mask->code >= 500)
		return "policy content content inferred";
	if (mask->code >= 400)
		return "system-busy connection transport inferred";
	return "network connection transport inferred";
}

/* One line, as a rule file takes it. */
static void
add_example(struct strbuf *out, struct slice reply)
{
	struct slice s = slice_trim(reply);

	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.ptr[i];

		strbuf_add_char(out, c < ' ' || c == 0x7f ? ' ' : (char)c);
	}
	strbuf_add_char(out, '\n');
}

bool
rule_hint(const struct rule_hint *hint, struct reply_mask *mask,
    struct strbuf *out, uint64_t *id_r)
{
	struct slice words, reply = slice_trim(hint->reply);
	uint64_t id;

	if (reply.len > LIMIT_REPLY_BYTES)
		reply.len = LIMIT_REPLY_BYTES;
	reply_mask(mask, reply);
	words = find_words(mask);
	/* "@" opens the stage of an example */
	if (count_letters(words) < WORDS_MIN ||
	    (reply.len != 0 && reply.ptr[0] == '@'))
		return false;
	id = hash_stable(words, hash_stable(hint->provider,
	    HASH_STABLE_START + mask->code / 100));
	if (id_r != NULL)
		*id_r = id;
	strbuf_addf(out, "rule local-%08x\n", (unsigned)(id ^ id >> 32));
	if (hint->provider.len != 0)
		strbuf_addf(out, "provider %.*s\n", SLICE_ARG(hint->provider));
	if (hint->is_own_text)
		strbuf_add_str(out, "said-by any\n");
	strbuf_addf(out, "contains %.*s\n", SLICE_ARG(words));
	if (mask->code != 0)
		strbuf_addf(out, "code %cxx\n", mask->text[0]);
	strbuf_addf(out, "class %s\n", class_of(mask));
	strbuf_add_str(out, "meaning Not known yet: correct class, meaning "
	    "and remedy\n");
	strbuf_add_str(out, "remedy Look the words up, or ask the "
	    "recipient's postmaster\n= ");
	add_example(out, reply);
	return true;
}
