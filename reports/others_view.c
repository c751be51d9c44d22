/* SPDX-License-Identifier: BSD-2-Clause */
#include "reports/others_view.h"

#include "reports/format_value.h"

#include <stdlib.h>
#include <string.h>

/* Rows beyond so many are no page any more, and looking them up is
 * quadratic. */
enum { VIEW_ROWS = 500 };

static struct slice
name_or_key(struct slice name, struct slice key)
{
	return name.len != 0 ? name : key.len != 0 ? key :
	    SLICE("(unknown)");
}

bool
view_has_others(const struct report *report)
{
	return report->dmarc_count + report->tls_count +
	    report->complaint_count + report->snds_count +
	    report->bounce_count != 0;
}

/* ------------------------------------------------------------------ */

/* NULL when the view is full. */
static struct view_dmarc *
dmarc_row(struct view_dmarc *rows, size_t *count, const struct report_dmarc *it)
{
	struct slice ip = slice_eq(it->ours, SLICE("no")) ? SLICE_NONE :
	    it->source_ip;
	struct slice name = name_or_key(it->name, it->provider);
	struct view_dmarc *row;

	for (size_t i = 0; i < *count; i++)
		if (slice_eq(rows[i].name, name) &&
		    slice_eq(rows[i].source_ip, ip))
			return &rows[i];
	if (*count == VIEW_ROWS)
		return NULL;
	row = &rows[(*count)++];
	*row = (struct view_dmarc){ .name = name, .source_ip = ip,
		.ours = it->ours };
	return row;
}

/* Our own first, then most messages. */
static int
compare_dmarc(const void *left, const void *right)
{
	const struct view_dmarc *a = left, *b = right;
	int order;

	if ((a->source_ip.len == 0) != (b->source_ip.len == 0))
		return a->source_ip.len == 0 ? 1 : -1;
	if (a->messages != b->messages)
		return a->messages > b->messages ? -1 : 1;
	order = slice_cmp(a->name, b->name);
	return order != 0 ? order : slice_cmp(a->source_ip, b->source_ip);
}

struct view_dmarc *
view_dmarc(const struct report *report, struct arena *arena, size_t *count_r)
{
	struct view_dmarc *rows = arena_alloc(arena,
	    (VIEW_ROWS + 1) * sizeof(*rows));

	*count_r = 0;
	/* they come with the most messages first */
	for (size_t i = 0; i < report->dmarc_count; i++) {
		const struct report_dmarc *it = &report->dmarc[i];
		struct view_dmarc *row;

		row = dmarc_row(rows, count_r, it);
		if (row == NULL)
			continue;
		row->hosts++;
		row->messages += it->messages;
		row->pass += it->pass;
		row->dkim += it->dkim;
		row->spf += it->spf;
		row->quarantine += it->quarantine;
		row->reject += it->reject;
	}
	qsort(rows, *count_r, sizeof(*rows), compare_dmarc);
	return rows;
}

/* ------------------------------------------------------------------ */

static char
glyph(struct slice state)
{
	static const struct {
		const char *state;
		char glyph;
	} glyphs[] = { { "agree", '=' }, { "shrinking", '<' },
		{ "absent", '0' }, { "no-report", '?' } };

	for (size_t i = 0; i < sizeof(glyphs) / sizeof(glyphs[0]); i++)
		if (slice_eq(state, slice_str(glyphs[i].state)))
			return glyphs[i].glyph;
	return '~';
}

static size_t
day_number(const struct report *report, const char *day)
{
	for (size_t i = 0; i < report->window.day_count; i++)
		if (strcmp(report->window.days[i].day, day) == 0)
			return i;
	return report->window.day_count;
}

static void
add_witness(const struct report *report, struct arena *arena,
    struct view_witness *row, const struct report_witness *it)
{
	bool is_reporter = !slice_eq(it->state, SLICE("no-reporter"));
	size_t day = day_number(report, it->day);

	row->messages += it->messages;
	row->accepted += it->accepted;
	row->refused += it->refused;
	if (!is_reporter)
		return;
	if (row->days == NULL) {
		row->days = arena_alloc(arena, report->window.day_count + 1);
		memset(row->days, '.', report->window.day_count);
		row->days[report->window.day_count] = '\0';
		row->reported = 0;
	}
	row->reported += it->reported > 0 ? it->reported : 0;
	if (day < report->window.day_count)
		row->days[day] = glyph(it->state);
	row->is_telling |= slice_eq(it->state, SLICE("shrinking")) ||
	    slice_eq(it->state, SLICE("absent"));
}

static int
compare_witness(const void *left, const void *right)
{
	const struct view_witness *a = left, *b = right;

	if (a->is_telling != b->is_telling)
		return a->is_telling ? -1 : 1;
	if ((a->days == NULL) != (b->days == NULL))
		return a->days == NULL ? 1 : -1;
	if (a->messages != b->messages)
		return a->messages > b->messages ? -1 : 1;
	return slice_cmp(a->source_ip, b->source_ip);
}

/* They come by provider, address and day. */
struct view_witness *
view_witness(const struct report *report, struct arena *arena,
    size_t *count_r)
{
	struct view_witness *rows = arena_alloc(arena,
	    (report->witness_count + 1) * sizeof(*rows));
	size_t count = 0;

	for (size_t i = 0; i < report->witness_count; i++) {
		const struct report_witness *it = &report->witness[i];
		struct slice name = name_or_key(it->name, it->provider);

		if (count == 0 || !slice_eq(rows[count - 1].name, name) ||
		    !slice_eq(rows[count - 1].source_ip, it->source_ip))
			rows[count++] = (struct view_witness){ .name = name,
				.source_ip = it->source_ip, .reported = -1 };
		add_witness(report, arena, &rows[count - 1], it);
	}
	qsort(rows, count, sizeof(*rows), compare_witness);
	*count_r = count;
	return rows;
}

/* ------------------------------------------------------------------ */

static struct slice
results_of(const struct report *report, struct arena *arena, size_t *at)
{
	const struct report_tls *policy = &report->tls[*at];
	struct strbuf text;
	struct slice kept;

	strbuf_init(&text, 4096);
	while (*at + 1 < report->tls_count) {
		const struct report_tls *it = &report->tls[*at + 1];

		if (it->result_type.len == 0 ||
		    !slice_eq(it->provider, policy->provider) ||
		    !slice_eq(it->policy_domain, policy->policy_domain) ||
		    !slice_eq(it->policy_type, policy->policy_type))
			break;
		if (text.len != 0)
			strbuf_add_str(&text, ", ");
		strbuf_add_slice(&text, it->result_type);
		strbuf_addf(&text, " %lld", (long long)it->failed);
		(*at)++;
	}
	kept = arena_slice(arena, strbuf_slice(&text));
	strbuf_release(&text);
	return kept;
}

/* A policy comes before its results. */
struct view_tls *
view_tls(const struct report *report, struct arena *arena, size_t *count_r)
{
	struct view_tls *rows = arena_alloc(arena,
	    (report->tls_count + 1) * sizeof(*rows));
	size_t count = 0;

	for (size_t i = 0; i < report->tls_count; i++) {
		const struct report_tls *it = &report->tls[i];

		rows[count] = (struct view_tls){ .policy = it,
			.name = name_or_key(it->name, it->provider) };
		rows[count++].results = results_of(report, arena, &i);
	}
	*count_r = count;
	return rows;
}

/* ------------------------------------------------------------------ */

static void
add_snds(struct view_snds *row, const struct report_snds *it)
{
	row->days++;
	row->green += slice_eq(it->filter_result, SLICE("green"));
	row->yellow += slice_eq(it->filter_result, SLICE("yellow"));
	row->red += slice_eq(it->filter_result, SLICE("red"));
	row->traps += it->trap_hits > 0 ? it->trap_hits : 0;
	row->rcpt_commands += it->rcpt_commands > 0 ? it->rcpt_commands : 0;
	row->last_filter = it->filter_result;
	row->last_rate = it->complaint_rate;
	row->last_day = it->day;
}

static int
compare_snds(const void *left, const void *right)
{
	const struct view_snds *a = left, *b = right;

	if (a->red + a->yellow != b->red + b->yellow)
		return a->red + a->yellow > b->red + b->yellow ? -1 : 1;
	return slice_cmp(a->source_ip, b->source_ip);
}

/* They come by day. */
struct view_snds *
view_snds(const struct report *report, struct arena *arena, size_t *count_r)
{
	struct view_snds *rows = arena_alloc(arena,
	    (VIEW_ROWS + 1) * sizeof(*rows));
	size_t count = 0;

	for (size_t i = 0; i < report->snds_count; i++) {
		const struct report_snds *it = &report->snds[i];
		size_t at = 0;

		if (it->source_ip.len == 0)
			continue;
		while (at < count && !slice_eq(rows[at].source_ip,
		    it->source_ip))
			at++;
		if (at == VIEW_ROWS)
			continue;
		if (at == count)
			rows[count++] = (struct view_snds){
				.source_ip = it->source_ip, .ours = it->ours };
		add_snds(&rows[at], it);
	}
	qsort(rows, count, sizeof(*rows), compare_snds);
	*count_r = count;
	return rows;
}

/* ------------------------------------------------------------------ */

void
view_dmarc_sentence(const struct report *report, struct strbuf *out)
{
	if (report->dmarc_reports + report->dmarc_copies == 0)
		return;
	strbuf_addf(out, "%lld DMARC report%s",
	    (long long)report->dmarc_reports,
	    report->dmarc_reports == 1 ? "" : "s");
	if (report->dmarc_copies != 0)
		strbuf_addf(out, "; %lld more came again and count once",
		    (long long)report->dmarc_copies);
	if (report->dmarc_overlapping != 0)
		strbuf_addf(out, "; %lld overlap another and may count "
		    "messages twice", (long long)report->dmarc_overlapping);
	if (report->dmarc_long != 0)
		strbuf_addf(out, "; %lld are of more than a day and of no "
		    "single one", (long long)report->dmarc_long);
}

void
view_not_signed(const struct report *report, struct strbuf *out)
{
	int64_t count = report->reports_not_signed;

	if (count == 0)
		return;
	format_count(out, count, "report", "reports");
	strbuf_add_str(out, count == 1 ? " not signed by its reporter" :
	    " not signed by their reporter");
}
