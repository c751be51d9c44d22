/* SPDX-License-Identifier: BSD-2-Clause */
#include "parsers/line_reader.h"

#include "base/limits.h"
#include "tests/support/cases.h"

static const size_t chunks[] = { 1, 2, 3, 7, 4096, 1000000 };
enum { CHUNKS = sizeof(chunks) / sizeof(chunks[0]) };

struct want_line {
	const char *text;
	uint64_t begin, end, nul_count;
	bool lacks_newline;
};

static const struct line_case {
	const char *name, *in;
	size_t len;
	struct want_line want[5]; /* up to the first without text */
} line_cases[] = {
	{ "nothing_has_no_line", "", 0, { { NULL, 0, 0, 0, false } } },
	{ "a_line_ends_at_its_newline", "one\ntwo\n", 8,
	  { { "one", 0, 4, 0, false }, { "two", 4, 8, 0, false } } },
	{ "a_carriage_return_goes_with_it", "one\r\ntwo\r\n", 10,
	  { { "one", 0, 5, 0, false }, { "two", 5, 10, 0, false } } },
	{ "a_carriage_return_inside_stays", "o\rne\n", 5,
	  { { "o\rne", 0, 5, 0, false } } },
	{ "only_one_carriage_return_goes", "one\r\r\n", 6,
	  { { "one\r", 0, 6, 0, false } } },
	{ "blank_lines_count", "\n\r\n\nx\n", 6,
	  { { "", 0, 1, 0, false }, { "", 1, 3, 0, false },
	    { "", 3, 4, 0, false }, { "x", 4, 6, 0, false } } },
	{ "a_last_line_without_newline_says_so", "one\ntw", 6,
	  { { "one", 0, 4, 0, false }, { "tw", 4, 6, 0, true } } },
	{ "a_last_carriage_return_may_be_half_an_end", "one\r", 4,
	  { { "one\r", 0, 4, 0, true } } },
	{ "zeros_in_front_are_stripped_and_counted", "\0\0\0one\ntwo\n", 11,
	  { { "one", 0, 7, 3, false }, { "two", 7, 11, 0, false } } },
	{ "zeros_inside_stay", "one\ntw\0o\n", 9,
	  { { "one", 0, 4, 0, false }, { "tw", 4, 9, 0, false } } },
	{ "zeros_at_the_end_are_no_line", "one\n\0\0", 6,
	  { { "one", 0, 4, 0, false } } },
};

static void
assert_line(const struct text_line *got, const struct want_line *want,
    uint64_t number)
{
	size_t len = strlen(want->text);

	assert_true(got->text.len >= len);
	assert_memory_equal(got->text.ptr, want->text, len);
	/* A NUL ends the wanted text here, not the line's. */
	assert_true(got->text.len == len || got->text.ptr[len] == '\0');
	assert_int_equal(got->begin, want->begin);
	assert_int_equal(got->end, want->end);
	assert_int_equal(got->nul_count, want->nul_count);
	assert_int_equal(got->number, number);
	assert_int_equal(got->has_newline, !want->lacks_newline);
	assert_false(got->is_cut);
	assert_false(got->is_torn);
}

static struct byte_source *
source_for(const char *ptr, size_t len, size_t chunk, bool is_ahead)
{
	struct byte_source *source = source_of_memory(ptr, len, chunk);

	return is_ahead ? source_readahead(source) : source;
}

static void
line_case(void **state)
{
	const struct line_case *row = *state;

	for (size_t i = 0; i < 2 * CHUNKS; i++) {
		struct line_reader *reader = line_reader_new(source_for(
		    row->in, row->len, chunks[i / 2], i % 2));
		struct text_line line;
		struct mx_err err;
		bool end = false;
		size_t n = 0;

		for (;; n++) {
			assert_int_equal(line_reader_next(reader, &line, &end,
			    &err), MX_OK);
			if (end)
				break;
			assert_non_null(row->want[n].text);
			assert_line(&line, &row->want[n], n + 1);
		}
		assert_null(row->want[n].text);
		line_reader_free(reader);
	}
}

/* A text of many lines of many lengths, some over the limit, some with
 * carriage returns; the lines as another way of splitting finds them. */
struct model {
	char *text;
	size_t len;
	size_t begins[6000], ends[6000];
	size_t count;
};

static void
make_model(struct model *model, bool ends_with_newline)
{
	static const size_t odd[] = { 0, 1, 2, LIMIT_LINE_BYTES - 1,
		LIMIT_LINE_BYTES, LIMIT_LINE_BYTES + 1, LIMIT_BLOCK_BYTES,
		LIMIT_BLOCK_BYTES - LIMIT_LINE_BYTES, 700000 };
	uint32_t seed = 4711;

	model->text = mx_alloc(4000000);
	model->len = model->count = 0;
	for (size_t i = 0; i < 5000; i++) {
		size_t len = (seed = seed * 1103515245u + 12345u) >> 16;

		len %= 300;
		if (i % 600 == 599)
			len = odd[i / 600 % 9];
		model->begins[model->count] = model->len;
		for (size_t j = 0; j < len; j++)
			model->text[model->len++] = (char)('a' + (i + j) % 26);
		if (i % 3 == 0)
			model->text[model->len++] = '\r';
		model->text[model->len++] = '\n';
		model->ends[model->count++] = model->len;
	}
	if (!ends_with_newline) {
		model->len--;
		model->ends[model->count - 1]--;
	}
}

static void
assert_model_line(const struct model *model, size_t n,
    const struct text_line *line)
{
	size_t begin = model->begins[n], end = model->ends[n], len;
	bool has_newline = model->text[end - 1] == '\n';

	len = end - begin - has_newline;
	assert_int_equal(line->begin, begin);
	assert_int_equal(line->end, end);
	assert_int_equal(line->number, n + 1);
	assert_int_equal(line->has_newline, has_newline);
	assert_int_equal(line->is_cut, len > LIMIT_LINE_BYTES);
	if (len > LIMIT_LINE_BYTES)
		len = LIMIT_LINE_BYTES;
	else if (len != 0 && has_newline && model->text[begin + len - 1] ==
	    '\r')
		len--;
	assert_int_equal(line->text.len, len);
	assert_memory_equal(line->text.ptr, model->text + begin, len);
}

static void
long_and_short_lines_come_out_the_same_in_all_pieces(void **state)
{
	static const size_t pieces[] = { 1, 7, 4096, 65536, 99991, 4000000 };

	(void)state;
	for (size_t i = 0; i < 4 * 6; i++) {
		struct model *model = mx_alloc(sizeof(*model));
		struct line_reader *reader;
		struct text_line line;
		struct mx_err err;
		bool end = false;

		make_model(model, i % 2);
		reader = line_reader_new(source_for(model->text, model->len,
		    pieces[i / 4], i / 2 % 2));
		for (size_t n = 0; n < model->count; n++) {
			assert_int_equal(line_reader_next(reader, &line, &end,
			    &err), MX_OK);
			assert_false(end);
			assert_model_line(model, n, &line);
		}
		assert_int_equal(line_reader_next(reader, &line, &end, &err),
		    MX_OK);
		assert_true(end);
		assert_int_equal(line_reader_progress(reader), model->len);
		line_reader_free(reader);
		free(model->text);
		free(model);
	}
}

/* After a truncated copy, with a writer that kept its place. */
static void
a_hole_of_megabytes_hides_no_line(void **state)
{
	size_t hole = 3000000;
	char *text = mx_calloc(1, hole + 8);

	(void)state;
	memcpy(text + hole, "one\ntwo\n", 8);
	for (size_t i = 0; i < 2; i++) {
		struct line_reader *reader = line_reader_new(source_for(text,
		    hole + 8, 65536, i));
		struct text_line line;
		struct mx_err err;
		bool end;

		assert_int_equal(line_reader_next(reader, &line, &end, &err),
		    MX_OK);
		assert_false(end);
		assert_int_equal(line.text.len, 3);
		assert_int_equal(line.nul_count, hole);
		assert_int_equal(line.end, hole + 4);
		assert_false(line.is_cut);
		line_reader_free(reader);
	}
	free(text);
}

static void
reading_starts_at_any_line(void **state)
{
	struct model *model = mx_alloc(sizeof(*model));

	(void)state;
	make_model(model, true);
	for (size_t i = 0; i < 40; i++) {
		size_t n = i * 131 % model->count;
		struct line_reader *reader = line_reader_new(source_for(
		    model->text, model->len, 50021, i % 2));
		struct text_line line;
		struct mx_err err;
		bool end;

		if (i % 3 != 0)
			(void)line_reader_head(reader);
		assert_int_equal(line_reader_skip(reader, model->begins[n],
		    n + 1, &err), MX_OK);
		assert_int_equal(line_reader_next(reader, &line, &end, &err),
		    MX_OK);
		assert_false(end);
		assert_model_line(model, n, &line);
		line_reader_free(reader);
	}
	free(model->text);
	free(model);
}

static void
starting_at_the_end_finds_nothing(void **state)
{
	struct line_reader *reader = line_reader_new(source_of_memory(
	    "one\n", 4, 3));
	struct text_line line;
	struct mx_err err;
	bool end = false;

	(void)state;
	assert_int_equal(line_reader_skip(reader, 4, 2, &err), MX_OK);
	assert_int_equal(line_reader_next(reader, &line, &end, &err), MX_OK);
	assert_true(end);
	line_reader_free(reader);
}

static void
starting_behind_the_end_is_an_error(void **state)
{
	struct line_reader *reader = line_reader_new(source_of_memory(
	    "one\n", 4, 3));
	struct mx_err err = { 0 };

	(void)state;
	assert_int_equal(line_reader_skip(reader, 5, 2, &err), MX_E_DATA);
	assert_non_null(strstr(err.text, "shorter"));
	line_reader_free(reader);
}

static void
the_head_takes_nothing_away(void **state)
{
	struct model *model = mx_alloc(sizeof(*model));

	(void)state;
	make_model(model, true);
	for (size_t i = 0; i < 2 * CHUNKS; i++) {
		struct line_reader *reader = line_reader_new(source_for(
		    model->text, model->len, chunks[i / 2], i % 2));
		struct slice head = line_reader_head(reader);
		struct text_line line;
		struct mx_err err;
		bool end;

		assert_int_equal(head.len, LIMIT_PROBE_BYTES);
		assert_memory_equal(head.ptr, model->text, head.len);
		assert_int_equal(line_reader_next(reader, &line, &end, &err),
		    MX_OK);
		assert_model_line(model, 0, &line);
		line_reader_free(reader);
	}
	free(model->text);
	free(model);
}

/* A gzip file that ends early: its whole lines, what is left of the last, and
 * then the failure, however often one asks. */
static void
a_torn_line_comes_before_the_failure(void **state)
{
	/* printf 'one\ntwo\nthr' | gzip -n, less its last 8 bytes */
	static const char torn[] = "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03"
	    "\xcb\xcf\x4b\xe5\x2a\x29\xcf\xe7\x2a\xc9\x28\x02\x00";

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct byte_source *source = source_gunzip(source_of_memory(
		    torn, sizeof(torn) - 1, 5), NULL, 0);
		struct line_reader *reader = line_reader_new(i == 0 ? source :
		    source_readahead(source));
		struct text_line line;
		struct mx_err err = { 0 };
		bool end;

		for (int n = 0; n < 3; n++) {
			assert_int_equal(line_reader_next(reader, &line, &end,
			    &err), MX_OK);
			assert_false(end);
			assert_int_equal(line.text.len, 3);
			assert_int_equal(line.is_torn, n == 2);
			assert_int_equal(line.has_newline, n != 2);
		}
		for (int n = 0; n < 2; n++)
			assert_int_equal(line_reader_next(reader, &line, &end,
			    &err), MX_E_DATA);
		assert_string_equal(err.text, "compressed data ends early");
		line_reader_free(reader);
	}
}

static void
a_line_with_zeros_inside_is_binary(void **state)
{
	(void)state;
	assert_true(line_is_binary(slice_of("a\0b", 3)));
	assert_false(line_is_binary(SLICE("ab")));
	assert_false(line_is_binary(SLICE("")));
}

int
main(void)
{
	static struct cases cases;

	CASES_ADD_TABLE(&cases, line_cases, line_case);
	cases_add(&cases,
	    "long_and_short_lines_come_out_the_same_in_all_pieces",
	    long_and_short_lines_come_out_the_same_in_all_pieces, NULL);
	cases_add(&cases, "a_hole_of_megabytes_hides_no_line",
	    a_hole_of_megabytes_hides_no_line, NULL);
	cases_add(&cases, "reading_starts_at_any_line",
	    reading_starts_at_any_line, NULL);
	cases_add(&cases, "starting_at_the_end_finds_nothing",
	    starting_at_the_end_finds_nothing, NULL);
	cases_add(&cases, "starting_behind_the_end_is_an_error",
	    starting_behind_the_end_is_an_error, NULL);
	cases_add(&cases, "the_head_takes_nothing_away",
	    the_head_takes_nothing_away, NULL);
	cases_add(&cases, "a_torn_line_comes_before_the_failure",
	    a_torn_line_comes_before_the_failure, NULL);
	cases_add(&cases, "a_line_with_zeros_inside_is_binary",
	    a_line_with_zeros_inside_is_binary, NULL);
	return cases_run(&cases);
}
