/* SPDX-License-Identifier: BSD-2-Clause */
/* Lines as maddy's internal/target/queue/queue.go writes them. */
#include "tests/support/cases.h"
#include "tests/support/log_text.h"

#define AT "2026-11-20T08:00:01.250Z "
#define OK "remote_queue: delivered\t{\"attempt\":1,\"msg_id\":\"1a2b\"," \
	"\"rcpt\":\"a@example.net\"}\n"
#define FAILED(code, enhanced, more) "remote_queue: delivery attempt failed" \
	"\t{\"msg_id\":\"1a2b\",\"rcpt\":\"a@example.net\",\"smtp_code\":" \
	code ",\"smtp_enchcode\":\"" enhanced "\"" more "}\n"
#define REMOTE ",\"remote_server\":\"MX.example.net.\"," \
	"\"smtp_msg\":\"no such user\",\"reason\":\"x\""

static const struct log_text_case outcomes[] = {
	{ "delivered", AT OK,
	  "1 delivery|time=2026-11-20T08:00:01Z|us=250000|mta=maddy|"
	  "outcome=accepted|hop=remote|instance=maddy|agent=queue|id=1a2b|"
	  "recipient=a@example.net|domain=example.net|relay_host=|relay_ip=|"
	  "source_ip=|reply=|final=1\n" },
	{ "refused", AT FAILED("550", "5.1.1", REMOTE),
	  "1 delivery|outcome=bounced|relay_host=mx.example.net|dsn=5.1.1|"
	  "reply_code=550|own=|final=1|reply=550 5.1.1 no such user\n" },
	{ "deferred", AT FAILED("451", "4.7.1", REMOTE),
	  "1 delivery|outcome=deferred|dsn=4.7.1|reply=451 4.7.1 no such user"
	  "|final=\n" },
	{ "its_own_reason_is_no_reply", AT FAILED("451", "4.4.2",
	  ",\"reason\":\"i/o timeout\""), "1 delivery|outcome=deferred|own=1|"
	  "reply_code=|relay_host=|dsn=4.4.2|reply=i/o timeout\n" },
	{ "too_many_tries", AT FAILED("451", "4.7.1", REMOTE) AT "remote_queue"
	  ": not delivered, permanent error\t{\"msg_id\":\"1a2b\",\"rcpt\":"
	  "\"a@example.net\"}\n" AT "remote_queue: not delivered, permanent "
	  "error\t{\"msg_id\":\"1a2b\",\"rcpt\":\"a@example.net\"}\n",
	  "1 delivery|outcome=deferred\n2 delivery|outcome=expired|final=1|"
	  "id=1a2b|recipient=a@example.net\n" },
	{ "what_repeats_is_nothing", AT FAILED("550", "5.1.1", REMOTE)
	  AT "remote_queue: not delivered, permanent error\t{\"msg_id\":"
	  "\"1a2b\",\"rcpt\":\"a@example.net\"}\n"
	  AT "remote_queue: will retry\t{\"attempts_count\":1,\"msg_id\":"
	  "\"1a2b\",\"next_try_delay\":\"14m59s\",\"rcpts\":[\"a@b\"]}\n",
	  "1 delivery|outcome=bounced\n" },
	{ "by_syslog", "Nov 20 08:00:01 mx maddy[7]: " OK
	  "Nov 20 08:00:01 mx maddy[7]: remote_queue: delivered#011{"
	  "\"attempt\":1,\"msg_id\":\"1a2c\",\"rcpt\":\"b@example.net\"}\n"
	  "Nov 20 08:00:02 mx postfix/smtp[7]: 4F1A2B3C4D: to=<b@example.net>"
	  ", relay=mx.example.net[198.51.100.7]:25, delay=1, delays=0/0/0/1, "
	  "dsn=2.0.0, status=sent (250 ok)\n",
	  "1 delivery|mta=maddy|host=mx|id=1a2b\n2 delivery|id=1a2c\n"
	  "3 delivery|mta=postfix\n" },
	{ "by_syslog_in_brackets", "Nov 20 08:00:01 mx maddy[7]: [debug] "
	  OK, "1 delivery|id=1a2b\n" },
};

static const struct log_text_case others[] = {
	{ "noise_is_nothing", AT OK
	  AT "smtp: incoming message\t{\"msg_id\":\"1a2b\",\"sender\":\"s@x\","
	  "\"src_ip\":\"203.0.113.9:1\"}\n"
	  AT "smtp: RCPT error\t{\"msg_id\":\"9\",\"rcpt\":\"x@y\","
	  "\"smtp_code\":550}\n"
	  AT "local_mailboxes: delivered message\t{\"msg_id\":\"9\"}\n"
	  AT "remote_queue: delivered\t{\"attempt\":1,\"msg_id\":\"1a2b\"}\n"
	  AT "remote_queue: delivered to {\"rcpt\":\"a@b\"}\n", "1 delivery\n" },
	{ "cut_lines_are_told", AT OK AT "remote_queue: delivered\t{\"attempt\""
	  ":1,\"rcpt\":\"a@exam\n" AT "remote_queue: delivery attempt failed\t{"
	  "\"rcpt\":\"a@b\",\"smtp_code\":55\n",
	  "1 delivery\n2 skipped|reason=cut\n3 skipped|reason=cut\n" },
	{ "values_of_other_types", AT OK AT "remote_queue: delivered\t[1]\n"
	  AT "remote_queue: delivered\t{\"rcpt\":5,\"msg_id\":{}}\n",
	  "1 delivery\n" },
};

static void
cuts_never_change_an_outcome(void **state)
{
	(void)state;
	log_text_expect_cuts(slice_str(AT FAILED("550", "5.1.1",
	    ",\"reason\":\"queue: delivered\\t{}\"")), "maddy");
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
