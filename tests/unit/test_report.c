/* SPDX-License-Identifier: BSD-2-Clause */
/* The document itself: words, definitions, tables, reading order. */
#include "reports/report.h"

#include <string.h>

#include "reports/definitions.h"
#include "reports/output.h"
#include "reports/rep_tables.h"
#include "reports/reply_view.h"
#include "reports/report_view.h"
#include "tests/support/cases.h"
#include "tests/support/report_fixture.h"

/* ---- words ---- */

static void
every_state_has_its_word_and_glyph(void **state)
{
	static const char *const words[] = { "no-log", "no-mail", "fine",
		"deferring", "blocked" };
	static const char glyphs[] = "?-.dx";

	(void)state;
	assert_int_equal(REPORT_STATES, 5);
	for (int i = 0; i < REPORT_STATES; i++) {
		assert_string_equal(report_state_name((enum report_state)i),
		    words[i]);
		assert_int_equal(report_state_glyph((enum report_state)i),
		    glyphs[i]);
	}
}

static void
episodes_that_are_not_known_to_be_over_are_open(void **state)
{
	static const struct {
		const char *word;
		bool is_open;
	} want[EPISODE_STATES] = {
		[EPISODE_SUSPECTED] = { "suspected", true },
		[EPISODE_CONFIRMED] = { "confirmed", true },
		[EPISODE_EASING] = { "easing", true },
		[EPISODE_CLOSED] = { "closed", false },
		[EPISODE_SILENT] = { "silent", true },
		[EPISODE_DISMISSED] = { "dismissed", false },
	};

	(void)state;
	for (int i = 0; i < EPISODE_STATES; i++) {
		assert_string_equal(
		    episode_state_name((enum episode_state)i), want[i].word);
		assert_int_equal(episode_is_open((enum episode_state)i),
		    want[i].is_open);
	}
}

static void
no_comparison_has_no_word(void **state)
{
	(void)state;
	assert_null(report_change_name(CHANGE_NONE));
	assert_string_equal(report_change_name(CHANGE_WORSE), "worse");
	assert_string_equal(report_change_name(CHANGE_TOO_FEW), "too-few");
}

static void
a_new_document_knows_no_times_and_no_delays(void **state)
{
	struct report report;

	(void)state;
	report_init(&report);
	assert_true(report.generated_utc == TIME_NONE);
	assert_true(report.totals.p50_s < 0 && report.totals.p95_s < 0);
	assert_null(report.providers);
	report_release(&report);
}

/* ---- definitions ---- */

static bool
is_defined(const struct report *report, const char *key)
{
	for (size_t i = 0; i < report->definition_count; i++)
		if (slice_find(report->definitions[i].name,
		    slice_str(key)) != NULL)
			return true;
	return false;
}

static void
every_definition_is_complete_and_named_once(void **state)
{
	struct report report;

	(void)state;
	report_init(&report);
	report_define(&report);
	assert_true(report.definition_count > 30);
	for (size_t i = 0; i < report.definition_count; i++) {
		const struct report_definition *one = &report.definitions[i];

		assert_true(one->name.len > 0);
		assert_true(one->formula.len > 0);
		assert_true(one->unit.len > 0);
		for (size_t j = 0; j < i; j++)
			assert_false(slice_eq(one->name,
			    report.definitions[j].name));
	}
	report_release(&report);
}

static void
every_count_of_a_row_is_defined(void **state)
{
	const struct report_table *table =
	    report_table_by_name(SLICE("providers"));
	struct report report;

	(void)state;
	report_init(&report);
	report_define(&report);
	for (size_t i = 0; i < table->column_count; i++)
		if (table->columns[i].type == CELL_INT ||
		    table->columns[i].type == CELL_SECONDS)
			assert_true(is_defined(&report,
			    table->columns[i].key));
	report_release(&report);
}

/* ---- tables ---- */

static void
tables_are_found_by_name_only(void **state)
{
	(void)state;
	assert_ptr_equal(report_table_by_name(SLICE("totals")),
	    &report_totals_table);
	assert_null(report_table_by_name(SLICE("total")));
	assert_null(report_table_by_name(SLICE("")));
	for (size_t i = 0; report_tables[i] != NULL; i++)
		assert_ptr_equal(report_table_by_name(
		    slice_str(report_tables[i]->name)), report_tables[i]);
}

static void
headers_are_distinct_within_a_table(void **state)
{
	(void)state;
	for (size_t t = 0; report_tables[t] != NULL; t++) {
		const struct report_table *table = report_tables[t];

		for (size_t i = 0; i < table->column_count; i++)
			for (size_t j = 0; j < i; j++) {
				assert_string_not_equal(table->columns[i].key,
				    table->columns[j].key);
				assert_string_not_equal(
				    table->columns[i].title,
				    table->columns[j].title);
			}
	}
}

static void
dots_of_a_key_are_underscores_in_its_header(void **state)
{
	struct report_column column = { .key = "local.attempts.accepted" };
	struct strbuf out;

	(void)state;
	strbuf_init(&out, 64);
	report_column_header(&column, &out);
	assert_string_equal(out.ptr, "local_attempts_accepted");
	strbuf_release(&out);
}

static const struct report_column *
column_of(const struct report_table *table, const char *key)
{
	for (size_t i = 0; i < table->column_count; i++)
		if (strcmp(table->columns[i].key, key) == 0)
			return &table->columns[i];
	fail_msg("no column %s", key);
	return NULL;
}

static void
expect_cell(const char *table_name, const char *key, const void *row,
    const char *want)
{
	const struct report_table *table =
	    report_table_by_name(slice_str(table_name));
	struct strbuf out;
	struct cell cell;

	strbuf_init(&out, 256);
	report_cell(column_of(table, key), row, &cell);
	report_cell_text(&cell, &out);
	assert_string_equal(out.ptr, want);
	assert_int_equal(cell.is_absent, want[0] == '\0');
	strbuf_release(&out);
}

static void
cells_show_the_member_of_their_key(void **state)
{
	struct report_row row = { .provider = SLICE("p"), .n = {
	    .deliveries = 1, .messages = 2, .accepted = 3, .deferred = 4,
	    .bounced = 5, .expired = 6, .blocked = 7, .open = 8,
	    .attempts = { 9, 10, 11 }, .p50_s = 1.25, .p95_s = DELAY_NONE },
	    .state = STATE_DEFERRING };
	struct report_reply reply = { .fingerprint = 0xabcdef, .is_new = true,
	    .first_utc = 0, .last_utc = TIME_NONE };
	static const char *const keys[] = { "deliveries", "messages",
		"accepted", "deferred", "bounced", "expired", "blocked",
		"open", "attempts.accepted", "attempts.deferred",
		"attempts.bounced" };
	char want[8];

	(void)state;
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		(void)snprintf(want, sizeof(want), "%zu", i + 1);
		expect_cell("providers", keys[i], &row, want);
	}
	expect_cell("providers", "p50_s", &row, "1.25");
	expect_cell("providers", "p95_s", &row, "");
	expect_cell("providers", "state", &row, "deferring");
	expect_cell("providers", "change", &row, "");
	expect_cell("providers", "name", &row, "");
	expect_cell("replies", "fingerprint", &reply, "0000000000abcdef");
	expect_cell("replies", "new", &reply, "true");
	expect_cell("replies", "first", &reply, "1970-01-01T00:00:00Z");
	expect_cell("replies", "last", &reply, "");
}

/* ---- reading order ---- */

static void
worst_providers_come_first(void **state)
{
	struct report_row rows[] = {
		{ .provider = SLICE("big"), .n = { .deliveries = 900 } },
		{ .provider = SLICE("blocks"), .n = { .deliveries = 5,
		    .blocked = 1 } },
		{ .provider = SLICE("b"), .n = { .deliveries = 7 } },
		{ .provider = SLICE("a"), .n = { .deliveries = 7 } },
		{ .provider = SLICE("episode"), .n = { .deliveries = 1 } },
	};
	struct report_episode episodes[] = {
		{ .provider = SLICE("big"), .state = EPISODE_CLOSED },
		{ .provider = SLICE("episode"), .state = EPISODE_SILENT },
	};
	static const char *const want[] = { "episode", "blocks", "big", "a",
		"b" };
	struct report report;
	struct row_view view;

	(void)state;
	report_init(&report);
	report.providers = rows;
	report.provider_count = 5;
	report.episodes = episodes;
	report.episode_count = 2;
	view = view_providers(&report, &report.arena);
	assert_int_equal(view.count, 5);
	for (size_t i = 0; i < 5; i++)
		assert_true(slice_eq(view.rows[i]->provider,
		    slice_str(want[i])));
	report_release(&report);
}

static void
folded_rows_add_up_and_keep_the_worst_day(void **state)
{
	enum report_state first[] = { STATE_NO_LOG, STATE_FINE };
	enum report_state second[] = { STATE_NO_LOG, STATE_BLOCKED };
	struct report_row rows[] = {
		{ .n = { .deliveries = 100 }, .days = first },
		{ .n = { .deliveries = 10, .accepted = 9, .bounced = 1 },
		    .days = first, .state = STATE_FINE },
		{ .n = { .deliveries = 5, .open = 5, .deferred = 3,
		    .attempts = { 0, 4, 0 }, .p50_s = 3 },
		    .days = second, .state = STATE_BLOCKED },
	};
	struct report report;
	struct row_view view;
	struct report_row sum;

	(void)state;
	report_init(&report);
	report.providers = rows;
	report.provider_count = 3;
	report.window.day_count = 2;
	view = view_providers(&report, &report.arena);
	view_fold(&report, &view, 1, &report.arena, &sum);
	assert_int_equal(sum.n.deliveries, 15);
	assert_int_equal(sum.n.accepted, 9);
	assert_int_equal(sum.n.open, 5);
	assert_int_equal(sum.n.attempts.deferred, 4);
	assert_true(sum.n.p50_s < 0); /* of several rows it is not known */
	assert_int_equal(sum.state, STATE_BLOCKED);
	assert_int_equal(sum.days[0], STATE_NO_LOG);
	assert_int_equal(sum.days[1], STATE_BLOCKED);
	assert_int_equal(sum.change, CHANGE_NONE);
	report_release(&report);
}

static void
folded_rows_defer_only_where_half_of_them_do(void **state)
{
	enum report_state deferring[] = { STATE_DEFERRING, STATE_DEFERRING };
	enum report_state fine[] = { STATE_FINE, STATE_NO_MAIL };
	struct report_row rows[7] = { { .n = { .deliveries = 9 } } };
	struct report report;
	struct row_view view;
	struct report_row sum;

	(void)state;
	for (size_t i = 0; i < 7; i++)
		rows[i].days = i == 1 ? deferring : fine;
	report_init(&report);
	report.providers = rows;
	report.provider_count = 7;
	report.window.day_count = 2;
	view = view_providers(&report, &report.arena);
	view_fold(&report, &view, 1, &report.arena, &sum);
	assert_int_equal(sum.days[0], STATE_FINE);      /* one of six */
	assert_int_equal(sum.days[1], STATE_DEFERRING); /* the only one */
	report_release(&report);
}

static void
open_episodes_come_before_past_ones_and_dismissed_never(void **state)
{
	struct report_episode episodes[] = {
		{ .id = SLICE("past"), .state = EPISODE_CLOSED },
		{ .id = SLICE("gone"), .state = EPISODE_DISMISSED },
		{ .id = SLICE("late"), .state = EPISODE_CONFIRMED,
		    .first_refusal_utc = 20 },
		{ .id = SLICE("maybe"), .state = EPISODE_SUSPECTED },
		{ .id = SLICE("early"), .state = EPISODE_CONFIRMED,
		    .first_refusal_utc = 10 },
	};
	static const char *const want[] = { "early", "late", "maybe",
		"past" };
	const struct report_episode **list;
	struct report report;
	size_t count, open;

	(void)state;
	report_init(&report);
	report.episodes = episodes;
	report.episode_count = 5;
	list = view_episodes(&report, &report.arena, &count, &open);
	assert_int_equal(count, 4);
	assert_int_equal(open, 3);
	for (size_t i = 0; i < count; i++)
		assert_true(slice_eq(list[i]->id, slice_str(want[i])));
	report_release(&report);
}

static void
new_replies_about_us_are_read_others_counted(void **state)
{
	struct report_reply replies[] = {
		{ .reason = SLICE("mailbox-unknown"), .is_new = true },
		{ .reason = SLICE("ip-block"), .is_new = true,
		    .fingerprint = 1 },
		{ .reason = SLICE("ip-block"), .is_new = false },
		{ .reason = SLICE("greylist"), .is_new = true },
		{ .reason = SLICE("mailbox-unknown"), .is_new = true },
		{ .reason = SLICE("unclassified"), .is_new = true,
		    .fingerprint = 2 },
		{ .reason = SLICE("content-spam"), .is_new = true,
		    .fingerprint = 3 },
		{ .reason = SLICE_NONE, .fingerprint = 4 },
	};
	struct report report;
	struct reply_view view;

	(void)state;
	report_init(&report);
	report.replies = replies;
	report.reply_count = 8;
	view = view_new_replies(&report, &report.arena);
	assert_int_equal(view.count, 2);
	assert_int_equal(view.rows[0]->fingerprint, 1);
	assert_int_equal(view.rows[1]->fingerprint, 3);
	assert_int_equal(view.other_count, 3);
	assert_true(slice_eq(view.others,
	    SLICE("mailbox-unknown 2, greylist 1")));
	view = view_unclassified_replies(&report, &report.arena);
	assert_int_equal(view.count, 2);
	assert_int_equal(view.rows[0]->fingerprint, 2);
	assert_int_equal(view.rows[1]->fingerprint, 4);
	report_release(&report);
}

static void
reasons_about_us_come_first(void **state)
{
	struct report_reason reasons[] = {
		{ .reason = SLICE("timeout"), .attempts = 900 },
		{ .reason = SLICE("dnsbl"), .attempts = 3 },
		{ .reason = SLICE("greylist"), .attempts = 2 },
		{ .reason = SLICE("ptr"), .attempts = 1 },
	};
	static const int64_t want[] = { 3, 1, 900, 2 };
	const struct report_reason **list;
	struct report report;

	(void)state;
	report_init(&report);
	report.reasons = reasons;
	report.reason_count = 4;
	list = view_reasons(&report, &report.arena);
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(list[i]->attempts, want[i]);
	report_release(&report);
}

/* ---- the table of outputs ---- */

static void
outputs_are_found_by_name_and_by_extension(void **state)
{
	static const struct {
		const char *path, *name;
	} paths[] = { { "report.txt", "text" }, { "a/b.json", "json" },
		{ "x.csv", "csv" }, { "x.tsv", "tsv" },
		{ "week 47.xlsx", "xlsx" }, { "x.html", "html" },
		{ "/var/lib/node_exporter/mxtrend.prom", "prom" } };
	static const char *const not[] = { "report", "xlsx", ".txt", "a/.txt",
		"report.pdf", "reporttxt", "" };

	(void)state;
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		const struct report_output *output =
		    output_by_path(slice_str(paths[i].path));

		assert_non_null(output);
		assert_string_equal(output->name, paths[i].name);
		assert_ptr_equal(output, output_by_name(
		    slice_str(paths[i].name)));
		assert_int_equal(output->is_binary,
		    strcmp(output->name, "xlsx") == 0);
	}
	for (size_t i = 0; i < sizeof(not) / sizeof(not[0]); i++)
		assert_null(output_by_path(slice_str(not[i])));
	assert_null(output_by_name(SLICE("pdf")));
}

/* ---- the fixtures keep what a real document promises ---- */

static void
expect_identity(const struct report_counts *n)
{
	assert_int_equal(n->deliveries,
	    n->accepted + n->bounced + n->expired + n->open);
}

static void
fixtures_add_up(void **state)
{
	(void)state;
	for (size_t i = 0; fixture_entries[i].name != NULL; i++) {
		struct report_fixture fixture;
		const struct report *report = &fixture.report;
		int64_t providers = 0, pairs = 0, attempts = 0;

		fixture_entries[i].fill(&fixture);
		expect_identity(&report->totals);
		for (size_t r = 0; r < report->provider_count; r++) {
			expect_identity(&report->providers[r].n);
			providers += report->providers[r].n.deliveries;
		}
		for (size_t r = 0; r < report->pair_count; r++)
			pairs += report->pairs[r].n.deliveries;
		for (size_t r = 0; r < report->series_count; r++)
			attempts += report->series[r].attempts.accepted;
		assert_int_equal(providers, report->totals.deliveries);
		assert_int_equal(pairs, report->totals.deliveries);
		assert_int_equal(attempts, report->totals.attempts.accepted);
		fixture_release(&fixture);
	}
}

int
main(void)
{
	static struct cases cases;
	static const struct {
		const char *name;
		CMUnitTestFunction run;
	} tests[] = {
#define TEST(name) { #name, name }
		TEST(every_state_has_its_word_and_glyph),
		TEST(episodes_that_are_not_known_to_be_over_are_open),
		TEST(no_comparison_has_no_word),
		TEST(a_new_document_knows_no_times_and_no_delays),
		TEST(every_definition_is_complete_and_named_once),
		TEST(every_count_of_a_row_is_defined),
		TEST(tables_are_found_by_name_only),
		TEST(headers_are_distinct_within_a_table),
		TEST(dots_of_a_key_are_underscores_in_its_header),
		TEST(cells_show_the_member_of_their_key),
		TEST(worst_providers_come_first),
		TEST(folded_rows_add_up_and_keep_the_worst_day),
		TEST(folded_rows_defer_only_where_half_of_them_do),
		TEST(open_episodes_come_before_past_ones_and_dismissed_never),
		TEST(new_replies_about_us_are_read_others_counted),
		TEST(reasons_about_us_come_first),
		TEST(outputs_are_found_by_name_and_by_extension),
		TEST(fixtures_add_up),
#undef TEST
	};

	for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)
		cases_add(&cases, tests[i].name, tests[i].run, NULL);
	return cases_run(&cases);
}
