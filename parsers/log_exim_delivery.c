/* SPDX-License-Identifier: BSD-2-Clause */
/* One recipient, one outcome, out of the fields of a delivery line. */
#include "parsers/log_exim.h"

#include "parsers/duration.h"
#include "parsers/hop.h"
#include "parsers/octal_escape.h"

static bool
has_word(struct slice text, const char *word)
{
	size_t len = strlen(word);

	for (size_t n = 0; n + len <= text.len; n++)
		if (slice_eq_nocase(slice_of(text.ptr + n, len),
		    slice_of(word, len)))
			return true;
	return false;
}

/* Mailboxes, pipes and LMTP, by the names that people and distributions give
 * to their transports; the line itself does not tell. */
static bool
is_local_transport(struct slice name)
{
	static const char *const words[] = { "lmtp", "local", "pipe",
		"address_", "maildir", "spool", "mailbox", "dovecot", "cyrus",
		"virtual", "procmail", "bypassed" };

	if (has_word(name, "remote"))
		return has_word(name, "lmtp");
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (has_word(name, words[i]))
			return true;
	return false;
}

static bool
is_special_address(struct slice address)
{
	return address.len != 0 && (address.ptr[0] == '|' ||
	    address.ptr[0] == '/' || address.ptr[0] == '>' ||
	    address.ptr[0] == ':' || slice_starts(address, SLICE("save ")) ||
	    slice_eq(address, SLICE("discarded")));
}

static enum hop
hop_of(enum exim_flag flag, const struct exim_fields *fields)
{
	if (is_special_address(fields->address))
		return HOP_LOCAL;
	if (fields->ip.len != 0)
		return has_word(fields->transport, "lmtp") ? HOP_LOCAL :
		    hop_of_smtp(fields->host, fields->ip);
	/* Only a transport that is local succeeds without a host. */
	if (flag == EXIM_DELIVERED || flag == EXIM_NOT_REALLY)
		return HOP_LOCAL;
	return is_local_transport(fields->transport) ? HOP_LOCAL : HOP_REMOTE;
}

/* A local delivery that succeeds is logged by its local part alone, one that
 * fails with the whole address: they are one recipient. */
static bool
is_local_part_of(struct slice part, struct slice address)
{
	return address.len > part.len && address.ptr[part.len] == '@' &&
	    slice_eq_nocase(part, slice_of(address.ptr, part.len));
}

static void
set_addresses(struct fact_memory *memory, const struct exim_fields *fields,
    struct delivery *fact)
{
	struct slice address = fields->address;

	fact->orig_recipient = fields->top;
	if (is_local_part_of(address, fields->top)) {
		address = fields->top;
		fact->orig_recipient = SLICE_NONE;
	}
	fact_set_recipient(memory, fact, address);
	if (fact->domain.len == 0)
		fact->domain = domain_name_plain(address_domain(fields->top),
		    memory->domain);
	fact->sender = fields->sender;
}

static void
set_numbers(const struct exim_fields *fields, struct delivery *fact)
{
	uint64_t size;

	if (fields->size.len != 0 &&
	    slice_number(fields->size, INT64_MAX, &size) != 0)
		fact->size_bytes = (int64_t)size;
	if (fields->queue_time.len != 0)
		fact->delay_ms = duration_letters(fields->queue_time);
}

static bool
is_thrown_away(enum exim_flag flag, const struct exim_fields *fields)
{
	return flag == EXIM_NOT_REALLY ||
	    slice_starts(fields->address, SLICE(":blackhole:")) ||
	    slice_eq(fields->address, SLICE("discarded")) ||
	    slice_eq(fields->transport, SLICE("**bypassed**"));
}

/* What Exim could not print it escaped, and then put in quotes. */
static struct slice
confirmation_text(struct fact_memory *memory, struct slice text)
{
	if (slice_chr(text, '\\') == NULL)
		return text;
	text = octal_unescape(text, OCTAL_BACKSLASH, &memory->reply);
	strbuf_reset(&memory->text);
	if (slice_chr(text, '\\') != NULL)
		return octal_unescape(text, OCTAL_LETTERS, &memory->text);
	strbuf_add_slice(&memory->text, text);
	return strbuf_slice(&memory->text);
}

static void
set_success(struct fact_memory *memory, enum exim_flag flag,
    const struct exim_fields *fields, struct delivery *fact)
{
	struct slice text = fields->confirmation;

	fact->outcome = is_thrown_away(flag, fields) ? OUTCOME_DISCARDED :
	    OUTCOME_ACCEPTED;
	fact->is_final = true;
	if (text.len == 0)
		return;
	fact_set_reply(memory, fact, confirmation_text(memory, text));
}

static enum outcome
outcome_of(enum exim_flag flag, const struct exim_words *words)
{
	if (flag == EXIM_FAILED)
		return words->is_given_up ? OUTCOME_EXPIRED : OUTCOME_BOUNCED;
	return words->is_retry_wait ? OUTCOME_SUSPENDED : OUTCOME_DEFERRED;
}

/* Whoever answered is the relay; who did not is only named. */
static void
set_peer(struct fact_memory *memory, const struct exim_fields *fields,
    const struct exim_words *words, struct delivery *fact)
{
	struct slice host = fields->host, ip = fields->ip;

	if (host.len == 0) { /* before 4.80 the words say it */
		host = words->host;
		ip = words->ip;
	}
	if (host.len == 0)
		return;
	if (words->is_unconnected || (fact->outcome != OUTCOME_DEFERRED &&
	    fact->outcome != OUTCOME_BOUNCED)) {
		fact_set_named(memory, fact, host, ip);
		return;
	}
	fact_set_relay(memory, fact, host, ip);
	fact->relay_port = fields->port;
}

static void
set_failure(struct fact_memory *memory, enum exim_flag flag,
    const struct exim_fields *fields, struct delivery *fact)
{
	struct slice text = fields->text.len != 0 ? fields->text :
	    fields->error;
	struct exim_words words, error;

	exim_words_read(text, &words);
	if (fields->error.len != 0 && !words.is_session) {
		exim_words_read(fields->error, &error);
		words.is_unconnected |= error.is_unconnected;
		if (error.is_unconnected)
			words.stage = STAGE_CONNECT;
	}
	fact->outcome = outcome_of(flag, &words);
	fact->is_final = flag == EXIM_FAILED;
	set_peer(memory, fields, &words, fact);
	fact->stage = words.stage;
	fact_set_reply(memory, fact,
	    octal_unescape(words.reply, OCTAL_LETTERS, &memory->text));
}

bool
exim_delivery_read(struct fact_memory *memory, enum exim_flag flag,
    struct slice text, struct delivery *fact, enum skip_reason *why_r)
{
	struct exim_fields fields;

	if (!exim_fields_read(flag, text, &fields, why_r))
		return false;
	set_addresses(memory, &fields, fact);
	set_numbers(&fields, fact);
	fact->agent = fields.transport;
	fact->tls = fields.cipher;
	fact->hop = hop_of(flag, &fields);
	if (fields.source_ip.len != 0)
		fact_set_source_ip(memory, fact, fields.source_ip);
	if (flag == EXIM_FAILED || flag == EXIM_DEFERRED) {
		set_failure(memory, flag, &fields, fact);
		return true;
	}
	if (fields.host.len != 0 && fact->hop != HOP_LOCAL)
		fact_set_relay(memory, fact, fields.host, fields.ip);
	fact->relay_port = fields.port;
	set_success(memory, flag, &fields, fact);
	return true;
}
