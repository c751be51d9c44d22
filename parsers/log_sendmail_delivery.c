/* SPDX-License-Identifier: BSD-2-Clause */
/* Outcome, peer and words of one sendmail delivery line. stat= misleads (any
 * 55x at RCPT is "User unknown"), so the words are those of reply= where there
 * is one, and the outcome is that of dsn=, which no remote can write. */
#include "parsers/log_sendmail.h"

#include "parsers/duration.h"
#include "parsers/hop.h"
#include "parsers/octal_escape.h"
#include "parsers/reply_text.h"

static bool
is_local_mailer(struct slice mailer)
{
	static const char *const names[] = { "local", "prog", "*file*",
		"*include*", "procmail", "cyrus", "lmtp", "dovecot", "uucp",
		"usenet", "fax", "virtual" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (slice_starts(mailer, slice_str(names[i])))
			return true;
	return false;
}

static bool
starts_with_any(struct slice text, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (slice_starts(text, slice_str(list[i])))
			return true;
	return false;
}

/* A relay without an address is one that was not talked to in this attempt:
 * no DNS, no connection, or a failure earlier in the same queue run. With one,
 * only the words tell that nobody answered. */
static bool
is_unconnected(struct slice text, const struct sendmail_fields *fields)
{
	static const char *const list[] = { "Connection refused by",
		"No route to host", "Network is unreachable", "Host is down",
		"Host unreachable", "Operation timed out with",
		"Name server:", "Host unknown" };

	if (fields->ip.len == 0 ||
	    starts_with_any(text, list, sizeof(list) / sizeof(list[0])))
		return true;
	return slice_starts(text, SLICE("Connection timed out with")) &&
	    slice_eq(fields->dsn, SLICE("4.4.1"));
}

/* Replies that sendmail writes itself. */
static bool
is_made_up(struct slice reply)
{
	static const char *const list[] = { "421 4.4.1 Connection ",
		"421 4.4.0 ", "454 4.7.0 TLS handshake failed",
		"403 4.7.0 TLS handshake", "451 4.4.1 reply: read error from",
		"451 4.0.0 reply: " };

	return starts_with_any(reply, list, sizeof(list) / sizeof(list[0]));
}

/* False: no attempt, and nothing that ends the recipient. */
static bool
read_outcome(const struct sendmail_fields *fields, enum outcome *outcome_r)
{
	struct slice stat = fields->stat;
	char digit = fields->dsn.len != 0 ? fields->dsn.ptr[0] :
	    reply_code_of(fields->reply) != 0 ? fields->reply.ptr[0] : '\0';

	if (slice_is_none(fields->reply) && (slice_eq(stat, SLICE("queued")) ||
	    slice_starts(stat, SLICE("quarantined"))))
		return false;
	if (digit == '\0')
		digit = slice_starts(stat, SLICE("Sent")) ? '2' :
		    slice_starts(stat, SLICE("Deferred")) ? '4' : '5';
	*outcome_r = digit == '2' ? OUTCOME_ACCEPTED :
	    digit == '4' ? OUTCOME_DEFERRED : OUTCOME_BOUNCED;
	return true;
}

/* The names that an optional stage= may have. */
static enum stage
stage_of(struct slice name)
{
	static const struct {
		const char *word;
		enum stage stage;
	} words[] = {
		{ "connect", STAGE_CONNECT }, { "greet", STAGE_CONNECT },
		{ "ehlo", STAGE_EHLO }, { "helo", STAGE_EHLO },
		{ "starttls", STAGE_STARTTLS }, { "auth", STAGE_AUTH },
		{ "mail", STAGE_MAIL }, { "rcpt", STAGE_RCPT },
		{ "data", STAGE_DATA }, { "eom", STAGE_EOD },
		{ "eod", STAGE_EOD },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		size_t len = strlen(words[i].word);

		if (name.len >= len && slice_eq_nocase(slice_of(name.ptr,
		    len), slice_of(words[i].word, len)))
			return words[i].stage;
	}
	return STAGE_NONE;
}

/* "Sent (words)": without the code. */
static void
set_success(struct fact_memory *memory, struct slice reply,
    struct slice stat, struct delivery *fact)
{
	if (reply.len != 0) {
		fact_set_reply(memory, fact, octal_unescape(reply,
		    OCTAL_LETTERS | OCTAL_BACKSLASH, &memory->text));
		return;
	}
	if (!slice_starts(stat, SLICE("Sent (")))
		return;
	stat = slice_skip(stat, 6);
	if (stat.len != 0 && stat.ptr[stat.len - 1] == ')')
		stat.len--;
	fact_set_reply(memory, fact, octal_unescape(stat,
	    OCTAL_LETTERS | OCTAL_BACKSLASH, &memory->text));
	fact->is_own_text = false;
}

/* Whoever answered is the relay; who did not is only named. */
static void
set_peer(struct fact_memory *memory, const struct sendmail_fields *fields,
    bool has_session, struct delivery *fact)
{
	if (is_local_mailer(fields->mailer))
		return;
	if (has_session) {
		fact_set_relay(memory, fact, fields->host, fields->ip);
		return;
	}
	fact_set_named(memory, fact, fields->host, fields->ip);
	if (slice_eq(fact->named_mx, fact->domain) && fields->ip.len == 0)
		fact->named_mx = SLICE_NONE; /* no MX, the domain itself */
}

static void
set_failure(struct fact_memory *memory, const struct sendmail_fields *fields,
    struct delivery *fact)
{
	bool is_own = fields->reply.len == 0 ||
	    reply_code_of(fields->reply) == 0 || is_made_up(fields->reply);
	struct slice text = is_own ? fields->stat : fields->reply;
	bool is_unreached;

	if (is_own && slice_starts(text, SLICE("Deferred: ")))
		text = slice_skip(text, 10);
	is_unreached = is_unconnected(text, fields);
	fact_set_reply(memory, fact, octal_unescape(text,
	    OCTAL_LETTERS | OCTAL_BACKSLASH, &memory->text));
	if (is_made_up(text)) {
		fact->is_own_text = true;
		fact->reply_code = 0;
	}
	fact->stage = stage_of(fields->stage);
	if (fact->stage == STAGE_NONE && fact->reply_code != 0 &&
	    slice_eq(fields->stat, SLICE("User unknown")))
		fact->stage = STAGE_RCPT;
	else if (fact->stage == STAGE_NONE && is_unreached &&
	    slice_starts(text, SLICE("Connection refused")))
		fact->stage = STAGE_CONNECT;
	set_peer(memory, fields, !is_unreached, fact);
}

static enum hop
hop_of(const struct sendmail_fields *fields)
{
	if (is_local_mailer(fields->mailer))
		return HOP_LOCAL;
	return hop_of_smtp(fields->host, fields->ip);
}

enum sendmail_result
sendmail_delivery_read(struct fact_memory *memory,
    const struct sendmail_fields *fields, struct delivery *fact)
{
	if (!read_outcome(fields, &fact->outcome))
		return SENDMAIL_NO_FACT;
	fact->agent = fields->mailer;
	fact->dsn = fields->dsn;
	fact->tls = fields->tls;
	if (fields->delay.len != 0)
		fact->delay_ms = duration_clock(fields->delay);
	fact->hop = hop_of(fields);
	fact->is_final = fact->outcome != OUTCOME_DEFERRED;
	if (fact->outcome == OUTCOME_ACCEPTED) {
		set_peer(memory, fields, true, fact);
		set_success(memory, fields->reply, fields->stat, fact);
	} else {
		set_failure(memory, fields, fact);
	}
	return SENDMAIL_FACT;
}
