/* SPDX-License-Identifier: BSD-2-Clause */
/* Downloads of Microsoft's Smart Network Data Services: "data" (14 columns,
 * one address and period a row) and "ipStatus" (4 columns, ranges with a
 * problem). Neither has a header of its own, though scripts add one, nor a
 * report id; ipStatus has no date, so the file's time is its time. People save
 * them from a spreadsheet, in its country's forms. */
#include "parsers/report_context.h"

#include "base/limits.h"
#include "base/strbuf.h"
#include "base/zone.h"
#include "parsers/csv_row.h"
#include "parsers/report_text.h"

enum { COLUMNS = 14 };

enum column {
	COLUMN_IP, COLUMN_BEGIN, COLUMN_END, COLUMN_RCPT, COLUMN_DATA,
	COLUMN_RECIPIENTS, COLUMN_FILTER, COLUMN_COMPLAINTS,
	COLUMN_TRAP_BEGIN, COLUMN_TRAP_END, COLUMN_TRAPS, COLUMN_HELO,
	COLUMN_SENDER, COLUMN_COMMENTS
};

static const char *const filter_words[] = { "green", "yellow", "red", NULL };

/* How exports spell the columns, letters only. */
static const struct {
	const char *name;
	enum column column;
} headings[] = {
	{ "ip", COLUMN_IP }, { "ipaddress", COLUMN_IP },
	{ "activitystart", COLUMN_BEGIN }, { "activityperiodstart",
	    COLUMN_BEGIN }, { "start", COLUMN_BEGIN },
	{ "activityend", COLUMN_END }, { "activityperiodend", COLUMN_END },
	{ "end", COLUMN_END },
	{ "rcptcommands", COLUMN_RCPT }, { "rcpt", COLUMN_RCPT },
	{ "datacommands", COLUMN_DATA }, { "data", COLUMN_DATA },
	{ "messagerecipients", COLUMN_RECIPIENTS },
	{ "recipients", COLUMN_RECIPIENTS },
	{ "filterresult", COLUMN_FILTER }, { "status", COLUMN_FILTER },
	{ "complaintrate", COLUMN_COMPLAINTS },
	{ "trapmessageperiodstart", COLUMN_TRAP_BEGIN },
	{ "trapperiodstart", COLUMN_TRAP_BEGIN },
	{ "trapmessageperiodend", COLUMN_TRAP_END },
	{ "trapperiodend", COLUMN_TRAP_END },
	{ "traphits", COLUMN_TRAPS }, { "traps", COLUMN_TRAPS },
	{ "samplehelo", COLUMN_HELO },
	{ "samplemailfrom", COLUMN_SENDER }, { "jmrpsender", COLUMN_SENDER },
	{ "comments", COLUMN_COMMENTS }
};

struct snds_run {
	const struct report_context *context;
	struct arena arena;
	struct csv_row *row;   /* of the line at hand */
	char separator;
	size_t place[COLUMNS]; /* where a column stands; COLUMNS: nowhere */
	size_t rows;
	unsigned odd_rows, odd_dates;
};

static bool
is_ipv4(struct slice text)
{
	struct ipaddr addr;

	return ipaddr_parse(text, &addr) && addr.family == IP_V4;
}

/* Whose parts come in which order: by themselves where they tell. */
static bool
order_date(uint64_t parts[3], char mark, bool is_american,
    struct civil *civil)
{
	uint64_t day = parts[1], month = parts[0], year = parts[2];

	if (parts[0] > 31) { /* 2026-11-22 */
		year = parts[0];
		month = parts[1];
		day = parts[2];
	} else if (mark == '.' || (parts[0] > 12 && parts[1] <= 12)) {
		day = parts[0];
		month = parts[1];
	} else if (!is_american && parts[1] <= 12 && parts[0] != parts[1]) {
		return false; /* nobody can tell */
	}
	if (day > 31 || month > 12 || year < 1970 || year > 2100)
		return false;
	civil->day = (uint8_t)day;
	civil->month = (uint8_t)month;
	civil->year = (int32_t)year;
	return true;
}

static bool
take_numbers(struct slice *text, uint64_t *numbers, size_t count,
    const char *marks, char *mark_r)
{
	for (size_t i = 0; i < count; i++) {
		size_t len = slice_number(*text, 9999, &numbers[i]);

		if (len == 0)
			return false;
		*text = slice_skip(*text, len);
		if (i + 1 == count)
			break;
		if (text->len == 0 || strchr(marks, text->ptr[0]) == NULL ||
		    text->ptr[0] == '\0')
			return false;
		*mark_r = text->ptr[0];
		*text = slice_skip(*text, 1);
	}
	return true;
}

/* "8:00 AM", "20:00", "20:00:00"; *is_american_r: with AM or PM. */
static bool
take_clock(struct slice text, struct civil *civil, bool *is_american_r)
{
	uint64_t clock[2];
	char mark;
	bool is_pm;

	if (!take_numbers(&text, clock, 2, ":", &mark) || clock[1] > 59)
		return false;
	if (text.len > 2 && text.ptr[0] == ':' &&
	    ascii_is_digit(text.ptr[1]) && ascii_is_digit(text.ptr[2]))
		text = slice_skip(text, 3);
	text = slice_trim(text);
	is_pm = slice_eq_nocase(text, SLICE("PM"));
	*is_american_r = is_pm || slice_eq_nocase(text, SLICE("AM"));
	if (*is_american_r ? clock[0] < 1 || clock[0] > 12 :
	    text.len != 0 || clock[0] > 23)
		return false;
	civil->hour = (uint8_t)(*is_american_r ?
	    clock[0] % 12 + (is_pm ? 12 : 0) : clock[0]);
	civil->minute = (uint8_t)clock[1];
	return true;
}

/* "12/31/2019 8:00 AM" of the export; "31.12.2019 08:00", "2019-12-31 08:00",
 * "31/12/2019 08:00" of spreadsheets, where they cannot mean two days. No
 * zone. Seconds since 1970; INT64_MIN otherwise. */
static int64_t
read_time(const struct snds_run *run, struct slice text)
{
	struct civil civil = { 0 };
	uint64_t date[3];
	bool is_american;
	char mark = '/';

	text = slice_trim(text);
	if (!take_numbers(&text, date, 3, "/.-", &mark) || text.len == 0 ||
	    (text.ptr[0] != ' ' && text.ptr[0] != 'T') ||
	    !take_clock(slice_trim(slice_skip(text, 1)), &civil,
	    &is_american) ||
	    !order_date(date, mark, is_american, &civil) ||
	    !civil_is_valid(&civil))
		return INT64_MIN;
	return run->context->zone != NULL ?
	    zone_to_utc(run->context->zone, &civil, INT64_MIN) :
	    civil_seconds(&civil);
}

/* When the export was made, as far as can be told. */
static int64_t
fetched(const struct snds_run *run)
{
	return run->context->mail_utc != INT64_MIN ? run->context->mail_utc :
	    run->context->mtime_utc;
}

static struct slice
field_of(const struct snds_run *run, enum column column)
{
	size_t place = run->place[column];

	return place < COLUMNS ? slice_trim(csv_field(run->row, place)) :
	    SLICE_NONE;
}

/* Where fields are parted by ";", the comma is the decimal mark and the point
 * parts thousands. */
static int64_t
count_of(struct snds_run *run, enum column column)
{
	struct slice text = field_of(run, column);
	struct slice plain = text;
	int64_t count;

	if (run->separator == ';' && slice_chr(text, '.') != NULL) {
		char *copy = arena_alloc(&run->arena, text.len + 1);
		size_t len = 0;

		for (size_t i = 0; i < text.len; i++)
			if (text.ptr[i] != '.')
				copy[len++] = text.ptr[i];
		plain = slice_of(copy, len);
	}
	return report_count(plain, &count) ? count : -1;
}

/* "< 0.1%" as the export writes it, whatever a spreadsheet made of it:
 * "< 0,1 %". */
static struct slice
rate_of(struct snds_run *run)
{
	struct slice text = field_of(run, COLUMN_COMPLAINTS);
	char *copy;
	size_t len = 0;

	if (text.len == 0)
		return SLICE_NONE;
	copy = arena_alloc(&run->arena, text.len + 1);
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == ' ' && i + 1 < text.len &&
		    text.ptr[i + 1] == '%')
			continue;
		copy[len++] = text.ptr[i] == ',' ? '.' : text.ptr[i];
	}
	return slice_of(copy, len);
}

static enum mx_code
tell_data(struct snds_run *run, struct mx_err *err)
{
	const struct report_sink *sink = run->context->sink;
	struct slice filter = field_of(run, COLUMN_FILTER);
	struct report_head head;
	struct snds_row fact = { .head = &head,
		.source_ip = field_of(run, COLUMN_IP),
		.rcpt_commands = count_of(run, COLUMN_RCPT),
		.data_commands = count_of(run, COLUMN_DATA),
		.recipients = count_of(run, COLUMN_RECIPIENTS),
		.trap_hits = count_of(run, COLUMN_TRAPS),
		.filter_result = filter.len == 0 ? SLICE_NONE :
		    report_word(filter, filter_words),
		.complaint_rate = rate_of(run) };

	report_head_init(run->context, &head);
	head.begin_utc = read_time(run, field_of(run, COLUMN_BEGIN));
	head.end_utc = read_time(run, field_of(run, COLUMN_END));
	fact.fetched_utc = fetched(run);
	if (run->context->zone != NULL && head.begin_utc != INT64_MIN)
		fact.zone_offset_s = zone_offset(run->context->zone,
		    head.begin_utc, NULL);
	run->odd_dates += head.begin_utc == INT64_MIN ||
	    head.end_utc == INT64_MIN;
	return sink->snds(sink->ctx, &fact, err);
}

/* Behind first, last, "Yes" or "No"; may hold commas. */
static struct slice
details_of(struct snds_run *run)
{
	struct strbuf joined;
	struct slice details;

	strbuf_init(&joined, LIMIT_REPORT_TEXT_BYTES);
	for (size_t i = 3; i < run->row->count; i++) {
		if (i != 3)
			strbuf_add_str(&joined, ", ");
		strbuf_add_slice(&joined,
		    slice_trim(csv_field(run->row, i)));
	}
	details = arena_slice(&run->arena,
	    slice_trim(strbuf_slice(&joined)));
	strbuf_release(&joined);
	return details;
}

static enum mx_code
tell_status(struct snds_run *run, struct mx_err *err)
{
	const struct report_sink *sink = run->context->sink;
	struct slice first = slice_trim(csv_field(run->row, 0));
	struct slice last = slice_trim(csv_field(run->row, 1));
	struct slice details = details_of(run);
	struct report_head head;
	struct snds_row fact = { .head = &head, .rcpt_commands = -1,
		.data_commands = -1, .recipients = -1, .trap_hits = -1 };
	char *range = arena_alloc(&run->arena, first.len + last.len + 2);

	memcpy(range, first.ptr, first.len);
	range[first.len] = '-';
	memcpy(range + first.len + 1, last.ptr, last.len);
	fact.range = slice_of(range, first.len + last.len + 1);
	fact.is_blocked = slice_eq_nocase(
	    slice_trim(csv_field(run->row, 2)), SLICE("yes"));
	fact.status = details.len != 0 ? details : SLICE_NONE;
	report_head_init(run->context, &head);
	head.begin_utc = fact.fetched_utc = fetched(run);
	return sink->snds(sink->ctx, &fact, err);
}

/* ------------------------------------------------------------------ */

/* The first of those that can be one: no address or heading holds any. What a
 * line "sep=" says is the same, or it is wrong. */
static char
separator_of(struct slice line)
{
	for (size_t i = 0; i < line.len; i++)
		if (line.ptr[i] == ',' || line.ptr[i] == ';' ||
		    line.ptr[i] == '\t')
			return line.ptr[i];
	return '\0';
}

static size_t
letters_of(struct slice text, char buf[32])
{
	size_t len = 0;

	for (size_t i = 0; i < text.len && len < 31; i++)
		if (ascii_is_alpha(text.ptr[i]))
			buf[len++] = ascii_lower(text.ptr[i]);
	return len;
}

/* Places of the columns by a header; false when ROW is none. */
static bool
read_header(const struct csv_row *row, size_t place[COLUMNS])
{
	char buf[32];
	unsigned known = 0;

	for (size_t i = 0; i < COLUMNS; i++)
		place[i] = COLUMNS;
	for (size_t i = 0; i < row->count && i < COLUMNS; i++) {
		struct slice name = slice_of(buf,
		    letters_of(row->fields[i], buf));

		for (size_t k = 0; k < sizeof(headings) / sizeof(headings[0]);
		    k++)
			if (slice_eq(name, slice_str(headings[k].name)) &&
			    place[headings[k].column] == COLUMNS) {
				place[headings[k].column] = i;
				known++;
				break;
			}
	}
	return known >= 4 && place[COLUMN_IP] == 0;
}

/* "First IP", "Last IP", "Blocked", ... */
static bool
is_status_header(const struct csv_row *row)
{
	char buf[32];

	if (row->count < 3)
		return false;
	return slice_eq(slice_of(buf, letters_of(row->fields[2], buf)),
	    SLICE("blocked")) && slice_starts(slice_of(buf,
	    letters_of(row->fields[0], buf)), SLICE("first"));
}

static bool
is_status_row(const struct csv_row *row)
{
	return row->count >= 3 && is_ipv4(slice_trim(csv_field(row, 0))) &&
	    is_ipv4(slice_trim(csv_field(row, 1)));
}

static bool
is_data_row(const struct csv_row *row)
{
	struct slice begin = slice_trim(csv_field(row, 1));

	return row->count > 5 && is_ipv4(slice_trim(csv_field(row, 0))) &&
	    (begin.len == 0 || slice_chr(begin, '/') != NULL ||
	    (ascii_is_digit(begin.ptr[0]) && slice_chr(begin, ':') != NULL));
}

/* Behind the mark of UTF-8, and behind a line that tells a spreadsheet what
 * parts the fields: "sep=;". */
static struct slice
without_front(struct slice text)
{
	struct slice rest, line;

	if (slice_starts(text, SLICE("\xef\xbb\xbf")))
		text = slice_skip(text, 3);
	rest = text;
	return report_line(&rest, &line) && line.len == 5 &&
	    slice_starts(line, SLICE("sep=")) ? rest : text;
}

bool
snds_report_probe(struct slice text)
{
	size_t place[COLUMNS];
	struct csv_row *row;
	struct slice line;
	bool is_snds;
	char separator;

	text = without_front(text);
	if (!report_line(&text, &line) || line.len > LIMIT_LINE_BYTES)
		return false;
	separator = separator_of(line);
	if (separator == '\0')
		return false;
	row = mx_alloc(sizeof(*row));
	is_snds = csv_row_alone(row, line, separator) == CSV_ROW &&
	    (is_data_row(row) || is_status_row(row) ||
	    is_status_header(row) || read_header(row, place));
	free(row);
	return is_snds;
}

static enum mx_code
read_line(struct snds_run *run, struct slice line, struct mx_err *err)
{
	size_t place[COLUMNS];

	if (slice_trim(line).len == 0)
		return MX_OK;
	if (line.len > LIMIT_LINE_BYTES ||
	    csv_row_alone(run->row, line, run->separator) != CSV_ROW) {
		run->odd_rows++;
		return MX_OK;
	}
	if (run->rows == 0 && is_status_header(run->row))
		return MX_OK;
	if (run->rows == 0 && read_header(run->row, place)) {
		memcpy(run->place, place, sizeof(place));
		return MX_OK;
	}
	if (++run->rows > LIMIT_REPORT_ROWS)
		return mx_fail(err, MX_E_LIMIT, "more than %u rows",
		    LIMIT_REPORT_ROWS);
	if (is_status_row(run->row))
		return tell_status(run, err);
	if (is_ipv4(field_of(run, COLUMN_IP)))
		return tell_data(run, err);
	run->odd_rows++;
	return MX_OK;
}

enum mx_code
snds_report_read(const struct report_context *context, struct slice text,
    struct mx_err *err)
{
	struct snds_run run = { .context = context,
		.row = mx_alloc(sizeof(*run.row)) };
	struct slice line, first;
	enum mx_code code = MX_OK;

	text = without_front(text);
	first = text;
	if (report_line(&first, &line))
		run.separator = separator_of(line);
	for (size_t i = 0; i < COLUMNS; i++)
		run.place[i] = i;
	arena_init(&run.arena);
	while (code == MX_OK && report_line(&text, &line)) {
		code = read_line(&run, line, err);
		arena_reset(&run.arena);
	}
	arena_release(&run.arena);
	free(run.row);
	if (code == MX_OK && run.odd_rows != 0)
		code = report_note(context, err,
		    "rows that do not start with an address: %u",
		    run.odd_rows);
	if (code == MX_OK && run.odd_dates != 0)
		code = report_note(context, err,
		    "rows whose period is no time: %u", run.odd_dates);
	return code;
}
