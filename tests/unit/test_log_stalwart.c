/* SPDX-License-Identifier: BSD-2-Clause */
/* Lines as Stalwart's crates/trc/src/serializers/text.rs writes the events of
 * crates/smtp/src/outbound. */
#include "tests/support/cases.h"
#include "tests/support/log_text.h"

#define AT(s) "2026-11-20T08:00:" s "Z INFO "
#define SPAN "queueId = 7, queueName = \"remote\", from = \"s@example.org\", " \
	"to = [\"a@example.net\", \"b@example.net\"], size = 2048, total = 2"
#define ONE "queueId = 7, from = \"s@example.org\", size = 2048, total = 2, "
#define START AT("01") "Delivery attempt started (delivery.attempt-start) " \
	SPAN "\n" AT("01") "New delivery attempt for domain " \
	"(delivery.domain-delivery-start) " SPAN ", domain = \"example.net\"\n"
#define CONNECT AT("02") "Connecting to remote server (delivery.connect) " \
	SPAN ", hostname = \"MX.example.net\", localIp = 192.0.2.9, remoteIp" \
	" = 198.51.100.7, remotePort = 25, elapsed = 12ms\n"
#define HOST "hostname = \"MX.example.net\", "
#define DELIVERED(to, words) AT("03") "Message delivered " \
	"(delivery.delivered) " ONE HOST "to = \"" to "\", code = 250, " \
	"details = \"" words "\", elapsed = 30ms\n"
#define REFUSED(to, code, words) AT("03") "SMTP RCPT TO rejected " \
	"(delivery.rcpt-to-rejected) " ONE HOST "to = \"" to "\", code = " \
	code ", details = \"" words "\", elapsed = 30ms\n"
#define END AT("04") "Delivery attempt ended (delivery.attempt-end) " SPAN \
	", elapsed = 3000ms\n"

static const struct log_text_case outcomes[] = {
	{ "delivered", START CONNECT DELIVERED("a@example.net", "2.0.0 Ok: "
	  "queued"), "4 delivery|time=2026-11-20T08:00:03Z|mta=stalwart|"
	  "outcome=accepted|hop=remote|instance=stalwart|agent=smtp|id=7|"
	  "sender=s@example.org|recipient=a@example.net|domain=example.net|"
	  "relay_host=mx.example.net|relay_ip=198.51.100.7|relay_port=25|"
	  "source_ip=192.0.2.9|source_ip_from=log|delay_ms=|size=2048|"
	  "dsn=2.0.0|reply_code=250|own=|final=1|reply=250 2.0.0 Ok: "
	  "queued\n" },
	{ "without_its_connection", DELIVERED("a@example.net", "ok"),
	  "1 delivery|relay_host=mx.example.net|relay_ip=|source_ip=\n" },
	{ "a_recipient_is_refused", START CONNECT REFUSED("a@example.net",
	  "550", "5.1.1 no") REFUSED("b@example.net", "451", "4.7.1 later"),
	  "4 delivery|outcome=bounced|stage=rcpt|dsn=5.1.1|"
	  "reply=550 5.1.1 no\n5 delivery|outcome=deferred|dsn=4.7.1|"
	  "final=\n" },
	{ "a_refused_message_is_for_all_accepted", START CONNECT
	  REFUSED("a@example.net", "550", "5.1.1 no") AT("03") "Message "
	  "rejected by remote server (delivery.message-rejected) " SPAN ", "
	  HOST "code = 554, details = \"5.7.1 spam\", elapsed = 3ms\n" END,
	  "4 delivery|recipient=a@example.net|stage=rcpt\n"
	  "5 delivery|recipient=b@example.net|outcome=bounced|stage=eod|"
	  "reply=554 5.7.1 spam|relay_ip=198.51.100.7|source_ip=192.0.2.9\n" },
	{ "a_refused_sender_is_for_all", START CONNECT AT("03") "SMTP MAIL "
	  "FROM rejected (delivery.mail-from-rejected) " SPAN ", " HOST
	  "causedBy = SMTP error (smtp.error) { details = \"Unexpected "
	  "Response\", code = 550, reason = \"5.7.1 block list (S3140)\" }, "
	  "elapsed = 5ms\n" END,
	  "4 delivery|recipient=a@example.net|outcome=bounced|stage=mail|"
	  "time=2026-11-20T08:00:03Z|reply=550 5.7.1 block list (S3140)\n"
	  "4 delivery|recipient=b@example.net|outcome=bounced\n" },
	{ "no_connection", START AT("02") "Connection error "
	  "(delivery.connect-error) " SPAN ", " HOST "localIp = 192.0.2.9, "
	  "remoteIp = 198.51.100.7, remotePort = 25, causedBy = SMTP error "
	  "(smtp.error) { details = \"I/O Error\", reason = \"Connection "
	  "refused (os error 111)\" }, elapsed = 1ms\n" END,
	  "3 delivery|recipient=a@example.net|outcome=deferred|own=1|"
	  "reply_code=|stage=connect|relay_host=|named_mx=mx.example.net|"
	  "named_ip=198.51.100.7|source_ip=192.0.2.9|"
	  "reply=Connection refused (os error 111)\n"
	  "3 delivery|recipient=b@example.net\n" },
	{ "another_host_took_it", START AT("02") "Connection error "
	  "(delivery.connect-error) " SPAN ", " HOST "remoteIp = 198.51.100.8,"
	  " elapsed = 1ms\n" CONNECT DELIVERED("a@example.net", "ok")
	  DELIVERED("b@example.net", "ok") END,
	  "5 delivery|outcome=accepted\n6 delivery|outcome=accepted\n" },
	{ "no_mx", START AT("02") "MX record lookup failed "
	  "(delivery.mx-lookup-failed) " SPAN ", domain = \"example.net\", "
	  "causedBy = SMTP error (smtp.error) { details = \"DNS error\", "
	  "reason = \"timed out\" }, elapsed = 1ms\n" END,
	  "3 delivery|outcome=deferred|own=1|reply=timed out\n"
	  "3 delivery\n" },
	{ "null_mx", START AT("02") "Null MX record found (delivery.null-mx) "
	  SPAN ", domain = \"example.net\", elapsed = 1ms\n" END,
	  "3 delivery|outcome=bounced\n3 delivery|outcome=bounced\n" },
	{ "tls", START CONNECT AT("02") "SMTP STARTTLS command "
	  "(delivery.start-tls) " SPAN ", " HOST "version = \"TLSv1_3\", "
	  "details = \"TLS13_AES_256_GCM_SHA384\", elapsed = 9ms\n"
	  DELIVERED("a@example.net", "ok"), "5 delivery|tls=TLSv1_3\n" },
	{ "a_mailbox_is_local", AT("03") "Message delivered "
	  "(delivery.delivered) " ONE "hostname = \"localhost\", to = \"a@"
	  "example.org\", code = 250, details = \"OK\", elapsed = 1ms\n",
	  "1 delivery|hop=local\n" },
	{ "a_life", AT("00") "Queued message submission for delivery "
	  "(queue.authenticated-message-queued) queueId = 7, from = \"s@"
	  "example.org\", to = [\"a@example.net\"], size = 2048\n" START
	  CONNECT REFUSED("a@example.net", "451", "no") END AT("09")
	  "Delivery failed (delivery.failed) " SPAN ", elapsed = 1ms\n",
	  "1 born|id=7|sender=s@example.org|size=2048\n"
	  "5 delivery|outcome=deferred|delay_ms=3000\n"
	  "7 expired|id=7\n7 removed|id=7\n" },
	{ "the_end_of_a_delivered_one", START CONNECT DELIVERED("a@example.net"
	  , "ok") DELIVERED("b@example.net", "ok") END AT("05") "Delivery "
	  "completed (delivery.completed) " SPAN ", elapsed = 9ms\n",
	  "4 delivery\n5 delivery\n7 removed|id=7\n" },
};

static const struct log_text_case traps[] = {
	{ "the_list_of_older_versions_comes_first", START CONNECT AT("03")
	  "Message delivered (delivery.delivered) " SPAN ", " HOST "to = \"a@"
	  "example.net\", code = 250, details = \"ok\", elapsed = 3ms\n",
	  "4 delivery|recipient=a@example.net|reply=250 ok\n" },
	{ "quotes_in_a_reply", DELIVERED("a@example.net", "said \"yes\" ok"),
	  "1 delivery|reply=250 said \"yes\" ok\n" },
	{ "escapes_in_a_reply", DELIVERED("a@example.net", "\\\"a\\\"\\r\\nb"),
	  "1 delivery|reply=250 \"a\"  b\n" },
	{ "keys_in_a_reply", REFUSED("a@example.net", "451", "x\", to = \"v@"
	  "example.org\", code = 250, hostname = \"evil.example\", elapsed = "
	  "1ms"), "1 delivery|outcome=deferred|recipient=a@example.net|"
	  "relay_host=mx.example.net|reply_code=451\n" },
	{ "replies_of_0_9", AT("03") "SMTP RCPT TO rejected (delivery.rcpt-to-"
	  "rejected) " SPAN ", " HOST "to = \"a@example.net\", reason = "
	  "\"Code: 550, Enhanced code: 5.1.1, Message: no, such\", elapsed = "
	  "3ms\n", "1 delivery|outcome=bounced|reply=550 5.1.1 no, such|"
	  "dsn=5.1.1\n" },
	{ "colours_are_taken_off", "\033[37m2026-11-20T08:00:03Z\033[0m "
	  "\033[32;1mINFO\033[0m \033[37;1mMessage delivered\033[0m "
	  "(delivery.delivered) \033[36mqueueId\033[0m = 7, \033[36mhostname"
	  "\033[0m = \"mx.example.net\", \033[36mto\033[0m = \"a@example.net"
	  "\", \033[36mcode\033[0m = 250, \033[36mdetails\033[0m = \"ok\"\n",
	  "1 delivery|recipient=a@example.net|reply=250 ok\n" },
	{ "noise_is_nothing", DELIVERED("a@example.net", "ok")
	  AT("03") "SMTP RCPT TO command (delivery.rcpt-to) " ONE HOST
	  "to = \"b@example.net\", code = 250, details = \"ok\"\n"
	  AT("03") "SMTP connection started (smtp.connection-start) "
	  "listenerId = \"smtp\", localPort = 25, remoteIp = 203.0.113.9\n"
	  AT("03") "Message delivered (smtp.delivered) " ONE "to = \"c@x.org\""
	  ", code = 250\n"
	  AT("03") "Rate limit exceeded (delivery.rate-limit-exceeded) " SPAN
	  "\n" AT("03") "Message rescheduled for delivery (queue.rescheduled) "
	  SPAN ", nextRetry = 2026-11-20T08:05:00Z\n" END, "1 delivery\n" },
	{ "cut_lines", DELIVERED("a@example.net", "ok") AT("03") "Message "
	  "delivered (delivery.deli\n" AT("03") "Mess\n" START CONNECT,
	  "1 delivery\n2 skipped|reason=malformed\n"
	  "3 skipped|reason=malformed\n" },
	{ "cut_before_its_code", DELIVERED("a@example.net", "ok") AT("03")
	  "SMTP RCPT TO rejected (delivery.rcpt-to-rejected) " ONE HOST
	  "to = \"a@example.net\", code = 55\n" AT("03") "Message delivered "
	  "(delivery.delivered) " ONE HOST "to = \"a@exam\n",
	  "1 delivery\n2 skipped|reason=cut\n3 skipped|reason=cut\n" },
	{ "another_mta_in_the_file", DELIVERED("a@example.net", "ok")
	  "Nov 20 08:00:02 mx postfix/smtp[7]: 4F1A2B3C4D: to=<b@example.net>"
	  ", relay=mx.example.net[198.51.100.7]:25, delay=1, delays=0/0/0/1, "
	  "dsn=2.0.0, status=sent (250 ok)\n",
	  "1 delivery|mta=stalwart\n2 delivery|mta=postfix\n" },
};

static void
cuts_never_change_an_outcome(void **state)
{
	(void)state;
	log_text_expect_cuts(slice_str(REFUSED("a@example.net", "551",
	    "(delivery.delivered) code = 250")), "stalwart");
}

int
main(void)
{
	static struct cases cases;

	CASES_ADD_TABLE(&cases, outcomes, log_text_case);
	CASES_ADD_TABLE(&cases, traps, log_text_case);
	cases_add(&cases, "cuts_never_change_an_outcome",
	    cuts_never_change_an_outcome, NULL);
	return cases_run(&cases);
}
