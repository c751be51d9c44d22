/* SPDX-License-Identifier: BSD-2-Clause */
/* Rule files: mxtrend-rules(5). One "key value" a line, a line that begins
 * with white space continues the one before it, "rule ID" begins a rule. */
#include "analyzer/rules_load.h"

#include <stdlib.h>

#include "analyzer/data_dir.h"
#include "base/hash.h"
#include "base/limits.h"

void
rules_fault(struct loader *l, uint32_t line, const char *text,
    struct slice what)
{
	struct mx_err one;

	(void)mx_fail(&one, MX_E_CONFIG, "%s:%u: %s%s%.*s", l->path, line,
	    text, what.len != 0 ? ": " : "", SLICE_ARG(what));
	if (l->problems != NULL)
		strbuf_addf(l->problems, "%s\n", one.text);
	if (l->code == MX_OK) {
		l->code = MX_E_CONFIG;
		if (l->err != NULL)
			*l->err = one;
	}
}

/* --- rules ---------------------------------------------------------------*/

/* The open rule is complete: what must every rule say? */
static void
end_rule(struct loader *l)
{
	struct rule *rule = l->rule;

	l->rule = NULL;
	if (rule == NULL || rule->is_disabled)
		return;
	if (rule->reason == REASON_NONE)
		rules_fault(l, rule->line, "rule without class", rule->id);
	if (rule->pattern_count == 0 && rule->code_count == 0 &&
	    rule->dsn_count == 0)
		rules_fault(l, rule->line,
		    "rule without contains, pcre, link, code or dsn",
		    rule->id);
	if (rule->meaning.len == 0)
		rules_fault(l, rule->line, "rule without meaning", rule->id);
}

static bool
is_id(struct slice s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!ascii_is_alnum(s.ptr[i]) && s.ptr[i] != '-' &&
		    s.ptr[i] != '_' && s.ptr[i] != '.')
			return false;
	return s.len != 0;
}

static void
append_rule(struct loader *l, struct rule *rule)
{
	struct ruleset *rules = l->rules;

	if (rules->count == rules->room) {
		rules->room = rules->room != 0 ? rules->room * 2 : 256;
		rules->rules = mx_realloc(rules->rules,
		    rules->room * sizeof(struct rule *));
	}
	rules->rules[rules->count++] = rule;
	(void)intern_id(&l->ids, rule->id);
}

/* A rule of a later directory takes the place of its namesake. */
static void
begin_rule(struct loader *l, uint32_t line, struct slice id,
    bool is_disabled)
{
	uint32_t place = intern_find(&l->ids, id);
	struct rule **old = place != INTERN_NONE ?
	    &l->rules->rules[place] : NULL;
	struct rule *rule = arena_alloc(&l->rules->arena, sizeof(*rule));

	end_rule(l);
	*rule = (struct rule){ .id = id, .path = l->path, .line = line,
		.dir = l->dir, .is_for_all = true,
		.is_disabled = is_disabled };
	if (!is_id(id))
		rules_fault(l, line, "an id has letters, digits, \"-\", \"_\", "
		    "\".\"", id);
	if (old != NULL && (*old)->dir == l->dir) {
		struct rule *first = *old;

		rules_fault(l, line, "duplicate id", id);
		if (l->problems != NULL)
			strbuf_addf(l->problems, "%s:%u: the first one\n",
			    first->path, first->line);
	}
	if (l->rules->count == LIMIT_RULES)
		rules_fault(l, line, "too many rules", SLICE_NONE);
	else if (old == NULL)
		append_rule(l, rule);
	else if ((*old)->dir != l->dir)
		*old = rule;
	l->rule = rule;
	if (l->provider.len != 0)
		(void)rules_set_field(l, line, SLICE("provider"),
		    l->provider);
	if (l->stage.len != 0)
		(void)rules_set_field(l, line, SLICE("stage"),
		    l->stage);
	if (l->said_by.len != 0)
		(void)rules_set_field(l, line, SLICE("said-by"),
		    l->said_by);
	if (l->token.len != 0)
		(void)rules_set_field(l, line, SLICE("token"), l->token);
	rule->url = l->url;
	rule->source = l->source;
	if (is_disabled)
		l->rule = NULL;
}

static void
set_default(struct loader *l, uint32_t line, struct slice value)
{
	struct slice key;

	(void)rules_next_word(&value, &key);
	value = slice_trim(value);
	end_rule(l);
	if (slice_eq(key, SLICE("provider")))
		l->provider = value;
	else if (slice_eq(key, SLICE("url")))
		l->url = value;
	else if (slice_eq(key, SLICE("source")))
		l->source = value;
	else if (slice_eq(key, SLICE("stage")))
		l->stage = value;
	else if (slice_eq(key, SLICE("said-by")))
		l->said_by = value;
	else if (slice_eq(key, SLICE("token")))
		l->token = value;
	else
		rules_fault(l, line, "no default for this key", key);
}

static void
on_line(struct loader *l, uint32_t line, struct slice key,
    struct slice value)
{
	if (slice_eq(key, SLICE("rule"))) {
		begin_rule(l, line, value, false);
		return;
	}
	if (slice_eq(key, SLICE("disable"))) {
		begin_rule(l, line, value, true);
		return;
	}
	if (slice_eq(key, SLICE("default"))) {
		set_default(l, line, value);
		return;
	}
	if (slice_eq(key, SLICE("version"))) {
		l->rules->version = value;
		return;
	}
	if (l->rule == NULL) {
		rules_fault(l, line, "outside of a rule", key);
		return;
	}
	if (!rules_set_field(l, line, key, value))
		rules_fault(l, line, "unknown key", key);
}

/* --- files ---------------------------------------------------------------*/

/* LINE with the lines that continue it, joined by one space. */
static struct slice
whole_line(struct loader *l, struct slice line, struct slice *rest,
    uint32_t *line_no)
{
	struct slice after = *rest, more;

	while (data_next_line(&after, &more) && more.len != 0 &&
	    (more.ptr[0] == ' ' || more.ptr[0] == '\t')) {
		char *joined;

		more = slice_trim(more);
		joined = arena_alloc(&l->rules->arena,
		    line.len + more.len + 1);
		memcpy(joined, line.ptr, line.len);
		joined[line.len] = ' ';
		if (more.len != 0)
			memcpy(joined + line.len + 1, more.ptr, more.len);
		line = slice_of(joined, line.len + more.len + 1);
		*rest = after;
		(*line_no)++;
	}
	return line;
}

static void
load_file(struct loader *l, const struct data_file *file)
{
	struct slice rest = file->text, line;
	uint32_t line_no = 0;

	l->path = file->path;
	l->provider = l->url = l->source = SLICE_NONE;
	l->stage = l->said_by = l->token = SLICE_NONE;
	while (data_next_line(&rest, &line)) {
		uint32_t first = ++line_no;
		struct slice key;

		if (slice_trim(line).len == 0 || line.ptr[0] == '#')
			continue;
		if (memchr(line.ptr, '\0', line.len) != NULL) {
			rules_fault(l, first, "NUL byte", SLICE_NONE);
			continue;
		}
		line = whole_line(l, line, &rest, &line_no);
		(void)rules_next_word(&line, &key);
		on_line(l, first, key, slice_trim(line));
	}
	end_rule(l);
}

static enum mx_code
load_dir(struct loader *l, const char *dir)
{
	const char **paths;
	size_t count;
	enum mx_code code = data_dir_list(dir, ".rules", &l->rules->arena,
	    &paths, &count, l->err);

	for (size_t i = 0; code == MX_OK && i < count; i++) {
		struct data_file file;

		code = data_file_read(paths[i], &l->rules->arena, &file,
		    l->err);
		if (code == MX_OK)
			load_file(l, &file);
	}
	return code;
}

/* Later directories come first, so that the administrator's rules win within
 * their rank; disabled rules leave. */
static void
order_rules(struct ruleset *rules, unsigned dirs)
{
	struct rule **ordered =
	    mx_calloc(rules->count, sizeof(struct rule *));
	size_t count = 0;

	for (unsigned dir = dirs; dir-- > 0;)
		for (size_t i = 0; i < rules->count; i++)
			if (rules->rules[i]->dir == dir &&
			    !rules->rules[i]->is_disabled)
				ordered[count++] = rules->rules[i];
	free(rules->rules);
	rules->rules = ordered;
	rules->count = count;
}

enum mx_code
rules_load(struct ruleset *rules, const char *const *dirs, size_t dir_count,
    struct strbuf *problems, struct mx_err *err)
{
	struct loader l = { .rules = rules, .problems = problems, .err = err,
		.code = MX_OK };

	enum mx_code code = MX_OK;

	intern_init(&l.ids, LIMIT_RULES + 1, hash_random_seed());
	for (size_t i = 0; code == MX_OK && i < dir_count; i++) {
		l.dir = (unsigned)i;
		code = load_dir(&l, dirs[i]);
	}
	intern_release(&l.ids);
	/* too long, too many: not an input's fault, but the installation's */
	if (code == MX_E_LIMIT)
		return MX_E_CONFIG;
	if (code != MX_OK)
		return code;
	order_rules(rules, (unsigned)dir_count);
	if (l.code != MX_OK && problems == NULL)
		return l.code;
	if (rules->count == 0)
		return mx_fail(err, MX_E_CONFIG, "no rules in %s%s",
		    dir_count != 0 ? dirs[0] : "any directory",
		    dir_count > 1 ? " or the others" : "");
	return MX_OK;
}
