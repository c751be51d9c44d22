/* SPDX-License-Identifier: BSD-2-Clause */
/* The text report: golden files, widths, colour, numbers, hostile texts. */
#include "reports/outputs.h"

#include <stdlib.h>

#include "reports/format_value.h"
#include "reports/text_table.h"
#include "tests/support/cases.h"
#include "tests/support/render.h"

static char *
render_with(void (*fill)(struct report_fixture *),
    const struct output_options *options, size_t *len_r)
{
	struct report_fixture fixture;
	char *text;

	fill(&fixture);
	text = render_report(&output_text, &fixture.report, options, len_r);
	fixture_release(&fixture);
	return text;
}

/* ---- golden files ---- */

static const struct golden_case {
	const char *name;
	void (*fill)(struct report_fixture *);
	unsigned width;
	bool is_utf8, has_color;
} golden_cases[] = {
	{ "story.txt", fixture_story, 80, false, false },
	{ "quiet.txt", fixture_quiet, 80, false, false },
	{ "busy.txt", fixture_busy, 80, false, false },
	{ "empty.txt", fixture_empty, 80, false, false },
	{ "no-log.txt", fixture_no_log, 80, false, false },
	{ "hostile.txt", fixture_hostile, 80, false, false },
	{ "story.40.txt", fixture_story, 40, false, false },
	{ "story.120.utf8.color.txt", fixture_story, 120, true, true },
};

static void
run_golden(void **state)
{
	const struct golden_case *c = *state;
	struct output_options options = render_options();
	size_t len;
	char *text;

	options.width = c->width;
	options.is_utf8 = c->is_utf8;
	options.has_color = c->has_color;
	text = render_with(c->fill, &options, &len);
	golden_check(c->name, text, len);
	free(text);
}

/* ---- width ---- */

static void
no_line_is_wider_than_the_screen(void **state)
{
	static const unsigned widths[] = { 50, 72, 80, 100, 132, 200 };
	void (*const fills[])(struct report_fixture *) = { fixture_story,
		fixture_quiet, fixture_busy, fixture_empty, fixture_no_log };

	(void)state;
	for (size_t f = 0; f < 5; f++)
		for (size_t w = 0; w < 6; w++) {
			struct output_options options = render_options();
			char *text;

			options.width = widths[w];
			text = render_with(fills[f], &options, NULL);
			for (char *line = text; *line != '\0';) {
				size_t len = strcspn(line, "\n");

				if (format_width(slice_of(line, len)) >
				    widths[w])
					fail_msg("%u columns: %.*s",
					    widths[w], (int)len, line);
				line += len + 1;
			}
			free(text);
		}
}

static void
no_line_ends_with_blanks(void **state)
{
	(void)state;
	for (size_t i = 0; fixture_entries[i].name != NULL; i++) {
		char *text = render_fixture(&output_text,
		    fixture_entries[i].fill, NULL);

		if (strstr(text, " \n") != NULL)
			fail_msg("%s", fixture_entries[i].name);
		free(text);
	}
}

/* ---- colour ---- */

static void
colour_carries_nothing_that_the_words_do_not(void **state)
{
	struct output_options options = render_options();
	char *plain = render_with(fixture_story, &options, NULL);
	char *colored, *to;

	(void)state;
	options.has_color = true;
	colored = render_with(fixture_story, &options, NULL);
	assert_non_null(strstr(colored, "\033[1;31m"));
	to = colored;
	for (char *from = colored; *from != '\0'; from++) {
		if (*from == '\033')
			from = strchr(from, 'm');
		else
			*to++ = *from;
	}
	*to = '\0';
	assert_string_equal(colored, plain);
	free(plain);
	free(colored);
}

/* ---- words of a refusal ---- */

/* All runs of blanks and line ends as one blank. */
static void
squeeze(char *text)
{
	char *to = text;

	for (char *from = text; *from != '\0'; from++) {
		bool is_blank = *from == ' ' || *from == '\n';

		if (!is_blank)
			*to++ = *from;
		else if (to > text && to[-1] != ' ')
			*to++ = ' ';
	}
	*to = '\0';
}

static void
refusal_stands_there_whole_with_code_tag_and_address(void **state)
{
	char *text = render_fixture(&output_text, fixture_story, NULL);

	(void)state;
	squeeze(text);
	assert_non_null(strstr(text, "550 5.7.1 Unfortunately, messages from "
	    "[192.0.2.9] weren't sent. Please contact your Internet service "
	    "provider since part of their network is on our block list "
	    "(S3140). You can also refer your provider to "));
	assert_non_null(strstr(text, "ip-block S3140"));
	free(text);
}

static void
utf8_is_shown_only_where_the_terminal_has_it(void **state)
{
	struct output_options options = render_options();
	char *text = render_with(fixture_story, &options, NULL);

	(void)state;
	assert_non_null(strstr(text, "Empf\\xc3\\xa4nger"));
	free(text);
	options.is_utf8 = true;
	text = render_with(fixture_story, &options, NULL);
	assert_non_null(strstr(text, "Empf\xc3\xa4nger"));
	free(text);
}

static void
hostile_text_is_printable_ascii(void **state)
{
	size_t len;
	char *text = render_fixture(&output_text, fixture_hostile, &len);

	(void)state;
	for (size_t i = 0; i < len; i++)
		assert_true(text[i] == '\n' ||
		    (text[i] >= 0x20 && text[i] < 0x7f));
	/* two replies of 64 KiB do not fill the screen */
	assert_true(len < 20000);
	free(text);
}

/* ---- numbers ---- */

/* The number that starts at *AT, behind blanks; *AT follows. */
static int64_t
next_number(const char **at)
{
	const char *digits = *at + strspn(*at, " ");
	size_t len = strspn(digits, "0123456789");

	assert_true(len > 0);
	*at = digits + len;
	return strtoll(digits, NULL, 10);
}

static void
every_row_has_the_documents_numbers(void **state)
{
	struct output_options options = render_options();
	struct report_fixture fixture;
	const struct report *report = &fixture.report;
	char *text;

	(void)state;
	fixture_busy(&fixture);
	options.width = 200;
	options.top = 1000;
	text = render_report(&output_text, report, &options, NULL);
	for (size_t i = 0; i < report->provider_count; i++) {
		const struct report_row *row = &report->providers[i];
		char want[80];
		const char *at;

		(void)snprintf(want, sizeof(want), "\n%.*s ",
		    SLICE_ARG(row->name));
		at = strstr(strstr(text, "\nPROVIDER"), want);
		assert_non_null(at);
		at += strlen(want);
		assert_int_equal(next_number(&at), row->n.deliveries);
		assert_int_equal(next_number(&at), row->n.accepted);
		assert_int_equal(next_number(&at), row->n.deferred);
		assert_int_equal(next_number(&at),
		    row->n.bounced + row->n.expired);
		assert_int_equal(next_number(&at), row->n.open);
		assert_int_equal(next_number(&at), row->n.blocked);
	}
	free(text);
	fixture_release(&fixture);
}

/* Of a block of several addresses the second is told without its words. */
static void
words_are_not_said_to_stand_where_they_do_not(void **state)
{
	const struct slice words =
	    SLICE("550 5.7.1 told to [198.51.100.11] alone");
	struct output_options options = render_options();
	struct report_fixture fixture;
	struct report_reply reply = { .provider = SLICE("microsoft-consumer"),
		.name = SLICE("Microsoft consumer"), .reason = SLICE("ip-block"),
		.token = SLICE("S3150"), .rule = SLICE("microsoft-s3150"),
		.attempts = 5, .is_new = true, .sample = words };
	struct report *report = &fixture.report;
	char *text;

	(void)state;
	fixture_busy(&fixture);
	reply.first_utc = report->window.since_utc;
	reply.last_utc = report->window.until_utc - 1;
	report->replies = &reply;
	report->reply_count = 1;
	report->episodes[1].sample = words;
	text = render_report(&output_text, report, &options, NULL);
	assert_non_null(strstr(text, "; else as #5e0d0000\n"));
	assert_non_null(strstr(text, words.ptr));
	assert_null(strstr(text, "the words of episode #5e0d0001"));
	free(text);
	fixture_release(&fixture);
}

static void
others_are_one_row_that_adds_up(void **state)
{
	struct output_options options = render_options();
	struct report_fixture fixture;
	const struct report *report = &fixture.report;
	int64_t shown = 0, others, all;
	const char *at;
	char *text;

	(void)state;
	fixture_busy(&fixture);
	options.top = 5;
	options.width = 120;
	text = render_report(&output_text, report, &options, NULL);
	for (at = strstr(text, "\nPROVIDER") + 1;
	    strncmp(at, "Other", 5) != 0; at = strchr(at, '\n') + 1) {
		const char *number = at + strcspn(at, " ");

		if (strncmp(at, "PROVIDER", 8) != 0)
			shown += next_number(&number);
	}
	assert_int_equal(strncmp(at, "Other (295) ", 12), 0);
	at += 12;
	others = next_number(&at);
	at = strstr(at, "\nAll ") + 5;
	all = next_number(&at);
	assert_int_equal(shown + others, all);
	assert_int_equal(all, report->totals.deliveries);
	free(text);
	fixture_release(&fixture);
}

static void
one_row_too_many_is_shown_and_not_folded(void **state)
{
	struct output_options options = render_options();
	char *text;

	(void)state;
	options.top = 5; /* the story has six providers */
	text = render_with(fixture_story, &options, NULL);
	assert_null(strstr(text, "Other ("));
	free(text);
}

static void
few_deliveries_have_no_percentage(void **state)
{
	struct output_options options = render_options();
	struct report_fixture fixture;
	char *text;

	(void)state;
	fixture_quiet(&fixture);
	fixture.report.totals.deliveries = FORMAT_FEW - 1;
	fixture.report.totals.accepted = FORMAT_FEW - 2;
	text = render_report(&output_text, &fixture.report, &options, NULL);
	assert_non_null(strstr(text, "18 accepted, 1 bounced, "));
	assert_null(strstr(text, "%"));
	free(text);
	fixture_release(&fixture);
}

static void
broken_identity_is_told(void **state)
{
	struct output_options options = render_options();
	struct report_fixture fixture;
	char *text;

	(void)state;
	fixture_quiet(&fixture);
	options.width = 120;
	text = render_report(&output_text, &fixture.report, &options, NULL);
	assert_non_null(strstr(text, "0 open: holds\n"));
	free(text);
	fixture.report.totals.deliveries++;
	text = render_report(&output_text, &fixture.report, &options, NULL);
	assert_non_null(strstr(text, "0 open: DOES NOT HOLD\n"));
	free(text);
	fixture_release(&fixture);
}

static void
empty_sections_are_one_line(void **state)
{
	char *text = render_fixture(&output_text, fixture_empty, NULL);

	(void)state;
	squeeze(text);
	assert_non_null(strstr(text, "nothing in: deliveries, open episodes, "
	    "providers, reasons, new replies, unclassified replies "));
	assert_null(strstr(text, "EPISODES"));
	assert_null(strstr(text, "PROVIDER"));
	free(text);
}

/* ---- paragraphs and tables ---- */

static const struct wrap_case {
	const char *name, *in;
	size_t indent, width, column;
	const char *want;
} wrap_cases[] = {
	{ "short_text_is_one_line", "a b c", 2, 20, 2, "a b c" },
	{ "lines_break_at_blanks", "aaaa bbbb cccc dddd", 0, 14, 0,
	    "aaaa bbbb cccc\ndddd" },
	{ "indent_stands_before_the_next_line", "aaaaaa bbbbbb cccccc", 2,
	    16, 2, "aaaaaa bbbbbb\n  cccccc" },
	{ "percent_sign_stays_with_its_number", "aaaaaaaaa 7.3 %", 0, 13, 0,
	    "aaaaaaaaa\n7.3 %" },
	{ "word_longer_than_a_line_is_broken", "aa bbbbbbbbbbbbbbbbbbbb", 0,
	    12, 0, "aa bbbbbbbbb\nbbbbbbbbbbb" },
	{ "runs_of_blanks_are_one", "a   b", 0, 20, 0, "a b" },
	{ "width_counts_characters",
	    "\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4 \xc3\xb6\xc3\xb6\xc3\xb6\xc3\xb6"
	    " \xc3\xbc\xc3\xbc", 0, 12, 0,
	    "\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4 \xc3\xb6\xc3\xb6\xc3\xb6\xc3\xb6"
	    " \xc3\xbc\xc3\xbc" },
};

static void
run_wrap(void **state)
{
	const struct wrap_case *c = *state;
	size_t column = c->column;
	struct strbuf out;

	strbuf_init(&out, 1024);
	text_wrap(&out, slice_str(c->in), c->indent, c->width, &column);
	assert_string_equal(out.ptr, c->want);
	strbuf_release(&out);
}

static void
expect_table(size_t width, const char *name, unsigned importance,
    const char *want)
{
	struct text_table table;
	struct text_cell *row;
	struct arena arena;
	struct strbuf out;

	arena_init(&arena);
	strbuf_init(&out, 4096);
	text_table_init(&table, &arena);
	text_table_column(&table, "NAME", false, 0);
	text_table_column(&table, "much", true, 9);
	text_table_column(&table, "less", true, importance);
	row = text_table_row(&table);
	row[0].text = slice_str(name);
	row[1].text = SLICE("12");
	row[2].text = SLICE("345678");
	text_table_print(&table, width, false, &out);
	assert_string_equal(out.ptr, want);
	strbuf_release(&out);
	arena_release(&arena);
}

static void
table_is_as_wide_as_its_contents(void **state)
{
	(void)state;
	expect_table(40, "abc", 2, "NAME  much    less\nabc     12  345678\n");
}

static void
narrow_table_leaves_the_least_important_column_out(void **state)
{
	(void)state;
	expect_table(17, "abcdefghijkl", 2,
	    "NAME         much\nabcdefghijkl   12\n");
}

static void
long_name_stands_on_a_line_of_its_own(void **state)
{
	(void)state;
	expect_table(24, "abcdefghijklmnopqrstuvwxyz", 2,
	    "NAME         much   less\nabcdefghijklmnopqrstuvwxyz\n"
	    "               12 345678\n");
}

static void
least_important_column_gives_way_to_a_readable_name(void **state)
{
	(void)state;
	expect_table(30, "abcdefghijklmnopqrstuvwx", 2,
	    "NAME               much   less\nabcdefghijklmnopqrstuvwx\n"
	    "                     12 345678\n");
	expect_table(30, "abcdefghijklmnopqrstuvwx", 1,
	    "NAME                     much\nabcdefghijklmnopqrstuvwx   12\n");
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
		TEST(no_line_is_wider_than_the_screen),
		TEST(no_line_ends_with_blanks),
		TEST(colour_carries_nothing_that_the_words_do_not),
		TEST(refusal_stands_there_whole_with_code_tag_and_address),
		TEST(utf8_is_shown_only_where_the_terminal_has_it),
		TEST(hostile_text_is_printable_ascii),
		TEST(every_row_has_the_documents_numbers),
		TEST(words_are_not_said_to_stand_where_they_do_not),
		TEST(others_are_one_row_that_adds_up),
		TEST(one_row_too_many_is_shown_and_not_folded),
		TEST(few_deliveries_have_no_percentage),
		TEST(broken_identity_is_told),
		TEST(empty_sections_are_one_line),
		TEST(table_is_as_wide_as_its_contents),
		TEST(narrow_table_leaves_the_least_important_column_out),
		TEST(long_name_stands_on_a_line_of_its_own),
		TEST(least_important_column_gives_way_to_a_readable_name),
#undef TEST
	};

	CASES_ADD_TABLE(&cases, golden_cases, run_golden);
	CASES_ADD_TABLE(&cases, wrap_cases, run_wrap);
	for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)
		cases_add(&cases, tests[i].name, tests[i].run, NULL);
	return cases_run(&cases);
}
