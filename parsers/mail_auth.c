/* SPDX-License-Identifier: BSD-2-Clause */
#include "parsers/mail_auth.h"

#include "parsers/domain_name.h"
#include "parsers/report_text.h"

/* RFC 8601 2.7.1 and RFC 7489 11.2. */
static const char *const results[] = { "none", "pass", "fail", "policy",
	"neutral", "temperror", "permerror", "bestguesspass", "softfail",
	NULL };

/* Up to the next ";" that stands in no comment and no quotes. */
static bool
take_part(struct slice *text, struct slice *part_r)
{
	unsigned depth = 0;
	bool is_quoted = false;
	size_t i = 0;

	if (text->len == 0)
		return false;
	for (; i < text->len; i++) {
		char c = text->ptr[i];

		if (c == '\\')
			i++;
		else if (c == '"' && depth == 0)
			is_quoted = !is_quoted;
		else if (is_quoted)
			continue;
		else if (c == '(')
			depth++;
		else if (c == ')' && depth != 0)
			depth--;
		else if (c == ';' && depth == 0)
			break;
	}
	i = i < text->len ? i : text->len;
	*part_r = slice_trim(slice_of(text->ptr, i));
	*text = slice_skip(*text, i + 1);
	return true;
}

/* Behind the comments that TEXT starts with. */
static struct slice
without_comments(struct slice text)
{
	unsigned depth = 0;

	for (text = slice_trim(text); text.len != 0;
	    text = slice_skip(text, 1)) {
		char c = text.ptr[0];

		if (c == '(')
			depth++;
		else if (c == ')' && depth != 0)
			depth--;
		else if (depth == 0 && !ascii_is_space(c))
			break;
	}
	return text;
}

/* Up to a blank or a comment. */
static struct slice
first_word(struct slice text)
{
	size_t len = 0;

	text = slice_trim(text);
	while (len < text.len && !ascii_is_space(text.ptr[len]) &&
	    text.ptr[len] != '(' && text.ptr[len] != ';')
		len++;
	text.len = len;
	if (len > 1 && text.ptr[0] == '"' && text.ptr[len - 1] == '"')
		text = slice_of(text.ptr + 1, len - 2);
	return text;
}

static bool
is_listed(struct slice list, struct slice id)
{
	while (id.len != 0 && list.len != 0) {
		struct slice word = first_word(list);

		if (word.len != 0 && slice_eq_nocase(word, id))
			return true;
		list = word.len == 0 ? SLICE_NONE : slice_between(
		    word.ptr + word.len, list.ptr + list.len);
	}
	return false;
}

/* "dkim=pass (...) ..." or "dkim/1 = pass": the result of METHOD. */
static bool
result_of(struct slice part, struct slice method, struct slice *result_r)
{
	struct slice name;
	const char *equals, *slash;

	part = without_comments(part);
	equals = slice_chr(part, '=');
	if (equals == NULL)
		return false;
	name = slice_trim(slice_between(part.ptr, equals));
	slash = slice_chr(name, '/');
	if (slash != NULL)
		name = slice_trim(slice_between(name.ptr, slash));
	if (!slice_eq_nocase(name, method))
		return false;
	*result_r = report_word(first_word(slice_between(equals + 1,
	    part.ptr + part.len)), results);
	return true;
}

/* "header.d=example.com", else the domain of "header.i=@example.com". */
static struct slice
signer_of(struct slice part, struct arena *arena)
{
	const char *at = report_find_nocase(part, SLICE("header.d="));
	struct slice id;

	if (at != NULL)
		return report_domain(arena, first_word(slice_between(at + 9,
		    part.ptr + part.len)));
	at = report_find_nocase(part, SLICE("header.i="));
	if (at == NULL)
		return SLICE_NONE;
	id = first_word(slice_between(at + 9, part.ptr + part.len));
	return report_domain(arena, address_domain(id));
}

static bool
is_below(struct slice name, struct slice domain)
{
	return domain.len != 0 && slice_ends(name, domain) &&
	    (name.len == domain.len ||
	    name.ptr[name.len - domain.len - 1] == '.');
}

static unsigned
rank_of(const struct mail_auth *auth, struct slice from_domain)
{
	if (!slice_eq(auth->dkim, SLICE("pass")))
		return auth->dkim.len != 0;
	return is_below(auth->dkim_domain, from_domain) ||
	    is_below(from_domain, auth->dkim_domain) ? 3 : 2;
}

static struct mail_auth
read_parts(struct slice parts, struct slice from_domain, struct arena *arena)
{
	struct mail_auth best = { .dkim = SLICE_NONE };
	struct slice part, result;

	while (take_part(&parts, &part)) {
		struct mail_auth next = { .dkim = SLICE_NONE };

		if (result_of(part, SLICE("dmarc"), &result) &&
		    best.dmarc.len == 0)
			best.dmarc = result;
		if (!result_of(part, SLICE("dkim"), &next.dkim))
			continue;
		next.dkim_domain = signer_of(part, arena);
		if (rank_of(&next, from_domain) <=
		    rank_of(&best, from_domain))
			continue;
		best.dkim = next.dkim;
		best.dkim_domain = next.dkim_domain;
	}
	return best;
}

struct mail_auth
mail_auth_read(struct slice head, struct slice trusted,
    struct slice from_domain, struct arena *arena)
{
	struct slice name, value, id;

	while (trusted.len != 0 && report_field(&head, arena, &name, &value))
		if (slice_eq_nocase(name, SLICE("Authentication-Results")) &&
		    take_part(&value, &id) &&
		    is_listed(trusted, first_word(id)))
			return read_parts(value, from_domain, arena);
	return (struct mail_auth){ .dkim = SLICE_NONE };
}
