/* SPDX-License-Identifier: BSD-2-Clause */
/* CSV and TSV: headers, quoting, formulas, every table, golden files. */
#include "reports/outputs.h"

#include <stdlib.h>

#include "reports/rep_tables.h"
#include "tests/support/cases.h"
#include "tests/support/render.h"

static char *
render_table(const struct report_output *output,
    void (*fill)(struct report_fixture *), const char *table, size_t *len_r)
{
	struct output_options options = render_options();
	struct report_fixture fixture;
	char *text;

	options.table = slice_str(table);
	fill(&fixture);
	text = render_report(output, &fixture.report, &options, len_r);
	fixture_release(&fixture);
	return text;
}

static void
expect_header(const char *table, const char *want)
{
	char *text = render_table(&output_csv, fixture_story, table, NULL);
	char *end = strstr(text, "\r\n");

	assert_non_null(end);
	*end = '\0';
	assert_string_equal(text, want);
	free(text);
}

static const struct header_case {
	const char *name; /* of the table, too */
	const char *want;
} header_cases[] = {
	{ "series", "day,provider,source,source_ip,instance,messages,"
	    "attempts_accepted,attempts_deferred,attempts_bounced,blocked,"
	    "state" },
	{ "providers", "provider,name,deliveries,messages,accepted,deferred,"
	    "bounced,expired,blocked,open,attempts_accepted,"
	    "attempts_deferred,attempts_bounced,p50_s,p95_s,state,change" },
	{ "reasons", "provider,name,reason,token,attempts,deliveries,first,"
	    "last" },
	{ "coverage", "day,host,first,last,lines,understood,skipped,state" },
	{ "definitions", "name,formula,unit" },
	{ "totals", "deliveries,messages,accepted,deferred,bounced,expired,"
	    "blocked,open,attempts_accepted,attempts_deferred,"
	    "attempts_bounced,p50_s,p95_s,suspended,local_deliveries,"
	    "local_messages,local_accepted,local_deferred,local_bounced,"
	    "local_expired,local_blocked,local_open,"
	    "local_attempts_accepted,local_attempts_deferred,"
	    "local_attempts_bounced,internal_deliveries,internal_messages,"
	    "internal_accepted,internal_deferred,internal_bounced,"
	    "internal_expired,internal_blocked,internal_open,"
	    "internal_attempts_accepted,internal_attempts_deferred,"
	    "internal_attempts_bounced" },
};

static void
run_header(void **state)
{
	const struct header_case *c = *state;

	expect_header(c->name, c->want);
}

/* ---- cells: one reply whose sample is the case ---- */

static const struct cell_case {
	const char *name;
	struct slice in;
	const char *want_csv, *want_tsv;
} cell_cases[] = {
	{ "plain_text_has_no_quotes", { "abc", 3 }, "abc", "abc" },
	{ "comma_is_quoted", { "a,b", 3 }, "\"a,b\"", "a,b" },
	{ "quote_is_doubled", { "say \"x\"", 7 }, "\"say \"\"x\"\"\"",
	    "say \"x\"" },
	{ "line_end_stays_inside_quotes", { "a\r\nb", 4 }, "\"a\r\nb\"",
	    "a\\r\\nb" },
	{ "tab_is_escaped_in_tsv", { "a\tb", 3 }, "\"a\tb\"", "a\\tb" },
	{ "backslash_is_escaped_in_tsv", { "a\\b", 3 }, "a\\b", "a\\\\b" },
	{ "blank_at_the_edge_is_quoted", { " a", 2 }, "\" a\"", " a" },
	{ "empty_text_is_no_absent_one", { "", 0 }, "\"\"", "" },
	{ "equals_sign_gets_an_apostrophe", { "=1+1", 4 }, "'=1+1",
	    "'=1+1" },
	{ "plus_gets_an_apostrophe", { "+1", 2 }, "'+1", "'+1" },
	{ "minus_gets_an_apostrophe", { "-1", 2 }, "'-1", "'-1" },
	{ "at_sign_gets_an_apostrophe", { "@SUM(A1)", 8 }, "'@SUM(A1)",
	    "'@SUM(A1)" },
	{ "tab_at_the_start_gets_an_apostrophe", { "\t=1", 3 }, "\"'\t=1\"",
	    "'\\t=1" },
	{ "carriage_return_at_the_start_too", { "\r=1", 3 }, "\"'\r=1\"",
	    "'\\r=1" },
	{ "full_width_equals_sign_too", { "\xef\xbc\x9d" "1", 4 },
	    "'\xef\xbc\x9d" "1", "'\xef\xbc\x9d" "1" },
	{ "equals_sign_inside_is_left_alone", { "a=1", 3 }, "a=1", "a=1" },
	{ "escape_sequence_is_harmless", { "\x1b[2J", 4 }, "\\x1b[2J",
	    "\\x1b[2J" },
	{ "nul_is_harmless", { "a\0b", 3 }, "a\\x00b", "a\\x00b" },
	{ "byte_that_is_no_utf8_is_escaped", { "a\xff", 2 }, "a\\xff",
	    "a\\xff" },
	{ "utf8_passes", { "Empf\xc3\xa4nger", 10 }, "Empf\xc3\xa4nger",
	    "Empf\xc3\xa4nger" },
};

/* The last cell of the only row. */
static void
expect_sample(const struct report_output *output, struct slice sample,
    const char *line_end, const char *separator, const char *want)
{
	struct report_reply reply = { .sample = sample };
	struct output_options options = render_options();
	struct report report;
	struct strbuf end;
	char *text;
	size_t len;

	report_init(&report);
	report.replies = &reply;
	report.reply_count = 1;
	options.table = SLICE("replies");
	text = render_report(output, &report, &options, &len);
	strbuf_init(&end, 256);
	strbuf_addf(&end, "%sfalse%s%s%s", separator, separator, want,
	    line_end);
	assert_true(slice_ends(slice_of(text, len), strbuf_slice(&end)));
	strbuf_release(&end);
	free(text);
	report_release(&report);
}

static void
run_cell(void **state)
{
	const struct cell_case *c = *state;

	expect_sample(&output_csv, c->in, "\r\n", ",", c->want_csv);
	expect_sample(&output_tsv, c->in, "\n", "\t", c->want_tsv);
}

/* ---- tables ---- */

static void
unknown_table_is_a_usage_error_that_names_the_tables(void **state)
{
	struct output_options options = render_options();
	struct mx_err err = { .text = "" };
	struct report report;

	(void)state;
	report_init(&report);
	options.table = SLICE("provider\x1b");
	assert_int_equal(output_csv.render(&report, &options, stdout, &err),
	    MX_E_USAGE);
	assert_string_equal(err.text, "no table \"provider\\x1b\"; there are: "
	    "totals, providers, sources, pairs, domains, series, days, "
	    "reasons, replies, episodes, scores, dmarc, tls, complaints, snds, "
	    "witness, bounces, annotations, coverage, skips, left_out, inputs, "
	    "definitions");
	report_release(&report);
}

static void
without_a_name_the_table_is_series(void **state)
{
	char *named = render_table(&output_csv, fixture_quiet, "series", NULL);
	char *unnamed = render_fixture(&output_csv, fixture_quiet, NULL);

	(void)state;
	assert_string_equal(named, unnamed);
	free(named);
	free(unnamed);
}

static size_t
count_of(const char *text, const char *piece)
{
	size_t count = 0;

	while ((text = strstr(text, piece)) != NULL) {
		count++;
		text += strlen(piece);
	}
	return count;
}

/* Tabs and line ends are escaped in TSV, so each line is a row and each has
 * the header's number of tabs, whatever strangers wrote. */
static void
every_table_of_hostile_texts_keeps_its_shape(void **state)
{
	(void)state;
	for (size_t t = 0; report_tables[t] != NULL; t++) {
		char *text = render_table(&output_tsv, fixture_hostile,
		    report_tables[t]->name, NULL);
		size_t tabs = 0, row = 0;

		for (char *line = text; *line != '\0'; row++) {
			char *end = strchr(line, '\n');

			assert_non_null(end);
			*end = '\0';
			if (row == 0)
				tabs = count_of(line, "\t");
			assert_int_equal(count_of(line, "\t"), tabs);
			assert_null(strpbrk(line, "\r\x1b\x07\x01"));
			line = end + 1;
		}
		free(text);
	}
}

static void
numbers_never_get_an_apostrophe(void **state)
{
	struct report_row row = { .provider = SLICE("p"),
	    .n = { .deliveries = -3, .p50_s = 0.5, .p95_s = DELAY_NONE } };
	struct output_options options = render_options();
	struct report report;
	char *text;

	(void)state;
	report_init(&report);
	report.providers = &row;
	report.provider_count = 1;
	options.table = SLICE("providers");
	text = render_report(&output_csv, &report, &options, NULL);
	assert_non_null(strstr(text, "\r\np,,-3,0,0,0,0,0,0,0,0,0,0,0.5,,"
	    "no-log,\r\n"));
	free(text);
	report_release(&report);
}

static const struct golden_case {
	const char *name;
	const struct report_output *output;
	void (*fill)(struct report_fixture *);
	const char *table;
} golden_cases[] = {
	{ "story.series.csv", &output_csv, fixture_story, "series" },
	{ "story.providers.csv", &output_csv, fixture_story, "providers" },
	{ "story.episodes.csv", &output_csv, fixture_story, "episodes" },
	{ "story.replies.tsv", &output_tsv, fixture_story, "replies" },
	{ "story.totals.tsv", &output_tsv, fixture_story, "totals" },
	{ "hostile.providers.csv", &output_csv, fixture_hostile,
	    "providers" },
	{ "hostile.domains.tsv", &output_tsv, fixture_hostile, "domains" },
	{ "quiet.series.csv", &output_csv, fixture_quiet, "series" },
	{ "busy.providers.csv", &output_csv, fixture_busy, "providers" },
	{ "empty.totals.csv", &output_csv, fixture_empty, "totals" },
	{ "empty.series.csv", &output_csv, fixture_empty, "series" },
	{ "no-log.days.csv", &output_csv, fixture_no_log, "days" },
};

static void
run_golden(void **state)
{
	const struct golden_case *c = *state;
	size_t len;
	char *text = render_table(c->output, c->fill, c->table, &len);

	golden_check(c->name, text, len);
	free(text);
}

int
main(void)
{
	static struct cases cases;

	CASES_ADD_TABLE(&cases, header_cases, run_header);
	CASES_ADD_TABLE(&cases, cell_cases, run_cell);
	CASES_ADD_TABLE(&cases, golden_cases, run_golden);
	cases_add(&cases, "unknown_table_is_a_usage_error_that_names_them",
	    unknown_table_is_a_usage_error_that_names_the_tables, NULL);
	cases_add(&cases, "without_a_name_the_table_is_series",
	    without_a_name_the_table_is_series, NULL);
	cases_add(&cases, "every_table_of_hostile_texts_keeps_its_shape",
	    every_table_of_hostile_texts_keeps_its_shape, NULL);
	cases_add(&cases, "numbers_never_get_an_apostrophe",
	    numbers_never_get_an_apostrophe, NULL);
	return cases_run(&cases);
}
