/* SPDX-License-Identifier: BSD-2-Clause */
/* Downloads of Microsoft's Smart Network Data Services: "data" (14 columns,
 * one address and period a row) and "ipStatus" (4 columns, ranges with a
 * problem). Neither has a header of its own, though scripts add one, nor a
 * report id; ipStatus has no date, so the file's time is its time. */
#include "parsers/report_context.h"

#include "base/limits.h"
#include "base/zone.h"
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

struct csv_row {
	struct slice fields[COLUMNS];
	size_t count;
};

struct snds_run {
	const struct report_context *context;
	struct arena arena;
	char separator;
	size_t place[COLUMNS]; /* where a column stands; COLUMNS: nowhere */
	size_t rows;
	unsigned odd_rows, odd_dates;
};

/* RFC 4180 quotes; what stands behind the last column belongs to it. */
static struct slice
take_field(struct slice *line, char separator, bool is_last)
{
	struct slice field;
	const char *end = NULL;

	if (line->len != 0 && line->ptr[0] == '"') {
		const char *quote = slice_chr(slice_skip(*line, 1), '"');

		if (quote != NULL) {
			field = slice_between(line->ptr + 1, quote);
			*line = slice_between(quote + 1,
			    line->ptr + line->len);
			end = slice_chr(*line, separator);
			*line = end != NULL ? slice_between(end + 1,
			    line->ptr + line->len) : SLICE_NONE;
			return slice_trim(field);
		}
	}
	if (!is_last)
		end = slice_chr(*line, separator);
	field = end != NULL ? slice_between(line->ptr, end) : *line;
	*line = end != NULL ? slice_between(end + 1, line->ptr + line->len) :
	    SLICE_NONE;
	return slice_trim(field);
}

static void
split(struct slice line, char separator, struct csv_row *row)
{
	memset(row, 0, sizeof(*row));
	while (row->count < COLUMNS && !slice_is_none(line)) {
		row->fields[row->count] = take_field(&line, separator,
		    row->count == COLUMNS - 1);
		row->count++;
	}
}

static bool
is_ipv4(struct slice text)
{
	struct ipaddr addr;

	return ipaddr_parse(text, &addr) && addr.family == IP_V4;
}

/* "12/31/2019 8:00 AM", no zone: seconds since 1970; INT64_MIN otherwise. */
static int64_t
read_time(const struct snds_run *run, struct slice text)
{
	uint64_t parts[5];
	static const char behind[5] = { '/', '/', ' ', ':', '\0' };
	struct civil civil = { 0 };
	bool is_pm;

	for (size_t i = 0; i < 5; i++) {
		size_t len = slice_number(text, 9999, &parts[i]);

		if (len == 0)
			return INT64_MIN;
		text = slice_skip(text, len);
		if (behind[i] != '\0' && (text.len == 0 ||
		    text.ptr[0] != behind[i]))
			return INT64_MIN;
		text = behind[i] != '\0' ? slice_skip(text, 1) : text;
	}
	if (text.len > 2 && text.ptr[0] == ':' &&
	    ascii_is_digit(text.ptr[1]) && ascii_is_digit(text.ptr[2]))
		text = slice_skip(text, 3);
	text = slice_trim(text);
	is_pm = slice_eq_nocase(text, SLICE("PM"));
	if ((!is_pm && !slice_eq_nocase(text, SLICE("AM"))) ||
	    parts[0] > 12 || parts[1] > 31 || parts[3] < 1 || parts[3] > 12 ||
	    parts[4] > 59)
		return INT64_MIN;
	civil.month = (uint8_t)parts[0];
	civil.day = (uint8_t)parts[1];
	civil.year = (int32_t)parts[2];
	civil.hour = (uint8_t)(parts[3] % 12 + (is_pm ? 12 : 0));
	civil.minute = (uint8_t)parts[4];
	if (civil.year < 1970 || civil.year > 2100 || !civil_is_valid(&civil))
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
field_of(const struct snds_run *run, const struct csv_row *row,
    enum column column)
{
	size_t place = run->place[column];

	return place < row->count && row->fields[place].len != 0 ?
	    row->fields[place] : SLICE_NONE;
}

static int64_t
count_of(const struct snds_run *run, const struct csv_row *row,
    enum column column)
{
	int64_t count;

	return report_count(field_of(run, row, column), &count) ? count : -1;
}

static enum mx_code
tell_data(struct snds_run *run, const struct csv_row *row,
    struct mx_err *err)
{
	const struct report_sink *sink = run->context->sink;
	struct slice filter = field_of(run, row, COLUMN_FILTER);
	struct report_head head;
	struct snds_row fact = { .head = &head,
		.source_ip = field_of(run, row, COLUMN_IP),
		.rcpt_commands = count_of(run, row, COLUMN_RCPT),
		.data_commands = count_of(run, row, COLUMN_DATA),
		.recipients = count_of(run, row, COLUMN_RECIPIENTS),
		.trap_hits = count_of(run, row, COLUMN_TRAPS),
		.filter_result = filter.len == 0 ? SLICE_NONE :
		    report_word(filter, filter_words),
		.complaint_rate = field_of(run, row, COLUMN_COMPLAINTS) };

	report_head_init(run->context, &head);
	head.begin_utc = read_time(run, field_of(run, row, COLUMN_BEGIN));
	head.end_utc = read_time(run, field_of(run, row, COLUMN_END));
	fact.fetched_utc = fetched(run);
	if (run->context->zone != NULL && head.begin_utc != INT64_MIN)
		fact.zone_offset_s = zone_offset(run->context->zone,
		    head.begin_utc, NULL);
	run->odd_dates += head.begin_utc == INT64_MIN ||
	    head.end_utc == INT64_MIN;
	return sink->snds(sink->ctx, &fact, err);
}

/* first, last, "Yes" or "No", details (which may hold commas) */
static enum mx_code
tell_status(struct snds_run *run, struct slice line, struct mx_err *err)
{
	const struct report_sink *sink = run->context->sink;
	struct slice first = take_field(&line, run->separator, false);
	struct slice last = take_field(&line, run->separator, false);
	struct slice blocked = take_field(&line, run->separator, false);
	struct slice details = take_field(&line, run->separator, true);
	struct report_head head;
	struct snds_row fact = { .head = &head, .rcpt_commands = -1,
		.data_commands = -1, .recipients = -1, .trap_hits = -1 };
	char *range = arena_alloc(&run->arena, first.len + last.len + 2);

	memcpy(range, first.ptr, first.len);
	range[first.len] = '-';
	memcpy(range + first.len + 1, last.ptr, last.len);
	fact.range = slice_of(range, first.len + last.len + 1);
	fact.is_blocked = slice_eq_nocase(blocked, SLICE("yes"));
	fact.status = details.len != 0 ? details : SLICE_NONE;
	report_head_init(run->context, &head);
	head.begin_utc = fact.fetched_utc = fetched(run);
	return sink->snds(sink->ctx, &fact, err);
}

/* ------------------------------------------------------------------ */

static char
separator_of(struct slice line)
{
	static const char candidates[] = { ',', ';', '\t' };

	for (size_t i = 0; i < sizeof(candidates); i++)
		if (slice_chr(line, candidates[i]) != NULL)
			return candidates[i];
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

/* Places of the columns by a header; false when LINE is none. */
static bool
read_header(struct slice line, char separator, size_t place[COLUMNS])
{
	struct csv_row row;
	char buf[32];
	unsigned known = 0;

	split(line, separator, &row);
	for (size_t i = 0; i < COLUMNS; i++)
		place[i] = COLUMNS;
	for (size_t i = 0; i < row.count; i++) {
		struct slice name = slice_of(buf,
		    letters_of(row.fields[i], buf));

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

static bool
is_status_line(struct slice line, char separator)
{
	struct csv_row row;

	split(line, separator, &row);
	return row.count >= 3 && is_ipv4(row.fields[0]) &&
	    is_ipv4(row.fields[1]);
}

static struct slice
without_bom(struct slice text)
{
	return slice_starts(text, SLICE("\xef\xbb\xbf")) ?
	    slice_skip(text, 3) : text;
}

bool
snds_report_probe(struct slice text)
{
	struct snds_run run = { .context = &(struct report_context){
		.zone = NULL } };
	struct slice line;
	struct csv_row row;

	text = without_bom(text);
	if (!report_line(&text, &line))
		return false;
	run.separator = separator_of(line);
	if (run.separator == '\0')
		return false;
	split(line, run.separator, &row);
	if (row.count > 5 && is_ipv4(row.fields[0]) && (row.fields[1].len == 0 ||
	    slice_chr(row.fields[1], '/') != NULL))
		return true;
	return is_status_line(line, run.separator) ||
	    read_header(line, run.separator, run.place);
}

static enum mx_code
read_line(struct snds_run *run, struct slice line, struct mx_err *err)
{
	struct csv_row row;
	size_t place[COLUMNS];

	if (slice_trim(line).len == 0)
		return MX_OK;
	if (run->rows == 0 && read_header(line, run->separator, place)) {
		memcpy(run->place, place, sizeof(place));
		return MX_OK;
	}
	if (++run->rows > LIMIT_REPORT_ROWS)
		return mx_fail(err, MX_E_LIMIT, "more than %u rows",
		    LIMIT_REPORT_ROWS);
	if (is_status_line(line, run->separator))
		return tell_status(run, line, err);
	split(line, run->separator, &row);
	if (is_ipv4(field_of(run, &row, COLUMN_IP)))
		return tell_data(run, &row, err);
	run->odd_rows++;
	return MX_OK;
}

enum mx_code
snds_report_read(const struct report_context *context, struct slice text,
    struct mx_err *err)
{
	struct snds_run run = { .context = context };
	struct slice line, first;
	enum mx_code code = MX_OK;

	text = without_bom(text);
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
	if (code == MX_OK && run.odd_rows != 0)
		code = report_note(context, err,
		    "%u rows that do not start with an address",
		    run.odd_rows);
	if (code == MX_OK && run.odd_dates != 0)
		code = report_note(context, err,
		    "%u rows whose period is no time", run.odd_dates);
	return code;
}
