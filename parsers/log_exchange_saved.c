/* SPDX-License-Identifier: BSD-2-Clause */
/* Dialogues that a file ends in the middle of, for the next file. */
#include "parsers/log_exchange.h"
#include "parsers/log_saved.h"

static void
save_recipients(const struct dialogue *dialogue, struct strbuf *out)
{
	saved_add_number(out, dialogue->recipient_count);
	for (size_t i = 0; i < dialogue->recipient_count; i++) {
		const struct dialogue_recipient *one =
		    &dialogue->recipients[i];

		saved_add_text(out, slice_of(dialogue->addresses.ptr +
		    one->at, one->len));
		saved_add_number(out, one->is_accepted);
		saved_add_number(out, one->is_told);
	}
}

static void
save_waiting(const struct dialogue *dialogue, struct strbuf *out)
{
	saved_add_number(out, dialogue->waiting_count);
	for (size_t i = 0; i < dialogue->waiting_count; i++) {
		size_t at = (dialogue->first_waiting + i) % DIALOGUE_COMMANDS;

		saved_add_number(out, dialogue->waiting[at].command);
		saved_add_number(out, dialogue->waiting[at].recipient);
	}
}

void
exchange_dialogue_save(const struct dialogue *dialogue, struct strbuf *out)
{
	saved_add_text(out, strbuf_slice(&dialogue->session));
	saved_add_number(out, dialogue->key);
	saved_add_number(out, dialogue->seen);
	saved_add_text(out, strbuf_slice(&dialogue->id));
	saved_add_text(out, strbuf_slice(&dialogue->sender));
	saved_add_text(out, strbuf_slice(&dialogue->reply));
	saved_add_number(out, dialogue->has_greeting);
	saved_add_number(out, dialogue->has_record);
	saved_add_number(out, dialogue->messages);
	/* one more, and 0 for none */
	saved_add_number(out, (uint64_t)(dialogue->size_bytes + 1));
	save_recipients(dialogue, out);
	save_waiting(dialogue, out);
	saved_add_number(out, dialogue->has_mail_error);
	saved_add_text(out, strbuf_slice(&dialogue->mail_error));
	saved_add_text(out, slice_str(dialogue->tls));
}

static void
load_recipients(struct dialogue *dialogue, struct saved_fields *from)
{
	dialogue->recipient_count = saved_number(from, DIALOGUE_RECIPIENTS);
	for (size_t i = 0; i < dialogue->recipient_count; i++) {
		struct slice address = saved_text(from, DIALOGUE_BYTES);

		from->is_bad |= dialogue->addresses.len + address.len >
		    DIALOGUE_BYTES;
		if (from->is_bad)
			return;
		dialogue->recipients[i] = (struct dialogue_recipient){
			.at = (uint32_t)dialogue->addresses.len,
			.len = (uint32_t)address.len,
			.is_accepted = saved_flag(from),
			.is_told = saved_flag(from) };
		strbuf_add_slice(&dialogue->addresses, address);
	}
}

static void
load_waiting(struct dialogue *dialogue, struct saved_fields *from)
{
	dialogue->waiting_count = saved_number(from, DIALOGUE_COMMANDS);
	for (size_t i = 0; i < dialogue->waiting_count; i++) {
		dialogue->waiting[i].command =
		    (enum command)saved_number(from, COMMANDS - 1);
		dialogue->waiting[i].recipient =
		    (uint32_t)saved_number(from, DIALOGUE_RECIPIENTS);
	}
}

static void
load_text(struct saved_fields *from, struct strbuf *out)
{
	strbuf_add_slice(out, saved_text(from, LIMIT_LINE_BYTES));
}

/* Behind session and key. */
static void
load_rest(struct dialogue *dialogue, struct saved_fields *from)
{
	dialogue->seen = saved_number(from, UINT64_MAX / 2);
	load_text(from, &dialogue->id);
	load_text(from, &dialogue->sender);
	load_text(from, &dialogue->reply);
	dialogue->has_greeting = saved_flag(from);
	dialogue->has_record = saved_flag(from);
	dialogue->messages = (uint32_t)saved_number(from, UINT32_MAX);
	dialogue->size_bytes =
	    (int64_t)saved_number(from, (uint64_t)INT64_MAX) - 1;
	load_recipients(dialogue, from);
	load_waiting(dialogue, from);
	dialogue->has_mail_error = saved_flag(from);
	load_text(from, &dialogue->mail_error);
	saved_string(from, dialogue->tls, sizeof(dialogue->tls));
}

bool
exchange_dialogue_load(struct dialogue *dialogue, struct saved_fields *from)
{
	struct slice session = saved_text(from, LIMIT_LINE_BYTES);
	uint64_t key = saved_number(from, UINT64_MAX);

	if (from->is_bad || key == 0)
		return false;
	exchange_dialogue_begin(dialogue, key, session);
	load_rest(dialogue, from);
	if (from->is_bad)
		exchange_dialogue_release(dialogue);
	return !from->is_bad;
}
