/* SPDX-License-Identifier: BSD-2-Clause */
#include "reports/out_buffer.h"

#include <stdlib.h>

#include "base/limits.h"
#include "tests/support/cases.h"

static void
all_that_is_appended_arrives_in_order(void **state)
{
	enum { PIECES = 50000 };
	struct out_buffer buffer;
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	(void)state;
	assert_non_null(out);
	out_buffer_init(&buffer, out);
	for (int i = 0; i < PIECES; i++) {
		strbuf_addf(&buffer.text, "%05d\n", i);
		out_buffer_offer(&buffer);
	}
	assert_int_equal(out_buffer_finish(&buffer, "the text", NULL), MX_OK);
	assert_int_equal(fclose(out), 0);
	assert_int_equal(len, 6 * PIECES);
	for (int i = 0; i < PIECES; i++)
		assert_int_equal(strtol(text + (size_t)6 * (size_t)i, NULL,
		    10), i);
	free(text);
}

static void
first_failure_is_told_and_nothing_more_written(void **state)
{
	struct mx_err err = { .text = "" };
	struct out_buffer buffer;
	FILE *full = fopen("/dev/full", "wb");

	(void)state;
	assert_non_null(full);
	out_buffer_init(&buffer, full);
	for (int i = 0; i < 100000; i++) {
		strbuf_add_str(&buffer.text, "0123456789");
		out_buffer_offer(&buffer);
	}
	assert_true(buffer.has_failed);
	assert_int_equal(out_buffer_finish(&buffer, "the text", &err),
	    MX_E_IO);
	assert_string_equal(err.text,
	    "writing the text: No space left on device");
	(void)fclose(full);
}

static void
piece_over_the_cap_is_an_error_and_no_silent_cut(void **state)
{
	struct mx_err err = { .text = "" };
	struct out_buffer buffer;
	FILE *out = fopen("/dev/null", "wb");

	(void)state;
	assert_non_null(out);
	out_buffer_init(&buffer, out);
	for (size_t i = 0; i < LIMIT_OUTPUT_PIECE_BYTES; i += 16)
		strbuf_add_str(&buffer.text, "0123456789abcdef");
	assert_false(buffer.text.is_cut);
	strbuf_add_char(&buffer.text, 'x');
	assert_int_equal(out_buffer_finish(&buffer, "the text", &err),
	    MX_E_LIMIT);
	assert_int_equal(strncmp(err.text, "the text: one entry", 19), 0);
	(void)fclose(out);
}

int
main(void)
{
	static struct cases cases;

	cases_add(&cases, "all_that_is_appended_arrives_in_order",
	    all_that_is_appended_arrives_in_order, NULL);
	cases_add(&cases, "first_failure_is_told_and_nothing_more_written",
	    first_failure_is_told_and_nothing_more_written, NULL);
	cases_add(&cases, "piece_over_the_cap_is_an_error_and_no_silent_cut",
	    piece_over_the_cap_is_an_error_and_no_silent_cut, NULL);
	return cases_run(&cases);
}
