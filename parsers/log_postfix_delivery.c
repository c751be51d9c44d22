/* SPDX-License-Identifier: BSD-2-Clause */
/* The one delivery line that all agents of Postfix share (src/global/
 * log_adhoc.c, 3.12):
 *
 *   QID: to=<RCPT>[, orig_to=<ORIG>], relay=RELAY[, conn_use=N], delay=D
 *       [, delays=a/b/c/d][, tls=T][, dsn=x.y.z], status=STATUS (REASON)
 *
 * REASON is the remote's: fields are taken in order from the left, and the
 * first status= ends them. */
#include "parsers/log_postfix.h"

#include "parsers/hop.h"
#include "parsers/reply_text.h"

/* A delay of more digits is none. */
#define DELAY_MAX_S UINT64_C(999999999999)

/* "89758", "0.04": two significant digits, up to six decimals. */
static int64_t
milliseconds(struct slice value)
{
	uint64_t seconds;
	size_t n = slice_number(value, DELAY_MAX_S, &seconds);
	int64_t ms, unit = 1000;

	if (n == 0)
		return -1;
	ms = (int64_t)seconds * 1000;
	if (n < value.len && value.ptr[n] == '.')
		for (n++; n < value.len && ascii_is_digit(value.ptr[n]) &&
		    unit != 1; n++)
			ms += (value.ptr[n] - '0') * (unit /= 10);
	return ms;
}

/* What stands behind the words "relay=". */
struct relay {
	struct slice host, address;
	uint16_t port;
};

/* "none", "host[addr]:port", "::1[::1]:25", "host[path]", or the name of a
 * service. The name may be an address itself: from the first "[" to the last
 * "]". */
static struct relay
read_relay(struct slice value)
{
	struct relay relay = { SLICE_NONE, SLICE_NONE, 0 };
	const char *open = slice_chr(value, '[');
	size_t close = value.len;
	uint64_t port;

	if (slice_eq(value, SLICE("none")))
		return relay;
	relay.host = value;
	if (open == NULL)
		return relay;
	while (close > 0 && value.ptr[close - 1] != ']')
		close--;
	relay.host = slice_between(value.ptr, open);
	if (close == 0 || value.ptr + close <= open)
		return relay;
	relay.address = slice_between(open + 1, value.ptr + close - 1);
	if (close + 1 < value.len && value.ptr[close] == ':' &&
	    slice_number(slice_skip(value, close + 1), 65535, &port) != 0)
		relay.port = (uint16_t)port;
	return relay;
}

static bool
read_outcome(struct slice status, enum outcome *outcome_r)
{
	*outcome_r = OUTCOME_ACCEPTED;
	if (slice_eq(status, SLICE("sent")))
		return true;
	*outcome_r = OUTCOME_DEFERRED;
	if (slice_eq(status, SLICE("deferred")) ||
	    slice_eq(status, SLICE("SOFTBOUNCE")))
		return true;
	*outcome_r = OUTCOME_BOUNCED;
	if (slice_eq(status, SLICE("bounced")))
		return true;
	*outcome_r = OUTCOME_PROBE;
	if (slice_eq(status, SLICE("deliverable")) ||
	    slice_eq(status, SLICE("undeliverable")) ||
	    slice_eq(status, SLICE("undeliverable-but-not-cached")))
		return true;
	*outcome_r = OUTCOME_EXPIRED; /* should it ever stand here */
	return slice_eq(status, SLICE("expired")) ||
	    slice_eq(status, SLICE("force-expired"));
}

/* From the first "(" to the last ")", which is missing where the line was
 * cut. */
static struct slice
in_parentheses(struct slice text, bool *is_cut_r)
{
	const char *open = slice_chr(text, '(');

	*is_cut_r = true;
	if (open == NULL)
		return SLICE_NONE;
	text = slice_skip(text, (size_t)(open + 1 - text.ptr));
	while (text.len != 0 && ascii_is_space(text.ptr[text.len - 1]))
		text.len--;
	if (text.len != 0 && text.ptr[text.len - 1] == ')') {
		*is_cut_r = false;
		text.len--;
	}
	return text;
}

enum field { FIELD_OTHER, FIELD_RELAY, FIELD_DELAY, FIELD_TLS, FIELD_DSN };

static enum field
field_of(struct slice key)
{
	switch (key.len) {
	case 3:
		if (memcmp(key.ptr, "dsn", 3) == 0)
			return FIELD_DSN;
		return memcmp(key.ptr, "tls", 3) == 0 ? FIELD_TLS :
		    FIELD_OTHER;
	case 5:
		if (memcmp(key.ptr, "relay", 5) == 0)
			return FIELD_RELAY;
		return memcmp(key.ptr, "delay", 5) == 0 ? FIELD_DELAY :
		    FIELD_OTHER;
	default:
		return FIELD_OTHER;
	}
}

static void
set_field(struct slice key, struct slice value, struct delivery *fact,
    struct relay *relay)
{
	switch (field_of(key)) {
	case FIELD_RELAY:
		*relay = read_relay(value);
		break;
	case FIELD_DELAY:
		fact->delay_ms = milliseconds(value);
		break;
	case FIELD_TLS:
		fact->tls = value;
		break;
	case FIELD_DSN:
		fact->dsn = value;
		break;
	case FIELD_OTHER: /* conn_use, delays, and what is yet to come */
		break;
	}
}

/* The value up to the next field, when KEY (", relay=") is next. */
static inline bool
take_known(struct slice *rest, struct slice key, struct slice *value_r)
{
	const char *comma;

	if (!slice_starts(*rest, key))
		return false;
	*value_r = slice_skip(*rest, key.len);
	comma = slice_chr(*value_r, ',');
	if (comma == NULL || (size_t)(comma + 1 - value_r->ptr) ==
	    value_r->len || comma[1] != ' ')
		return false;
	value_r->len = (size_t)(comma - value_r->ptr);
	*rest = slice_skip(*rest, key.len + value_r->len);
	return true;
}

/* The fields that nearly all lines have, in their order. */
static void
read_usual_fields(struct slice *rest, struct delivery *fact,
    struct relay *relay)
{
	struct slice value;

	if (take_known(rest, SLICE(", relay="), &value))
		*relay = read_relay(value);
	(void)take_known(rest, SLICE(", conn_use="), &value);
	if (take_known(rest, SLICE(", delay="), &value))
		fact->delay_ms = milliseconds(value);
	(void)take_known(rest, SLICE(", delays="), &value);
	if (take_known(rest, SLICE(", tls="), &value))
		fact->tls = value;
	if (take_known(rest, SLICE(", dsn="), &value))
		fact->dsn = value;
}

/* All fields up to status=; *REST is then what follows that word. */
static bool
read_fields(struct slice *rest, struct delivery *fact, struct relay *relay)
{
	struct slice key, value;

	read_usual_fields(rest, fact, relay);
	while (!slice_starts(*rest, SLICE(", status="))) {
		if (!postfix_take_field(rest, &key, &value))
			return false;
		set_field(key, value, fact, relay);
	}
	*rest = slice_skip(*rest, sizeof(", status=") - 1);
	return true;
}

static bool
is_mailbox_agent(enum postfix_agent agent)
{
	return agent == AGENT_LMTP || agent == AGENT_LOCAL ||
	    agent == AGENT_VIRTUAL || agent == AGENT_PIPE;
}

/* Who it was, where only the service is named: local agents write a name
 * without address, the error and discard services "none". */
static enum postfix_agent
agent_of_relay(const struct relay *relay, enum outcome outcome)
{
	if (slice_is_none(relay->host))
		return outcome == OUTCOME_ACCEPTED ? AGENT_DISCARD :
		    AGENT_ERROR;
	if (relay->address.len == 0)
		return AGENT_PIPE;
	return slice_chr(relay->address, '/') != NULL ? AGENT_LMTP :
	    AGENT_SMTP;
}

static void
set_relay(struct postfix_state *state, enum postfix_agent agent,
    struct relay relay, struct delivery *fact)
{
	/* Local agents put the name of a service there. */
	if (relay.address.len == 0 && is_mailbox_agent(agent))
		return;
	if (relay.host.len != 0)
		fact->relay_host = domain_name_plain(relay.host,
		    state->relay);
	if (slice_chr(relay.address, '/') == NULL)
		fact->relay_ip = relay.address;
	fact->relay_port = relay.port;
}

/* The text names who spoke; where that is another than relay=, it is the one
 * to believe, and its port is not known. */
static void
set_speaker(struct postfix_state *state, const struct postfix_reason *reason,
    struct delivery *fact)
{
	if (slice_eq(reason->ip, fact->relay_ip) &&
	    slice_eq_nocase(reason->host, fact->relay_host))
		return;
	if (slice_chr(reason->ip, '/') != NULL)
		return;
	if (!slice_eq(reason->ip, fact->relay_ip))
		fact->relay_port = 0;
	fact->relay_host = domain_name_plain(reason->host, state->relay);
	fact->relay_ip = reason->ip;
}

/* The MX that nobody talked to. */
static void
set_named(struct postfix_state *state, const struct postfix_reason *reason,
    struct delivery *fact)
{
	struct slice name = domain_name_plain(reason->host, state->named);

	if (slice_eq(name, fact->domain) && slice_is_none(reason->ip))
		return; /* the domain itself, no MX */
	fact->named_mx = name;
	if (slice_chr(reason->ip, '/') == NULL)
		fact->named_ip = reason->ip;
}

static struct slice
whole_reply(struct postfix_state *state, struct slice text)
{
	text = reply_unfold(text, &state->reply);
	if (text.len > LIMIT_REPLY_BYTES)
		text.len = LIMIT_REPLY_BYTES;
	while (text.len != 0 && text.ptr[text.len - 1] == ' ')
		text.len--;
	return text.len != 0 ? text : SLICE_NONE;
}

/* "refused to talk to me: 5xx" is said of the greeting and of EHLO. A 5xx
 * greeting is only a deferral, the next MX being tried (smtp_skip_5xx_greeting
 * makes its status 4.x.x), EHLO's is final. */
static enum stage
stage_of_refusal(const struct delivery *fact, bool is_soft_bounce)
{
	bool is_final = is_soft_bounce ||
	    (fact->dsn.len != 0 && fact->dsn.ptr[0] == '5');

	return fact->reply_code >= 500 && is_final ? STAGE_EHLO :
	    STAGE_CONNECT;
}

static void
set_reason(struct postfix_state *state, struct slice text, bool is_cut,
    bool is_soft_bounce, struct delivery *fact)
{
	struct postfix_reason reason;

	postfix_reason_read(text, is_cut, &reason);
	fact->is_own_text = reason.is_own_text;
	fact->stage = reason.stage;
	if (!reason.is_own_text)
		fact->reply_code = reply_code_of(reason.reply);
	if (!reason.is_own_text && reason.stage == STAGE_CONNECT)
		fact->stage = stage_of_refusal(fact, is_soft_bounce);
	fact->reply = whole_reply(state, reason.reply);
	if (reason.is_suspended && fact->outcome == OUTCOME_DEFERRED)
		fact->outcome = OUTCOME_SUSPENDED;
	if (slice_is_none(reason.host))
		return;
	if (reason.is_contact && !reason.is_suspended)
		set_speaker(state, &reason, fact);
	else
		set_named(state, &reason, fact);
}

static void
set_success(struct postfix_state *state, enum postfix_agent agent,
    struct slice text, struct delivery *fact)
{
	fact->reply_code = reply_code_of(text);
	fact->is_own_text = fact->reply_code == 0;
	fact->reply = whole_reply(state, text);
	if (agent == AGENT_DISCARD ||
	    (agent == AGENT_LOCAL && slice_eq(text, SLICE("discarded"))))
		fact->outcome = OUTCOME_DISCARDED;
}

/* By whom, and to where; a failed connect counts by what it was to. */
static enum hop
hop_of(enum postfix_agent agent, struct slice address,
    const struct delivery *fact)
{
	if (is_mailbox_agent(agent))
		return HOP_LOCAL;
	if (slice_is_none(fact->relay_host) && address.len == 0)
		return hop_of_smtp(fact->named_mx, fact->named_ip);
	return hop_of_smtp(fact->relay_host,
	    slice_chr(address, '/') != NULL ? address : fact->relay_ip);
}

/* Recipient and fields; *REST is then behind "status=". */
static bool
read_front(struct slice *rest, struct delivery *fact, struct relay *relay)
{
	if (!postfix_take_address(rest, &fact->recipient))
		return false;
	if (slice_starts(*rest, SLICE(", orig_to="))) {
		*rest = slice_skip(*rest, 10);
		if (!postfix_take_address(rest, &fact->orig_recipient))
			return false;
	}
	return read_fields(rest, fact, relay);
}

bool
postfix_delivery_read(struct postfix_state *state, enum postfix_agent agent,
    struct slice rest, struct delivery *fact, enum skip_reason *why_r)
{
	struct relay relay = { SLICE_NONE, SLICE_NONE, 0 };
	struct slice whole = rest, text, status;
	const char *space;
	bool is_cut;

	if (!read_front(&rest, fact, &relay)) {
		*why_r = slice_find(whole, SLICE("status=")) == NULL ?
		    SKIP_CUT : SKIP_MALFORMED;
		return false;
	}
	space = slice_chr(rest, ' ');
	status = space != NULL ? slice_between(rest.ptr, space) : rest;
	if (!read_outcome(status, &fact->outcome)) {
		*why_r = space == NULL ? SKIP_CUT : SKIP_MALFORMED;
		return false;
	}
	if (agent == AGENT_UNIT)
		agent = agent_of_relay(&relay, fact->outcome);
	fact->domain = domain_name_plain(address_domain(fact->recipient),
	    state->domain);
	set_relay(state, agent, relay, fact);
	text = in_parentheses(slice_skip(rest, status.len), &is_cut);
	if (fact->outcome == OUTCOME_ACCEPTED)
		set_success(state, agent, text, fact);
	else
		set_reason(state, text, is_cut,
		    slice_eq(status, SLICE("SOFTBOUNCE")), fact);
	fact->is_final = fact->outcome == OUTCOME_ACCEPTED ||
	    fact->outcome == OUTCOME_BOUNCED;
	fact->hop = hop_of(agent, relay.address, fact);
	return true;
}
