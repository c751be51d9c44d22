/* SPDX-License-Identifier: BSD-2-Clause */
/* A dialogue as the send protocol log has it: commands and replies in a row
 * each. With PIPELINING several commands come before their replies, so that
 * each reply belongs to the oldest command that has none yet. */
#include "parsers/log_exchange.h"

#include "base/strbuf.h"
#include "parsers/hop.h"
#include "parsers/reply_text.h"

static const struct {
	struct slice verb;
	enum command command;
} verbs[] = {
	{ { "EHLO", 4 }, COMMAND_EHLO }, { { "HELO", 4 }, COMMAND_EHLO },
	{ { "STARTTLS", 8 }, COMMAND_STARTTLS },
	{ { "AUTH", 4 }, COMMAND_AUTH },
	{ { "MAIL FROM:", 10 }, COMMAND_MAIL },
	{ { "RCPT TO:", 8 }, COMMAND_RCPT }, { { "DATA", 4 }, COMMAND_DATA },
};

static const enum stage stages[] = { [COMMAND_OTHER] = STAGE_NONE,
	[COMMAND_EHLO] = STAGE_EHLO, [COMMAND_STARTTLS] = STAGE_STARTTLS,
	[COMMAND_AUTH] = STAGE_AUTH, [COMMAND_MAIL] = STAGE_MAIL,
	[COMMAND_RCPT] = STAGE_RCPT, [COMMAND_DATA] = STAGE_DATA,
	[COMMAND_EOD] = STAGE_EOD };

void
exchange_dialogue_begin(struct dialogue *dialogue, uint64_t key,
    struct slice session)
{
	exchange_dialogue_release(dialogue);
	memset(dialogue, 0, sizeof(*dialogue));
	dialogue->key = key;
	dialogue->size_bytes = -1;
	strbuf_init(&dialogue->session, 256);
	strbuf_init(&dialogue->id, 256);
	strbuf_init(&dialogue->addresses, DIALOGUE_BYTES);
	strbuf_init(&dialogue->sender, LIMIT_ADDRESS_BYTES);
	strbuf_init(&dialogue->reply, LIMIT_REPLY_BYTES);
	strbuf_init(&dialogue->mail_error, LIMIT_REPLY_BYTES);
	strbuf_add_slice(&dialogue->session, session);
}

void
exchange_dialogue_release(struct dialogue *dialogue)
{
	if (dialogue->key == 0)
		return;
	strbuf_release(&dialogue->session);
	strbuf_release(&dialogue->id);
	strbuf_release(&dialogue->addresses);
	strbuf_release(&dialogue->sender);
	strbuf_release(&dialogue->reply);
	strbuf_release(&dialogue->mail_error);
	dialogue->key = 0;
}

/* ------------------------------------------------------------------ */
/* Facts */

/* RECIPIENT absent: nobody is known. */
static enum mx_code
tell(struct fact_memory *memory, const struct dialogue *dialogue,
    const struct exchange_row *row, struct slice recipient,
    struct slice reply, enum stage stage, const struct fact_sink *sink,
    struct mx_err *err)
{
	struct delivery fact = fact_start("exchange");
	uint16_t unused;

	fact.at = row->at;
	fact.where = row->where;
	fact.instance = SLICE("exchange");
	fact.agent = row->connector;
	if (dialogue->id.len != 0)
		fact.id = strbuf_slice(&dialogue->id);
	fact.is_id_made = !dialogue->has_record;
	if (stage > STAGE_AUTH || stage == STAGE_NONE)
		fact.sender = strbuf_slice(&dialogue->sender);
	fact.size_bytes = dialogue->size_bytes;
	if (recipient.len != 0)
		fact_set_recipient(memory, &fact, recipient);
	fact_set_relay(memory, &fact, SLICE_NONE, ip_and_port(row->remote,
	    &fact.relay_port));
	fact_set_source_ip(memory, &fact, ip_and_port(row->local, &unused));
	if (dialogue->tls[0] != '\0')
		fact.tls = slice_str(dialogue->tls);
	fact_set_reply(memory, &fact, reply);
	/* whose recipient is not known is tried again, for all we know */
	fact.outcome = fact.reply_code >= 500 && recipient.len != 0 ?
	    OUTCOME_BOUNCED : fact.reply_code >= 400 ||
	    fact.reply_code == 0 || recipient.len == 0 ? OUTCOME_DEFERRED :
	    OUTCOME_ACCEPTED;
	fact.is_final = fact.outcome != OUTCOME_DEFERRED;
	if (fact.outcome != OUTCOME_ACCEPTED)
		fact.stage = stage;
	fact.hop = exchange_is_own_connector(row->connector) ?
	    HOP_INTERNAL : hop_of_smtp(SLICE_NONE, fact.relay_ip);
	return sink->delivery(sink->ctx, &fact, err);
}

static struct slice
address_at(const struct dialogue *dialogue, size_t number)
{
	const struct dialogue_recipient *one = &dialogue->recipients[number];

	return slice_of(dialogue->addresses.ptr + one->at, one->len);
}

/* The same for all who were accepted at RCPT. */
static enum mx_code
tell_accepted(struct fact_memory *memory, struct dialogue *dialogue,
    const struct exchange_row *row, struct slice reply, enum stage stage,
    const struct fact_sink *sink, struct mx_err *err)
{
	enum mx_code code = MX_OK;

	for (size_t i = 0; i < dialogue->recipient_count && code == MX_OK;
	    i++) {
		struct dialogue_recipient *one = &dialogue->recipients[i];

		if (!one->is_accepted || one->is_told)
			continue;
		one->is_told = true;
		code = tell(memory, dialogue, row, address_at(dialogue, i),
		    reply, stage, sink, err);
	}
	return code;
}

static enum mx_code
tell_one(struct fact_memory *memory, struct dialogue *dialogue,
    const struct exchange_row *row, size_t number, struct slice reply,
    enum stage stage, const struct fact_sink *sink, struct mx_err *err)
{
	if (number >= dialogue->recipient_count ||
	    dialogue->recipients[number].is_told)
		return MX_OK;
	dialogue->recipients[number].is_told = true;
	return tell(memory, dialogue, row, address_at(dialogue, number),
	    reply, stage, sink, err);
}

/* ------------------------------------------------------------------ */
/* Commands */

static void
forget_message(struct dialogue *dialogue)
{
	dialogue->recipient_count = 0;
	dialogue->has_mail_error = false;
	dialogue->size_bytes = -1;
	strbuf_reset(&dialogue->addresses);
	strbuf_reset(&dialogue->sender);
}

static void
push(struct dialogue *dialogue, enum command command, uint32_t recipient)
{
	size_t at = (dialogue->first_waiting + dialogue->waiting_count) %
	    DIALOGUE_COMMANDS;

	if (dialogue->waiting_count == DIALOGUE_COMMANDS)
		return;
	dialogue->waiting[at].command = command;
	dialogue->waiting[at].recipient = recipient;
	dialogue->waiting_count++;
}

/* "<a@b> SIZE=12": the address, up to a bracket outside of quotes. */
static struct slice
take_path(struct slice *text)
{
	bool is_quoted = false;
	size_t n = 0;
	struct slice path;

	for (; n < text->len; n++) {
		char c = text->ptr[n];

		if (c == '\\' && is_quoted)
			n++;
		else if (c == '"')
			is_quoted = !is_quoted;
		else if (!is_quoted && (c == '>' || c == ' '))
			break;
	}
	if (n > text->len)
		n = text->len;
	path = slice_of(text->ptr, n);
	*text = slice_skip(*text, n + 1);
	return slice_starts(path, slice_of("<", 1)) ? slice_skip(path, 1) :
	    path;
}

static void
begin_message(struct dialogue *dialogue, struct slice arguments)
{
	const char *size;
	uint64_t number;

	forget_message(dialogue);
	dialogue->messages++;
	strbuf_add_slice(&dialogue->sender, take_path(&arguments));
	size = slice_find(arguments, SLICE("SIZE="));
	if (size != NULL && slice_number(slice_skip(arguments,
	    (size_t)(size + 5 - arguments.ptr)), INT64_MAX, &number) != 0)
		dialogue->size_bytes = (int64_t)number;
	if (dialogue->has_record)
		return;
	strbuf_reset(&dialogue->id);
	strbuf_add_slice(&dialogue->id, strbuf_slice(&dialogue->session));
	strbuf_addf(&dialogue->id, ".%u", dialogue->messages);
}

static uint32_t
add_recipient(struct dialogue *dialogue, struct slice arguments)
{
	struct slice address = take_path(&arguments);
	struct dialogue_recipient *one;

	if (dialogue->recipient_count == DIALOGUE_RECIPIENTS ||
	    dialogue->addresses.len + address.len > DIALOGUE_BYTES)
		return DIALOGUE_RECIPIENTS;
	one = &dialogue->recipients[dialogue->recipient_count];
	*one = (struct dialogue_recipient){
		.at = (uint32_t)dialogue->addresses.len,
		.len = (uint32_t)address.len };
	strbuf_add_slice(&dialogue->addresses, address);
	return (uint32_t)dialogue->recipient_count++;
}

static bool
is_last_chunk(struct slice data)
{
	return slice_find(data, SLICE(" LAST")) != NULL;
}

static void
take_command(struct dialogue *dialogue, struct slice data)
{
	enum command command = COMMAND_OTHER;
	uint32_t recipient = 0;
	size_t i;

	for (i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
		if (data.len >= verbs[i].verb.len && slice_eq_nocase(
		    slice_of(data.ptr, verbs[i].verb.len), verbs[i].verb)) {
			command = verbs[i].command;
			data = slice_skip(data, verbs[i].verb.len);
			break;
		}
	if (command == COMMAND_MAIL)
		begin_message(dialogue, slice_trim(data));
	else if (command == COMMAND_RCPT)
		recipient = add_recipient(dialogue, slice_trim(data));
	else if (command == COMMAND_OTHER && slice_starts(data,
	    SLICE("BDAT ")) && is_last_chunk(data))
		command = COMMAND_EOD;
	push(dialogue, command, recipient);
}

/* ------------------------------------------------------------------ */
/* Replies */

static enum mx_code
take_answer(struct fact_memory *memory, struct dialogue *dialogue,
    const struct exchange_row *row, struct slice reply, uint16_t code,
    const struct fact_sink *sink, struct mx_err *err)
{
	size_t first = dialogue->first_waiting;
	enum command command = dialogue->waiting[first].command;
	uint32_t recipient = dialogue->waiting[first].recipient;
	enum mx_code result = MX_OK;

	dialogue->first_waiting = (first + 1) % DIALOGUE_COMMANDS;
	dialogue->waiting_count--;
	switch (command) {
	case COMMAND_MAIL:
		if (code < 400)
			return MX_OK;
		strbuf_reset(&dialogue->mail_error);
		strbuf_add_slice(&dialogue->mail_error, reply);
		dialogue->has_mail_error = true;
		/* with PIPELINING those whom it hits are known */
		return dialogue->waiting_count != 0 ? MX_OK : tell(memory,
		    dialogue, row, SLICE_NONE, reply, STAGE_MAIL, sink, err);
	case COMMAND_RCPT:
		if (dialogue->has_mail_error)
			return tell_one(memory, dialogue, row, recipient,
			    strbuf_slice(&dialogue->mail_error), STAGE_MAIL,
			    sink, err);
		if (code >= 400)
			return tell_one(memory, dialogue, row, recipient,
			    reply, STAGE_RCPT, sink, err);
		if (recipient < dialogue->recipient_count)
			dialogue->recipients[recipient].is_accepted = true;
		return MX_OK;
	case COMMAND_DATA:
		if (code == 354)
			push(dialogue, COMMAND_EOD, 0);
		else
			result = tell_accepted(memory, dialogue, row, reply,
			    STAGE_DATA, sink, err);
		return result;
	case COMMAND_EOD:
		result = tell_accepted(memory, dialogue, row, reply,
		    STAGE_EOD, sink, err);
		forget_message(dialogue);
		dialogue->has_record = false;
		return result;
	case COMMAND_EHLO:
	case COMMAND_STARTTLS:
	case COMMAND_AUTH:
		/* HELO and plain text are tried next: only what closes the
		 * door is told */
		if (command == COMMAND_EHLO && (code == 421 || code >= 550))
			return tell(memory, dialogue, row, SLICE_NONE, reply,
			    stages[command], sink, err);
		return MX_OK;
	case COMMAND_OTHER:
	case COMMANDS:
		break;
	}
	return MX_OK;
}

/* Rows of a reply of several lines come one by one. */
static enum mx_code
take_reply(struct fact_memory *memory, struct dialogue *dialogue,
    const struct exchange_row *row, const struct fact_sink *sink,
    struct mx_err *err)
{
	uint16_t code = reply_code_of(row->data);
	struct slice reply;
	enum mx_code result = MX_OK;

	if (dialogue->reply.len != 0)
		strbuf_add_char(&dialogue->reply, ' ');
	strbuf_add_slice(&dialogue->reply, row->data);
	if (code != 0 && row->data.len > 3 && row->data.ptr[3] == '-')
		return MX_OK;
	reply = strbuf_slice(&dialogue->reply);
	if (code != 0 && !dialogue->has_greeting) {
		dialogue->has_greeting = true;
		if (code >= 400)
			result = tell(memory, dialogue, row, SLICE_NONE,
			    reply, STAGE_CONNECT, sink, err);
	} else if (code != 0 && dialogue->waiting_count != 0) {
		result = take_answer(memory, dialogue, row, reply, code,
		    sink, err);
	}
	strbuf_reset(&dialogue->reply);
	return result;
}

/* "sending message with RecordId 77 and InternetMessageId <m@x>";
 * "TLS protocol SP_PROT_TLS1_2_CLIENT negotiation succeeded ..." */
static void
take_note(struct dialogue *dialogue, struct slice text)
{
	static const struct slice record = { "RecordId ", 9 };
	static const struct slice tls = { "TLS protocol ", 13 };
	const char *at = slice_find(text, record);
	uint64_t unused;

	if (at != NULL) {
		text = slice_skip(text, (size_t)(at - text.ptr) + record.len);
		text.len = slice_number(text, UINT64_MAX / 16, &unused);
		strbuf_reset(&dialogue->id);
		strbuf_add_slice(&dialogue->id, text);
		dialogue->has_record = text.len != 0;
		return;
	}
	at = slice_find(text, tls);
	if (at == NULL)
		return;
	text = slice_skip(text, (size_t)(at - text.ptr) + tls.len);
	at = slice_chr(text, ' ');
	if (at == NULL || (size_t)(at - text.ptr) >= sizeof(dialogue->tls))
		return;
	memcpy(dialogue->tls, text.ptr, (size_t)(at - text.ptr));
	dialogue->tls[at - text.ptr] = '\0';
}

/* Who had no answer yet is tried again. */
static enum mx_code
take_end(struct fact_memory *memory, struct dialogue *dialogue,
    const struct exchange_row *row, const struct fact_sink *sink,
    struct mx_err *err)
{
	enum mx_code code;

	strbuf_reset(&dialogue->reply);
	strbuf_add_str(&dialogue->reply, "disconnected");
	if (row->context.len != 0) {
		strbuf_add_str(&dialogue->reply, ": ");
		strbuf_add_slice(&dialogue->reply, row->context);
	}
	code = tell_accepted(memory, dialogue, row,
	    strbuf_slice(&dialogue->reply), STAGE_NONE, sink, err);
	exchange_dialogue_release(dialogue);
	return code;
}

enum mx_code
exchange_dialogue_row(struct fact_memory *memory, struct dialogue *dialogue,
    const struct exchange_row *row, const struct fact_sink *sink,
    struct mx_err *err)
{
	switch (row->event) {
	case '>':
		take_command(dialogue, row->data);
		return MX_OK;
	case '<':
		return take_reply(memory, dialogue, row, sink, err);
	case '*':
		take_note(dialogue, row->context.len != 0 ? row->context :
		    row->data);
		return MX_OK;
	case '-':
		return take_end(memory, dialogue, row, sink, err);
	default:
		return MX_OK;
	}
}
