/* SPDX-License-Identifier: BSD-2-Clause */
/* Lines as Haraka's outbound/hmail.js and logger.js write them, in the three
 * formats of log.ini. */
#include "tests/support/cases.h"
#include "tests/support/log_text.h"

#define U "A1B2C3D4-0000-4000-8000-000000000001.1.1"
#define AT(time) "2026-11-20T08:" time ".250Z "
#define N "[NOTICE] [" U "] [outbound] "
#define I "[INFO] [" U "] [outbound] "
#define DOMAIN "delivered file=1795_1_0_7_x_1_mx domain=example.net " \
	"host=MX.example.net ip=198.51.100.7 port=25 mode=SMTP tls=Y auth=N "
#define DONE(reply) N DOMAIN "response=\"" reply "\" delay=1.5 fails=0 " \
	"rcpts=1/0/0\n"
#define WANT "outcome=accepted|hop=remote|instance=haraka|agent=outbound|" \
	"id=" U "|domain=example.net|relay_host=mx.example.net|" \
	"relay_ip=198.51.100.7|relay_port=25|delay_ms=1500|tls=Y|" \
	"reply_code=250|own=|final=1"

static const struct log_text_case outcomes[] = {
	{ "delivered_names_no_recipient",
	  AT("00:01") DONE("250 2.0.0 Ok: queued as 4F"),
	  "1 delivery|time=2026-11-20T08:00:01Z|us=250000|mta=haraka|" WANT
	  "|recipient=|source_ip=|dsn=2.0.0|reply=250 2.0.0 Ok: queued as 4F\n"
	  "1 removed|id=" U "\n" },
	{ "quotes_in_a_reply", AT("00:01") DONE("250 \\\"a\\\" \\\\ = b"),
	  "1 delivery|reply=250 \"a\" \\ = b\n1 removed\n" },
	{ "quotes_as_of_2_8_10", AT("00:01") N "delivered file=x "
	  "domain=\"example.net\" host=\"mx.example.net\" ip=198.51.100.7 "
	  "port=25 mode=SMTP tls=N auth=N response=\"250 say \"hi\" now\" "
	  "delay=2 fails=0 rcpts=1/0/0\n",
	  "1 delivery|domain=example.net|relay_host=mx.example.net|tls=N\n"
	  "1 removed\n" },
	{ "a_reply_that_looks_like_fields", AT("00:01") DONE("250 ip=203.0.113"
	  ".66 port=99 delay=99"), "1 delivery|relay_ip=198.51.100.7|"
	  "relay_port=25|delay_ms=1500\n1 removed\n" },
	{ "lmtp_is_local", AT("00:01") N "delivered file=x domain=example.net "
	  "host=l ip=127.0.0.1 port=24 mode=LMTP tls=N auth=N response=\"250\""
	  " delay=0 fails=0 rcpts=1/0/0\n", "1 delivery|hop=local\n"
	  "1 removed\n" },
	{ "a_loopback_is_internal", AT("00:01") N "delivered file=x "
	  "domain=example.net host=l ip=127.0.0.1 port=25 mode=SMTP tls=N "
	  "auth=N response=\"250\" delay=0 fails=0 rcpts=1/0/0\n",
	  "1 delivery|hop=internal\n1 removed\n" },
	{ "a_recipient_is_deferred", AT("00:01") N "recipient <a@example.net> "
	  "deferred: 451 4.7.1 later\n",
	  "1 delivery|outcome=deferred|recipient=a@example.net|"
	  "domain=example.net|reply_code=451|dsn=4.7.1|final=\n" },
	{ "a_recipient_is_refused", AT("00:01") N "recipient <a@example.net> "
	  "rejected: 550 5.1.1 no such user\n",
	  "1 delivery|outcome=bounced|recipient=a@example.net|"
	  "reply_code=550|dsn=5.1.1|final=1\n" },
	{ "the_whole_message_is_deferred", AT("00:01") I "Temp failing 1795_1 "
	  "for 64 seconds: Tried all MXs\n", "1 delivery|outcome=deferred|"
	  "recipient=|own=1|reply=Tried all MXs\n" },
	{ "that_echoes_a_recipients", AT("00:01") N "recipient <a@example.net> "
	  "deferred: 451 no\n" AT("00:01") I "Temp failing 1795_1 for 64 "
	  "seconds: Some recipients temporarily failed\n",
	  "1 delivery|recipient=a@example.net\n" },
	{ "bounced", AT("00:01") I "bouncing mail: No MX for domain\n",
	  "1 delivery|outcome=bounced|own=1|reply=No MX for domain\n"
	  "1 removed\n" },
	{ "expired", AT("00:01") N "recipient <a@example.net> deferred: 451 no"
	  "\n" AT("09:01") I "bouncing mail: Too many failures (451 no)\n",
	  "1 delivery|outcome=deferred\n2 expired|id=" U "\n2 removed\n" },
	{ "a_bounce_that_echoes", AT("00:01") I "bouncing mail: Some "
	  "recipients failed: <a@example.net>\n", "1 removed\n" },
};

static const struct log_text_case waiting[] = {
	{ "who_waited_is_delivered", AT("00:01") N "recipient <a@example.net> "
	  "deferred: 451 no\n" AT("10:01") DONE("250 ok"),
	  "1 delivery|outcome=deferred|recipient=a@example.net\n"
	  "2 delivery|outcome=accepted|recipient=a@example.net|id=" U "\n"
	  "2 removed\n" },
	{ "who_was_deferred_just_now_is_not", AT("00:01") N "recipient "
	  "<a@example.net> deferred: 451 no\n" AT("00:02") DONE("250 ok"),
	  "1 delivery|outcome=deferred\n2 delivery|outcome=accepted|"
	  "recipient=\n" },
	{ "who_was_refused_is_not", AT("00:01") N "recipient <a@example.net> "
	  "deferred: 451 no\n" AT("10:01") N "recipient <a@example.net> "
	  "rejected: 550 no\n" AT("20:02") DONE("250 ok"),
	  "1 delivery\n2 delivery|outcome=bounced\n3 delivery|recipient=\n"
	  "3 removed\n" },
	{ "two_wait", AT("00:01") N "recipient <a@example.net> deferred: 451 "
	  "no\n" AT("00:01") N "recipient <b@example.net> deferred: 451 no\n"
	  AT("10:01") N "recipient <b@example.net> deferred: 451 no\n"
	  AT("10:01") DONE("250 ok") AT("20:01") DONE("250 ok"),
	  "1 delivery\n2 delivery\n3 delivery\n"
	  "4 delivery|outcome=accepted|recipient=a@example.net\n"
	  "5 delivery|outcome=accepted|recipient=b@example.net\n"
	  "5 removed\n" },
	{ "who_waits_is_bounced", AT("00:01") N "recipient <a@example.net> "
	  "deferred: 451 no\n" AT("10:01") I "bouncing mail: No MX\n",
	  "1 delivery\n2 delivery|outcome=bounced|recipient=a@example.net\n"
	  "2 removed\n" },
};

#define LF "level=NOTICE uuid=" U " origin=outbound message="
#define JSON "{\"level\":\"NOTICE\",\"uuid\":\"" U "\"," \
	"\"origin\":\"outbound\",\"message\":"

static const struct log_text_case layouts[] = {
	{ "logfmt", AT("00:01") LF "\"\" " DOMAIN "response=\"250 ok\" "
	  "delay=1.5 fails=0 rcpts=1/0/0\n", "1 delivery|" WANT "\n"
	  "1 removed\n" },
	{ "logfmt_of_a_recipient", AT("00:01") LF "\"recipient <a@example.net>"
	  " deferred: 451 no\"\n", "1 delivery|outcome=deferred|"
	  "recipient=a@example.net|reply=451 no\n" },
	{ "json", AT("00:01") JSON "\"\",\"delivered file\":\"x\","
	  "\"domain\":\"example.net\",\"host\":\"MX.example.net\","
	  "\"ip\":\"198.51.100.7\",\"port\":25,\"mode\":\"SMTP\","
	  "\"tls\":\"Y\",\"auth\":\"N\",\"response\":\"250 ok\","
	  "\"delay\":1.5,\"fails\":0,\"rcpts\":\"1/0/0\"}\n",
	  "1 delivery|" WANT "\n1 removed\n" },
	{ "json_of_a_recipient", AT("00:01") JSON "\"recipient <a@example.net>"
	  " rejected: 550 no\"}\n", "1 delivery|outcome=bounced|"
	  "recipient=a@example.net\n" },
	{ "by_syslog", "Nov 20 08:00:01 mx haraka[7]: " DONE("250 ok")
	  "Nov 20 08:00:02 mx postfix/smtp[7]: 4F1A2B3C4D: to=<b@example.net>"
	  ", relay=mx.example.net[198.51.100.7]:25, delay=1, delays=0/0/0/1, "
	  "dsn=2.0.0, status=sent (250 ok)\n",
	  "1 delivery|mta=haraka|host=mx|" WANT "\n1 removed|host=mx\n"
	  "2 delivery|mta=postfix\n" },
};

static const struct log_text_case noise[] = {
	{ "other_lines_are_nothing", AT("00:01") N "Double bounce: x\n"
	  AT("00:01") "[NOTICE] [" U "] [core] disconnect ip=203.0.113.9 "
	  "rdns=x helo=x relay=N early=N esmtp=Y tls=N pipe=N errors=0 "
	  "txns=1 rcpts=0/0/1 msgs=0/0/0 bytes=0 lr=\"\" time=0.5\n"
	  AT("00:01") "[INFO] [" U "] [rspamd] delivered file=x host=y\n"
	  AT("00:01") "[INFO] [-] [core] loglevel: INFO\n"
	  AT("00:01") N "recipient <a@example.net> accepted\n"
	  AT("00:01") I "Attempting to deliver to: mx.example.net:25\n", "" },
	{ "lines_without_time_are_told", AT("00:01") DONE("250 ok")
	  DONE("250 ok"), "1 delivery\n1 removed\n2 skipped|reason=no-stamp\n"
	},
};

static void
cuts_never_change_an_outcome(void **state)
{
	(void)state;
	log_text_expect_cuts(slice_str(AT("00:01") N "recipient <a@example."
	    "net> deferred: 451 rejected: delivered file=x\n"), "haraka");
}

int
main(void)
{
	static struct cases cases;

	CASES_ADD_TABLE(&cases, outcomes, log_text_case);
	CASES_ADD_TABLE(&cases, waiting, log_text_case);
	CASES_ADD_TABLE(&cases, layouts, log_text_case);
	CASES_ADD_TABLE(&cases, noise, log_text_case);
	cases_add(&cases, "cuts_never_change_an_outcome",
	    cuts_never_change_an_outcome, NULL);
	return cases_run(&cases);
}
