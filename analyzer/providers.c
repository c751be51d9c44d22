/* SPDX-License-Identifier: BSD-2-Clause */
#include "analyzer/providers.h"

#include <errno.h>
#include <libpsl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/data_dir.h"
#include "analyzer/reporter_table.h"
#include "base/arena.h"
#include "base/hash.h"
#include "base/limits.h"

enum { COLUMNS = 9 };

/* A name and the row it leads to. For an MX suffix with a "*" label, NAME is
 * what follows the star and HEAD what precedes it. */
struct name_entry {
	struct slice name, head;
	uint32_t row;
};

/* Open addressing; slots hold index + 1 into entries, 0 = free. */
struct name_table {
	struct name_entry *entries;
	size_t count, room;
	uint32_t *slots;
	size_t mask;
};

struct providers {
	struct arena arena;
	struct provider_info *rows;
	size_t count, room;
	struct slice *suffix_lists, *domain_lists; /* by row, as written */
	uint32_t *lines;                           /* by row */
	const char **paths;                        /* by row */
	struct name_table by_suffix, by_domain, by_key;
	struct reporter_table *reporters;
	const psl_ctx_t *psl; /* NULL: none on this system */
	psl_ctx_t *own_psl;   /* the same when it is ours to free */
	uint64_t seed;
};

/* --- names to rows -------------------------------------------------------*/

static void
table_init(struct name_table *table, size_t entries)
{
	size_t slots = 16;

	while (slots < entries * 2)
		slots *= 2;
	table->entries = mx_calloc(entries, sizeof(*table->entries));
	table->room = entries;
	table->slots = mx_calloc(slots, sizeof(*table->slots));
	table->mask = slots - 1;
}

static void
table_release(struct name_table *table)
{
	free(table->entries);
	free(table->slots);
}

static const struct name_entry *
table_find(const struct name_table *table, struct slice name, uint64_t seed)
{
	size_t at = (size_t)hash_slice(name, seed) & table->mask;

	for (; table->slots[at] != 0; at = (at + 1) & table->mask) {
		const struct name_entry *entry =
		    &table->entries[table->slots[at] - 1];

		if (slice_eq(entry->name, name))
			return entry;
	}
	return NULL;
}

/* The caller has made sure that NAME is new and that there is room. */
static void
table_add(struct name_table *table, struct slice name, struct slice head,
    uint32_t row, uint64_t seed)
{
	size_t at = (size_t)hash_slice(name, seed) & table->mask;

	while (table->slots[at] != 0)
		at = (at + 1) & table->mask;
	table->entries[table->count++] =
	    (struct name_entry){ .name = name, .head = head, .row = row };
	table->slots[at] = (uint32_t)table->count;
}

/* --- reading -------------------------------------------------------------*/

static size_t
split_tabs(struct slice line, struct slice fields[COLUMNS])
{
	size_t count = 0;

	for (;;) {
		const char *tab = slice_chr(line, '\t');
		struct slice field = tab != NULL ?
		    slice_between(line.ptr, tab) : line;

		if (count < COLUMNS)
			fields[count] = slice_eq(field, SLICE("-")) ||
			    field.len == 0 ? SLICE_NONE : field;
		count++;
		if (tab == NULL)
			return count;
		line = slice_skip(line, field.len + 1);
	}
}

static bool
is_key(struct slice s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!ascii_is_digit(s.ptr[i]) && s.ptr[i] != '-' &&
		    !(s.ptr[i] >= 'a' && s.ptr[i] <= 'z'))
			return false;
	return s.len != 0;
}

static uint32_t
row_for_key(struct providers *providers, struct slice key)
{
	uint32_t row;

	for (row = 0; row < providers->count; row++)
		if (slice_eq(providers->rows[row].key, key))
			return row;
	if (providers->count == providers->room) {
		size_t room = providers->room != 0 ? providers->room * 2 : 256;

		providers->rows = mx_realloc(providers->rows,
		    room * sizeof(*providers->rows));
		providers->suffix_lists = mx_realloc(providers->suffix_lists,
		    room * sizeof(*providers->suffix_lists));
		providers->domain_lists = mx_realloc(providers->domain_lists,
		    room * sizeof(*providers->domain_lists));
		providers->lines = mx_realloc(providers->lines,
		    room * sizeof(*providers->lines));
		providers->paths = mx_realloc(providers->paths,
		    room * sizeof(*providers->paths));
		providers->room = room;
	}
	return (uint32_t)providers->count++;
}

static enum mx_code
read_line(struct providers *providers, const char *path, uint32_t line_no,
    struct slice line, struct mx_err *err)
{
	struct slice f[COLUMNS];
	size_t count = split_tabs(line, f), known = providers->count;
	uint32_t row;

	if (count != COLUMNS)
		return mx_fail(err, MX_E_CONFIG,
		    "%s:%u: %zu fields in place of %d", path, line_no, count,
		    COLUMNS);
	if (!is_key(f[0]))
		return mx_fail(err, MX_E_CONFIG,
		    "%s:%u: a key has lower-case letters, digits and \"-\"",
		    path, line_no);
	if (providers->count == LIMIT_PROVIDERS)
		return mx_fail(err, MX_E_CONFIG, "%s:%u: more than %u rows",
		    path, line_no, LIMIT_PROVIDERS);
	row = row_for_key(providers, f[0]);
	if (row < known &&
	    strcmp(providers->paths[row], path) == 0)
		return mx_fail(err, MX_E_CONFIG,
		    "%s:%u: key %.*s stands in line %u already", path, line_no,
		    SLICE_ARG(f[0]), providers->lines[row]);
	providers->rows[row] = (struct provider_info){
		.key = f[0], .name = f[1].len != 0 ? f[1] : f[0],
		.family = f[2], .postmaster_url = f[5], .support_url = f[6],
		.feedback_loop = f[7], .notes = f[8] };
	providers->suffix_lists[row] = f[3];
	providers->domain_lists[row] = f[4];
	providers->lines[row] = line_no;
	providers->paths[row] = path;
	return MX_OK;
}

static enum mx_code
read_file(struct providers *providers, const struct data_file *file,
    struct mx_err *err)
{
	struct slice rest = file->text, line;
	uint32_t line_no = 0;
	bool has_header = false;

	while (data_next_line(&rest, &line)) {
		enum mx_code code;

		line_no++;
		if (line.len == 0 || line.ptr[0] == '#')
			continue;
		if (!has_header && slice_starts(line, SLICE("key\t"))) {
			has_header = true;
			continue;
		}
		code = read_line(providers, file->path, line_no, line, err);
		if (code != MX_OK)
			return code;
	}
	return MX_OK;
}

static enum mx_code
read_dirs(struct providers *providers, const char *const *dirs,
    size_t dir_count, struct mx_err *err)
{
	bool is_any = false;

	for (size_t i = 0; i < dir_count; i++) {
		struct data_file file;
		bool is_there;
		enum mx_code code = data_file_of(dirs[i], "providers.tsv",
		    &providers->arena, &file, &is_there, err);

		if (code == MX_OK && is_there)
			code = read_file(providers, &file, err);
		if (code != MX_OK)
			return code;
		is_any |= is_there;
	}
	if (!is_any)
		return mx_fail(err, MX_E_NOINPUT,
		    "no providers.tsv in %s or elsewhere",
		    dir_count != 0 ? dirs[0] : "any directory");
	return MX_OK;
}

/* The next of a comma-separated list. */
static bool
next_item(struct slice *list, struct slice *item_r)
{
	const char *comma;

	if (list->len == 0)
		return false;
	comma = slice_chr(*list, ',');
	*item_r = comma != NULL ? slice_between(list->ptr, comma) : *list;
	*list = slice_skip(*list, item_r->len + 1);
	return true;
}

static size_t
count_items(const struct slice *lists, size_t count)
{
	size_t items = 0;

	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j <= lists[i].len; j++)
			if (j == lists[i].len || lists[i].ptr[j] == ',')
				items++;
	return items;
}

static enum mx_code
index_name(struct providers *providers, struct name_table *table,
    struct slice name, uint32_t row, struct mx_err *err)
{
	const struct name_entry *found;
	struct slice head = SLICE_NONE;
	const char *star = slice_find(name, SLICE(".*."));

	if (star != NULL) {
		head = slice_between(name.ptr, star);
		name = slice_skip(name, head.len + 3);
	}
	found = table_find(table, name, providers->seed);
	if (found != NULL)
		return mx_fail(err, MX_E_CONFIG,
		    "%s:%u: %.*s belongs to %.*s already",
		    providers->paths[row], providers->lines[row],
		    SLICE_ARG(name),
		    SLICE_ARG(providers->rows[found->row].key));
	table_add(table, name, head, row, providers->seed);
	return MX_OK;
}

static enum mx_code
index_list(struct providers *providers, struct name_table *table,
    const struct slice *lists, struct mx_err *err)
{
	for (uint32_t row = 0; row < providers->count; row++) {
		struct slice list = lists[row], name;

		while (next_item(&list, &name)) {
			enum mx_code code = index_name(providers, table,
			    slice_trim(name), row, err);

			if (code != MX_OK)
				return code;
		}
	}
	return MX_OK;
}

static enum mx_code
check_families(struct providers *providers, struct mx_err *err)
{
	for (size_t i = 0; i < providers->count; i++)
		if (providers->rows[i].family.len != 0 &&
		    providers_by_key(providers, providers->rows[i].family) ==
		    NULL)
			return mx_fail(err, MX_E_CONFIG,
			    "%s:%u: there is no family %.*s",
			    providers->paths[i], providers->lines[i],
			    SLICE_ARG(providers->rows[i].family));
	return MX_OK;
}

static enum mx_code
build_indexes(struct providers *providers, struct mx_err *err)
{
	size_t count = providers->count;
	enum mx_code code;

	table_init(&providers->by_suffix,
	    count_items(providers->suffix_lists, count));
	table_init(&providers->by_domain,
	    count_items(providers->domain_lists, count));
	table_init(&providers->by_key, count);
	for (uint32_t row = 0; row < count; row++)
		table_add(&providers->by_key, providers->rows[row].key,
		    SLICE_NONE, row, providers->seed);
	code = index_list(providers, &providers->by_suffix,
	    providers->suffix_lists, err);
	if (code == MX_OK)
		code = index_list(providers, &providers->by_domain,
		    providers->domain_lists, err);
	if (code == MX_OK)
		code = check_families(providers, err);
	return code;
}

enum mx_code
providers_open(const char *const *dirs, size_t dir_count,
    struct providers **providers_r, struct mx_err *err)
{
	struct providers *providers = mx_calloc(1, sizeof(*providers));
	enum mx_code code;

	arena_init(&providers->arena);
	providers->seed = hash_random_seed();
	/* the system's list when it is newer than the library's own */
	errno = 0;
	providers->own_psl = psl_latest(NULL);
	if (providers->own_psl == NULL && errno == ENOMEM)
		mx_oom(); /* an older list may put providers otherwise */
	providers->psl = providers->own_psl != NULL ?
	    providers->own_psl : psl_builtin();
	code = read_dirs(providers, dirs, dir_count, err);
	if (code == MX_OK)
		code = build_indexes(providers, err);
	if (code == MX_OK)
		code = reporter_table_open(dirs, dir_count, providers,
		    &providers->reporters, err);
	if (code != MX_OK) {
		providers_close(providers);
		return code;
	}
	*providers_r = providers;
	return MX_OK;
}

void
providers_close(struct providers *providers)
{
	if (providers == NULL)
		return;
	table_release(&providers->by_suffix);
	table_release(&providers->by_domain);
	table_release(&providers->by_key);
	reporter_table_close(providers->reporters);
	free(providers->rows);
	free(providers->suffix_lists);
	free(providers->domain_lists);
	free(providers->lines);
	free(providers->paths);
	psl_free(providers->own_psl);
	arena_release(&providers->arena);
	free(providers);
}

const struct reporter_table *
providers_reporters(const struct providers *providers)
{
	return providers->reporters;
}

/* --- asking --------------------------------------------------------------*/

/* HEAD "inbound-smtp" before "*" fits when the labels before the star's end
 * with it. */
static bool
head_fits(struct slice before, struct slice head)
{
	const char *dot;

	if (head.len == 0)
		return true;
	/* BEFORE is "[...]HEAD.label." */
	if (before.len < 2)
		return false;
	before.len--;
	for (dot = before.ptr + before.len; dot > before.ptr; dot--)
		if (dot[-1] == '.')
			break;
	if (dot == before.ptr)
		return false;
	before = slice_between(before.ptr, dot - 1);
	return slice_ends(before, head) && (before.len == head.len ||
	    before.ptr[before.len - head.len - 1] == '.');
}

/* sendmail's shortenstring() replaces the middle of a long value by "...":
 * what is left in front must end in the beginning of a suffix, at a label,
 * and what is left behind must be the suffix's end. Of several rows the
 * one whose beginning shows more wins; a tie between two rows is none. */
static const struct provider_info *
by_shortened(const struct providers *providers, struct slice head,
    struct slice tail)
{
	const struct name_table *table = &providers->by_suffix;
	const struct provider_info *best = NULL;
	size_t best_len = 0;
	bool is_tie = false;

	for (size_t i = 0; i < table->count; i++) {
		struct slice name = table->entries[i].name;
		const struct provider_info *row =
		    &providers->rows[table->entries[i].row];
		size_t seen = 0;

		if (table->entries[i].head.len != 0 || !slice_ends(name, tail) ||
		    name.len == tail.len)
			continue;
		for (size_t n = 1; n <= name.len - tail.len; n++)
			if (slice_ends(head, slice_of(name.ptr, n)) &&
			    (head.len == n || head.ptr[head.len - n - 1] == '.'))
				seen = n;
		if (best == NULL || seen > best_len) {
			best = row;
			best_len = seen;
			is_tie = false;
		} else if (seen == best_len && row != best) {
			is_tie = true;
		}
	}
	return is_tie ? NULL : best;
}

const struct provider_info *
providers_by_mx(const struct providers *providers, struct slice host)
{
	const char *dots = slice_find(host, SLICE("..."));
	struct slice rest = dots != NULL ?
	    slice_between(dots + 3, host.ptr + host.len) : host;

	for (;;) {
		const struct name_entry *entry = table_find(
		    &providers->by_suffix, rest, providers->seed);
		const char *dot;

		/* a cut label is no label */
		if (entry != NULL && (dots == NULL || rest.ptr != dots + 3) &&
		    head_fits(slice_between(host.ptr, rest.ptr), entry->head))
			return &providers->rows[entry->row];
		dot = slice_chr(rest, '.');
		if (dot == NULL)
			break;
		rest = slice_skip(rest, (size_t)(dot - rest.ptr) + 1);
	}
	if (dots == NULL)
		return NULL;
	return by_shortened(providers, slice_between(host.ptr, dots),
	    slice_between(dots + 3, host.ptr + host.len));
}

static const struct provider_info *
by_name(const struct providers *providers, const struct name_table *table,
    struct slice name)
{
	const struct name_entry *entry =
	    table_find(table, name, providers->seed);

	return entry != NULL ? &providers->rows[entry->row] : NULL;
}

const struct provider_info *
providers_by_domain(const struct providers *providers, struct slice domain)
{
	return by_name(providers, &providers->by_domain, domain);
}

const struct provider_info *
providers_by_key(const struct providers *providers, struct slice key)
{
	return by_name(providers, &providers->by_key, key);
}

size_t
providers_count(const struct providers *providers)
{
	return providers->count;
}

const struct provider_info *
providers_at(const struct providers *providers, size_t index)
{
	return &providers->rows[index];
}

/* Without a public suffix list: the last two labels. */
static struct slice
last_two_labels(struct slice name)
{
	size_t dots = 0;

	for (size_t i = name.len; i-- > 0;)
		if (name.ptr[i] == '.' && ++dots == 2)
			return slice_skip(name, i + 1);
	return name;
}

static bool
is_address(struct slice name)
{
	bool has_alpha = false;

	for (size_t i = 0; i < name.len; i++) {
		if (name.ptr[i] == ':' || name.ptr[i] == '[')
			return true;
		has_alpha |= ascii_is_alpha(name.ptr[i]);
	}
	return !has_alpha;
}

struct slice
providers_registrable(const struct providers *providers, struct slice name)
{
	char text[LIMIT_DOMAIN_BYTES + 1];
	const char *found;

	if (name.len == 0 || name.len > LIMIT_DOMAIN_BYTES ||
	    memchr(name.ptr, '\0', name.len) != NULL || is_address(name))
		return name;
	if (providers->psl == NULL)
		return last_two_labels(name);
	memcpy(text, name.ptr, name.len);
	text[name.len] = '\0';
	found = psl_registrable_domain(providers->psl, text);
	if (found == NULL)
		return name;
	return slice_skip(name, (size_t)(found - text));
}

void
providers_fallback_mx(const struct providers *providers, struct slice host,
    struct strbuf *out)
{
	strbuf_add_str(out, "mx:");
	strbuf_add_slice(out, providers_registrable(providers, host));
}

void
providers_fallback_domain(const struct providers *providers,
    struct slice domain, struct strbuf *out)
{
	strbuf_add_str(out, "domain:");
	strbuf_add_slice(out, providers_registrable(providers, domain));
}

struct slice
providers_display_name(const struct providers *providers, struct slice key)
{
	const struct provider_info *row = providers_by_key(providers, key);

	if (row != NULL)
		return row->name;
	if (slice_starts(key, SLICE("mx:")))
		return slice_skip(key, 3);
	if (slice_starts(key, SLICE("domain:")))
		return slice_skip(key, 7);
	return key;
}
