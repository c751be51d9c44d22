/* SPDX-License-Identifier: BSD-2-Clause */
/* PowerMTA accounting files: CSV whose header names the columns, which the
 * administrator chooses. Types d (delivered), b (bounced) and t (transient)
 * are outcomes; r, f, rb, rs and tq are not. A record has no queue id: what
 * was tried before is joined by when it was queued, from whom and to whom.
 * Format: PowerMTA 4.5 and 5.0 User's Guide, "The Accounting File". */
#include "base/hash.h"
#include "base/strbuf.h"
#include "parsers/csv_log.h"
#include "parsers/duration.h"
#include "parsers/fact_fill.h"
#include "parsers/hop.h"
#include "parsers/ingest_formats.h"

enum column {
	COL_TYPE, COL_LOGGED, COL_QUEUED, COL_FIRST, COL_ORIG, COL_RCPT,
	COL_ORCPT, COL_STATUS, COL_DIAG, COL_MTA, COL_CATEGORY, COL_DLV_TYPE,
	COL_SOURCE, COL_DESTINATION, COL_SIZE, COL_VMTA, COL_JOB, COL_ENVELOPE,
	COL_SECONDS, COL_TLS, COLUMNS
};

static const char *const column_names[COLUMNS] = {
	"type", "timeLogged", "timeQueued", "timeFirstAttempt", "orig", "rcpt",
	"orcpt", "dsnStatus", "dsnDiag", "dsnMta", "bounceCat", "dlvType",
	"dlvSourceIp", "dlvDestinationIp", "dlvSize", "vmta", "jobId", "envId",
	"totalSecondsQueued", "dlvTlsProtocol",
};

struct powermta_state {
	struct fact_memory memory;
	struct stamp_clock *clock;
	size_t columns[COLUMNS];
	struct strbuf instance;
	char id[16];
	bool has_header;
	size_t header_count;
	struct csv_log log;
};

static bool
is_header(const struct csv_row *row)
{
	struct slice first = csv_field(row, 0);

	if (slice_starts(first, SLICE("\xef\xbb\xbf")))
		first = slice_skip(first, 3);
	return slice_eq_nocase(slice_trim(first), SLICE("type"));
}

static void
read_header(struct powermta_state *state)
{
	csv_columns(&state->log.row, column_names, COLUMNS, state->columns);
	state->columns[COL_TYPE] = 0;
	state->has_header = true;
	state->header_count = state->log.row.count;
}

static unsigned
powermta_probe(struct slice head)
{
	const char *end = slice_chr(head, '\n');
	struct slice line = end != NULL ? slice_between(head.ptr, end) : head;

	if (slice_starts(line, SLICE("\xef\xbb\xbf")))
		line = slice_skip(line, 3);
	if (!slice_starts(line, SLICE("type,")) &&
	    !slice_starts(line, SLICE("\"type\",")))
		return 0;
	return slice_find(line, SLICE("rcpt")) != NULL &&
	    (slice_find(line, SLICE("timeLogged")) != NULL ||
	    slice_find(line, SLICE("dsnStatus")) != NULL) ? 98 : 0;
}

static struct slice
column(const struct powermta_state *state, enum column which)
{
	return csv_field(&state->log.row, state->columns[which]);
}

/* "2014-08-24 16:00:14+0530", or seconds since 1970. */
static bool
read_time(struct stamp_clock *clock, struct slice text, struct stamp *at)
{
	uint64_t seconds;

	*at = (struct stamp){ INT64_MIN, 0, 0 };
	if (text.len == 0)
		return false;
	if (slice_number(text, INT64_MAX, &seconds) == text.len) {
		at->utc = (int64_t)seconds;
		return stamp_is_possible(at->utc);
	}
	if (stamp_read(clock, &text, at) == STAMP_OK)
		return true;
	at->utc = INT64_MIN;
	return false;
}

static int64_t
powermta_first_utc(struct slice head, struct stamp_clock *clock)
{
	struct powermta_state *state = mx_calloc(1, sizeof(*state));
	int64_t first = INT64_MIN;

	while (head.len != 0 && first == INT64_MIN) {
		const char *end = slice_chr(head, '\n');
		struct slice line = end != NULL ?
		    slice_between(head.ptr, end) : head;
		struct stamp at;

		head = slice_skip(head, line.len + 1);
		if (csv_row_add(&state->log.row, line, ',') != CSV_ROW)
			continue;
		if (is_header(&state->log.row))
			read_header(state);
		else if (read_time(clock, column(state, COL_LOGGED), &at))
			first = at.utc;
	}
	free(state);
	return first;
}

static bool
has_words(struct slice text, const char *words)
{
	size_t len = strlen(words);

	for (size_t n = 0; n + len <= text.len; n++)
		if (slice_eq_nocase(slice_of(text.ptr + n, len),
		    slice_of(words, len)))
			return true;
	return false;
}

static bool
is_expired(const struct powermta_state *state)
{
	struct slice diag = column(state, COL_DIAG);

	return slice_starts(column(state, COL_STATUS), SLICE("4.4.7")) ||
	    has_words(column(state, COL_CATEGORY), "expired") ||
	    has_words(diag, "message expired") ||
	    has_words(diag, "queued too long") ||
	    has_words(diag, "delivery time expired");
}

enum type { TYPE_OUTCOME, TYPE_OTHER, TYPE_UNKNOWN };

/* Of "b" the rest of the row says whether it was given up. */
static enum type
read_type(const struct powermta_state *state, enum outcome *outcome_r)
{
	static const struct {
		const char *letter, *word;
		enum type type;
		enum outcome outcome;
	} types[] = {
		{ "d", "delivery", TYPE_OUTCOME, OUTCOME_ACCEPTED },
		{ "b", "bounce", TYPE_OUTCOME, OUTCOME_BOUNCED },
		{ "t", "transient", TYPE_OUTCOME, OUTCOME_DEFERRED },
		{ "tq", "transient-queue", TYPE_OTHER, OUTCOMES },
		{ "r", "receipt", TYPE_OTHER, OUTCOMES },
		{ "f", "feedback-loop", TYPE_OTHER, OUTCOMES },
		{ "rb", "remote-bounce", TYPE_OTHER, OUTCOMES },
		{ "rs", "remote-status", TYPE_OTHER, OUTCOMES },
	};
	struct slice text = column(state, COL_TYPE);

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (slice_eq(text, slice_str(types[i].letter)) ||
		    slice_eq_nocase(text, slice_str(types[i].word))) {
			*outcome_r = types[i].outcome;
			if (types[i].letter[0] == 'b' && is_expired(state))
				*outcome_r = OUTCOME_EXPIRED;
			return types[i].type;
		}
	return TYPE_UNKNOWN;
}

/* "mta7.am0.yahoodns.net (66.196.118.35)" */
static void
set_relay(struct powermta_state *state, struct delivery *fact)
{
	struct slice mta = column(state, COL_MTA), host = mta, ip;
	const char *open = slice_chr(mta, '(');

	ip = column(state, COL_DESTINATION);
	if (open != NULL) {
		struct slice inner = slice_skip(mta,
		    (size_t)(open + 1 - mta.ptr));
		const char *close = slice_chr(inner, ')');

		host = slice_trim(slice_between(mta.ptr, open));
		if (close != NULL && ip.len == 0)
			ip = slice_between(inner.ptr, close);
	}
	if (slice_starts(host, SLICE("dns;")))
		host = slice_trim(slice_skip(host, 4));
	if (ip.len == 0 && fact->reply_code == 0 && fact->is_own_text) {
		fact_set_named(&state->memory, fact, host, SLICE_NONE);
		return;
	}
	fact_set_relay(&state->memory, fact, host, ip);
}

/* "smtp;550 5.1.1 words", "x-unix;words" */
static void
set_reply(struct powermta_state *state, struct delivery *fact)
{
	struct slice diag = column(state, COL_DIAG);
	struct slice status = column(state, COL_STATUS);
	const char *space = slice_chr(status, ' ');

	fact->dsn = space != NULL ? slice_between(status.ptr, space) : status;
	if (fact->dsn.len == 0)
		fact->dsn = SLICE_NONE;
	if (slice_starts(diag, SLICE("smtp;"))) {
		fact_set_reply(&state->memory, fact, slice_skip(diag, 5));
		return;
	}
	if (diag.len == 0 && space != NULL) { /* "5.0.0 (undefined status)" */
		diag = slice_trim(slice_skip(status, fact->dsn.len));
		if (diag.len > 2 && diag.ptr[0] == '(')
			diag = slice_of(diag.ptr + 1, diag.len - 2);
	}
	fact_set_reply(&state->memory, fact, diag);
	fact->reply_code = 0;
	fact->is_own_text = true;
}

static void
set_numbers(struct powermta_state *state, struct delivery *fact)
{
	struct slice seconds = column(state, COL_SECONDS);
	struct slice size = column(state, COL_SIZE);
	struct stamp queued;
	uint64_t number;

	if (size.len != 0 && slice_number(size, INT64_MAX, &number) != 0)
		fact->size_bytes = (int64_t)number;
	if (seconds.len != 0)
		fact->delay_ms = duration_seconds(seconds);
	else if (read_time(state->clock, column(state, COL_QUEUED),
	    &queued) && queued.utc <= fact->at.utc)
		fact->delay_ms = (fact->at.utc - queued.utc) * 1000;
}

static enum hop
hop_of(const struct powermta_state *state, const struct delivery *fact)
{
	struct slice type = column(state, COL_DLV_TYPE);

	if (type.len != 0 && !has_words(type, "smtp"))
		return HOP_LOCAL; /* pipe, file, discard */
	return hop_of_smtp(fact->relay_host, fact->relay_ip);
}

/* Two records of one message to one recipient have all of these alike. */
static void
set_id(struct powermta_state *state, struct delivery *fact)
{
	static const enum column parts[] = { COL_QUEUED, COL_ORIG, COL_RCPT,
		COL_JOB, COL_ENVELOPE };
	static const char digits[] = "0123456789abcdef";
	uint64_t key = HASH_STABLE_START;
	struct slice first = column(state, COL_FIRST);

	if (column(state, COL_QUEUED).len == 0)
		return;
	/* the first attempt, and it was the last: a message of its own */
	if (fact->is_final && first.len != 0 &&
	    slice_eq(first, column(state, COL_LOGGED)))
		return;
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		key = hash_stable(slice_of("\n", 1),
		    hash_stable(column(state, parts[i]), key));
	for (size_t i = 0; i < sizeof(state->id); i++)
		state->id[i] = digits[(key >> (4 * i)) & 15];
	fact->id = slice_of(state->id, sizeof(state->id));
	fact->is_id_made = true;
}

static void
fill_fact(struct powermta_state *state, struct delivery *fact)
{
	struct slice vmta = column(state, COL_VMTA);
	struct slice original = column(state, COL_ORCPT);

	strbuf_reset(&state->instance);
	strbuf_add_str(&state->instance, "powermta");
	if (vmta.len != 0) {
		strbuf_add_char(&state->instance, '/');
		strbuf_add_slice(&state->instance, vmta);
	}
	fact->instance = strbuf_slice(&state->instance);
	fact->agent = column(state, COL_DLV_TYPE);
	fact->tls = column(state, COL_TLS);
	fact->sender = column(state, COL_ORIG);
	if (slice_is_none(fact->sender) &&
	    state->columns[COL_ORIG] < CSV_FIELDS)
		fact->sender = SLICE(""); /* the null sender */
	fact_set_recipient(&state->memory, fact, column(state, COL_RCPT));
	if (slice_starts(original, SLICE("rfc822;")))
		original = slice_skip(original, 7);
	if (original.len != 0 && !slice_eq(original, fact->recipient))
		fact->orig_recipient = original;
	fact->is_final = fact->outcome != OUTCOME_DEFERRED;
	set_reply(state, fact);
	set_relay(state, fact);
	fact_set_source_ip(&state->memory, fact, column(state, COL_SOURCE));
	set_numbers(state, fact);
	fact->hop = hop_of(state, fact);
	if (has_words(column(state, COL_DLV_TYPE), "discard"))
		fact->outcome = OUTCOME_DISCARDED;
	set_id(state, fact);
}

static enum mx_code
tell(struct powermta_state *state, const struct log_line *line,
    struct delivery *fact, const struct fact_sink *sink, struct mx_err *err)
{
	struct message_event event;
	enum mx_code code;

	fact->where = line->where;
	fill_fact(state, fact);
	code = sink->delivery(sink->ctx, fact, err);
	if (code != MX_OK || fact->id.len == 0 || !fact->is_final)
		return code;
	event = (struct message_event){ .kind = MESSAGE_REMOVED,
		.at = fact->at, .mta = "powermta", .instance = fact->instance,
		.id = fact->id, .size_bytes = -1, .recipient_count = -1,
		.where = line->where };
	return sink->message(sink->ctx, &event, err);
}

static enum mx_code
take_header(struct powermta_state *state, bool is_seen,
    const struct fact_sink *sink, struct mx_err *err)
{
	struct stamp none = { INT64_MIN, 0, 0 };

	read_header(state);
	return is_seen ? MX_OK : log_line_seen(state->clock, &none,
	    SLICE_NONE, sink, err);
}

static enum mx_code
take_row(void *memory, const struct log_line *line, bool is_seen,
    const struct fact_sink *sink, enum line_result *result_r,
    struct mx_err *err)
{
	struct powermta_state *state = memory;
	struct delivery fact = fact_start("powermta");
	bool has_time;
	enum mx_code code = MX_OK;

	if (is_header(&state->log.row))
		return take_header(state, is_seen, sink, err);
	has_time = read_time(state->clock, column(state, COL_LOGGED),
	    &fact.at);
	if (!is_seen)
		code = log_line_seen(state->clock, &fact.at, SLICE_NONE, sink,
		    err);
	if (code != MX_OK || line->raw.len == 0)
		return code;
	/* without the names of the columns no row means anything */
	if (!state->has_header)
		return log_line_skip(line, SKIP_MALFORMED, sink, result_r,
		    err);
	switch (read_type(state, &fact.outcome)) {
	case TYPE_OTHER:
		return MX_OK;
	case TYPE_UNKNOWN:
		return log_line_skip(line, SKIP_MALFORMED, sink, result_r,
		    err);
	case TYPE_OUTCOME:
		break;
	}
	if (!has_time)
		return log_line_skip(line, SKIP_NO_STAMP, sink, result_r,
		    err);
	/* a row that was cut has fewer fields than there are columns */
	if (state->log.row.count < state->header_count ||
	    column(state, COL_RCPT).len == 0)
		return log_line_skip(line, SKIP_CUT, sink, result_r, err);
	return tell(state, line, &fact, sink, err);
}

static enum mx_code
powermta_line(void *memory, const struct log_line *line,
    const struct fact_sink *sink, enum line_result *result_r,
    struct mx_err *err)
{
	struct powermta_state *state = memory;

	return csv_log_line(&state->log, line, sink, result_r, err);
}

static enum mx_code
powermta_finish(void *memory, const struct fact_sink *sink,
    struct mx_err *err)
{
	struct powermta_state *state = memory;

	return csv_log_finish(&state->log, sink, err);
}

static enum mx_code
powermta_init(void *memory, const struct log_context *context,
    struct mx_err *err)
{
	struct powermta_state *state = memory;
	const char *end = slice_chr(context->head, '\n');

	(void)err;
	fact_memory_init(&state->memory);
	strbuf_init(&state->instance, 1024);
	state->clock = state->log.clock = context->clock;
	state->log.take = take_row;
	state->log.ctx = state;
	for (size_t i = 0; i < COLUMNS; i++)
		state->columns[i] = CSV_FIELDS;
	/* where reading starts further on, the header is not met again */
	if (end != NULL) {
		struct slice line = slice_between(context->head.ptr, end);

		if (line.len != 0 && line.ptr[line.len - 1] == '\r')
			line.len--;
		if (csv_row_add(&state->log.row, line, ',') == CSV_ROW &&
		    is_header(&state->log.row))
			read_header(state);
		csv_row_drop(&state->log.row);
	}
	return MX_OK;
}

static void
powermta_release(void *memory)
{
	struct powermta_state *state = memory;

	fact_memory_release(&state->memory);
	strbuf_release(&state->instance);
}

const struct log_format log_format_powermta = {
	.name = "powermta",
	.title = "PowerMTA accounting file (CSV)",
	.recognised = "a header \"type,...\" with timeLogged and rcpt",
	.probe = powermta_probe,
	.state_size = sizeof(struct powermta_state),
	.init = powermta_init,
	.release = powermta_release,
	.line = powermta_line,
	.finish = powermta_finish,
	.first_utc = powermta_first_utc,
};
