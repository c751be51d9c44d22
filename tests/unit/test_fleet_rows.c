/* SPDX-License-Identifier: BSD-2-Clause */
/* Bytes as RowBinary writes them (integers low byte first, lengths base 128,
 * a flag in front of what may be NULL, an array's length in front of it), and
 * the rows that must come of them, in whatever pieces they come. */
#include "analyzer/fleet_rows.h"

#include "base/limits.h"
#include "base/strbuf.h"
#include "tests/support/cases.h"

#define B(lit) SLICE(lit)
/* in a constant */
#define BYTES(lit) { (lit), sizeof(lit) - 1 }
#define N1 "\1\0\0\0\0\0\0\0"
#define N2 "\2\0\0\0\0\0\0\0"
#define N_ALL "\xff\xff\xff\xff\xff\xff\xff\xff"

static const struct row_case {
	const char *name, *layout;
	struct slice bytes;
	const char *want; /* rows, or "!" and what the error says */
} row_cases[] = {
	{ "an_empty_answer_has_no_rows", "nt", { "", 0 }, "" },
	{ "a_number_and_a_text", "nt", BYTES(N1 "\3abc"), "1 abc;" },
	{ "two_rows", "t", BYTES("\1a\0"), "a;;" },
	{ "a_number_below_zero", "n", BYTES(N_ALL), "-1;" },
	{ "null_and_not", "NT", BYTES("\1\1" "\0" N2 "\0\1x"), "- -;2 x;" },
	{ "an_empty_histogram", "y", BYTES("\0\0"), ";" },
	/* 3 once: (3 - 0) * 2; 5 twice: (5 - 3) * 2 + 1, 2 */
	{ "a_histogram_is_packed", "y", BYTES("\2\3\5\2" N1 N2), "060502;" },
	/* 300 twice: 300 * 2 + 1 = 601 = 0xd9 0x04 */
	{ "seconds_are_two_bytes", "m", BYTES("\1\x2c\1\1" N2), "d90402;" },
	{ "two_lists_in_one_row", "my", BYTES("\1\2\0\1" N1 "\1\1\1" N1),
	  "04 02;" },
	{ "values_out_of_order_are_refused", "y", BYTES("\2\5\3\2" N1 N1),
	  "!out of order" },
	{ "the_same_value_twice_is_refused", "y", BYTES("\2\5\5\2" N1 N1),
	  "!out of order" },
	{ "a_count_of_none_is_refused", "y",
	  BYTES("\1\5\1\0\0\0\0\0\0\0\0"), "!out of order" },
	{ "lists_of_different_length_are_refused", "y", BYTES("\1\5\2" N1 N1),
	  "!different length" },
	{ "a_list_that_is_too_long_is_refused", "m", BYTES("\x81\xe0\x02"),
	  "!too long" },
	{ "a_text_that_is_too_long_is_refused", "t",
	  BYTES("\x80\x80\x80\x80\x01"), "!too long" },
	{ "a_length_without_end_is_refused", "t",
	  BYTES("\xff\xff\xff\xff\xff\xff"), "!length that is none" },
	{ "a_time_before_1970_is_refused", "u", BYTES(N_ALL), "!time" },
	{ "a_kind_above_255_is_refused", "k", BYTES("\0\1\0\0\0\0\0\0"), "!kind" },
	{ "a_flag_of_two_is_refused", "N", BYTES("\2" N1), "!flag" },
	{ "a_count_below_zero_is_taken", "c", BYTES(N_ALL), "-1;" },
	{ "the_least_count_is_refused", "c", BYTES("\0\0\0\0\0\0\0\x80"),
	  "!counts" },
	{ "counts_may_not_add_up_beyond_all", "cc",
	  BYTES("\0\0\0\0\0\0\0\x08" "\0\0\0\0\0\0\0\x09"), "!counts" },
	{ "an_end_within_a_number_is_refused", "n", BYTES("\1\0\0"), "!ends" },
	{ "an_end_within_a_text_is_refused", "nt", BYTES(N1 "\4abc"), "!ends" },
	{ "an_end_behind_a_flag_is_refused", "T", BYTES("\0"), "!ends" },
	{ "an_end_within_a_list_is_refused", "y", BYTES("\2\3\5\2" N1),
	  "!ends" },
};

struct told {
	struct strbuf out;
	size_t columns;
};

static enum mx_code
tell(void *ctx, const struct fleet_value *row, struct mx_err *err)
{
	struct told *told = ctx;

	(void)err;
	for (size_t i = 0; i < told->columns; i++) {
		const struct fleet_value *it = &row[i];

		if (i != 0)
			strbuf_add_char(&told->out, ' ');
		if (it->is_null)
			strbuf_add_char(&told->out, '-');
		else if (it->column == 't')
			strbuf_add_slice(&told->out, it->text);
		else if (it->column != 'y' && it->column != 'm')
			strbuf_addf(&told->out, "%lld", (long long)it->number);
		for (size_t b = 0; (it->column == 'y' || it->column == 'm') &&
		    b < it->text.len; b++)
			strbuf_addf(&told->out, "%02x",
			    (unsigned)(unsigned char)it->text.ptr[b]);
	}
	strbuf_add_char(&told->out, ';');
	return MX_OK;
}

static enum mx_code
read_pieces(const struct row_case *it, size_t piece, struct told *told,
    struct mx_err *err)
{
	struct fleet_budget budget = { 0 };
	struct fleet_rows *rows;
	struct slice left = it->bytes;
	enum mx_code code = MX_OK;

	told->columns = strlen(it->layout);
	rows = fleet_rows_new(it->layout, &budget, tell, told);
	while (left.len != 0 && code == MX_OK) {
		size_t len = left.len < piece ? left.len : piece;

		code = fleet_rows_take(rows, slice_of(left.ptr, len), err);
		left = slice_skip(left, len);
	}
	if (code == MX_OK)
		code = fleet_rows_end(rows, err);
	fleet_rows_free(rows);
	return code;
}

static void
check_rows(void **state)
{
	const struct row_case *it = *state;

	for (size_t piece = 1; piece < it->bytes.len + 2; piece++) {
		struct told told = { .columns = 0 };
		struct mx_err err = { 0 };
		enum mx_code code;

		strbuf_init(&told.out, 4096);
		code = read_pieces(it, piece, &told, &err);
		if (it->want[0] == '!') {
			assert_int_equal(code, MX_E_DATA);
			assert_non_null(strstr(err.text, it->want + 1));
		} else {
			assert_int_equal(code, MX_OK);
			assert_string_equal(told.out.ptr, it->want);
		}
		strbuf_release(&told.out);
	}
}

static enum mx_code
stop(void *ctx, const struct fleet_value *row, struct mx_err *err)
{
	(void)ctx;
	(void)row;
	return mx_fail(err, MX_E_IO, "enough");
}

static void
what_the_caller_returns_ends_it(void **state)
{
	struct fleet_budget budget = { 0 };
	struct fleet_rows *rows = fleet_rows_new("n", &budget, stop, NULL);
	struct mx_err err;

	(void)state;
	assert_int_equal(fleet_rows_take(rows, B(N1 N2), &err), MX_E_IO);
	assert_int_equal(budget.rows, 1);
	fleet_rows_free(rows);
}

static void
rows_and_bytes_are_limited(void **state)
{
	struct fleet_budget budget = { .rows = LIMIT_FLEET_ROWS - 1 };
	struct told told = { .columns = 1 };
	struct fleet_rows *rows = fleet_rows_new("n", &budget, tell, &told);
	struct mx_err err;

	(void)state;
	strbuf_init(&told.out, 4096);
	assert_int_equal(fleet_rows_take(rows, B(N1), &err), MX_OK);
	assert_int_equal(fleet_rows_take(rows, B(N1), &err), MX_E_LIMIT);
	budget = (struct fleet_budget){ .bytes = LIMIT_FLEET_BYTES - 8 };
	assert_int_equal(fleet_rows_take(rows, B(N1), &err), MX_OK);
	assert_int_equal(fleet_rows_take(rows, B(N1), &err), MX_E_LIMIT);
	fleet_rows_free(rows);
	strbuf_release(&told.out);
}

static void
a_row_is_limited(void **state)
{
	static char piece[1024 * 1024];
	struct fleet_budget budget = { 0 };
	struct told told = { .columns = 2 };
	struct fleet_rows *rows = fleet_rows_new("tt", &budget, tell, &told);
	struct mx_err err;
	enum mx_code code;
	unsigned taken = 0;

	(void)state;
	strbuf_init(&told.out, 4096);
	/* texts of 16 MiB less one byte, wherever one begins */
	for (size_t i = 0; i < sizeof(piece); i++)
		piece[i] = i % 4 == 3 ? '\x07' : '\xff';
	code = fleet_rows_take(rows, B("\xff\xff\xff\x07"), &err);
	while (code == MX_OK && taken++ < 40)
		code = fleet_rows_take(rows, slice_of(piece, sizeof(piece)),
		    &err);
	assert_int_equal(code, MX_E_DATA);
	assert_in_range(taken, 16, 17);
	fleet_rows_free(rows);
	strbuf_release(&told.out);
}

int
main(void)
{
	static struct cases cases;

	CASES_ADD_TABLE(&cases, row_cases, check_rows);
	cases_add(&cases, "what_the_caller_returns_ends_it",
	    what_the_caller_returns_ends_it, NULL);
	cases_add(&cases, "rows_and_bytes_are_limited",
	    rows_and_bytes_are_limited, NULL);
	cases_add(&cases, "a_row_is_limited", a_row_is_limited, NULL);
	return cases_run(&cases);
}
