/* SPDX-License-Identifier: BSD-2-Clause */
/* The HTML page: well-formed whatever strangers wrote, nothing fetched, the
 * style's hash, numbers, golden file. */
#include "reports/out_html.h"

#include <stdlib.h>

#include "base/say.h"
#include "reports/format_value.h"
#include "reports/outputs.h"
#include "tests/support/cases.h"
#include "tests/support/render.h"
#include "tests/support/sha256.h"

/* ---- content security policy ---- */

static void
policy_names_the_hash_of_the_style(void **state)
{
	char hash[SHA256_BASE64_BYTES];
	struct strbuf want;

	(void)state;
	sha256_base64(html_style, strlen(html_style), hash);
	strbuf_init(&want, 128);
	strbuf_addf(&want, "sha256-%s", hash);
	assert_string_equal(html_style_hash, want.ptr);
	strbuf_release(&want);
}

/* From FIPS 180-2, appendix B: "abc", and a message of two blocks. */
static void
hash_function_knows_its_examples(void **state)
{
	char hash[SHA256_BASE64_BYTES];

	(void)state;
	sha256_base64("abc", 3, hash);
	assert_string_equal(hash,
	    "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=");
	sha256_base64("abcdbcdecdefdefgefghfghighij"
	    "hijkijkljklmklmnlmnomnopnopq", 56, hash);
	assert_string_equal(hash,
	    "JI1qYdIGOLjlwCaTDD5gOaM85Flk/yFn9uzt1BnbBsE=");
}

static void
page_fetches_nothing_and_runs_nothing(void **state)
{
	static const char *const bad[] = { "<script", " src=", " href=",
		"url(", "@import", " style=", "<iframe", "<img", "<link",
		"<object", "<svg onload", "javascript:", "<form", "<base" };

	(void)state;
	for (size_t i = 0; fixture_entries[i].name != NULL; i++) {
		char *text = render_fixture(&output_html,
		    fixture_entries[i].fill, NULL);

		assert_non_null(strstr(text, "default-src 'none';"));
		for (size_t b = 0; b < sizeof(bad) / sizeof(bad[0]); b++)
			if (strstr(text, bad[b]) != NULL)
				fail_msg("%s: %s", fixture_entries[i].name,
				    bad[b]);
		free(text);
	}
}

/* ---- well-formed ---- */

enum { DEPTH_MAX = 64 };

struct nest {
	struct slice open[DEPTH_MAX];
	size_t depth;
};

static bool
is_void(struct slice name)
{
	return slice_eq(name, SLICE("meta")) ||
	    slice_eq(name, SLICE("!DOCTYPE"));
}

/* The end of the attributes that start at TEXT: each ` name="value"` or
 * ` name`; NULL when that is not so. */
static const char *
attributes_end(const char *text)
{
	while (*text == ' ') {
		text++;
		text += strspn(text,
		    "abcdefghijklmnopqrstuvwxyzBHR0123456789-");
		if (*text != '=')
			continue;
		if (text[1] != '"')
			return NULL;
		text += 2;
		text += strcspn(text, "\"<>");
		if (*text++ != '"')
			return NULL;
	}
	return text;
}

/* One tag at TEXT, which starts with '<'; returns what stands behind it. */
static const char *
take_tag(struct nest *nest, const char *text)
{
	bool is_end = text[1] == '/', is_closed;
	const char *start = text + (is_end ? 2 : 1);
	struct slice name = slice_of(start, strcspn(start, " />"));
	const char *end = attributes_end(start + name.len);

	if (end == NULL)
		fail_msg("attributes of %.60s", text);
	is_closed = *end == '/';
	end += is_closed ? 1 : 0;
	if (*end != '>')
		fail_msg("end of %.60s", text);
	if (is_end) {
		if (nest->depth == 0 ||
		    !slice_eq(nest->open[nest->depth - 1], name))
			fail_msg("%.40s closes what is not open", text);
		nest->depth--;
	} else if (!is_closed && !is_void(name)) {
		assert_true(nest->depth < DEPTH_MAX);
		nest->open[nest->depth++] = name;
	}
	return end + 1;
}

static bool
is_entity(const char *text)
{
	static const char *const known[] = { "&amp;", "&lt;", "&gt;",
		"&quot;", "&#39;", "&#9650;", "&#9660;" };

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strncmp(text, known[i], strlen(known[i])) == 0)
			return true;
	return false;
}

static void
expect_well_formed(const char *text)
{
	struct nest nest = { .depth = 0 };

	while (*text != '\0') {
		if (*text == '<') {
			text = take_tag(&nest, text);
			if (nest.depth > 0 && slice_eq(
			    nest.open[nest.depth - 1], SLICE("style")))
				text = strstr(text, "</style>");
			continue;
		}
		if (*text == '>' || (*text == '&' && !is_entity(text)))
			fail_msg("loose markup at %.40s", text);
		text++;
	}
	assert_int_equal(nest.depth, 0);
}

static void
run_well_formed(void **state)
{
	const struct fixture_entry *entry = *state;
	char *text = render_fixture(&output_html, entry->fill, NULL);

	expect_well_formed(text);
	free(text);
}

static void
hostile_text_is_valid_utf8_without_controls(void **state)
{
	size_t len;
	char *text = render_fixture(&output_html, fixture_hostile, &len);
	struct slice rest = slice_of(text, len);

	(void)state;
	while (rest.len > 0) {
		uint32_t code = 0;
		size_t one = utf8_sequence(rest, &code);

		assert_true(one > 0);
		assert_true(code >= 0x20 || code == '\n');
		assert_false(code >= 0x7f && code < 0xa0);
		assert_false(code >= 0x202a && code <= 0x202e);
		rest = slice_skip(rest, one);
	}
	free(text);
}

static void
every_drawing_has_a_title_and_a_description(void **state)
{
	char *text = render_fixture(&output_html, fixture_story, NULL);

	(void)state;
	assert_non_null(strstr(text, "role=\"img\" aria-label=\"Attempts a "
	    "day, by outcome. Stacked bars: "));
	assert_non_null(strstr(text, "role=\"img\" aria-label=\"Share of the "
	    "day's attempts. Lines: "));
	assert_non_null(strstr(text,
	    "<title>Attempts a day, by outcome</title>"));
	assert_non_null(strstr(text,
	    "<title>Share of the day's attempts</title>"));
	free(text);
}

/* ---- numbers ---- */

static void
add_number_cell(struct strbuf *want, const char *class, int64_t value)
{
	strbuf_addf(want, "<td class=\"n%s%s\">", class[0] ? " " : "", class);
	format_grouped(want, value);
	strbuf_add_str(want, "</td>");
}

static void
every_row_has_the_documents_numbers(void **state)
{
	struct output_options options = render_options();
	struct report_fixture fixture;
	struct strbuf want;
	char *text;

	(void)state;
	fixture_busy(&fixture);
	options.top = 1000;
	text = render_report(&output_html, &fixture.report, &options, NULL);
	strbuf_init(&want, 4096);
	for (size_t i = 0; i < fixture.report.provider_count; i++) {
		const struct report_row *row = &fixture.report.providers[i];

		strbuf_reset(&want);
		strbuf_addf(&want, "<bdi>%.*s</bdi></th>",
		    SLICE_ARG(row->name));
		add_number_cell(&want, "", row->n.deliveries);
		add_number_cell(&want, "opt", row->n.accepted);
		add_number_cell(&want, "opt", row->n.deferred);
		add_number_cell(&want, "", row->n.bounced + row->n.expired);
		add_number_cell(&want, "opt", row->n.open);
		add_number_cell(&want, row->n.blocked > 0 ? "bad" : "",
		    row->n.blocked);
		if (strstr(text, want.ptr) == NULL)
			fail_msg("missing: %s", want.ptr);
	}
	strbuf_release(&want);
	free(text);
	fixture_release(&fixture);
}

static void
scores_that_no_episode_explains_are_shown(void **state)
{
	char *busy = render_fixture(&output_html, fixture_busy, NULL);
	char *story = render_fixture(&output_html, fixture_story, NULL);

	(void)state;
	assert_non_null(strstr(busy, "<h2>Refused together</h2>"));
	assert_non_null(strstr(busy, "<bdi>Yahoo/AOL</bdi></th>"
	    "<td class=\"m\">203.0.113.0/24 taken together</td>"
	    "<td class=\"w\"><bdi>ip-reputation</bdi></td>"));
	assert_null(strstr(busy, "mail of example.org taken together"));
	assert_null(strstr(story, "Refused together"));
	free(busy);
	free(story);
}

static void
run_golden(void **state)
{
	const struct fixture_entry *entry = *state;
	char name[64];
	size_t len;
	char *text = render_fixture(&output_html, entry->fill, &len);

	(void)snprintf(name, sizeof(name), "%s.html", entry->name);
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
	static const struct fixture_entry well_formed[] = {
		{ "story_is_well_formed", fixture_story },
		{ "quiet_is_well_formed", fixture_quiet },
		{ "busy_is_well_formed", fixture_busy },
		{ "empty_is_well_formed", fixture_empty },
		{ "no_log_is_well_formed", fixture_no_log },
		{ "hostile_is_well_formed", fixture_hostile },
	};

	CASES_ADD_TABLE(&cases, golden, run_golden);
	CASES_ADD_TABLE(&cases, well_formed, run_well_formed);
	cases_add(&cases, "hash_function_knows_its_examples",
	    hash_function_knows_its_examples, NULL);
	cases_add(&cases, "policy_names_the_hash_of_the_style",
	    policy_names_the_hash_of_the_style, NULL);
	cases_add(&cases, "page_fetches_nothing_and_runs_nothing",
	    page_fetches_nothing_and_runs_nothing, NULL);
	cases_add(&cases, "hostile_text_is_valid_utf8_without_controls",
	    hostile_text_is_valid_utf8_without_controls, NULL);
	cases_add(&cases, "every_drawing_has_a_title_and_a_description",
	    every_drawing_has_a_title_and_a_description, NULL);
	cases_add(&cases, "scores_that_no_episode_explains_are_shown",
	    scores_that_no_episode_explains_are_shown, NULL);
	cases_add(&cases, "every_row_has_the_documents_numbers",
	    every_row_has_the_documents_numbers, NULL);
	return cases_run(&cases);
}
