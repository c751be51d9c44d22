/* SPDX-License-Identifier: BSD-2-Clause */
/* Microsoft Exchange message tracking logs: CSV whose "#Fields:" line names
 * the columns, times in UTC. SEND and SENDEXTERNAL are acceptances, DEFER and
 * FAIL what they say, DELIVER a mailbox; of a SEND the client is this server.
 * Shadow copies (HA*), notifications and routing steps are none of ours.
 * Format: Microsoft, "Message tracking" (Exchange Server 2016, 2019). */
#include "base/strbuf.h"
#include "parsers/csv_row.h"
#include "parsers/fact_fill.h"
#include "parsers/hop.h"
#include "parsers/ingest_formats.h"

enum column {
	COL_TIME, COL_CLIENT_IP, COL_CLIENT_HOST, COL_SERVER_IP,
	COL_SERVER_HOST, COL_CONTEXT, COL_CONNECTOR, COL_SOURCE, COL_EVENT,
	COL_INTERNAL_ID, COL_MESSAGE_ID, COL_NETWORK_ID, COL_RECIPIENTS,
	COL_STATUSES, COL_BYTES, COL_COUNT, COL_SENDER, COL_RETURN_PATH,
	COLUMNS
};

static const char *const column_names[COLUMNS] = {
	"date-time", "client-ip", "client-hostname", "server-ip",
	"server-hostname", "source-context", "connector-id", "source",
	"event-id", "internal-message-id", "message-id", "network-message-id",
	"recipient-address", "recipient-status", "total-bytes",
	"recipient-count", "sender-address", "return-path",
};

struct exchange_state {
	struct fact_memory memory;
	struct stamp_clock *clock;
	size_t columns[COLUMNS];
	struct csv_row row;
};

static const struct slice fields_mark = { "#Fields:", 8 };

static bool
is_tracking_header(struct slice line)
{
	return slice_starts(line, fields_mark) &&
	    slice_find(line, SLICE("event-id")) != NULL &&
	    slice_find(line, SLICE("recipient-address")) != NULL;
}

/* Behind a byte order mark. */
static struct slice
without_mark(struct slice text)
{
	return slice_starts(text, SLICE("\xef\xbb\xbf")) ?
	    slice_skip(text, 3) : text;
}

static bool
take_line(struct slice *head, struct slice *line_r)
{
	const char *end = slice_chr(*head, '\n');

	if (head->len == 0)
		return false;
	*line_r = end != NULL ? slice_between(head->ptr, end) : *head;
	*head = slice_skip(*head, line_r->len + 1);
	if (line_r->len != 0 && line_r->ptr[line_r->len - 1] == '\r')
		line_r->len--;
	return true;
}

static unsigned
exchange_probe(struct slice head)
{
	struct slice line;

	head = without_mark(head);
	while (take_line(&head, &line)) {
		if (is_tracking_header(line))
			return 98;
		if (line.len != 0 && line.ptr[0] != '#')
			break;
	}
	return 0;
}

static void
read_header(struct exchange_state *state, struct slice line)
{
	line = slice_trim(slice_skip(line, fields_mark.len));
	if (csv_row_add(&state->row, line, ',') == CSV_ROW)
		csv_columns(&state->row, column_names, COLUMNS,
		    state->columns);
	state->row.joined_len = state->row.joined_lines = 0;
}

static int64_t
exchange_first_utc(struct slice head, struct stamp_clock *clock)
{
	struct slice line;
	struct stamp at;

	head = without_mark(head);
	while (take_line(&head, &line))
		if (line.len != 0 && line.ptr[0] != '#' &&
		    stamp_read(clock, &line, &at) == STAMP_OK)
			return at.utc;
	return INT64_MIN;
}

static struct slice
column(const struct exchange_state *state, enum column which)
{
	return csv_field(&state->row, state->columns[which]);
}

/* The next element of a list with semicolons; brackets hold some of their
 * own: "[{LRT=};{LED=550 5.1.1 x}];250 ok". */
static struct slice
take_element(struct slice *list)
{
	int depth = 0;
	size_t n = 0;
	struct slice element;

	for (; n < list->len; n++) {
		char c = list->ptr[n];

		if (c == '[' || c == '{')
			depth++;
		else if ((c == ']' || c == '}') && depth > 0)
			depth--;
		else if (c == ';' && depth == 0)
			break;
	}
	element = slice_of(list->ptr, n);
	*list = slice_skip(*list, n + 1);
	return element;
}

/* The value of "{KEY=value}". */
static struct slice
value_in(struct slice text, struct slice key)
{
	const char *at = slice_find(text, key);
	struct slice rest;
	const char *end;

	if (at == NULL)
		return SLICE_NONE;
	rest = slice_skip(text, (size_t)(at - text.ptr) + key.len);
	end = slice_find(rest, slice_of("}", 1));
	return end != NULL ? slice_between(rest.ptr, end) : rest;
}

/* source-context of a SEND: "ID;250 2.6.0 <..> Queued;ClientSubmitTime:". */
static struct slice
final_reply(struct slice context)
{
	const char *at = slice_chr(context, ';'), *end;

	if (at == NULL)
		return SLICE_NONE;
	context = slice_skip(context, (size_t)(at + 1 - context.ptr));
	end = slice_find(context, SLICE(";ClientSubmitTime:"));
	if (end != NULL)
		context.len = (size_t)(end - context.ptr);
	return context;
}

static void
set_failure(struct exchange_state *state, struct slice status,
    struct delivery *fact)
{
	struct slice words = value_in(status, SLICE("{LED="));
	struct slice host = value_in(status, SLICE("{FQDN="));
	struct slice ip = value_in(status, SLICE("{IP="));

	if (words.len == 0)
		words = status;
	if (words.len == 0)
		words = column(state, COL_CONTEXT);
	fact_set_reply(&state->memory, fact, words);
	if (host.len != 0 || ip.len != 0) {
		fact_set_relay(&state->memory, fact, host, ip);
	} else {
		fact->is_own_text = true; /* nobody else is named */
		fact->reply_code = 0;
	}
	if (fact->outcome == OUTCOME_BOUNCED &&
	    (slice_eq(fact->dsn, SLICE("4.4.7")) ||
	    slice_find(words, SLICE("QUEUE.Expired")) != NULL))
		fact->outcome = OUTCOME_EXPIRED;
}

static void
set_success(struct exchange_state *state, struct delivery *fact)
{
	fact_set_relay(&state->memory, fact, column(state, COL_SERVER_HOST),
	    column(state, COL_SERVER_IP));
	fact_set_source_ip(&state->memory, fact,
	    column(state, COL_CLIENT_IP));
	fact_set_reply(&state->memory, fact,
	    final_reply(column(state, COL_CONTEXT)));
	fact->hop = hop_of_smtp(fact->relay_host, fact->relay_ip);
}

/* How a row counts. False: not at all. */
static bool
read_outcome(const struct exchange_state *state, struct delivery *fact)
{
	struct slice event = column(state, COL_EVENT);

	if (slice_eq(event, SLICE("SEND")) ||
	    slice_eq(event, SLICE("SENDEXTERNAL"))) {
		fact->outcome = OUTCOME_ACCEPTED;
		return slice_eq(column(state, COL_SOURCE), SLICE("SMTP"));
	}
	if (slice_eq(event, SLICE("DELIVER"))) {
		fact->outcome = OUTCOME_ACCEPTED;
		fact->hop = HOP_LOCAL;
		return true;
	}
	fact->outcome = slice_eq(event, SLICE("DEFER")) ? OUTCOME_DEFERRED :
	    OUTCOME_BOUNCED;
	return slice_eq(event, SLICE("DEFER")) ||
	    slice_eq(event, SLICE("FAIL"));
}

/* The id that a message keeps on its way; on this server, before 2013. */
static struct slice
id_of(const struct exchange_state *state)
{
	struct slice id = column(state, COL_NETWORK_ID);

	return id.len != 0 ? id : column(state, COL_INTERNAL_ID);
}

static int64_t
number_in(const struct exchange_state *state, enum column which)
{
	uint64_t number;

	return slice_number(column(state, which), INT64_MAX, &number) != 0 ?
	    (int64_t)number : -1;
}

static struct slice
sender_in(const struct exchange_state *state)
{
	struct slice sender = column(state, COL_RETURN_PATH);

	if (slice_is_none(sender))
		sender = column(state, COL_SENDER);
	return address_bare(sender);
}

static enum mx_code
tell_arrival(const struct exchange_state *state, const struct stamp *at,
    const struct mx_where *where, const struct fact_sink *sink,
    struct mx_err *err)
{
	struct message_event event = { .kind = MESSAGE_BORN, .at = *at,
		.mta = "exchange", .instance = SLICE("exchange"),
		.id = id_of(state), .sender = sender_in(state),
		.message_id = address_bare(column(state, COL_MESSAGE_ID)),
		.size_bytes = number_in(state, COL_BYTES),
		.recipient_count = number_in(state, COL_COUNT),
		.ends_with_recipients = true, .where = *where };

	return event.id.len != 0 ? sink->message(sink->ctx, &event, err) :
	    MX_OK;
}

static enum mx_code
tell_outcomes(struct exchange_state *state, struct delivery *fact,
    const struct fact_sink *sink, struct mx_err *err)
{
	struct slice recipients = column(state, COL_RECIPIENTS);
	struct slice statuses = column(state, COL_STATUSES);
	enum mx_code code = MX_OK;

	fact->instance = SLICE("exchange");
	fact->agent = column(state, COL_CONNECTOR);
	fact->id = id_of(state);
	fact->sender = sender_in(state);
	fact->size_bytes = number_in(state, COL_BYTES);
	while (recipients.len != 0 && code == MX_OK) {
		struct delivery one = *fact;
		struct slice status = take_element(&statuses);

		fact_set_recipient(&state->memory, &one,
		    take_element(&recipients));
		one.is_final = one.outcome != OUTCOME_DEFERRED;
		if (one.outcome != OUTCOME_ACCEPTED)
			set_failure(state, status, &one);
		else if (one.hop != HOP_LOCAL)
			set_success(state, &one);
		code = sink->delivery(sink->ctx, &one, err);
	}
	return code;
}

static enum mx_code
take_row(struct exchange_state *state, const struct log_line *line,
    const struct fact_sink *sink, enum line_result *result_r,
    struct mx_err *err)
{
	struct delivery fact = fact_start("exchange");
	struct slice time = column(state, COL_TIME);
	enum stamp_result result = stamp_read(state->clock, &time, &fact.at);
	enum mx_code code;

	if (result != STAMP_OK)
		fact.at = (struct stamp){ INT64_MIN, 0, 0 };
	code = log_line_seen(state->clock, &fact.at, SLICE_NONE, sink, err);
	if (code != MX_OK)
		return code;
	if (result != STAMP_OK)
		return log_line_skip(line, result == STAMP_BAD ?
		    SKIP_BAD_STAMP : SKIP_NO_STAMP, sink, result_r, err);
	if (slice_eq(column(state, COL_EVENT), SLICE("RECEIVE")))
		return tell_arrival(state, &fact.at, &line->where, sink, err);
	if (!read_outcome(state, &fact))
		return MX_OK;
	fact.where = line->where;
	return tell_outcomes(state, &fact, sink, err);
}

static enum mx_code
take_comment(struct exchange_state *state, struct slice text,
    const struct fact_sink *sink, struct mx_err *err)
{
	struct stamp none = { INT64_MIN, 0, 0 };

	if (is_tracking_header(text))
		read_header(state, text);
	return log_line_seen(state->clock, &none, SLICE_NONE, sink, err);
}

static enum mx_code
exchange_line(void *memory, const struct log_line *line,
    const struct fact_sink *sink, enum line_result *result_r,
    struct mx_err *err)
{
	struct exchange_state *state = memory;
	struct slice text = without_mark(line->raw);
	struct stamp none = { INT64_MIN, 0, 0 };
	enum csv_result result;
	enum mx_code code;

	*result_r = LINE_TAKEN;
	if (state->row.joined_len == 0 && (text.len == 0 ||
	    text.ptr[0] == '#'))
		return take_comment(state, text, sink, err);
	result = csv_row_add(&state->row, text, ',');
	if (result == CSV_ROW)
		return take_row(state, line, sink, result_r, err);
	code = log_line_seen(state->clock, &none, SLICE_NONE, sink, err);
	if (code != MX_OK || result == CSV_MORE)
		return code;
	return log_line_skip(line, SKIP_MALFORMED, sink, result_r, err);
}

static enum mx_code
exchange_init(void *memory, const struct log_context *context,
    struct mx_err *err)
{
	struct exchange_state *state = memory;
	struct slice head = without_mark(context->head), line;

	(void)err;
	fact_memory_init(&state->memory);
	state->clock = context->clock;
	for (size_t i = 0; i < COLUMNS; i++)
		state->columns[i] = CSV_FIELDS;
	while (take_line(&head, &line) && line.len != 0 &&
	    line.ptr[0] == '#')
		if (is_tracking_header(line))
			read_header(state, line);
	return MX_OK;
}

static void
exchange_release(void *memory)
{
	struct exchange_state *state = memory;

	fact_memory_release(&state->memory);
}

const struct log_format log_format_exchange = {
	.name = "exchange",
	.title = "Microsoft Exchange message tracking log (CSV)",
	.recognised = "#Fields: with event-id and recipient-address",
	.probe = exchange_probe,
	.state_size = sizeof(struct exchange_state),
	.init = exchange_init,
	.release = exchange_release,
	.line = exchange_line,
	.first_utc = exchange_first_utc,
};
