/* SPDX-License-Identifier: BSD-2-Clause */
/* Format files: one "key value" a line, a line that begins with a blank
 * continues the one before it. */
#include <stdlib.h>

#include "base/limits.h"
#include "parsers/time_format.h"
#include "parsers/user_format.h"

enum { NAME_BYTES = 32 };

struct loader {
	struct user_format *format;
	struct user_line *line;     /* the last one; NULL before the first */
	struct strbuf *problems;
	struct mx_err *err;
	enum mx_code code;
};

static void
fault(struct loader *l, uint32_t line, const char *text, struct slice what)
{
	struct mx_err one;

	(void)mx_fail(&one, MX_E_CONFIG, "%s:%u: %s%s%.*s", l->format->path,
	    line, text, what.len != 0 ? ": " : "", SLICE_ARG(what));
	if (l->problems != NULL)
		strbuf_addf(l->problems, "%s\n", one.text);
	if (l->code == MX_OK && l->err != NULL)
		*l->err = one;
	l->code = MX_E_CONFIG;
}

static struct slice
take_word(struct slice *text)
{
	size_t n = 0;
	struct slice word;

	while (n < text->len && !ascii_is_space(text->ptr[n]))
		n++;
	word = slice_of(text->ptr, n);
	*text = slice_trim(slice_skip(*text, n));
	return word;
}

static bool
is_name(struct slice name)
{
	for (size_t i = 0; i < name.len; i++)
		if ((name.ptr[i] < 'a' || name.ptr[i] > 'z') &&
		    !ascii_is_digit(name.ptr[i]) && name.ptr[i] != '-' &&
		    name.ptr[i] != '_')
			return false;
	return name.len != 0 && name.len < NAME_BYTES;
}

static void
set_name(struct loader *l, uint32_t line, struct slice name)
{
	struct user_format *format = l->format;

	if (format->format.name != NULL)
		fault(l, line, "a second format: a file holds one", name);
	else if (!is_name(name))
		fault(l, line, "a name has at most 31 of a-z, 0-9, \"-\" and "
		    "\"_\"", name);
	else if (slice_eq(name, SLICE("syslog")) ||
	    log_format_find(name) != NULL)
		fault(l, line, "mxtrend has a format of that name", name);
	format->format.name = arena_strndup(&format->arena, name.ptr,
	    name.len);
}

static void
set_time(struct loader *l, uint32_t line, struct slice time)
{
	l->format->time = time;
	if (!slice_eq(time, SLICE("auto")) && !time_format_is_one(time))
		fault(l, line, "no time format (mxtrend-formats(5) lists the "
		    "letters)", time);
}

/* Room for one more in a list of at most LIMIT_FORMAT_ITEMS. */
static bool
has_room(struct loader *l, uint32_t line, size_t count)
{
	if (count < LIMIT_FORMAT_ITEMS)
		return true;
	fault(l, line, "too many of them", SLICE_NONE);
	return false;
}

static void
add_program(struct loader *l, uint32_t line, struct slice name)
{
	struct user_format *format = l->format;

	if (name.len == 0) {
		fault(l, line, "program without a name", SLICE_NONE);
		return;
	}
	if (!has_room(l, line, format->program_count))
		return;
	format->programs = mx_realloc(format->programs,
	    (format->program_count + 1) * sizeof(*format->programs));
	format->programs[format->program_count++] = name;
}

static void
name_groups(struct loader *l, struct user_line *line)
{
	const char *name;
	unsigned number;

	for (size_t i = 0; line_pattern_name(line->pattern, i, &name,
	    &number); i++) {
		enum user_key key = user_key_find(slice_str(name));

		if (key == USER_KEYS)
			fault(l, line->line, "a group's name is no key",
			    slice_str(name));
		else if (!user_key_is_of(key, line->kind))
			fault(l, line->line, "lines of this kind have no such "
			    "key", slice_str(name));
		else
			line->group[key] = number;
	}
}

static void
add_line(struct loader *l, uint32_t line, enum user_kind kind,
    struct slice pattern)
{
	struct user_format *format = l->format;
	struct user_line *added;
	struct mx_err why;

	if (pattern.len == 0) {
		fault(l, line, "no pattern", SLICE_NONE);
		return;
	}
	if (!has_room(l, line, format->line_count))
		return;
	format->lines = mx_realloc(format->lines,
	    (format->line_count + 1) * sizeof(*format->lines));
	added = &format->lines[format->line_count++];
	memset(added, 0, sizeof(*added));
	added->kind = kind;
	added->line = line;
	l->line = added;
	if (line_pattern_compile(pattern, &added->pattern, &why) != MX_OK)
		fault(l, line, why.text, SLICE_NONE);
	else
		name_groups(l, added);
}

/* Words that have a fixed list. */
static bool
is_word_of(enum user_key key, struct slice word)
{
	enum outcome outcome;
	enum stage stage;
	enum hop hop;

	if (key == KEY_OUTCOME)
		return user_outcome(word, &outcome);
	if (key == KEY_STAGE)
		return user_stage(word, &stage);
	return key != KEY_HOP || user_hop(word, &hop);
}

/* "KEY LEFT = RIGHT" or, for "set", "KEY = RIGHT". */
static bool
split(struct loader *l, uint32_t line, struct slice text, enum user_key *key_r,
    struct slice *left_r, struct slice *right_r)
{
	struct slice key = take_word(&text);
	const char *equals = slice_find(text, SLICE("= "));

	*key_r = user_key_find(key);
	if (*key_r == USER_KEYS || *key_r == KEY_TIME) {
		fault(l, line, "no key that can be given", key);
		return false;
	}
	while (equals != NULL && equals != text.ptr && equals[-1] != ' ')
		equals = slice_find(slice_between(equals + 1,
		    text.ptr + text.len), SLICE("= "));
	if (equals == NULL) {
		fault(l, line, "no \" = \" in it", SLICE_NONE);
		return false;
	}
	*left_r = slice_trim(slice_between(text.ptr, equals));
	*right_r = slice_trim(slice_between(equals + 1,
	    text.ptr + text.len));
	if (is_word_of(*key_r, *right_r))
		return true;
	fault(l, line, "not a word of that key", *right_r);
	return false;
}

static void
add_set(struct loader *l, uint32_t line, struct slice text)
{
	struct slice left, right;
	enum user_key key;

	if (!split(l, line, text, &key, &left, &right))
		return;
	if (left.len != 0)
		fault(l, line, "set KEY = VALUE", left);
	else if (l->line == NULL)
		l->format->set[key] = right;
	else if (!user_key_is_of(key, l->line->kind))
		fault(l, line, "lines of this kind have no such key",
		    slice_str(user_key_name(key)));
	else
		l->line->set[key] = right;
}

static void
add_value(struct loader *l, uint32_t line, struct slice text)
{
	struct user_value value;
	struct user_value **list = l->line != NULL ? &l->line->values :
	    &l->format->values;
	size_t *count = l->line != NULL ? &l->line->value_count :
	    &l->format->value_count;

	if (!split(l, line, text, &value.key, &value.logged, &value.meant) ||
	    !has_room(l, line, *count))
		return;
	*list = mx_realloc(*list, (*count + 1) * sizeof(**list));
	(*list)[(*count)++] = value;
}

static void
add_sample(struct loader *l, uint32_t line, struct slice text)
{
	struct user_format *format = l->format;

	if (!has_room(l, line, format->sample_count))
		return;
	format->samples = mx_realloc(format->samples,
	    (format->sample_count + 1) * sizeof(*format->samples));
	format->samples[format->sample_count++] = (struct user_sample){
		.line = line, .text = text };
}

static void
add_expect(struct loader *l, uint32_t line, struct slice text)
{
	struct user_format *format = l->format;
	struct user_sample *sample;

	if (format->sample_count == 0) {
		fault(l, line, "expect without a sample before it",
		    SLICE_NONE);
		return;
	}
	sample = &format->samples[format->sample_count - 1];
	if (sample->expect_line != 0)
		fault(l, line, "a second expect for one sample", SLICE_NONE);
	sample->expect_line = line;
	sample->expect = text;
}

static void
on_line(struct loader *l, uint32_t line, struct slice text)
{
	struct slice key = take_word(&text);

	for (int i = 0; i < USER_KINDS; i++)
		if (slice_eq(key, slice_str(user_kind_name(
		    (enum user_kind)i)))) {
			add_line(l, line, (enum user_kind)i, text);
			return;
		}
	if (slice_eq(key, SLICE("format")))
		set_name(l, line, text);
	else if (slice_eq(key, SLICE("title")))
		l->format->format.title = arena_strndup(&l->format->arena,
		    text.ptr, text.len);
	else if (slice_eq(key, SLICE("time")))
		set_time(l, line, text);
	else if (slice_eq(key, SLICE("program")))
		add_program(l, line, text);
	else if (slice_eq(key, SLICE("set")))
		add_set(l, line, text);
	else if (slice_eq(key, SLICE("value")))
		add_value(l, line, text);
	else if (slice_eq(key, SLICE("sample")))
		add_sample(l, line, text);
	else if (slice_eq(key, SLICE("expect")))
		add_expect(l, line, text);
	else
		fault(l, line, "unknown key", key);
}

static bool
take_line(struct slice *rest, struct slice *line_r)
{
	const char *end = slice_chr(*rest, '\n');

	if (rest->len == 0)
		return false;
	*line_r = end != NULL ? slice_between(rest->ptr, end) : *rest;
	*rest = slice_skip(*rest, line_r->len + 1);
	if (line_r->len != 0 && line_r->ptr[line_r->len - 1] == '\r')
		line_r->len--;
	return true;
}

/* LINE with those that continue it, joined by one space. */
static struct slice
whole_line(struct loader *l, struct slice line, struct slice *rest,
    uint32_t *number)
{
	struct slice after = *rest, more;

	while (take_line(&after, &more) && slice_trim(more).len != 0 &&
	    (more.ptr[0] == ' ' || more.ptr[0] == '\t')) {
		char *joined;

		more = slice_trim(more);
		joined = arena_alloc(&l->format->arena,
		    line.len + more.len + 1);
		memcpy(joined, line.ptr, line.len);
		joined[line.len] = ' ';
		memcpy(joined + line.len + 1, more.ptr, more.len);
		line = slice_of(joined, line.len + more.len + 1);
		*rest = after;
		(*number)++;
	}
	return line;
}

static void
read_lines(struct loader *l, struct slice text)
{
	struct slice line;
	uint32_t number = 0;

	while (take_line(&text, &line)) {
		uint32_t first = ++number;

		if (slice_trim(line).len == 0 || line.ptr[0] == '#')
			continue;
		if (slice_chr(line, '\0') != NULL) {
			fault(l, first, "NUL byte", SLICE_NONE);
			continue;
		}
		line = whole_line(l, line, &text, &number);
		on_line(l, first, slice_trim(line));
	}
}

/* ------------------------------------------------------------------ */
/* What every format must say */

static bool
gives(const struct user_format *format, const struct user_line *line,
    enum user_key key)
{
	return line->group[key] != 0 || line->set[key].len != 0 ||
	    format->set[key].len != 0;
}

static void
check_line(struct loader *l, const struct user_line *line)
{
	const struct user_format *format = l->format;

	if (line->kind == USER_IGNORE || line->pattern == NULL)
		return;
	if (format->program_count == 0 && line->group[KEY_TIME] == 0)
		fault(l, line->line, "no group time (and no program whose "
		    "lines have one)", SLICE_NONE);
	if (line->group[KEY_TIME] != 0 && format->time.len == 0)
		fault(l, line->line, "a group time, but no time format",
		    SLICE_NONE);
	if (line->kind == USER_DELIVERY) {
		if (!gives(format, line, KEY_RECIPIENT))
			fault(l, line->line, "no recipient", SLICE_NONE);
		if (!gives(format, line, KEY_OUTCOME))
			fault(l, line->line, "no outcome", SLICE_NONE);
	} else if (line->group[KEY_ID] == 0) {
		fault(l, line->line, "no group id", SLICE_NONE);
	}
	if (line->kind == USER_NOTIFICATION && line->group[KEY_CHILD_ID] == 0)
		fault(l, line->line, "no group child_id", SLICE_NONE);
}

static void
check_whole(struct loader *l)
{
	const struct user_format *format = l->format;
	bool has_delivery = false;

	for (size_t i = 0; i < format->line_count; i++) {
		has_delivery |= format->lines[i].kind == USER_DELIVERY;
		check_line(l, &format->lines[i]);
	}
	if (format->format.name == NULL)
		fault(l, 1, "no \"format NAME\"", SLICE_NONE);
	if (!has_delivery)
		fault(l, 1, "no line of kind delivery", SLICE_NONE);
}

static void
fill_format(struct user_format *format)
{
	struct strbuf text;

	strbuf_init(&text, 4096);
	if (format->program_count == 0)
		strbuf_addf(&text, "by the patterns of %s", format->path);
	for (size_t i = 0; i < format->program_count; i++)
		strbuf_addf(&text, "%s%.*s", i == 0 ?
		    "syslog lines of " : ", ", SLICE_ARG(format->programs[i]));
	format->format.recognised = arena_strndup(&format->arena, text.ptr,
	    text.len);
	strbuf_release(&text);
	if (format->format.title == NULL)
		format->format.title = "a format of your own";
	format->format.data = format;
	log_user_hooks(&format->format, format->program_count != 0);
}

enum mx_code
user_format_load(const char *path, struct slice text,
    struct user_format **format_r, struct strbuf *problems,
    struct mx_err *err)
{
	struct user_format *format = mx_calloc(1, sizeof(*format));
	struct loader l = { .format = format, .problems = problems,
		.err = err, .code = MX_OK };

	*format_r = NULL;
	arena_init(&format->arena);
	format->path = arena_strndup(&format->arena, path, strlen(path));
	read_lines(&l, arena_slice(&format->arena, text));
	check_whole(&l);
	if (l.code != MX_OK) {
		user_format_free(format);
		return l.code;
	}
	fill_format(format);
	*format_r = format;
	return MX_OK;
}
