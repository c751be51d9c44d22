/* SPDX-License-Identifier: BSD-2-Clause */
/* "Authentication and TLS": what others report, one table below the other. */
#include "reports/out_xlsx.h"

#include "reports/others_view.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define FIELD(key) { KIND_CELL, key, NULL, 0, false }

/* clang-format off */
static const struct xlsx_column witness_columns[] = {
	FIELD("name"), FIELD("source_ip"), FIELD("day"), FIELD("messages"),
	FIELD("accepted"), FIELD("blocked"), FIELD("reports"),
	FIELD("reported"), FIELD("state"),
};

static const struct xlsx_column dmarc_columns[] = {
	FIELD("name"), FIELD("source_ip"), FIELD("ours"), FIELD("messages"),
	FIELD("pass"), FIELD("pass_share"), FIELD("dkim_share"),
	FIELD("spf_share"), FIELD("quarantine"), FIELD("reject"),
	FIELD("header_from"), FIELD("begin"), FIELD("end"),
	FIELD("not_signed"),
};

static const struct xlsx_column complaint_columns[] = {
	FIELD("name"), FIELD("source_ip"), FIELD("ours"),
	FIELD("complaints"), FIELD("accepted"), FIELD("per_thousand"),
	FIELD("feedback_type"), FIELD("reports"), FIELD("first"),
	FIELD("last"),
};

static const struct xlsx_column snds_columns[] = {
	FIELD("source_ip"), FIELD("range"), FIELD("day"),
	FIELD("rcpt_commands"), FIELD("data_commands"), FIELD("recipients"),
	FIELD("filter_result"), FIELD("complaint_rate"), FIELD("trap_hits"),
	FIELD("blocked"), FIELD("status"), FIELD("state"),
};

static const struct xlsx_column tls_columns[] = {
	FIELD("name"), FIELD("policy_domain"), FIELD("policy_type"),
	FIELD("total_successful_session_count"),
	FIELD("total_failure_session_count"),
	FIELD("failed_session_count"), FIELD("result_type"),
	FIELD("reports"), FIELD("begin"), FIELD("end"), FIELD("not_signed"),
};

static const struct xlsx_column bounce_columns[] = {
	FIELD("name"), FIELD("reason"), FIELD("token"), FIELD("failed"),
	FIELD("delayed"), FIELD("in_log"), FIELD("not_in_log"),
	FIELD("first"), FIELD("last"),
};
/* clang-format on */

/* In the order of the sheet. */
static const struct {
	struct xlsx_layout layout;
	const char *title, *nothing;
} parts[] = {
	{ { "witness", "Witness_", witness_columns, COUNT(witness_columns),
	    false },
	    "What providers' DMARC reports count, beside our log",
	    "Nothing to compare with DMARC reports." },
	{ { "dmarc", "DMARC_", dmarc_columns, COUNT(dmarc_columns), false },
	    "DMARC: mail that uses our domains, by source address",
	    "No DMARC aggregate report was read for this window." },
	{ { "complaints", "Complaints_", complaint_columns,
	    COUNT(complaint_columns), false }, "Complaints",
	    "No complaint (feedback loop, ARF) was read for this window." },
	{ { "snds", "SNDS_", snds_columns, COUNT(snds_columns), false },
	    "Microsoft SNDS",
	    "No SNDS export was read for this window." },
	{ { "tls", "TLS_", tls_columns, COUNT(tls_columns), false },
	    "TLS of mail that others sent to us (TLS-RPT)",
	    "No TLS report (TLS-RPT) was read for this window." },
	{ { "bounces", "Bounces_", bounce_columns, COUNT(bounce_columns),
	    false }, "Bounce mails",
	    "No bounce mail was read for this window." },
};

/* The tables share their columns' widths. */
static void
set_widths(const struct xlsx_sheet *sheet)
{
	static const double widths[] = { 24, 20, 15, 12, 12, 13, 23, 17, 17,
		17, 22, 17, 17, 12 };

	for (unsigned i = 0; i < COUNT(widths); i++)
		xlsx_width(sheet, i, i, widths[i]);
}

static size_t
row_count(const struct xlsx_book *book, const char *name)
{
	return report_table_by_name(slice_str(name))->rows(
	    book->report).count;
}

static uint32_t
put_part(const struct xlsx_sheet *sheet, size_t part, uint32_t row)
{
	struct xlsx_book *book = sheet->book;
	const struct xlsx_layout *layout = &parts[part].layout;

	if (row_count(book, layout->table) == 0) {
		xlsx_words(sheet, row, 0, parts[part].nothing, FORMAT_NOTE);
		return row + 1;
	}
	if (row + 4 >= book->rows_max) {
		xlsx_note(book, "Sheet %s: no room for the table %s; CSV has "
		    "it.", sheet->name, layout->table);
		return row;
	}
	xlsx_words(sheet, row + 1, 0, parts[part].title, FORMAT_VERDICT);
	return xlsx_table(sheet, layout, NULL, row + 2) + 1;
}

void
xlsx_auth(struct xlsx_book *book)
{
	struct xlsx_sheet sheet = xlsx_sheet(book, "Authentication and TLS");
	uint32_t row = 2;

	set_widths(&sheet);
	xlsx_words(&sheet, 0, 0, "Authentication and TLS", FORMAT_TITLE);
	if (!view_has_others(book->report)) {
		for (size_t i = 1; i < COUNT(parts); i++)
			xlsx_words(&sheet, row++, 0, parts[i].nothing,
			    FORMAT_TEXT);
		xlsx_words(&sheet, row, 0, "Nothing is known of SPF, DKIM, "
		    "DMARC, TLS or complaints.", FORMAT_TEXT);
		xlsx_page(&sheet, 0);
		return;
	}
	strbuf_reset(&book->scratch);
	view_dmarc_sentence(book->report, &book->scratch);
	if (book->scratch.len != 0 && book->report->reports_not_signed != 0)
		strbuf_add_str(&book->scratch, "; ");
	view_not_signed(book->report, &book->scratch);
	if (book->scratch.len != 0)
		xlsx_words(&sheet, 1, 0, book->scratch.ptr, FORMAT_SUBTITLE);
	for (size_t i = 0; i < COUNT(parts); i++)
		row = put_part(&sheet, i, row);
	xlsx_page(&sheet, 0);
}
