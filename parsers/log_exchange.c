/* SPDX-License-Identifier: BSD-2-Clause */
/* Microsoft Exchange message tracking logs: CSV whose "#Fields:" line names
 * the columns, times in UTC. SEND and SENDEXTERNAL are acceptances, DEFER and
 * FAIL what they say, DELIVER a mailbox; of a SEND the client is this server.
 * Shadow copies (HA*), notifications and routing steps are none of ours.
 * Format: Microsoft, "Message tracking" (Exchange Server 2016, 2019). */
#include "parsers/log_exchange.h"

#include "parsers/csv_log.h"
#include "parsers/hop.h"
#include "parsers/ingest_formats.h"

enum column {
	COL_TIME, COL_CLIENT_IP, COL_CLIENT_HOST, COL_SERVER_IP,
	COL_SERVER_HOST, COL_CONTEXT, COL_CONNECTOR, COL_SOURCE, COL_EVENT,
	COL_INTERNAL_ID, COL_MESSAGE_ID, COL_NETWORK_ID, COL_RECIPIENTS,
	COL_STATUSES, COL_BYTES, COL_COUNT, COL_SENDER, COL_RETURN_PATH,
	COL_INFO, COLUMNS
};

static const char *const column_names[COLUMNS] = {
	"date-time", "client-ip", "client-hostname", "server-ip",
	"server-hostname", "source-context", "connector-id", "source",
	"event-id", "internal-message-id", "message-id", "network-message-id",
	"recipient-address", "recipient-status", "total-bytes",
	"recipient-count", "sender-address", "return-path", "message-info",
};

struct exchange_state {
	struct fact_memory memory;
	struct stamp_clock *clock;
	size_t columns[COLUMNS];
	size_t header_count; /* columns; 0: no header yet */
	struct csv_log log;
};

static const struct slice fields_mark = { "#Fields:", 8 };

static bool
is_tracking_header(struct slice line)
{
	return slice_starts(line, fields_mark) &&
	    slice_find(line, SLICE("event-id")) != NULL &&
	    slice_find(line, SLICE("recipient-address")) != NULL;
}

struct slice
exchange_without_mark(struct slice text)
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

	head = exchange_without_mark(head);
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
	if (csv_row_alone(&state->log.row, line, ',') != CSV_ROW)
		return;
	csv_columns(&state->log.row, column_names, COLUMNS, state->columns);
	state->header_count = state->log.row.count;
}

static int64_t
exchange_first_utc(struct slice head, struct stamp_clock *clock)
{
	struct slice line;
	struct stamp at;

	head = exchange_without_mark(head);
	while (take_line(&head, &line))
		if (line.len != 0 && line.ptr[0] != '#' &&
		    stamp_read(clock, &line, &at) == STAMP_OK)
			return at.utc;
	return INT64_MIN;
}

static struct slice
column(const struct exchange_state *state, enum column which)
{
	return csv_field(&state->log.row, state->columns[which]);
}

/* The next of a list with semicolons between. */
static struct slice
take_recipient(struct slice *list)
{
	const char *end = slice_chr(*list, ';');
	struct slice one = end != NULL ? slice_between(list->ptr, end) :
	    *list;

	*list = slice_skip(*list, one.len + 1);
	return one;
}

/* The next of the statuses: "[{LRT=};{LED=550 5.1.1 x};{FQDN=};{IP=}];250
 * ok". Where there is one recipient, all of them is its. */
static struct slice
take_status(struct slice *list, bool is_only)
{
	struct slice one = *list;
	const char *end;

	if (is_only || list->len == 0) {
		*list = SLICE_NONE;
		return one;
	}
	if (!slice_starts(*list, slice_of("[{", 2)))
		return take_recipient(list);
	end = slice_find(*list, slice_of("}];", 3));
	if (end != NULL)
		one = slice_between(list->ptr, end + 2);
	*list = slice_skip(*list, one.len + 1);
	return one;
}

/* Behind the last KEY of TEXT, which ends where that KEY starts: what stands
 * in front of it may be a remote's words and look like anything. */
static struct slice
take_last(struct slice *text, struct slice key)
{
	struct slice rest = *text, value = SLICE_NONE;
	const char *at;

	while ((at = slice_find(rest, key)) != NULL) {
		rest = slice_skip(rest, (size_t)(at - rest.ptr) + key.len);
		value = rest;
	}
	if (!slice_is_none(value))
		text->len = (size_t)(value.ptr - text->ptr) - key.len;
	at = slice_chr(value, '}');
	return at != NULL ? slice_between(value.ptr, at) : value;
}

/* "[{LRT=};{LED=words};{FQDN=host};{IP=address}]", or words alone. */
struct status {
	struct slice words, host, ip;
};

static struct status
read_status(struct slice text)
{
	static const struct slice led = { "{LED=", 5 };
	struct status status = { text, SLICE_NONE, SLICE_NONE };
	const char *at;

	if (!slice_starts(text, slice_of("[{", 2)))
		return status;
	status.ip = take_last(&text, SLICE("};{IP="));
	status.host = take_last(&text, SLICE("};{FQDN="));
	at = slice_find(text, led);
	status.words = at != NULL ?
	    slice_skip(text, (size_t)(at - text.ptr) + led.len) : SLICE_NONE;
	/* older versions end here */
	if (slice_ends(status.words, slice_of("}]", 2)))
		status.words.len -= 2;
	return status;
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
	struct status said = read_status(status);

	if (said.words.len == 0)
		said.words = column(state, COL_CONTEXT);
	fact_set_reply(&state->memory, fact, said.words);
	if (said.host.len != 0 || said.ip.len != 0) {
		fact_set_relay(&state->memory, fact, said.host, said.ip);
	} else {
		fact->is_own_text = true; /* nobody else is named */
		fact->reply_code = 0;
	}
	if (fact->outcome == OUTCOME_BOUNCED &&
	    (slice_eq(fact->dsn, SLICE("4.4.7")) ||
	    slice_find(said.words, SLICE("QUEUE.Expired")) != NULL))
		fact->outcome = OUTCOME_EXPIRED;
}

bool
exchange_is_own_connector(struct slice connector)
{
	return slice_starts(connector, SLICE("Intra-Organization")) ||
	    slice_find(connector, SLICE("Internal Send Connector")) != NULL;
}

static void
set_success(struct exchange_state *state, struct slice status,
    struct delivery *fact)
{
	struct slice reply = final_reply(column(state, COL_CONTEXT));

	fact_set_relay(&state->memory, fact, column(state, COL_SERVER_HOST),
	    column(state, COL_SERVER_IP));
	fact_set_source_ip(&state->memory, fact,
	    column(state, COL_CLIENT_IP));
	/* before 2013 only that of RCPT */
	fact_set_reply(&state->memory, fact, reply.len != 0 ? reply : status);
	fact->hop = exchange_is_own_connector(column(state, COL_CONNECTOR)) ?
	    HOP_INTERNAL : hop_of_smtp(fact->relay_host, fact->relay_ip);
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
	if (slice_eq(column(state, COL_SOURCE), SLICE("STOREDRIVER")))
		fact->hop = HOP_LOCAL;
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

/* Of an outcome: when the message entered the organisation. */
static int64_t
delay_in(const struct exchange_state *state, const struct stamp *at)
{
	struct slice info = column(state, COL_INFO);
	const char *end = slice_chr(info, ';');
	struct stamp arrival;

	if (end != NULL)
		info = slice_between(info.ptr, end);
	if (!stamp_read_zoned(info, &arrival) || arrival.utc > at->utc)
		return -1;
	return (at->utc - arrival.utc) * 1000;
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
	bool is_only = slice_chr(recipients, ';') == NULL;
	enum mx_code code = MX_OK;

	fact->instance = SLICE("exchange");
	fact->agent = column(state, COL_CONNECTOR);
	fact->id = id_of(state);
	fact->sender = sender_in(state);
	fact->size_bytes = number_in(state, COL_BYTES);
	fact->delay_ms = delay_in(state, &fact->at);
	while (recipients.len != 0 && code == MX_OK) {
		struct delivery one = *fact;
		struct slice status = take_status(&statuses, is_only);

		fact_set_recipient(&state->memory, &one,
		    take_recipient(&recipients));
		one.is_final = one.outcome != OUTCOME_DEFERRED;
		if (one.outcome != OUTCOME_ACCEPTED)
			set_failure(state, status, &one);
		else if (one.hop != HOP_LOCAL)
			set_success(state, status, &one);
		code = sink->delivery(sink->ctx, &one, err);
	}
	return code;
}

static enum mx_code
take_row(void *memory, const struct log_line *line, bool is_seen,
    const struct fact_sink *sink, enum line_result *result_r,
    struct mx_err *err)
{
	struct exchange_state *state = memory;
	struct delivery fact = fact_start("exchange");
	struct slice time = column(state, COL_TIME);
	enum stamp_result result = stamp_read(state->clock, &time, &fact.at);
	enum mx_code code = MX_OK;

	if (result != STAMP_OK)
		fact.at = (struct stamp){ INT64_MIN, 0, 0 };
	if (!is_seen)
		code = log_line_seen(state->clock, &fact.at, SLICE_NONE, sink,
		    err);
	if (code != MX_OK)
		return code;
	if (state->header_count == 0)
		return log_line_skip(line, SKIP_MALFORMED, sink, result_r,
		    err);
	if (result != STAMP_OK)
		return log_line_skip(line, result == STAMP_BAD ?
		    SKIP_BAD_STAMP : SKIP_NO_STAMP, sink, result_r, err);
	if (state->log.row.count < state->header_count)
		return log_line_skip(line, SKIP_CUT, sink, result_r, err);
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
	struct slice text = exchange_without_mark(line->raw);
	size_t waiting;

	(void)csv_row_waiting(&state->log.row, &waiting);
	if (waiting != 0 || (text.len != 0 && text.ptr[0] != '#'))
		return csv_log_line(&state->log, line, sink, result_r, err);
	*result_r = LINE_TAKEN;
	return take_comment(state, text, sink, err);
}

static enum mx_code
exchange_finish(void *memory, const struct fact_sink *sink,
    struct mx_err *err)
{
	struct exchange_state *state = memory;

	return csv_log_finish(&state->log, sink, err);
}

static enum mx_code
exchange_init(void *memory, const struct log_context *context,
    struct mx_err *err)
{
	struct exchange_state *state = memory;
	struct slice head = exchange_without_mark(context->head), line;

	(void)err;
	fact_memory_init(&state->memory);
	state->clock = state->log.clock = context->clock;
	state->log.take = take_row;
	state->log.ctx = state;
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
	.finish = exchange_finish,
	.first_utc = exchange_first_utc,
};
