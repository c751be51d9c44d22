/* SPDX-License-Identifier: BSD-2-Clause */
/* Required literals of a PCRE pattern, for the filter in front of it. Cautious:
 * any construct it does not know ends a literal, and a pattern that gives
 * nothing is tried on every text. */
#include "analyzer/rules.h"

#include "analyzer/literal_filter.h"

enum { LITERAL_MIN = 3, RUN_MAX = 64 };

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

struct parser {
	struct slice rest;
	struct arena *arena;
	unsigned depth;
	bool is_strange; /* something this parser does not follow */
};

struct run {
	char text[RUN_MAX];
	size_t len;
};

static void parse_group(struct parser *p, struct sets *sets_r);

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

/* A run of fixed characters ended: it competes with what the branch has. */
static void
end_run(struct parser *p, struct run *run, struct sets *sets)
{
	struct best set = { .count = 1 };

	set.score = run->len < LITERAL_MAX ? run->len : LITERAL_MAX;
	if (run->len >= LITERAL_MIN) {
		set.items[0] = arena_slice(p->arena,
		    slice_of(run->text, run->len));
		take_set(sets, &set);
	}
	run->len = 0;
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

/* "(?:", "(?<name>" or "(": a group that consumes; false for look-arounds,
 * options and the like, which are jumped over. */
static bool
open_group(struct parser *p)
{
	const char *close;

	advance(p, 1);
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

static void
parse_bracket(struct parser *p, struct run *run, struct sets *sets)
{
	struct sets inner = { .count = 0 };
	bool is_any;

	end_run(p, run, sets);
	if (open_group(p) && p->depth < LIMIT_PATTERN_DEPTH) {
		p->depth++;
		parse_group(p, &inner);
		p->depth--;
		advance(p, 1); /* ")" */
	} else {
		skip_group(p);
	}
	if (skip_quantifier(p, &is_any))
		return;
	for (size_t i = 0; i < inner.count; i++)
		take_set(sets, &inner.of[i]);
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

/* One branch, up to "|" or ")". */
static void
parse_branch(struct parser *p, struct sets *sets)
{
	struct run run = { .len = 0 };

	while (p->rest.len != 0 && next(p) != '|' && next(p) != ')') {
		char c = next(p), byte = c;
		bool is_fixed, is_any;

		if (c == '(') {
			parse_bracket(p, &run, sets);
			continue;
		}
		if (c == '[') {
			skip_class(p);
			is_fixed = false;
		} else if (c == '\\') {
			is_fixed = parse_escape(p, &byte);
		} else {
			advance(p, 1);
			/* letters beyond ASCII may differ in case */
			is_fixed = c != '.' && c != '^' && c != '$' &&
			    (unsigned char)c < 0x80;
		}
		if (run.len == RUN_MAX || !is_fixed)
			end_run(p, &run, sets);
		if (skip_quantifier(p, &is_any)) {
			end_run(p, &run, sets);
			continue;
		}
		if (is_fixed)
			run.text[run.len++] = ascii_lower(byte);
		if (is_any) /* "+": the byte ends a run and may repeat */
			end_run(p, &run, sets);
	}
	end_run(p, &run, sets);
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

static void
parse_group(struct parser *p, struct sets *sets_r)
{
	struct best all = { .score = SIZE_MAX };
	bool is_single = true;

	for (;; is_single = false) {
		struct sets branch = { .count = 0 };

		parse_branch(p, &branch);
		add_branch(&all, &branch);
		*sets_r = branch;
		if (next(p) != '|' || p->rest.len == 0)
			break;
		advance(p, 1);
	}
	if (is_single)
		return;
	sets_r->count = 0;
	take_set(sets_r, &all);
}

size_t
rules_literals(struct slice pattern,
    struct literal_set sets_r[PATTERN_SETS], struct arena *arena)
{
	struct parser p = { .rest = pattern, .arena = arena };
	struct sets sets;

	parse_group(&p, &sets);
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
