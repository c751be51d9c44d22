/* SPDX-License-Identifier: BSD-2-Clause */
/* Records as KumoMTA's documentation ("Log Record") and kumo-log-types have
 * them. */
#include "tests/support/cases.h"
#include "tests/support/log_text.h"

#define R(type, id, rcpt, more) "{\"type\":\"" type "\",\"id\":\"" id "\"," \
	"\"sender\":\"s@example.org\",\"recipient\":" rcpt "," \
	"\"queue\":\"example.net\",\"timestamp\":1795161602," more "}\n"
#define A "\"a@example.net\""
#define PEER "\"peer_address\":{\"name\":\"MX.example.net.\"," \
	"\"addr\":\"198.51.100.7\"}"
#define SAYS(code, words, command) "\"response\":{\"code\":" code "," \
	"\"enhanced_code\":null,\"content\":\"" words "\",\"command\":" \
	command "}"
#define OK SAYS("250", "ok", "\".\"") "," PEER

static const struct log_text_case outcomes[] = {
	{ "a_delivery", R("Delivery", "1", A, OK),
	  "1 delivery|time=2026-11-20T08:00:02Z|mta=kumomta|outcome=accepted|"
	  "hop=remote|instance=kumomta|id=1|sender=s@example.org|"
	  "recipient=a@example.net|domain=example.net|"
	  "relay_host=mx.example.net|relay_ip=198.51.100.7|delay_ms=|size=|"
	  "dsn=|stage=|reply_code=250|own=|final=1|reply=250 ok\n"
	  "1 removed\n" },
	{ "a_transient_failure", R("TransientFailure", "1", A, SAYS("451",
	  "later", "\"DATA\"") "," PEER),
	  "1 delivery|outcome=deferred|stage=data|reply=451 later|final=\n" },
	{ "a_bounce", R("Bounce", "1", A, "\"response\":{\"code\":550,"
	  "\"enhanced_code\":{\"class\":5,\"subject\":1,\"detail\":10},"
	  "\"content\":\"no\",\"command\":\"MAIL FROM:<s@example.org>\"},"
	  PEER), "1 delivery|outcome=bounced|dsn=5.1.10|stage=mail|"
	  "reply=550 5.1.10 no\n1 removed\n" },
	{ "an_expiration", R("Expiration", "1", A, SAYS("551", "too old",
	  "null")), "1 delivery|outcome=expired|own=1|reply_code=|"
	  "reply=too old\n1 removed\n" },
	{ "an_admin_bounce", R("AdminBounce", "1", A, SAYS("552", "x",
	  "null")), "1 delivery|outcome=discarded\n1 removed\n" },
	{ "internal_words_are_no_reply", R("TransientFailure", "1", A,
	  SAYS("451", "KumoMTA internal: x", "null") "," PEER),
	  "1 delivery|own=1|reply_code=|reply=KumoMTA internal: x\n" },
	{ "lines_of_a_reply", R("Bounce", "1", A, SAYS("550", "one\\ntwo",
	  "\"RCPT TO\"") "," PEER), "1 delivery|reply=550 one two|stage=rcpt\n"
	  "1 removed\n" },
	{ "the_stages", R("Bounce", "1", A, SAYS("550", "x", "\".\\r\\n\"") ","
	  PEER) R("Bounce", "2", A, SAYS("550", "x", "\"EHLO a\"") "," PEER)
	  R("Bounce", "3", A, SAYS("550", "x", "\"STARTTLS\"") "," PEER)
	  R("Bounce", "4", A, SAYS("550", "x", "\"AUTH PLAIN\"") "," PEER),
	  "1 delivery|stage=eod\n1 removed\n2 delivery|stage=ehlo\n2 removed\n"
	  "3 delivery|stage=starttls\n3 removed\n4 delivery|stage=auth\n"
	  "4 removed\n" },
	{ "a_batch_is_one_each", R("Delivery", "1", "[\"a@example.net\","
	  "\"b@example.net\"]", OK),
	  "1 delivery|recipient=a@example.net|reply=250 ok\n"
	  "1 delivery|recipient=b@example.net|reply=250 ok\n" },
	{ "a_reception_is_a_birth", R("Reception", "1", "[" A ",\"b@x.org\"]",
	  "\"size\":77"), "1 born|id=1|sender=s@example.org|size=77|"
	  "recipients=2|instance=kumomta\n" },
	{ "other_records_are_none", R("Reception", "1", A, "\"size\":1")
	  R("OOB", "1", A, OK) R("Feedback", "1", A, OK)
	  R("Rejection", "1", A, OK) R("AdminRebind", "1", A, OK)
	  R("DeferredInjectionRebind", "1", A, OK) R("Delayed", "1", A, OK)
	  R("XferOut", "1", A, OK) R("XferIn", "1", A, OK)
	  R("Invented", "1", A, OK), "1 born|recipients=1\n" },
};

static const struct log_text_case fields[] = {
	{ "own_address_with_port", R("Delivery", "1", A, OK
	  ",\"egress_source\":\"out1\",\"source_address\":{\"address\":"
	  "\"192.0.2.9:4711\"}"), "1 delivery|source_ip=192.0.2.9|"
	  "source_ip_from=log|instance=kumomta/out1\n1 removed\n" },
	{ "own_address_is_ipv6", R("Delivery", "1", A, OK
	  ",\"source_address\":{\"address\":\"[2001:db8:0:0::9]:4711\"}"),
	  "1 delivery|source_ip=2001:db8::9\n1 removed\n" },
	{ "own_address_is_a_path", R("Delivery", "1", A, OK
	  ",\"source_address\":{\"address\":\"/run/x\"}"),
	  "1 delivery|source_ip=\n1 removed\n" },
	{ "event_time_is_finer", R("Delivery", "1", A, OK
	  ",\"event_time\":\"2026-11-20T08:00:03.000001999Z\","
	  "\"created_time\":\"2026-11-20T08:00:00Z\""),
	  "1 delivery|time=2026-11-20T08:00:03Z|us=1|delay_ms=3000\n"
	  "1 removed\n" },
	{ "created_in_seconds", R("Delivery", "1", A, OK
	  ",\"created\":1795161542"), "1 delivery|delay_ms=60000\n"
	  "1 removed\n" },
	{ "a_time_without_zone_is_none", R("Delivery", "1", A, OK
	  ",\"event_time\":\"2026-11-20T08:00:03.123456\","
	  "\"created_time\":\"2026-11-20T08:00:00.5 and more\""),
	  "1 delivery|time=2026-11-20T08:00:02Z|us=|delay_ms=\n"
	  "1 removed\n" },
	{ "null_is_absent", R("Delivery", "1", A, OK ",\"size\":null,"
	  "\"egress_source\":null,\"source_address\":null,"
	  "\"tls_protocol_version\":null,\"created\":null"),
	  "1 delivery|size=|source_ip=|tls=|delay_ms=\n1 removed\n" },
	{ "lmtp_to_a_socket_is_local", R("Delivery", "1", A, SAYS("250", "ok",
	  "\".\"") ",\"delivery_protocol\":\"LMTP\",\"peer_address\":{"
	  "\"name\":\"/run/l\",\"addr\":\"/run/l\"}"),
	  "1 delivery|hop=local|reply=250 ok|reply_code=250\n1 removed\n" },
	{ "a_loopback_is_internal", R("Delivery", "1", A, SAYS("250", "ok",
	  "\".\"") ",\"peer_address\":{\"name\":\"x.\",\"addr\":\"::1\"}"),
	  "1 delivery|hop=internal\n1 removed\n" },
	{ "tls_as_logged", R("Delivery", "1", A, OK
	  ",\"tls_protocol_version\":\"TLSv1.3\""),
	  "1 delivery|tls=TLSv1.3\n1 removed\n" },
};

#define GOOD R("Delivery", "9", A, OK)
#define THEN "2 delivery|id=9\n2 removed\n"

static const struct log_text_case broken[] = {
	{ "cut", "{\"type\":\"Delivery\",\"id\":\"1\",\"recip\n" GOOD,
	  "1 skipped|reason=cut\n" THEN },
	{ "without_time", "{\"type\":\"Delivery\",\"id\":\"1\","
	  "\"recipient\":\"a@b\",\"queue\":\"b\"}\n" GOOD,
	  "1 skipped|reason=no-stamp\n" THEN },
	{ "without_recipient", "{\"type\":\"Delivery\",\"id\":\"1\","
	  "\"timestamp\":1795161602,\"queue\":\"b\"}\n" GOOD,
	  "1 skipped|reason=malformed\n" THEN },
	{ "values_of_other_types", "{\"type\":\"Delivery\",\"id\":\"1\","
	  "\"recipient\":{\"a\":1},\"queue\":\"b\",\"timestamp\":1795161602}\n"
	  GOOD, "1 skipped|reason=malformed\n" THEN },
	{ "a_header_of_the_segment", "# segment of mta1\n" GOOD,
	  "1 skipped|reason=no-stamp\n" THEN },
	{ "nested_too_deep", "{\"type\":\"Delivery\",\"meta\":"
	  "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]"
	  "]]]]]]]]]]]]]]}\n" GOOD, "1 skipped|reason=cut\n" THEN },
	{ "another_mta_in_the_file", GOOD
	  "Nov 20 08:00:02 mx postfix/smtp[7]: 4F1A2B3C4D: to=<b@example.net>"
	  ", relay=mx.example.net[198.51.100.7]:25, delay=1, delays=0/0/0/1, "
	  "dsn=2.0.0, status=sent (250 ok)\n",
	  "1 delivery|mta=kumomta\n1 removed\n2 delivery|mta=postfix\n" },
};

static void
cuts_never_change_an_outcome(void **state)
{
	(void)state;
	log_text_expect_cuts(slice_str(R("Bounce", "1", A, SAYS("550",
	    "\\\"type\\\":\\\"Delivery\\\"", "null") "," PEER)), "kumomta");
}

int
main(void)
{
	static struct cases cases;

	CASES_ADD_TABLE(&cases, outcomes, log_text_case);
	CASES_ADD_TABLE(&cases, fields, log_text_case);
	CASES_ADD_TABLE(&cases, broken, log_text_case);
	cases_add(&cases, "cuts_never_change_an_outcome",
	    cuts_never_change_an_outcome, NULL);
	return cases_run(&cases);
}
