/* SPDX-License-Identifier: BSD-2-Clause */
/* The definitions of all metrics, states and episode rules. Names are the
 * keys of the JSON document wherever there is one. Holds no numbers of any
 * report. */
#include "reports/definitions.h"

#include <string.h>

#define DEF(name, formula, unit) \
	{ { name, sizeof(name) - 1 }, { formula, sizeof(formula) - 1 }, \
		{ unit, sizeof(unit) - 1 } }

static const struct report_definition definitions[] = {
	DEF("attempt", "one try to hand one recipient of one message to one "
	    "host: one line of the log", "attempts"),
	DEF("delivery", "one recipient of one message; it may take several "
	    "attempts, ends once, and belongs to the day of its first attempt",
	    "deliveries"),
	DEF("message", "one queue file, with one or more deliveries",
	    "messages"),
	DEF("deliveries", "accepted + bounced + expired + open", "deliveries"),
	DEF("messages", "distinct queue files with at least one attempt in the "
	    "row; the same message can stand in several rows, so rows do not "
	    "add up to the total", "messages"),
	DEF("accepted", "deliveries whose last attempt the remote accepted "
	    "(2xx); it says nothing of the folder that the mail ends in",
	    "deliveries"),
	DEF("bounced", "deliveries that ended with a permanent failure",
	    "deliveries"),
	DEF("expired", "deliveries given up because the queue lifetime ended",
	    "deliveries"),
	DEF("open", "deliveries that had not ended when the report was made",
	    "deliveries"),
	DEF("deferred", "deliveries with at least one deferral, whatever came "
	    "of them later", "deliveries"),
	DEF("blocked", "deliveries with at least one refusal or deferral that "
	    "votes: severity block or throttle, scope ip, ip-range or domain",
	    "deliveries; attempts in series and days"),
	DEF("finished", "accepted + bounced + expired", "deliveries"),
	DEF("refused", "bounced + expired", "deliveries"),
	DEF("acceptance rate", "accepted / finished", "share"),
	DEF("deferred share", "deferred / deliveries", "share"),
	DEF("bounce rate", "bounced / finished", "share"),
	DEF("block rate", "blocked / deliveries", "share"),
	DEF("blocked share of attempts", "blocked attempts / all attempts of "
	    "the same day and row", "share"),
	DEF("attempts.accepted", "attempts that the remote accepted",
	    "attempts"),
	DEF("attempts.deferred", "attempts that ended with a temporary failure",
	    "attempts"),
	DEF("attempts.bounced", "attempts that ended with a permanent failure",
	    "attempts"),
	DEF("suspended", "log lines that repeat an earlier failure without a "
	    "new attempt; counted in no other number", "lines"),
	DEF("local, internal", "mailbox deliveries, and SMTP to loopback or "
	    "private addresses; counted in no other table", "deliveries"),
	DEF("p50_s, p95_s", "the time from arrival to acceptance that 50 % and "
	    "95 % of the accepted deliveries did not exceed; read it beside "
	    "open and refused, since failures do not count in it", "seconds"),
	DEF("series, days", "attempts on the day they happened, in the time "
	    "zone of the report", "attempts"),
	DEF("state fine (.)", "mail was sent, and the day is neither blocked "
	    "nor deferring", "a day, or the window"),
	DEF("state deferring (d)", "at least one in five attempts was "
	    "deferred", "a day, or the window"),
	DEF("state blocked (x)", "attempts refused by what votes are at least "
	    "one in seven of these and the accepted ones; for the window also "
	    "while an episode is confirmed or easing", "a day, or the "
	    "window"),
	DEF("state no-mail (-)", "the log covers the day, nothing was sent",
	    "a day, or the window"),
	DEF("state no-log (?)", "no log covers the day: nothing can be said",
	    "a day, or the window"),
	DEF("left_out", "log more than 366 days away from all other, and less "
	    "than a hundredth of that, or than 100 lines and a tenth: no part "
	    "of a window whose begin or end nobody asked for", "lines"),
	DEF("provisional", "days younger than the queue lifetime: their open "
	    "deliveries may still end", "day"),
	DEF("change", "of the block rate against the compared window: worse "
	    "or better when a two-proportion test (Fisher where both have "
	    "fewer than 1,000 deliveries, else normal) gives p < 0.01, the "
	    "rates differ by at least 2 points, and the difference is at "
	    "least 5 deliveries; same otherwise; too-few below 20 deliveries "
	    "in either", "word"),
	DEF("small numbers", "below 20 deliveries a count stands in place of "
	    "a percentage", "rule"),
	DEF("episode score", "+6 for a refusal that votes, -1 for an "
	    "acceptance, never below 0 nor above twice the threshold; each "
	    "message votes once per provider, sending source and clock hour",
	    "score"),
	DEF("episode threshold", "12 + floor(4 x log10(daily / 5)); daily = "
	    "messages a day to that provider from that source over the last "
	    "28 days that the log covers, at least 5", "score"),
	DEF("episode start", "between last_accept_before and first_refusal, "
	    "the first refusal after the score last stood at 0; at or before "
	    "first_refusal when the log begins inside the block", "time"),
	DEF("episode end", "between last_refusal and first_accept_after; known "
	    "when the score is back at 0, or after 3 accepted messages "
	    "without a refusal for 24 hours", "time"),
	DEF("episode suspected", "the provider itself named a block list or "
	    "reputation, the threshold is not reached", "state"),
	DEF("episode confirmed", "the score reached the threshold", "state"),
	DEF("episode easing", "confirmed, and mail was accepted after the last "
	    "refusal", "state"),
	DEF("episode closed", "the end is known", "state"),
	DEF("episode silent", "open, but nothing was sent for 7 days: it "
	    "cannot be told whether it is over; a test message can", "state"),
	DEF("episode dismissed", "suspected, and over without being confirmed",
	    "state"),
	DEF("extent", "domain: the provider's words are about the sender's "
	    "domain, or one sender domain has 6 a refusal - 1 an acceptance "
	    ">= threshold while all others from this source have <= - "
	    "threshold; all: every other source that sent there meanwhile has "
	    "an episode too, or those without one have such a score together; "
	    "range: one of the same /24 (IPv6 /64) has; source: else", "word"),
	DEF("network_refused, network_accepted", "messages of our other "
	    "addresses of its /24 (IPv6 /64) while the episode lasted, each "
	    "once an hour", "messages"),
	DEF("elsewhere_refused, elsewhere_accepted", "of our addresses in "
	    "other networks, alike", "messages"),
	DEF("other_senders_refused, other_senders_accepted", "from the same "
	    "source of other sender domains than the most refused one; "
	    "accepted: at least", "messages"),
	DEF("sender_domain", "of 9 in 10 refused messages", "name"),
	DEF("scores", "episodes of the same score over all sources of a "
	    "provider, over those of one network, over one sender domain; "
	    "explained: a confirmed episode of one source lies in it",
	    "score"),
	DEF("began_after, began_by", "THE bracket of its start, at 99 %: last "
	    "acceptance before and first refusal; wider where some mail "
	    "passed while it lasted, or normal mail is refused at times too",
	    "time"),
	DEF("ended_after, ended_by", "THE bracket of its end, alike", "time"),
	DEF("episode deliveries", "recipients of messages that were refused at "
	    "least once in it", "deliveries"),
	DEF("delivered_later, delivered_after_end", "of these, accepted later; "
	    "of these after the last refusal", "deliveries"),
	DEF("not_delivered", "of these, neither accepted nor in the queue",
	    "deliveries"),
	DEF("median_wait_s", "of those accepted later: acceptance - first "
	    "refusal", "seconds"),
	DEF("sender_domains", "domains of the envelope senders of refused "
	    "mail", "count"),
	DEF("flaps", "re-openings within 48 hours (or a tenth of the length) "
	    "that were merged into the episode", "count"),
	DEF("repeat", "how many episodes this provider and source had, this "
	    "one included", "count"),
	DEF("reports of others", "each report counts once: the same reporter, "
	    "id, policy domain, period and rows are one however often it was "
	    "sent; so are the same rows of one reporter for periods that "
	    "share more than half. Overlapping periods that say different "
	    "things both count and are told. Anybody can mail one; see "
	    "not_signed", "rule"),
	DEF("not_signed", "of the reports, those whose mail bore no signature "
	    "of their reporter (DKIM, or DMARC of its From address) that "
	    "passed, as the mailbox's own server found when it took the mail; "
	    "absent where that is known of none: it is only where "
	    "[mailbox] authserv_id was set when they were read, and they came "
	    "by mail. They count in dmarc and tls like all others, and in "
	    "witness not at all. A report that somebody forwarded is not "
	    "signed by its reporter; who has a mailbox in the very domain "
	    "that signs can forge one", "reports"),
	DEF("dmarc", "rows of DMARC aggregate reports (RFC 7489, RFC 9990) by "
	    "provider, source address and From domain; a report belongs to "
	    "the day that holds the middle of its period. They count messages "
	    "that got past an IP block: mail refused before DATA is in none",
	    "messages"),
	DEF("pass, dkim_pass, spf_pass", "messages whose aligned DKIM or SPF "
	    "passed; with aligned DKIM; with aligned SPF. Shares are of the "
	    "row's messages, absent below 20", "messages; share"),
	DEF("quarantine, reject", "messages to which the provider did that "
	    "because of DMARC; what else became of them is not told",
	    "messages"),
	DEF("ours", "yes: an address that a log or the configuration names as "
	    "our own; no: another host that uses our domain (a forwarder, a "
	    "service, a forger); unknown: no own address is known", "word"),
	DEF("witness", "what a provider's DMARC reports count for one of our "
	    "addresses on a day, beside our log. agree: its usual share (the "
	    "median over days without refusals, at least 3) of the messages "
	    "we tried, or, without one, at least half of those accepted; "
	    "shrinking: less than half of that share; absent: it reported for "
	    "the day and counts not one of 20 or more; no-report: it reports, "
	    "nothing came for that day (they come up to 36 hours late); "
	    "no-reporter: it sends none; unknown: fewer than 20 messages, or "
	    "nothing to compare with. messages: tried on that day; accepted, "
	    "blocked: attempts", "word"),
	DEF("tls", "sessions that others opened to OUR mail servers, as they "
	    "tell (TLS-RPT, RFC 8460): it says nothing of mail that we send. "
	    "One session may stand under several policies, so policies must "
	    "not be added up, and a total of failures need not be the sum of "
	    "its results", "sessions"),
	DEF("complaints", "feedback reports (RFC 5965) with their incidents, "
	    "on the day the user complained, which can be days behind the "
	    "delivery", "complaints"),
	DEF("per_thousand", "1000 x complaints / accepted deliveries of that "
	    "provider from that address in the window; absent below 20",
	    "complaints"),
	DEF("snds", "Microsoft's own numbers about an address on a day (data) "
	    "or a range (ipStatus, dated by its fetch); of several exports of "
	    "a day the last one stands. Their day is read as UTC, as they name "
	    "no zone; an address that is missing means no data, not good. "
	    "state: how our mail to them fared on that day", "commands, "
	    "recipients"),
	DEF("bounces", "recipients of bounce mails and delay notices; in_log: "
	    "a log tells of the same failure, which is counted there alone; "
	    "not_in_log: a late refusal behind an acceptance, or a day without "
	    "a log", "recipients"),
	DEF("unclassified", "failed attempts whose reply no rule knows / "
	    "failed attempts", "share"),
	DEF("understood, skipped", "log lines that were read and made sense; "
	    "lines that should have and did not", "lines"),
};

void
report_define(struct report *report)
{
	report->definitions = arena_alloc(&report->arena, sizeof(definitions));
	memcpy(report->definitions, definitions, sizeof(definitions));
	report->definition_count = sizeof(definitions) / sizeof(definitions[0]);
}
