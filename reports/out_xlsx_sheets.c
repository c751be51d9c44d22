/* SPDX-License-Identifier: BSD-2-Clause */
/* The sheets that are one table each: which columns, in which order, how
 * wide. */
#include "reports/out_xlsx.h"

#include "reports/report_view.h"
#include "reports/series_view.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define FIELD(key, width) { KIND_CELL, key, NULL, width, false }
#define LONG(key, width) { KIND_CELL, key, NULL, width, true }
#define RATE(kind, width) { kind, NULL, NULL, width, false }
#define FREE(title, width) { KIND_FREE, NULL, title, width, false }

/* clang-format off */
#define COUNTS_AND_RATES \
	FIELD("deliveries", 11), FIELD("messages", 11), FIELD("accepted", 11), \
	FIELD("bounced", 10), FIELD("expired", 9), FIELD("open", 8), \
	FIELD("deferred", 10), FIELD("blocked", 10), \
	RATE(KIND_ACCEPT_RATE, 12), \
	RATE(KIND_DEFER_SHARE, 11), \
	RATE(KIND_BLOCK_RATE, 10), \
	FIELD("p50_s", 9), FIELD("p95_s", 9), FIELD("state", 11)

static const struct xlsx_column episode_columns[] = {
	FIELD("id", 11), LONG("name", 20), LONG("source", 18),
	FIELD("source_ip", 15),
	FIELD("reason", 15), LONG("token", 18), FIELD("extent", 9),
	FIELD("state", 11), FIELD("last_accept_before", 17),
	FIELD("first_refusal", 17), FIELD("began_before_log", 15),
	FIELD("last_refusal", 17), FIELD("first_accept_after", 17),
	FIELD("began_after", 17), FIELD("began_by", 17),
	FIELD("ended_after", 17), FIELD("ended_by", 17),
	RATE(KIND_LENGTH, 9), FIELD("messages", 9), FIELD("recipients", 10),
	FIELD("attempts", 9), FIELD("deliveries", 10),
	FIELD("delivered_later", 10), FIELD("delivered_after_end", 17),
	FIELD("still_open", 10), FIELD("not_delivered", 10),
	FIELD("median_wait_s", 10), FIELD("sender_domains", 8),
	FIELD("flaps", 6), FIELD("repeat", 7),
	LONG("reasons", 20),
	{ KIND_CELL, "sample", "Words of the refusal", 72, true },
	FREE("Ticket", 12), FREE("Notes", 26),
};

/* Under the columns of the episodes, whose widths they share. */
static const struct xlsx_column score_columns[] = {
	FIELD("id", 11), LONG("name", 20), LONG("key", 18), FIELD("over", 15),
	FIELD("reason", 15), LONG("token", 18),
	{ KIND_CELL, "explained", "In an episode", 9, false },
	FIELD("state", 11),
	FIELD("last_accept_before", 17),
	FIELD("first_refusal", 17), FIELD("began_before_log", 15),
	FIELD("last_refusal", 17), FIELD("first_accept_after", 17),
	FIELD("began_after", 17), FIELD("began_by", 17),
	FIELD("ended_after", 17), FIELD("ended_by", 17),
	FIELD("messages", 9), FIELD("recipients", 9), FIELD("attempts", 10),
	FIELD("flaps", 9), FIELD("repeat", 10),
};
static const struct xlsx_column remark_columns[] = {
	FIELD("kind", 0), FIELD("time", 0), FIELD("provider", 0),
	FIELD("source_ip", 0), FIELD("text", 0),
};

static const struct xlsx_column source_columns[] = {
	FIELD("source", 34), FIELD("source_ip", 18), FIELD("host", 22),
	FIELD("instance", 14), COUNTS_AND_RATES, FIELD("change", 9),
};

/* Under the columns of the sources. */
static const struct xlsx_column pair_columns[] = {
	FIELD("source", 34), FIELD("source_ip", 18), FIELD("name", 22),
	FIELD("instance", 14), COUNTS_AND_RATES, FIELD("change", 9),
};

static const struct xlsx_column domain_columns[] = {
	FIELD("domain", 34), COUNTS_AND_RATES, FIELD("change", 9),
};

static const struct xlsx_column reason_columns[] = {
	FIELD("name", 24), FIELD("provider", 26), FIELD("reason", 20),
	FIELD("token", 24), FIELD("attempts", 11), FIELD("deliveries", 11),
	FIELD("first", 18), FIELD("last", 18),
};

static const struct xlsx_column reply_columns[] = {
	LONG("name", 20), FIELD("reason", 17), FIELD("token", 24),
	FIELD("attempts", 9), FIELD("first", 18), FIELD("last", 18),
	FIELD("new", 6),
	{ KIND_CELL, "sample", "Words of the reply", 80, true },
	FIELD("rule", 16), FIELD("fingerprint", 19),
};

static const struct xlsx_column data_columns[] = {
	FIELD("day", 11), FIELD("provider", 26), FIELD("source", 30),
	FIELD("source_ip", 18), FIELD("instance", 14), FIELD("messages", 11),
	FIELD("attempts.accepted", 18), FIELD("attempts.deferred", 18),
	FIELD("attempts.bounced", 18), FIELD("blocked", 10), FIELD("state", 11),
};
/* clang-format on */

static const struct xlsx_layout episode_layout = { "episodes", "Episodes_",
	episode_columns, COUNT(episode_columns), false };
static const struct xlsx_layout score_layout = { "scores", "Scores_",
	score_columns, COUNT(score_columns), false };
static const struct xlsx_layout remark_layout = { "annotations", "Remarks_",
	remark_columns, COUNT(remark_columns), false };
static const struct xlsx_layout source_layout = { "sources", "Sources_",
	source_columns, COUNT(source_columns), false };
static const struct xlsx_layout pair_layout = { "pairs", "Pairs_",
	pair_columns, COUNT(pair_columns), false };
static const struct xlsx_layout domain_layout = { "domains", "Domains_",
	domain_columns, COUNT(domain_columns), false };
static const struct xlsx_layout reason_layout = { "reasons", "Reasons_",
	reason_columns, COUNT(reason_columns), false };
static const struct xlsx_layout reply_layout = { "replies", "Replies_",
	reply_columns, COUNT(reply_columns), false };
static const struct xlsx_layout data_layout = { "series", "Series_",
	data_columns, COUNT(data_columns), true };

/* A sheet with one table from the top, its header and first column fixed. */
static void
one_table(struct xlsx_book *book, const char *name,
    const struct xlsx_layout *layout, const struct xlsx_view *view)
{
	struct xlsx_sheet sheet = xlsx_sheet(book, name);

	xlsx_widths(&sheet, layout);
	(void)xlsx_table(&sheet, layout, view, 0);
	worksheet_freeze_panes(sheet.sheet, 1, 1);
	xlsx_page(&sheet, 0);
}

/* Row pointers of a view as what xlsx_table() takes. */
static struct xlsx_view
plain_view(struct xlsx_book *book, const struct row_view *view)
{
	const void **list = arena_alloc(&book->arena,
	    (view->count + 1) * sizeof(void *));

	for (size_t i = 0; i < view->count; i++)
		list[i] = view->rows[i];
	return (struct xlsx_view){ list, view->count };
}

/* Another table with TITLE, below ROW; the row after it. */
static uint32_t
put_below(struct xlsx_sheet *sheet, const char *title,
    const struct xlsx_layout *layout, size_t count, uint32_t row)
{
	struct xlsx_book *book = sheet->book;

	if (count == 0)
		return row;
	if (row + 3 >= book->rows_max) {
		xlsx_note(book, "Sheet %s: no room for the table %s; CSV has "
		    "it.", sheet->name, layout->table);
		return row;
	}
	xlsx_words(sheet, row + 1, 0, title, FORMAT_VERDICT);
	return xlsx_table(sheet, layout, NULL, row + 2);
}

/* Scores over several addresses, and the operator's remarks. */
static void
put_more(struct xlsx_sheet *sheet, uint32_t row)
{
	const struct report *report = sheet->book->report;

	/* a longer title would run out of the columns that each page has */
	row = put_below(sheet, "Refused together", &score_layout,
	    report->score_count, row);
	(void)put_below(sheet, "Remarks", &remark_layout,
	    report->annotation_count, row);
}

/* Protected without a password, so that only the columns for people can be
 * written by accident; filters and widths stay usable. */
void
xlsx_episodes(struct xlsx_book *book)
{
	struct xlsx_sheet sheet = xlsx_sheet(book, "Episodes");
	lxw_protection protection = { .format_cells = 1, .format_columns = 1,
		.format_rows = 1, .sort = 1, .autofilter = 1 };

	xlsx_widths(&sheet, &episode_layout);
	put_more(&sheet, xlsx_table(&sheet, &episode_layout, NULL, 0));
	worksheet_freeze_panes(sheet.sheet, 1, 2);
	worksheet_protect(sheet.sheet, NULL, &protection);
	xlsx_page(&sheet, 0);
	/* so many columns that one page's width would make them unreadable */
	worksheet_fit_to_pages(sheet.sheet, 3, 0);
	xlsx_check(&sheet, worksheet_repeat_columns(sheet.sheet, 0, 1));
}

/* Below them what each source met at each provider. */
void
xlsx_sources(struct xlsx_book *book)
{
	struct row_view rows = view_sources(book->report, &book->arena);
	struct xlsx_view view = plain_view(book, &rows);
	struct xlsx_sheet sheet = xlsx_sheet(book, "By IP");

	xlsx_widths(&sheet, &source_layout);
	(void)put_below(&sheet, "At each provider", &pair_layout,
	    book->report->pair_count,
	    xlsx_table(&sheet, &source_layout, &view, 0));
	worksheet_freeze_panes(sheet.sheet, 1, 1);
	xlsx_page(&sheet, 0);
}

void
xlsx_domains(struct xlsx_book *book)
{
	struct row_view rows = view_domains(book->report, &book->arena);
	struct xlsx_view view = plain_view(book, &rows);

	one_table(book, "Domains", &domain_layout, &view);
}

void
xlsx_reasons(struct xlsx_book *book)
{
	one_table(book, "Reasons", &reason_layout, NULL);
}

void
xlsx_replies(struct xlsx_book *book)
{
	one_table(book, "Replies", &reply_layout, NULL);
}

/* A year of many providers is more rows than a person pivots, and each costs
 * time to write and to open. */
void
xlsx_data(struct xlsx_book *book)
{
	size_t room = book->rows_max > 1 ? book->rows_max - 1 : 0;
	struct series_view rows = view_series(book->report, room,
	    &book->arena);
	const void **list = arena_alloc(&book->arena,
	    (rows.count + 1) * sizeof(void *));
	struct xlsx_view view = { list, rows.count };

	for (size_t i = 0; i < rows.count; i++)
		list[i] = rows.rows[i];
	one_table(book, "Data", &data_layout, &view);
	if (rows.folded > 0)
		xlsx_note(book, "Sheet Data: each row of the worst and largest "
		    "%zu of %zu providers; the others are added up, one row a "
		    "day%s (--format csv has all %zu rows).", rows.whole,
		    rows.whole + rows.folded,
		    rows.by_source ? " and source" : "",
		    book->report->series_count);
}
