/* SPDX-License-Identifier: BSD-2-Clause */
/* Lines as ZoneMTA's lib/sender.js and lib/mail-queue.js write them. */
#include "tests/support/cases.h"
#include "tests/support/log_text.h"

#define Q "1571b2e8eff0003f62"
#define ENTRY Q ".001"
#define T "2026-11-20T08:00:01.250Z "
#define FROM "from=bounce@example.org[s@example.org] "
#define TO "to=a@example.net "
#define MX "src=192.0.2.9 mx=MX.example.net[198.51.100.7] "
#define OK T "id=" Q " " ENTRY " ACCEPTED " FROM TO MX \
	"id=<m@example.org> (250 2.0.0 Ok: queued as 4F)\n"

static const struct log_text_case outcomes[] = {
	{ "accepted", T ENTRY " ACCEPTED " FROM TO MX "id=<m@example.org> "
	  "(250 2.0.0 Ok: queued as 4F)\n",
	  "1 delivery|time=2026-11-20T08:00:01Z|us=250000|mta=zonemta|"
	  "outcome=accepted|hop=remote|instance=zonemta|agent=smtp|id=" ENTRY
	  "|sender=s@example.org|recipient=a@example.net|domain=example.net|"
	  "relay_host=mx.example.net|relay_ip=198.51.100.7|"
	  "source_ip=192.0.2.9|source_ip_from=log|dsn=2.0.0|reply_code=250|"
	  "own=|final=1|reply=250 2.0.0 Ok: queued as 4F\n"
	  "1 removed|id=" ENTRY "\n" },
	{ "with_the_session_in_front", OK, "1 delivery|id=" ENTRY "\n"
	  "1 removed\n" },
	{ "with_a_logger_in_front", T "info Zone/1234 " ENTRY " ACCEPTED "
	  FROM TO MX "id=<m> (250 ok)\n", "1 delivery|reply=250 ok\n"
	  "1 removed\n" },
	{ "deferred", T ENTRY " DEFERRED[greylist] " FROM TO MX "id=<m> "
	  "(451 4.7.1 later (really))\n", "1 delivery|outcome=deferred|"
	  "reply_code=451|dsn=4.7.1|final=|reply=451 4.7.1 later (really)\n" },
	{ "rejected", T ENTRY " REJECTED[blacklist] " FROM TO MX "id=<m> "
	  "(550 5.7.1 (S3140))\n", "1 delivery|outcome=bounced|"
	  "reply=550 5.7.1 (S3140)|final=1\n1 removed\n" },
	{ "without_own_address", T ENTRY " ACCEPTED " FROM TO
	  "mx=mx.example.net[198.51.100.7] id=<m> (250 ok)\n",
	  "1 delivery|source_ip=|relay_ip=198.51.100.7\n1 removed\n" },
	{ "ipv6", T ENTRY " ACCEPTED " FROM TO "src=2001:db8:0::9 "
	  "mx=mx.example.net[2001:db8::7] id=<m> (250 ok)\n",
	  "1 delivery|source_ip=2001:db8::9|relay_ip=2001:db8::7\n"
	  "1 removed\n" },
	{ "no_session", T ENTRY " DEFERRED[network] " FROM TO
	  "src=192.0.2.9 mx=mx.example.net id=<m> (Failed to connect)\n",
	  "1 delivery|outcome=deferred|relay_host=|named_mx=mx.example.net|"
	  "own=1|reply_code=|reply=Failed to connect\n" },
	{ "a_code_that_nobody_sent", T ENTRY " DEFERRED[network] " FROM TO
	  "mx=mx.example.net[198.51.100.7] (450 Error connecting to 198.51."
	  "100.7. timeout)\n", "1 delivery|own=1|reply_code=|"
	  "reply=450 Error connecting to 198.51.100.7. timeout\n" },
	{ "as_of_version_1", T "info Sender/default/77 " ENTRY " ACCEPTED "
	  FROM TO "mx=mx.example.net body=123 md5=0a1b2c3d4e5f[MD5_OK] "
	  "(250 2.0.0 ok)\n", "1 delivery|relay_host=mx.example.net|"
	  "relay_ip=|source_ip=|reply=250 2.0.0 ok\n1 removed\n" },
	{ "no_mx", T ENTRY " REJECTED[dns] " FROM TO
	  "src=null mx=null id=<m> (No MX)\n",
	  "1 delivery|outcome=bounced|relay_host=|named_mx=|source_ip=\n"
	  "1 removed\n" },
	{ "the_null_sender", T ENTRY " ACCEPTED from=<>[] " TO MX "id=<m> "
	  "(250 ok)\n", "1 delivery|sender=\"\"\n1 removed\n" },
	{ "a_sender_without_envelope", T ENTRY " ACCEPTED from=s@example.org "
	  TO MX "id=<m> (250 ok)\n", "1 delivery|sender=s@example.org\n"
	  "1 removed\n" },
	{ "a_loopback_is_internal", T ENTRY " ACCEPTED " FROM TO
	  "src=127.0.0.1 mx=x[127.0.0.1] id=<m> (250 ok)\n",
	  "1 delivery|hop=internal\n1 removed\n" },
	{ "a_reply_that_looks_like_fields", T ENTRY " DEFERRED[x] " FROM TO MX
	  "id=<m> (451 " ENTRY " ACCEPTED from=x[y] to=b@example.org mx=evil"
	  "[203.0.113.66] (250 ok))\n", "1 delivery|outcome=deferred|"
	  "recipient=a@example.net|relay_ip=198.51.100.7\n" },
	{ "by_syslog", "Nov 20 08:00:01 mx zone-mta[7]: " ENTRY " ACCEPTED "
	  FROM TO MX "id=<m> (250 ok)\nNov 20 08:00:02 mx postfix/smtp[7]: "
	  "4F1A2B3C4D: to=<b@example.net>, relay=mx.example.net[198.51.100.7]"
	  ":25, delay=1, delays=0/0/0/1, dsn=2.0.0, status=sent (250 ok)\n",
	  "1 delivery|mta=zonemta|host=mx|instance=zone-mta\n1 removed\n"
	  "2 delivery|mta=postfix\n" },
};

static const struct log_text_case others[] = {
	{ "noise_is_nothing", OK T "id=" Q " QUEUED from=s to=a\n"
	  T "[smtp] connection from 203.0.113.9\n"
	  T ENTRY " NOQUEUE from=x to=y mx=z (550 no)\n"
	  T ENTRY " DELETED from=x\n"
	  T "message ACCEPTED from=x to=y mx=z (250 ok)\n",
	  "1 delivery\n1 removed\n" },
	{ "cut_lines_are_told", OK T ENTRY " ACCEPTED " FROM "to=a@exam\n"
	  T ENTRY " ACCEPTED from=bou\n" T ENTRY " DEFERRED[x] " FROM TO MX
	  "id=<m> (451 4.7\n", "1 delivery\n1 removed\n2 skipped|reason=cut\n"
	  "3 skipped|reason=cut\n4 delivery|outcome=deferred|reply=451 4.7\n"
	},
};

static void
cuts_never_change_an_outcome(void **state)
{
	(void)state;
	log_text_expect_cuts(slice_str(T ENTRY " REJECTED[x] " FROM TO MX
	    "id=<m> (550 " ENTRY " ACCEPTED from=x to=y mx=z (250 ok))\n"),
	    "zonemta");
}

int
main(void)
{
	static struct cases cases;

	CASES_ADD_TABLE(&cases, outcomes, log_text_case);
	CASES_ADD_TABLE(&cases, others, log_text_case);
	cases_add(&cases, "cuts_never_change_an_outcome",
	    cuts_never_change_an_outcome, NULL);
	return cases_run(&cases);
}
