/* SPDX-License-Identifier: BSD-2-Clause */
/* The delivery line, as global/log_adhoc.c of Postfix 3.7 and 3.11 writes it,
 * with the lines that stand around it (TLS, failed connections). */
#include "tests/gen/gen.h"

#include <string.h>

#define LOG_TEXT_MAX 2000 /* msg_vprintf: longer text is cut */

static const char *const WHERE[] = { "performing the EHLO handshake",
	"sending RCPT TO",
	"sending end of data -- message may be sent more than once",
	"receiving the initial server greeting" };

static void
put_host(struct gen *gen, uint32_t mx)
{
	put_text(gen, gen->world.mxs[mx].name);
	put_char(gen, '[');
	put_text(gen, gen->world.mxs[mx].ip);
	put_char(gen, ']');
}

static enum flavour
flavour_of(const struct gen *gen, const struct rcpt *rcpt)
{
	const struct world *world = &gen->world;

	return world->providers[world->sites[
	    world->domains[rcpt->domain].site].provider].flavour;
}

static const struct reply *
reply_of(const struct gen *gen, const struct session *session,
    const struct rcpt *rcpt, enum cause cause)
{
	return reply_for(flavour_of(gen, rcpt), cause, session->variant);
}

static const char *
dsn_of(const struct gen *gen, const struct session *session,
    const struct rcpt *rcpt, enum cause cause)
{
	static const char *const OWN[CAUSES] = {
		[CAUSE_LOST] = "4.4.2", [CAUSE_TIMEOUT] = "4.4.2",
		[CAUSE_CONNECT_TIMEOUT] = "4.4.1",
		[CAUSE_CONNECT_REFUSED] = "4.4.1",
		[CAUSE_DNS_TEMPORARY] = "4.4.3", [CAUSE_NXDOMAIN] = "5.4.4",
		[CAUSE_NULLMX] = "5.1.0" };

	if (cause >= CAUSE_REPLIES)
		return OWN[cause];
	return reply_of(gen, session, rcpt, cause)->dsn;
}

/* ---- before the delivery lines ------------------------------------------*/
static void
line_tls(struct gen *gen, const struct session *session, int64_t at)
{
	const struct mx *mx = &gen->world.mxs[session->verdict.mx];

	line_smtp(gen, at, session->message->source, session->pid);
	put_text(gen, session->variant % 5 == 0 ? "Untrusted" : "Trusted");
	lit(gen, " TLS connection established to ");
	put_text(gen, mx->name);
	put_char(gen, '[');
	put_text(gen, mx->ip);
	put_text(gen, session->variant % 7 == 0 ? "]:25: TLSv1.2 with cipher "
	    "ECDHE-RSA-AES256-GCM-SHA384 (256/256 bits)" : "]:25: TLSv1.3 with "
	    "cipher TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519 "
	    "server-signature RSA-PSS (2048 bits) server-digest SHA256");
	line_end(gen);
}

/* The other MX did not answer, or refused, before this one was asked: a
 * signal of that host, no outcome of anyone. */
static void
line_other_mx(struct gen *gen, const struct session *session, int64_t at)
{
	line_smtp(gen, at, session->message->source, session->pid);
	if (session->variant % 3 == 0) {
		put_text(gen, session->message->id);
		lit(gen, ": host ");
		put_host(gen, session->verdict.mx);
		lit(gen, " said: 421 4.3.2 Service not available, closing "
		    "transmission channel (in reply to MAIL FROM command)");
	} else {
		lit(gen, "connect to ");
		put_host(gen, session->verdict.mx);
		lit(gen, ":25: Connection timed out");
	}
	line_end(gen);
}

void
session_open(struct gen *gen, struct session *session, uint32_t index,
    const struct rcpt *rcpt, int64_t at)
{
	struct message *message = &gen->messages[index];
	bool is_remote = gen->world.domains[rcpt->domain].hop == GEN_REMOTE;

	memset(session, 0, sizeof(*session));
	session->child = GEN_NONE;
	session->variant = rng_below(&gen->rng, 1 << 20);
	session->spent = at - message->pass_start;
	if (message->kind == MESSAGE_FILTER) {
		session->child = arrive_filtered(gen, index, at - 3000);
		message = &gen->messages[index];
	} else {
		session->verdict = verdict_group(gen, message, rcpt);
	}
	session->message = message;
	session->pid = pid_of(gen, message->source, "smtp",
	    session->variant % 23);
	if (message->kind == MESSAGE_PROBE || message->kind ==
	    MESSAGE_DISCARD || message->kind == MESSAGE_FILTER || !is_remote)
		return;
	if (session->verdict.cause < CAUSE_CONNECT_TIMEOUT &&
	    !session->verdict.suspended) {
		if (session->variant % 64 == 1)
			line_other_mx(gen, session, at - 900);
		if (session->variant % 9 == 0)
			session->conn_use = 2 + session->variant / 9 % 4;
		else
			line_tls(gen, session, at - 400);
	}
}

/* ---- reasons ------------------------------------------------------------*/
static void
reason_own(struct gen *gen, const struct session *session,
    const struct rcpt *rcpt, enum cause cause)
{
	if (cause == CAUSE_CONNECT_TIMEOUT || cause == CAUSE_CONNECT_REFUSED) {
		lit(gen, "connect to ");
		put_host(gen, session->verdict.mx);
		put_text(gen, cause == CAUSE_CONNECT_TIMEOUT ?
		    ":25: Connection timed out" : ":25: Connection refused");
	} else if (cause == CAUSE_LOST || cause == CAUSE_TIMEOUT) {
		put_text(gen, cause == CAUSE_LOST ? "lost connection with " :
		    "conversation with ");
		put_host(gen, session->verdict.mx);
		put_text(gen, cause == CAUSE_LOST ? " while " :
		    " timed out while ");
		put_text(gen, WHERE[session->variant % 4]);
	} else if (cause == CAUSE_NULLMX) {
		lit(gen, "Domain ");
		put_text(gen, gen->world.domains[rcpt->domain].name);
		lit(gen, " does not accept mail (nullMX)");
	} else {
		lit(gen, "Host or domain name not found. Name service error "
		    "for name=");
		put_text(gen, gen->world.domains[rcpt->domain].name);
		put_text(gen, cause == CAUSE_DNS_TEMPORARY ?
		    " type=MX: Host not found, try again" :
		    " type=MX: Host not found");
	}
}

static void
reason_reply(struct gen *gen, const struct session *session,
    const struct rcpt *rcpt, const struct reply *reply)
{
	bool is_accepted = reply->dsn[0] == '2';

	if (!is_accepted) {
		lit(gen, "host ");
		put_host(gen, session->verdict.mx);
		put_text(gen, reply->command != NULL ? " said: " :
		    " refused to talk to me: ");
	}
	put_template(gen, reply->text, session->message, rcpt,
	    session->verdict.mx);
	if (!is_accepted && reply->command != NULL) {
		lit(gen, " (in reply to ");
		put_text(gen, reply->command);
		put_char(gen, ')');
	}
}

/* All recipients that share an end of DATA share its reply: the same chance
 * again. */
static void
reason_remote(struct gen *gen, struct session *session,
    const struct rcpt *rcpt, enum cause cause)
{
	const struct reply *reply;
	struct rng after = gen->rng;

	if (cause >= CAUSE_REPLIES) {
		reason_own(gen, session, rcpt, cause);
		return;
	}
	reply = reply_of(gen, session, rcpt, cause);
	if (cause == CAUSE_ACCEPTED) {
		if (session->has_accepted)
			gen->rng = session->accepted;
		else
			session->accepted = gen->rng;
	}
	reason_reply(gen, session, rcpt, reply);
	if (cause == CAUSE_ACCEPTED && session->has_accepted)
		gen->rng = after;
	session->has_accepted |= cause == CAUSE_ACCEPTED;
}

/* ---- the fields ---------------------------------------------------------*/
static void
put_delays(struct gen *gen, const struct session *session, int64_t at)
{
	const struct message *message = session->message;
	int64_t before = message->pass_start - message->arrival;

	lit(gen, ", delay=");
	put_delay(gen, at - message->arrival);
	lit(gen, ", delays=");
	put_delay(gen, before);
	put_char(gen, '/');
	put_delay(gen, 10000);
	put_char(gen, '/');
	put_delay(gen, session->spent * 2 / 5);
	put_char(gen, '/');
	put_delay(gen, session->spent * 3 / 5);
}

static void
put_to(struct gen *gen, const struct session *session,
    const struct rcpt *rcpt)
{
	put_text(gen, session->message->id);
	lit(gen, ": to=<");
	put_address(gen, rcpt->user, rcpt->domain);
	lit(gen, ">, ");
	if (gen->world.domains[rcpt->domain].hop == GEN_LOCAL &&
	    rcpt->user % 7 == 0 && rcpt->user != USER_NEWS) {
		lit(gen, "orig_to=<postmaster>, ");
	}
	lit(gen, "relay=");
}

static void
put_status(struct gen *gen, const struct session *session, const char *dsn,
    enum gen_outcome outcome)
{
	static const char *const STATUS[] = { "sent", "deferred", "bounced" };
	static const char *const PROBE[] = { "deliverable", "undeliverable",
		"undeliverable" };
	const struct message *message = session->message;

	if (gen->world.sources[message->source].tls_field)
		put_text(gen, session->verdict.cause >= CAUSE_CONNECT_TIMEOUT ||
		    session->verdict.suspended ? ", tls=none" : ", tls=may");
	lit(gen, ", dsn=");
	put_text(gen, dsn);
	lit(gen, ", status=");
	put_text(gen, message->kind == MESSAGE_PROBE ? PROBE[outcome] :
	    STATUS[outcome]);
	lit(gen, " (");
}

static enum gen_outcome
outcome_of(const char *dsn)
{
	if (dsn[0] == '2')
		return GEN_ACCEPTED;
	return dsn[0] == '4' ? GEN_DEFERRED : GEN_BOUNCED;
}

/* ---- one line of each kind ----------------------------------------------*/
static enum gen_outcome
line_local(struct gen *gen, struct session *session, const struct rcpt *rcpt,
    enum cause cause, int64_t at)
{
	static const char *const AGENT[] = { "lmtp", "virtual", "local",
		"pipe" };
	static const char *const RELAY[] = {
		"mail.example.org[private/dovecot-lmtp]", "virtual", "local",
		"dovecot" };
	static const char *const REASON[] = {
		"250 2.0.0 <%R> %S Saved", "delivered to maildir",
		"delivered to command: procmail -a \"$EXTENSION\"",
		"delivered via dovecot service" };
	unsigned kind = rcpt->user % 8 < 5 ? 0 : rcpt->user % 8 - 4;
	bool is_unknown = cause == CAUSE_UNKNOWN;

	line_queue(gen, at, session->message->source, AGENT[kind]);
	put_to(gen, session, rcpt);
	put_text(gen, RELAY[kind]);
	put_delays(gen, session, at);
	put_status(gen, session, is_unknown ? "5.1.1" : "2.0.0",
	    is_unknown ? GEN_BOUNCED : GEN_ACCEPTED);
	put_template(gen, is_unknown ? "user unknown: \"%R\"" : REASON[kind],
	    session->message, rcpt, 0);
	return is_unknown ? GEN_BOUNCED : GEN_ACCEPTED;
}

static enum gen_outcome
line_internal(struct gen *gen, struct session *session,
    const struct rcpt *rcpt, enum cause cause, int64_t at)
{
	bool is_refused = cause == CAUSE_CONNECT_REFUSED;

	line_smtp(gen, at, session->message->source, session->pid);
	put_to(gen, session, rcpt);
	if (is_refused) {
		/* No session; only the words tell that the host was inside. */
		lit(gen, "none");
	} else {
		put_host(gen, session->verdict.mx);
		lit(gen, ":25");
	}
	put_delays(gen, session, at);
	put_status(gen, session, is_refused ? "4.4.1" : "2.0.0",
	    is_refused ? GEN_DEFERRED : GEN_ACCEPTED);
	if (is_refused)
		reason_own(gen, session, rcpt, cause);
	else
		put_template(gen, "250 2.0.0 Ok: queued as %Q",
		    session->message, rcpt, 0);
	return is_refused ? GEN_DEFERRED : GEN_ACCEPTED;
}

static enum gen_outcome
line_filter(struct gen *gen, struct session *session,
    const struct rcpt *rcpt, int64_t at)
{
	line_smtp(gen, at, session->message->source, session->pid);
	put_to(gen, session, rcpt);
	lit(gen, "127.0.0.1[127.0.0.1]:10024");
	put_delays(gen, session, at);
	put_status(gen, session, "2.0.0", GEN_ACCEPTED);
	lit(gen, "250 2.0.0 from MTA(smtp:[127.0.0.1]:10025): 250 2.0.0 Ok: "
	    "queued as ");
	put_text(gen, gen->messages[session->child].id);
	return GEN_ACCEPTED;
}

static enum gen_outcome
line_discard(struct gen *gen, struct session *session,
    const struct rcpt *rcpt, int64_t at)
{
	line_queue(gen, at, session->message->source, "discard");
	put_to(gen, session, rcpt);
	lit(gen, "none");
	put_delays(gen, session, at);
	put_status(gen, session, "2.0.0", GEN_ACCEPTED);
	lit(gen, "spam trap");
	return GEN_ACCEPTED;
}

static enum gen_outcome
line_remote(struct gen *gen, struct session *session,
    const struct rcpt *rcpt, enum cause cause, int64_t at)
{
	const char *dsn = dsn_of(gen, session, rcpt, cause);
	bool has_session = cause < CAUSE_CONNECT_TIMEOUT &&
	    !session->verdict.suspended;

	if (session->verdict.suspended)
		line_queue(gen, at, session->message->source, "error");
	else
		line_smtp(gen, at, session->message->source, session->pid);
	put_to(gen, session, rcpt);
	if (has_session) {
		put_host(gen, session->verdict.mx);
		lit(gen, ":25");
	} else {
		lit(gen, "none");
	}
	if (session->conn_use != 0 && has_session) {
		lit(gen, ", conn_use=");
		put_number(gen, session->conn_use);
	}
	put_delays(gen, session, at);
	put_status(gen, session, dsn, outcome_of(dsn));
	if (session->verdict.suspended)
		lit(gen, "delivery temporarily suspended: ");
	reason_remote(gen, session, rcpt, cause);
	return outcome_of(dsn);
}

static enum gen_outcome
compose(struct gen *gen, struct session *session, const struct rcpt *rcpt,
    enum cause cause, int64_t at)
{
	enum gen_hop hop = gen->world.domains[rcpt->domain].hop;

	if (session->message->kind == MESSAGE_FILTER)
		return line_filter(gen, session, rcpt, at);
	if (session->message->kind == MESSAGE_DISCARD)
		return line_discard(gen, session, rcpt, at);
	if (hop == GEN_LOCAL)
		return line_local(gen, session, rcpt, cause, at);
	if (hop == GEN_INTERNAL)
		return line_internal(gen, session, rcpt, cause, at);
	return line_remote(gen, session, rcpt, cause, at);
}

static void
count_line(struct gen *gen, const struct session *session,
    struct rcpt *rcpt, enum cause cause, enum gen_outcome outcome,
    int64_t at)
{
	gen->truth.delivery_lines++;
	if (session->message->kind == MESSAGE_PROBE) {
		gen->truth.probes++;
	} else if (session->message->kind == MESSAGE_DISCARD) {
		gen->truth.discarded++;
	} else if (session->verdict.suspended) {
		gen->truth.suspended++;
		rcpt->flags |= RCPT_KNOWN;
	} else {
		count_attempt(gen, session->message, rcpt, cause, outcome, at);
	}
}

/* Write the line of one recipient, count it, and say how it went. */
enum gen_outcome
delivery_line(struct gen *gen, struct session *session, struct rcpt *rcpt,
    int64_t at)
{
	enum cause cause = session->message->kind == MESSAGE_FILTER ||
	    session->message->kind == MESSAGE_DISCARD ? CAUSE_ACCEPTED :
	    verdict_rcpt(gen, session->verdict.cause, rcpt);
	enum gen_outcome outcome = compose(gen, session, rcpt, cause, at);
	const char *text = gen->out.buf + gen->line_start;
	const char *body;

	put_char(gen, ')');
	body = strstr(text, "]: ");
	if (gen->out.len - (size_t)(body + 3 - gen->out.buf) > LOG_TEXT_MAX)
		gen->out.len = (size_t)(body + 3 - gen->out.buf) +
		    LOG_TEXT_MAX;
	if (!dirt_delivery(gen, session, rcpt, outcome))
		count_line(gen, session, rcpt, cause, outcome, at);
	line_end(gen);
	if (session->message->kind == MESSAGE_PROBE)
		return GEN_ACCEPTED; /* a probe never waits */
	return outcome;
}
