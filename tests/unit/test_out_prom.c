/* SPDX-License-Identifier: BSD-2-Clause */
/* The Prometheus text format: grammar of every line, bounded labels, golden
 * files. Format: Prometheus text exposition format 0.0.4. */
#include "reports/outputs.h"

#include <stdlib.h>

#include "base/say.h"
#include "base/strbuf.h"
#include "tests/support/cases.h"
#include "tests/support/render.h"

/* One label value in quotes at TEXT; its length, 0 when it is none. */
static size_t
quoted_length(const char *text)
{
	size_t i = 1;

	if (text[0] != '"')
		return 0;
	for (; text[i] != '"'; i++) {
		if (text[i] == '\0' || text[i] == '\n')
			return 0;
		if (text[i] == '\\' && strchr("\\\"n", text[++i]) == NULL)
			return 0;
	}
	return i + 1;
}

static const char name_chars[] = "abcdefghijklmnopqrstuvwxyz_0123456789";

/* name{label="value",...} number */
static bool
is_sample(const char *line)
{
	line += strspn(line, name_chars);
	if (*line == '{') {
		do {
			size_t len;

			line++;
			line += strspn(line, name_chars);
			if (*line++ != '=')
				return false;
			len = quoted_length(line);
			if (len == 0)
				return false;
			line += len;
		} while (*line == ',');
		if (*line++ != '}')
			return false;
	}
	return line[0] == ' ' && line[1] != '\0' &&
	    strspn(line + 1, "-.0123456789") == strlen(line + 1);
}

static void
every_line_is_a_comment_or_a_sample(void **state)
{
	(void)state;
	for (size_t i = 0; fixture_entries[i].name != NULL; i++) {
		size_t len;
		char *text = render_fixture(&output_prom,
		    fixture_entries[i].fill, &len);

		assert_int_equal(text[len - 1], '\n');
		for (char *line = text; *line != '\0';) {
			char *end = strchr(line, '\n');

			*end = '\0';
			if (strncmp(line, "# HELP mxtrend_", 15) != 0 &&
			    strncmp(line, "# TYPE mxtrend_", 15) != 0 &&
			    !is_sample(line))
				fail_msg("not in the format: %s", line);
			line = end + 1;
		}
		free(text);
	}
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

static void
each_metric_has_help_and_type_once(void **state)
{
	char *text = render_fixture(&output_prom, fixture_story, NULL);
	struct strbuf want;

	(void)state;
	strbuf_init(&want, 256);
	for (char *at = text; (at = strstr(at, "# TYPE ")) != NULL;) {
		size_t len;

		at += 7;
		len = strcspn(at, " ");
		strbuf_reset(&want);
		strbuf_add_str(&want, "# HELP ");
		strbuf_add(&want, at, len + 1);
		assert_int_equal(count_of(text, want.ptr), 1);
		strbuf_reset(&want);
		strbuf_add_str(&want, "# TYPE ");
		strbuf_add(&want, at, len);
		strbuf_add_str(&want, " gauge\n");
		assert_int_equal(count_of(text, want.ptr), 1);
	}
	strbuf_release(&want);
	free(text);
}

static void
providers_beyond_top_are_one_label(void **state)
{
	struct output_options options = render_options();
	struct report_fixture fixture;
	char *text;

	(void)state;
	fixture_busy(&fixture);
	options.top = 5;
	text = render_report(&output_prom, &fixture.report, &options, NULL);
	assert_int_equal(count_of(text,
	    "\nmxtrend_blocked_deliveries{provider="), 6);
	assert_int_equal(count_of(text,
	    "\nmxtrend_blocked_deliveries{provider=\"other\"} "), 1);
	free(text);
	fixture_release(&fixture);
}

/* With the row of the others, each metric adds up to the totals. */
static void
samples_add_up_to_the_totals(void **state)
{
	static const char start[] =
	    "\nmxtrend_deliveries{provider=";
	struct output_options options = render_options();
	struct report_fixture fixture;
	int64_t sum = 0;
	char *text;

	(void)state;
	fixture_busy(&fixture);
	options.top = 7;
	text = render_report(&output_prom, &fixture.report, &options, NULL);
	for (char *at = text; (at = strstr(at, start)) != NULL;) {
		at += strlen(start);
		at += strcspn(at, "}");
		sum += strtoll(at + 2, NULL, 10);
	}
	assert_int_equal(sum, fixture.report.totals.deliveries);
	free(text);
	fixture_release(&fixture);
}

static void
over_long_label_is_cut_between_characters(void **state)
{
	struct output_options options = render_options();
	struct report_row row = { .provider = SLICE_NONE };
	struct strbuf name;
	struct report report;
	struct slice rest;
	char *text;

	(void)state;
	strbuf_init(&name, 4096);
	strbuf_add_char(&name, 'x'); /* the others fall on odd places */
	for (int i = 0; i < 1000; i++)
		strbuf_add_str(&name, "\xc3\xa4");
	report_init(&report);
	row.provider = strbuf_slice(&name);
	report.providers = &row;
	report.provider_count = 1;
	text = render_report(&output_prom, &report, &options, NULL);
	for (rest = slice_str(text); rest.len > 0;) {
		uint32_t code;
		size_t len = utf8_sequence(rest, &code);

		assert_true(len > 0);
		rest = slice_skip(rest, len);
	}
	assert_non_null(strstr(text, "\xc3\xa4\"} 0\n"));
	free(text);
	strbuf_release(&name);
	report_release(&report);
}

static void
run_golden(void **state)
{
	const struct fixture_entry *entry = *state;
	char name[64];
	size_t len;
	char *text = render_fixture(&output_prom, entry->fill, &len);

	(void)snprintf(name, sizeof(name), "%s.prom", entry->name);
	golden_check(name, text, len);
	free(text);
}

int
main(void)
{
	static struct cases cases;
	static const struct fixture_entry golden[] = {
		{ "story", fixture_story },
		{ "quiet", fixture_quiet },
		{ "busy", fixture_busy },
		{ "empty", fixture_empty },
		{ "no-log", fixture_no_log },
		{ "hostile", fixture_hostile },
	};

	CASES_ADD_TABLE(&cases, golden, run_golden);
	cases_add(&cases, "every_line_is_a_comment_or_a_sample",
	    every_line_is_a_comment_or_a_sample, NULL);
	cases_add(&cases, "each_metric_has_help_and_type_once",
	    each_metric_has_help_and_type_once, NULL);
	cases_add(&cases, "providers_beyond_top_are_one_label",
	    providers_beyond_top_are_one_label, NULL);
	cases_add(&cases, "over_long_label_is_cut_between_characters",
	    over_long_label_is_cut_between_characters, NULL);
	cases_add(&cases, "samples_add_up_to_the_totals",
	    samples_add_up_to_the_totals, NULL);
	return cases_run(&cases);
}
