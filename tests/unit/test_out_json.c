/* SPDX-License-Identifier: BSD-2-Clause */
/* The document as JSON: keys and order of the contract, golden files, the
 * schema. */
#include "reports/outputs.h"

#include <stdlib.h>

#include "base/say.h"
#include "tests/support/cases.h"
#include "tests/support/render.h"
#include "tests/support/sha256.h"

/* ---- keys ---- */

/* Keys of TEXT's lines with exactly INDENT blanks, from the line behind START
 * (NULL: the beginning) to the first line with less, joined by blanks. */
static void
keys_of(const char *text, const char *start, size_t indent,
    struct strbuf *keys)
{
	const char *line = start != NULL ? strstr(text, start) : text;

	assert_non_null(line);
	if (start != NULL)
		line += strlen(start);
	for (line = strchr(line, '\n'); line != NULL && line[1] != '\0';
	    line = strchr(line + 1, '\n')) {
		size_t blanks = strspn(line + 1, " ");
		const char *key = line + 1 + blanks;

		if (blanks < indent)
			return;
		if (blanks > indent || key[0] != '"')
			continue;
		strbuf_addf(keys, "%s%.*s", keys->len > 0 ? " " : "",
		    (int)strcspn(key + 1, "\""), key + 1);
	}
}

static const struct keys_case {
	const char *name;
	void (*fill)(struct report_fixture *);
	const char *start;
	size_t indent;
	const char *want;
} keys_cases[] = {
	{ "the_document_has_the_keys_of_the_contract", fixture_story, NULL, 2,
	    "schema tool generated host window compare verdict totals "
	    "failed_attempts unclassified_attempts outside providers sources "
	    "pairs domains series reasons replies episodes scores dmarc tls complaints "
	    "snds witness bounces annotations coverage skips left_out inputs "
	    "definitions" },
	{ "without_comparison_there_is_no_compare", fixture_quiet, NULL, 2,
	    "schema tool generated host window verdict totals "
	    "failed_attempts unclassified_attempts outside providers sources "
	    "pairs domains series reasons replies episodes scores dmarc tls complaints "
	    "snds witness bounces annotations coverage skips left_out inputs "
	    "definitions" },
	{ "tool", fixture_story, "\"tool\"", 4, "name version rules" },
	{ "window", fixture_story, "\"window\"", 4,
	    "since until timezone days" },
	{ "compare", fixture_story, "\"compare\"", 4,
	    "since until timezone totals" },
	{ "totals", fixture_story, "\n  \"totals\"", 4,
	    "deliveries messages accepted deferred bounced expired blocked "
	    "open attempts p50_s p95_s suspended local internal" },
	{ "totals_of_no_mail_have_no_delays", fixture_empty,
	    "\n  \"totals\"", 4,
	    "deliveries messages accepted deferred bounced expired blocked "
	    "open attempts suspended local internal" },
	{ "local", fixture_story, "\"local\"", 6,
	    "deliveries messages accepted deferred bounced expired blocked "
	    "open attempts" },
	{ "provider", fixture_story, "\"providers\": [\n    {", 6,
	    "provider name deliveries messages accepted deferred bounced "
	    "expired blocked open attempts p50_s p95_s state change days" },
	{ "source", fixture_story, "\"sources\": [\n    {", 6,
	    "source source_ip host instance deliveries messages accepted "
	    "deferred bounced expired blocked open attempts p50_s p95_s "
	    "state" },
	{ "pair", fixture_quiet, "\"pairs\": [\n    {", 6,
	    "provider name source source_ip host instance deliveries messages "
	    "accepted deferred bounced expired blocked open attempts p50_s "
	    "p95_s state days" },
	{ "reason_without_token", fixture_story, "\"greylist\"", 6,
	    "attempts deliveries first last" },
};

static void
run_keys(void **state)
{
	const struct keys_case *c = *state;
	char *text = render_fixture(&output_json, c->fill, NULL);
	struct strbuf keys;

	strbuf_init(&keys, 65536);
	keys_of(text, c->start, c->indent, &keys);
	assert_string_equal(keys.ptr, c->want);
	strbuf_release(&keys);
	free(text);
}

/* ---- values ---- */

static void
what_is_unknown_is_absent_and_never_null(void **state)
{
	(void)state;
	for (size_t i = 0; fixture_entries[i].name != NULL; i++) {
		char *text = render_fixture(&output_json,
		    fixture_entries[i].fill, NULL);

		assert_null(strstr(text, "null"));
		assert_null(strstr(text, "\": \"\""));
		free(text);
	}
}

static void
lists_that_nothing_fills_yet_are_there_and_empty(void **state)
{
	static const char *const lists[] = { "dmarc", "tls", "complaints",
		"snds", "witness" };
	char *text = render_fixture(&output_json, fixture_story, NULL);
	char want[64];

	(void)state;
	for (size_t i = 0; i < 5; i++) {
		(void)snprintf(want, sizeof(want), "\n  \"%s\": [],\n",
		    lists[i]);
		assert_non_null(strstr(text, want));
	}
	free(text);
}

static void
hostile_text_leaves_plain_valid_utf8(void **state)
{
	size_t len;
	char *text = render_fixture(&output_json, fixture_hostile, &len);
	struct slice rest = slice_of(text, len);

	(void)state;
	while (rest.len > 0) {
		uint32_t code = 0;
		size_t one = utf8_sequence(rest, &code);

		assert_true(one > 0);
		assert_true(code >= 0x20 || code == '\n');
		assert_false(code >= 0x7f && code < 0xa0);
		assert_false(code >= 0x2028 && code <= 0x202e);
		rest = slice_skip(rest, one);
	}
	/* a reply of 64 KiB is there whole */
	assert_non_null(strstr(text, "550 \\u001b[2J\xc3\xa4 (S3140)"));
	assert_true(len > 2u * 65536u);
	free(text);
}

/* Of megabytes only that they are the same. */
static void
run_golden_sum(void **state)
{
	const struct fixture_entry *entry = *state;
	char name[64], hash[SHA256_BASE64_BYTES], sum[128];
	size_t len;
	char *text = render_fixture(&output_json, entry->fill, &len);

	sha256_base64(text, len, hash);
	(void)snprintf(name, sizeof(name), "%s.json.sum", entry->name);
	(void)snprintf(sum, sizeof(sum), "%zu bytes, sha256-%s\n", len, hash);
	golden_check(name, sum, strlen(sum));
	free(text);
}

static void
run_golden(void **state)
{
	const struct fixture_entry *entry = *state;
	char name[64];
	size_t len;
	char *text = render_fixture(&output_json, entry->fill, &len);

	(void)snprintf(name, sizeof(name), "%s.json", entry->name);
	golden_check(name, text, len);
	free(text);
}

static void
every_document_fits_the_schema(void **state)
{
	const char *args[16] = { "reports/report.schema.json" };
	char *paths[16];
	struct scratch scratch;
	size_t count = 0;

	(void)state;
	scratch_open(&scratch);
	for (size_t i = 0; fixture_entries[i].name != NULL; i++) {
		size_t len;
		char *text;

		/* of the large one the schema would learn nothing new */
		if (fixture_entries[i].fill == fixture_busy)
			continue;
		text = render_fixture(&output_json, fixture_entries[i].fill,
		    &len);
		paths[count] = scratch_write(&scratch,
		    fixture_entries[i].name, text, len);
		free(text);
		args[count + 1] = paths[count];
		count++;
	}
	args[count + 1] = NULL;
	run_python("tests/support/check_schema.py", args);
	for (size_t i = 0; i < count; i++)
		free(paths[i]);
	scratch_close(&scratch);
}

int
main(void)
{
	static struct cases cases;
	static const struct fixture_entry golden[] = {
		{ "story", fixture_story },
		{ "quiet", fixture_quiet },
		{ "empty", fixture_empty },
		{ "no-log", fixture_no_log },
	};
	static const struct fixture_entry large[] = {
		{ "busy", fixture_busy },
		{ "hostile", fixture_hostile },
	};

	CASES_ADD_TABLE(&cases, keys_cases, run_keys);
	CASES_ADD_TABLE(&cases, golden, run_golden);
	CASES_ADD_TABLE(&cases, large, run_golden_sum);
	cases_add(&cases, "what_is_unknown_is_absent_and_never_null",
	    what_is_unknown_is_absent_and_never_null, NULL);
	cases_add(&cases, "lists_that_nothing_fills_yet_are_there_and_empty",
	    lists_that_nothing_fills_yet_are_there_and_empty, NULL);
	cases_add(&cases, "hostile_text_leaves_plain_valid_utf8",
	    hostile_text_leaves_plain_valid_utf8, NULL);
	cases_add(&cases, "every_document_fits_the_schema",
	    every_document_fits_the_schema, NULL);
	return cases_run(&cases);
}
