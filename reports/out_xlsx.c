/* SPDX-License-Identifier: BSD-2-Clause */
/* The workbook: order of the sheets, its properties, and the way through a
 * private directory, since libxlsxwriter 1.1.4 writes to a path only. The
 * same document gives the same bytes. */
#include "reports/out_xlsx.h"

#include <errno.h>
#include <limits.h>
#include <locale.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fault.h"
#include "base/limits.h"
#include "reports/outputs.h"

enum { COPY_BYTES = 64 * 1024, SCRATCH_BYTES = 1024 * 1024 };

/* A directory that only we can enter, with the file in it. */
struct private_file {
	char dir[PATH_MAX];
	char path[PATH_MAX];
};

static enum mx_code
private_open(struct private_file *file, struct mx_err *err)
{
	const char *base = getenv("TMPDIR");
	int len;

	if (base == NULL || base[0] == '\0')
		base = "/tmp";
	len = snprintf(file->dir, sizeof(file->dir), "%s/mxtrend-XXXXXX",
	    base);
	if (len < 0 || (size_t)len + sizeof("/book.xlsx") > sizeof(file->dir))
		return mx_fail(err, MX_E_CANTCREAT, "TMPDIR is too long");
	if (mkdtemp(file->dir) == NULL)
		return mx_fail_errno(err, MX_E_CANTCREAT, errno,
		    "making a directory in %s", base);
	memcpy(file->path, file->dir, (size_t)len);
	memcpy(file->path + len, "/book.xlsx", sizeof("/book.xlsx"));
	return MX_OK;
}

static void
private_close(const struct private_file *file)
{
	(void)unlink(file->path);
	(void)rmdir(file->dir);
}

static enum mx_code
copy_out(const char *path, FILE *out, struct mx_err *err)
{
	FILE *in = fopen(path, "rb");
	enum mx_code code = MX_OK;
	char block[COPY_BYTES];
	size_t got;

	if (in == NULL)
		return mx_fail_errno(err, MX_E_IO, errno,
		    "reading the workbook back");
	while (code == MX_OK && (got = fread(block, 1, sizeof(block), in)) > 0)
		if (fault_hits(FAULT_WRITE) ||
		    fwrite(block, 1, got, out) != got)
			code = mx_fail_errno(err, MX_E_IO,
			    errno != 0 ? errno : EIO, "writing the workbook");
	if (code == MX_OK && ferror(in))
		code = mx_fail(err, MX_E_IO, "reading the workbook back");
	if (code == MX_OK && fflush(out) != 0)
		code = mx_fail_errno(err, MX_E_IO, errno,
		    "writing the workbook");
	(void)fclose(in);
	return code;
}

static void
set_properties(struct xlsx_book *book)
{
	const struct report *report = book->report;
	int64_t made = book->options->source_date_epoch != TIME_NONE ?
	    book->options->source_date_epoch : report->generated_utc;
	lxw_doc_properties properties = {
		.title = xlsx_keep(book, book->title),
		.author = xlsx_keep(book, "mxtrend"),
		/* 0 would mean the present to the library */
		.created = made > 0 ? (time_t)made : 1,
	};

	if (workbook_set_properties(book->workbook, &properties) !=
	    LXW_NO_ERROR && book->error == LXW_NO_ERROR) {
		book->error = LXW_ERROR_PARAMETER_VALIDATION;
		book->place = "properties";
	}
}

static void
add_sheets(struct xlsx_book *book)
{
	static void (*const sheets[])(struct xlsx_book *) = { xlsx_summary,
		xlsx_trend, xlsx_heat, xlsx_episodes, xlsx_sources,
		xlsx_domains, xlsx_reasons, xlsx_replies, xlsx_auth,
		xlsx_data, xlsx_definitions };

	for (size_t i = 0; i < sizeof(sheets) / sizeof(sheets[0]); i++)
		sheets[i](book);
}

/* Rows of all tables, which decides how much memory a book may take. */
static size_t
row_count(const struct report *report)
{
	size_t rows = 0;

	for (size_t i = 0; report_tables[i] != NULL; i++)
		rows += report_tables[i]->rows(report).count;
	return rows;
}

static enum mx_code
library_error(lxw_error error, const char *place, struct mx_err *err)
{
	return mx_fail(err, error == LXW_ERROR_MEMORY_MALLOC_FAILED ?
	    MX_E_OS : MX_E_CANTCREAT, "workbook, %s: %s", place,
	    lxw_strerror(error));
}

/* The library prints numbers with printf, whose decimal point follows the
 * locale; the workbook's is a point. */
static enum mx_code
fill_book(struct xlsx_book *book, const struct private_file *file, FILE *out,
    struct mx_err *err)
{
	locale_t plain = newlocale(LC_NUMERIC_MASK, "C", (locale_t)0);
	locale_t before;
	lxw_error closed;

	if (plain == (locale_t)0)
		mx_oom();
	before = uselocale(plain);
	xlsx_formats(book);
	set_properties(book);
	book->add_sheets(book);
	closed = workbook_close(book->workbook);
	(void)uselocale(before);
	freelocale(plain);
	if (book->error != LXW_NO_ERROR)
		return library_error(book->error, book->place, err);
	if (closed != LXW_NO_ERROR)
		return library_error(closed, "closing", err);
	return copy_out(file->path, out, err);
}

enum mx_code
xlsx_write(struct xlsx_book *book, FILE *out, struct mx_err *err)
{
	struct private_file file = { .dir = "", .path = "" };
	lxw_workbook_options settings = {
		.constant_memory = book->has_tables ? LXW_FALSE : LXW_TRUE,
		.tmpdir = file.dir,
	};
	enum mx_code code = private_open(&file, err);

	if (code != MX_OK)
		return code;
	book->workbook = workbook_new_opt(file.path, &settings);
	if (book->workbook == NULL) {
		private_close(&file);
		return mx_fail(err, MX_E_OS, "workbook: out of memory");
	}
	arena_init(&book->arena);
	strbuf_init(&book->scratch, SCRATCH_BYTES);
	code = fill_book(book, &file, out, err);
	strbuf_release(&book->scratch);
	arena_release(&book->arena);
	private_close(&file);
	return code;
}

enum mx_code
xlsx_render(const struct report *report, const struct output_options *options,
    size_t rows_max, size_t table_rows_max, FILE *out, struct mx_err *err)
{
	struct xlsx_book book = { .report = report, .options = options,
		.title = "Mail delivery report", .add_sheets = add_sheets,
		.rows_max = rows_max,
		.has_tables = row_count(report) <= table_rows_max };

	return xlsx_write(&book, out, err);
}

static enum mx_code
render_xlsx(const struct report *report, const struct output_options *options,
    FILE *out, struct mx_err *err)
{
	return xlsx_render(report, options, LIMIT_SHEET_ROWS + 1,
	    XLSX_TABLE_ROWS_MAX, out, err);
}

const struct report_output output_xlsx = {
	.name = "xlsx",
	.extension = "xlsx",
	.title = "workbook with charts",
	.is_binary = true,
	.shows_series = true,
	.render = render_xlsx,
};
