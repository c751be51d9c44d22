/* SPDX-License-Identifier: BSD-2-Clause */
/* Required literals of a PCRE pattern, for the filter in front of it. Cautious:
 * any construct it does not know ends a literal, and a pattern that gives
 * nothing is tried on every text. */
#include "analyzer/rules.h"

#include "analyzer/literal_filter.h"

/* A run is what neighbours make together: "block ?list" is one of two texts,
 * and so longer than "block" or "list", which stand in many a refusal. */
enum { LITERAL_MIN = 3, RUN_TEXTS = 12 };

/* The literals of one run, or of one group: of each branch the best ones, or
 * none at all as soon as one branch has none. */
struct best {
	struct slice items[PATTERN_LITERALS];
	size_t count;
	size_t score; /* length of the shortest item; 0 = nothing */
};

/* What a branch has, the best first. */
struct sets {
	struct best of[PATTERN_SETS];
	size_t count;
};

/* Texts of which one stands where the pattern is; of those that are cut, no
 * more than their begin. None: not known. */
struct texts {
	struct text {
		char bytes[LITERAL_MAX];
		uint8_t len;
		bool is_cut;
	} of[RUN_TEXTS];
	size_t count;
};

/* A branch while it is read. */
struct branch {
	struct texts run;
	struct sets sets;
	bool is_whole; /* the run began where the branch did */
};

struct parser {
	struct slice rest;
	struct arena *arena;
	unsigned depth;
	bool is_strange; /* something this parser does not follow */
};

static void parse_group(struct parser *p, struct sets *sets_r,
    struct texts *whole_r);

static char
next(const struct parser *p)
{
	return p->rest.len != 0 ? p->rest.ptr[0] : '\0';
}

static void
advance(struct parser *p, size_t n)
{
	p->rest = slice_skip(p->rest, n);
}

static void
take_set(struct sets *sets, const struct best *set)
{
	size_t at = sets->count;

	while (at > 0 && sets->of[at - 1].score < set->score)
		at--;
	if (set->score == 0 || at == PATTERN_SETS)
		return;
	if (sets->count < PATTERN_SETS)
		sets->count++;
	for (size_t i = sets->count - 1; i > at; i--)
		sets->of[i] = sets->of[i - 1];
	sets->of[at] = *set;
}

static struct slice
text_at(const struct texts *texts, size_t i)
{
	return slice_of(texts->of[i].bytes, texts->of[i].len);
}

/* Is the text found wherever another one is? Then it says nothing more. */
static bool
holds_another(const struct texts *texts, size_t i)
{
	for (size_t j = 0; j < texts->count; j++) {
		bool is_same = texts->of[j].len == texts->of[i].len;

		if (j != i && texts->of[j].len <= texts->of[i].len &&
		    (!is_same || j < i) &&
		    slice_find(text_at(texts, i), text_at(texts, j)) != NULL)
			return true;
	}
	return false;
}

static void
start_run(struct texts *run)
{
	run->count = 1;
	run->of[0].len = 0;
	run->of[0].is_cut = false;
}

/* A run ended: it competes with what the branch has. */
static void
end_run(struct parser *p, struct branch *branch)
{
	struct texts *run = &branch->run;
	struct best set;

	set.count = 0;
	set.score = LITERAL_MAX;
	for (size_t i = 0; i < run->count; i++)
		if (run->of[i].len < set.score)
			set.score = run->of[i].len;
	for (size_t i = 0; i < run->count && set.score >= LITERAL_MIN; i++)
		if (!holds_another(run, i))
			set.items[set.count++] =
			    arena_slice(p->arena, text_at(run, i));
	if (set.count != 0)
		take_set(&branch->sets, &set);
	start_run(run);
	branch->is_whole = false;
}

/* FRONT and BACK (NULL: nothing) as one text of TEXTS. */
static void
add_text(struct texts *texts, const struct text *front,
    const struct text *back)
{
	struct text *to = &texts->of[texts->count];
	size_t more = back == NULL || front->is_cut ? 0 : back->len;
	size_t room = (size_t)LITERAL_MAX - front->len;

	*to = *front;
	if (more != 0) {
		memcpy(to->bytes + to->len, back->bytes,
		    more < room ? more : room);
		to->len = (uint8_t)(to->len + (more < room ? more : room));
		to->is_cut = back->is_cut || more > room;
	}
	for (size_t i = 0; i < texts->count; i++)
		if (slice_eq(text_at(texts, i),
		    text_at(texts, texts->count))) {
			texts->of[i].is_cut |= to->is_cut;
			return;
		}
	texts->count++;
}

/* TEXTS, and nothing where they MAY_BE_ABSENT, behind each text of the run;
 * false when that is too much for one. */
static bool
multiply(struct texts *run, const struct texts *texts, bool may_be_absent)
{
	struct texts all;

	if (run->count * (texts->count + may_be_absent) > RUN_TEXTS)
		return false;
	all.count = 0;
	for (size_t i = 0; i < run->count; i++) {
		for (size_t j = 0; j < texts->count; j++)
			add_text(&all, &run->of[i], &texts->of[j]);
		if (may_be_absent)
			add_text(&all, &run->of[i], NULL);
	}
	run->count = all.count;
	memcpy(run->of, all.of, all.count * sizeof(all.of[0]));
	return true;
}

/* Is nothing of TEXTS left once they stand behind the run? */
static bool
is_full(const struct texts *run, const struct texts *texts)
{
	for (size_t i = 0; i < run->count; i++)
		if (!run->of[i].is_cut && run->of[i].len < LITERAL_MAX)
			return false;
	return texts->count != 1 || texts->of[0].len != 0;
}

/* What a part of the branch may be goes into the run, or into the next. */
static void
add_texts(struct parser *p, struct branch *branch, const struct texts *texts,
    bool may_be_absent)
{
	struct texts *run = &branch->run;

	if (is_full(run, texts) || !multiply(run, texts, may_be_absent)) {
		end_run(p, branch);
		(void)multiply(run, texts, may_be_absent);
	}
}

/* {n,m}, ?, *, + at the cursor: consumes it. True when what stands before it
 * may be absent; *is_any_r: there was one at all. */
static bool
skip_quantifier(struct parser *p, bool *is_any_r)
{
	char c = next(p);
	bool may_be_absent = false;

	*is_any_r = true;
	if (c == '?' || c == '*') {
		may_be_absent = true;
		advance(p, 1);
	} else if (c == '+') {
		advance(p, 1);
	} else if (c == '{' && p->rest.len > 1 &&
	    (ascii_is_digit(p->rest.ptr[1]) || p->rest.ptr[1] == ',')) {
		const char *close = slice_chr(p->rest, '}');

		may_be_absent = p->rest.ptr[1] == '0' || p->rest.ptr[1] == ',';
		advance(p, close != NULL ?
		    (size_t)(close - p->rest.ptr) + 1 : p->rest.len);
	} else {
		*is_any_r = false;
		return false;
	}
	if (next(p) == '?' || next(p) == '+')
		advance(p, 1);
	return may_be_absent;
}

static void
skip_class(struct parser *p)
{
	advance(p, 1);
	if (next(p) == '^')
		advance(p, 1);
	if (next(p) == ']')
		advance(p, 1);
	while (p->rest.len != 0 && next(p) != ']')
		advance(p, next(p) == '\\' ? 2 : 1);
	advance(p, 1);
}

/* The bytes of a class without ranges, escapes and the like; none where it is
 * more than a few. */
static void
parse_class(struct parser *p, struct texts *bytes_r)
{
	struct slice inside = slice_skip(p->rest, 1);

	bytes_r->count = 0;
	skip_class(p);
	if (slice_starts(inside, SLICE("^")) ||
	    slice_starts(inside, SLICE("]")))
		return;
	for (; inside.len != 0 && inside.ptr[0] != ']';
	    inside = slice_skip(inside, 1)) {
		char c = inside.ptr[0];
		bool is_range = c == '-' && bytes_r->count != 0 &&
		    inside.len > 1 && inside.ptr[1] != ']';

		if (c == '\\' || c == '[' || is_range ||
		    (unsigned char)c >= 0x80 || bytes_r->count == RUN_TEXTS) {
			bytes_r->count = 0;
			return;
		}
		bytes_r->of[bytes_r->count++] = (struct text){
			.bytes = { ascii_lower(c) }, .len = 1 };
	}
}

/* "(?:", "(?<name>" or "(": a group that consumes; false for look-arounds,
 * options and the like, which are jumped over. */
static bool
open_group(struct parser *p)
{
	const char *close;

	advance(p, 1);
	p->is_strange |= next(p) == '*'; /* a verb */
	if (next(p) != '?')
		return true;
	if (slice_starts(p->rest, SLICE("?:"))) {
		advance(p, 2);
		return true;
	}
	if (slice_starts(p->rest, SLICE("?<")) && p->rest.len > 2 &&
	    ascii_is_alpha(p->rest.ptr[2])) {
		close = slice_chr(p->rest, '>');
		if (close != NULL)
			advance(p, (size_t)(close - p->rest.ptr) + 1);
		return true;
	}
	/* options may change what the rest means */
	p->is_strange |= p->rest.len > 1 && (ascii_is_alpha(p->rest.ptr[1]) ||
	    p->rest.ptr[1] == '^');
	return false;
}

/* Past the ")" of the group whose inside begins at the cursor. */
static void
skip_group(struct parser *p)
{
	unsigned open = 1;

	while (p->rest.len != 0 && open != 0) {
		char c = next(p);

		if (c == '[') {
			skip_class(p);
			continue;
		}
		open += c == '(';
		open -= c == ')';
		advance(p, c == '\\' ? 2 : 1);
	}
}

/* Part of a branch and the quantifier behind it: TEXTS, of which one stands
 * there, or, where these are not known, SETS (may be NULL). */
static void
add_part(struct parser *p, struct branch *branch, const struct texts *texts,
    const struct sets *sets)
{
	bool is_once = next(p) == '?', is_any;
	bool may_be_absent = skip_quantifier(p, &is_any);

	if (texts->count == 0 || (may_be_absent && !is_once))
		end_run(p, branch);
	else
		add_texts(p, branch, texts, may_be_absent);
	if (is_any && !is_once) /* it may repeat */
		end_run(p, branch);
	for (size_t i = 0; texts->count == 0 && sets != NULL &&
	    !may_be_absent && i < sets->count; i++)
		take_set(&branch->sets, &sets->of[i]);
}

/* They take no room either. */
static bool
is_look_around(const struct parser *p)
{
	return slice_starts(p->rest, SLICE("(?=")) ||
	    slice_starts(p->rest, SLICE("(?!")) ||
	    slice_starts(p->rest, SLICE("(?<=")) ||
	    slice_starts(p->rest, SLICE("(?<!"));
}

static void
parse_bracket(struct parser *p, struct branch *branch)
{
	struct sets inner;
	struct texts whole;
	bool is_look = is_look_around(p), is_group = open_group(p);

	inner.count = whole.count = 0;
	if (is_look)
		start_run(&whole);
	if (is_group && p->depth < LIMIT_PATTERN_DEPTH) {
		p->depth++;
		parse_group(p, &inner, &whole);
		p->depth--;
		advance(p, 1); /* ")" */
	} else {
		skip_group(p);
	}
	add_part(p, branch, &whole, &inner);
}

/* An escape: true and the byte when it stands for itself. */
static bool
parse_escape(struct parser *p, char *byte_r)
{
	char c;

	advance(p, 1);
	c = next(p);
	advance(p, 1);
	*byte_r = c;
	/* those that take an argument, which must not pass for text */
	p->is_strange |= c == 'x' || c == 'Q' || c == 'p' || c == 'P' ||
	    c == 'k' || c == 'g' || c == 'N' || c == 'o' || c == 'c' ||
	    c == 'u';
	return c != '\0' && !ascii_is_alnum(c);
}

/* Does a byte stand here for itself, and just once? Blanks and letters, which
 * most are, need one look. */
static bool
is_plain(const struct parser *p)
{
	const char special[] = "\\[](){}.*+?|^$", quantifiers[] = "?*+{";
	char c = next(p), after = p->rest.len > 1 ? p->rest.ptr[1] : ' ';

	if (!ascii_is_alnum(c) && c != ' ' && ((unsigned char)c >= 0x80 ||
	    memchr(special, c, sizeof(special)) != NULL))
		return false;
	return memchr(quantifiers, after, sizeof(quantifiers) - 1) == NULL;
}

/* As many of those as the only text of the run takes, which is the way of
 * most. */
static void
skip_plain(struct parser *p, struct texts *run)
{
	struct text *to = &run->of[0];

	while (run->count == 1 && !to->is_cut && to->len < LITERAL_MAX &&
	    p->rest.len != 0 && is_plain(p)) {
		to->bytes[to->len++] = ascii_lower(next(p));
		advance(p, 1);
	}
}

/* Something that takes no room: what stands before it and behind it touch. */
static bool
is_assertion(char c)
{
	return c == '^' || c == '$';
}

static bool
is_escaped_assertion(char c)
{
	return c == 'b' || c == 'B' || c == 'A' || c == 'z' || c == 'Z';
}

/* One branch, up to "|" or ")". */
static void
parse_branch(struct parser *p, struct branch *branch)
{
	start_run(&branch->run);
	branch->sets.count = 0;
	branch->is_whole = true;
	for (;;) {
		struct texts part;
		char c, byte;

		skip_plain(p, &branch->run);
		c = byte = next(p);
		if (p->rest.len == 0 || c == '|' || c == ')')
			break;
		if (c == '(') {
			parse_bracket(p, branch);
			continue;
		}
		part.count = 1;
		part.of[0].is_cut = false;
		part.of[0].len = 1;
		if (c == '[') {
			parse_class(p, &part);
		} else if (c == '\\') {
			if (!parse_escape(p, &byte)) {
				part.count = is_escaped_assertion(byte);
				part.of[0].len = 0;
			}
		} else {
			advance(p, 1);
			/* letters beyond ASCII may differ in case */
			part.count = c != '.' && (unsigned char)c < 0x80;
			part.of[0].len = !is_assertion(c);
		}
		if (c != '[')
			part.of[0].bytes[0] = ascii_lower(byte);
		add_part(p, branch, &part, NULL);
	}
}

/* Of the best of another branch; none where one of them has none. */
static void
add_branch(struct best *all, const struct sets *branch)
{
	const struct best *best = &branch->of[0];

	if (all->score == 0)
		return;
	if (branch->count == 0 || all->count + best->count > PATTERN_LITERALS) {
		all->score = 0;
		return;
	}
	for (size_t i = 0; i < best->count; i++)
		all->items[all->count++] = best->items[i];
	if (best->score < all->score)
		all->score = best->score;
}

/* The texts of one more branch of a group; none where that is too many. */
static void
add_whole(struct texts *all, const struct branch *branch)
{
	for (size_t i = 0; i < branch->run.count; i++) {
		if (all->count == RUN_TEXTS) {
			all->count = 0;
			return;
		}
		all->of[all->count++] = branch->run.of[i];
	}
}

static void
parse_group(struct parser *p, struct sets *sets_r, struct texts *whole_r)
{
	bool is_single = true, is_whole = true;
	struct branch branch;
	struct best all;

	all.count = 0;
	all.score = SIZE_MAX;
	whole_r->count = 0;
	for (;; is_single = false) {
		parse_branch(p, &branch);
		is_whole = is_whole && branch.is_whole;
		if (is_whole) {
			add_whole(whole_r, &branch);
			is_whole = whole_r->count != 0;
		}
		end_run(p, &branch);
		add_branch(&all, &branch.sets);
		if (next(p) != '|' || p->rest.len == 0)
			break;
		advance(p, 1);
	}
	if (!is_whole)
		whole_r->count = 0;
	sets_r->count = 0;
	if (is_single)
		*sets_r = branch.sets;
	else
		take_set(sets_r, &all);
}

size_t
rules_literals(struct slice pattern,
    struct literal_set sets_r[PATTERN_SETS], struct arena *arena)
{
	struct parser p = { .rest = pattern, .arena = arena };
	struct texts whole;
	struct sets sets;

	parse_group(&p, &sets, &whole);
	/* a ")" too many: PCRE will say so */
	if (p.rest.len != 0 || p.is_strange)
		return 0;
	for (size_t i = 0; i < sets.count; i++) {
		sets_r[i].count = sets.of[i].count;
		memcpy(sets_r[i].items, sets.of[i].items,
		    sets.of[i].count * sizeof(sets_r[i].items[0]));
	}
	return sets.count;
}
