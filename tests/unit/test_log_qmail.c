/* SPDX-License-Identifier: BSD-2-Clause */
/* Lines as qmail-send.c of qmail 1.03 and notqmail write them, through
 * multilog, tai64nlocal and splogger. */
#include "tests/support/cases.h"
#include "tests/support/log_text.h"

/* 2026-11-20T08:00:01Z is 1795161601; TAI64 adds 2^62 and 10. */
#define T1 "@400000006afffe0b1dcd6500 " /* .5 */
#define T2 "@400000006afffe0c00000000 "
#define T5 "@400000006afffe0f00000000 "
#define NEW T1 "new msg 53\n" T1 "info msg 53: bytes 246 from <s@example.org>" \
	" qp 20345 uid 666\n"
#define START T2 "starting delivery 7: msg 53 to remote a@example.net\n"
#define BORN "1 born|id=53\n2 active|id=53|sender=s@example.org|size=246\n"
#define SAYS(text) NEW START T5 "delivery 7: " text "\n"
#define DONE(want) BORN "4 delivery|" want "\n"

static const struct log_text_case outcomes[] = {
	{ "success", SAYS("success: 198.51.100.7_accepted_message./Remote_"
	  "host_said:_250_2.0.0_ok_1234_qp_5/"),
	  "1 born|time=2026-11-20T08:00:01Z|us=500000|mta=qmail|id=53|"
	  "instance=qmail\n2 active|sender=s@example.org|size=246\n"
	  "4 delivery|time=2026-11-20T08:00:05Z|us=0|mta=qmail|"
	  "outcome=accepted|hop=remote|instance=qmail|agent=remote|id=53|"
	  "sender=|recipient=a@example.net|domain=example.net|relay_host=|"
	  "relay_ip=198.51.100.7|source_ip=|delay_ms=4000|dsn=2.0.0|stage=|"
	  "reply_code=250|own=|final=1|reply=250 2.0.0 ok 1234 qp 5\n" },
	{ "recipient_refused", SAYS("failure: 198.51.100.7_does_not_like_"
	  "recipient./Remote_host_said:_550_5.1.1_no_such_user/Giving_up_on_"
	  "198.51.100.7./"), DONE("outcome=bounced|relay_ip=198.51.100.7|"
	  "stage=rcpt|reply_code=550|dsn=5.1.1|own=|final=1|"
	  "reply=550 5.1.1 no such user") },
	{ "sender_refused", SAYS("failure: Connected_to_198.51.100.7_but_"
	  "sender_was_rejected./Remote_host_said:_550_5.7.1_part_of_their_"
	  "network_is_on_our_block_list_(S3140)/"), DONE("outcome=bounced|"
	  "relay_ip=198.51.100.7|stage=mail|dsn=5.7.1|reply=550 5.7.1 part "
	  "of their network is on our block list (S3140)") },
	{ "greeting_refused", SAYS("deferral: Connected_to_198.51.100.7_but_"
	  "greeting_failed./Remote_host_said:_421_busy/"),
	  DONE("outcome=deferred|stage=connect|reply=421 busy|final=") },
	{ "name_refused", SAYS("deferral: Connected_to_198.51.100.7_but_my_"
	  "name_was_rejected./Remote_host_said:_501_no/"),
	  DONE("stage=ehlo|reply_code=501") },
	{ "refused_at_data", SAYS("failure: 198.51.100.7_failed_on_DATA_"
	  "command./Remote_host_said:_554_no/"), DONE("stage=data") },
	{ "refused_after_data", SAYS("failure: 198.51.100.7_failed_after_I_"
	  "sent_the_message./Remote_host_said:_554_spam/"),
	  DONE("stage=eod|reply=554 spam") },
	{ "lines_of_a_reply", SAYS("failure: 198.51.100.7_does_not_like_"
	  "recipient./Remote_host_said:_550-5.7.1_see/550-5.7.1_https://"
	  "example.com/why/550_5.7.1_end/Giving_up_on_198.51.100.7./"),
	  DONE("dsn=5.7.1|reply=550 5.7.1 see https://example.com/why end") },
	{ "the_remote_may_say_what_qmail_says", SAYS("deferral: 198.51.100.7_"
	  "does_not_like_recipient./Remote_host_said:_451_203.0.113.66_"
	  "accepted_message./Remote_host_said:_250_ok/Giving_up_on_198.51."
	  "100.7./"), DONE("outcome=deferred|relay_ip=198.51.100.7|"
	  "stage=rcpt|reply_code=451|reply=451 203.0.113.66 accepted "
	  "message./Remote host said: 250 ok") },
	{ "expired", SAYS("failure: 198.51.100.7_does_not_like_recipient./"
	  "Remote_host_said:_451_4.7.1_later/Giving_up_on_198.51.100.7./I'm_"
	  "not_going_to_try_again;_this_message_has_been_in_the_queue_too_"
	  "long./"), DONE("outcome=expired|reply=451 4.7.1 later|final=1") },
	{ "expired_without_a_connection", SAYS("failure: Sorry,_I_wasn't_able_"
	  "to_establish_an_SMTP_connection._(#4.4.1)/I'm_not_going_to_try_"
	  "again;_this_message_has_been_in_the_queue_too_long./"),
	  DONE("outcome=expired|dsn=4.4.1|own=1|reply=Sorry, I wasn't able to "
	  "establish an SMTP connection. (#4.4.1)") },
	{ "no_connection", SAYS("deferral: Sorry,_I_wasn't_able_to_establish_"
	  "an_SMTP_connection._(#4.4.1)/"), DONE("outcome=deferred|dsn=4.4.1|"
	  "own=1|reply_code=|relay_ip=|hop=remote") },
	{ "no_host", SAYS("failure: Sorry,_I_couldn't_find_any_host_named_"
	  "example.net._(#5.1.2)/"), DONE("outcome=bounced|dsn=5.1.2|own=1|"
	  "reply=Sorry, I couldn't find any host named example.net. "
	  "(#5.1.2)") },
	{ "the_connection_died", SAYS("deferral: Connected_to_198.51.100.7_but"
	  "_connection_died._(#4.4.2)/"), DONE("relay_ip=198.51.100.7|"
	  "dsn=4.4.2|own=1|stage=") },
	{ "mangled", SAYS("report mangled, will defer"),
	  DONE("outcome=deferred|own=1|reply=report mangled, will defer") },
	{ "ipv6", SAYS("success: 2001:db8::7_accepted_message./Remote_host_"
	  "said:_250_ok/"), DONE("relay_ip=2001:db8::7") },
	{ "loopback_is_internal", SAYS("success: 127.0.0.1_accepted_message./"
	  "Remote_host_said:_250_ok/"), DONE("hop=internal") },
	{ "local", NEW T2 "starting delivery 7: msg 53 to local list-a@example."
	  "org\n" T5 "delivery 7: success: did_1+0+0/\n",
	  BORN "4 delivery|hop=local|agent=local|outcome=accepted|own=1|"
	  "recipient=list-a@example.org|reply=did 1+0+0\n" },
	{ "local_failure", NEW T2 "starting delivery 7: msg 53 to local x@"
	  "example.org\n" T5 "delivery 7: failure: Sorry,_no_mailbox_here_by_"
	  "that_name._(#5.1.1)/\n", BORN "4 delivery|hop=local|"
	  "outcome=bounced|dsn=5.1.1\n" },
};

static const struct log_text_case numbers[] = {
	{ "the_end_is_told", NEW T5 "end msg 53\n", BORN "3 removed|id=53\n" },
	{ "a_message_number_comes_again", NEW T5 "end msg 53\n"
	  T5 "new msg 53\n" T5 "info msg 53: bytes 9 from <> qp 1 uid 0\n"
	  T5 "starting delivery 8: msg 53 to remote b@example.net\n"
	  T5 "delivery 8: success: 198.51.100.7_accepted_message./Remote_host"
	  "_said:_250_ok/\n",
	  BORN "3 removed\n4 born|id=53\n5 active|sender=\"\"|size=9\n"
	  "7 delivery|recipient=b@example.net|delay_ms=0\n" },
	{ "an_outcome_without_a_start", T5 "delivery 7: deferral: CNAME_"
	  "lookup_failed_temporarily._(#4.4.3)/\n" START
	  T5 "status: local 0/10 remote 0/20\n",
	  "1 delivery|recipient=|domain=|id=|outcome=deferred|dsn=4.4.3\n" },
	{ "a_start_serves_once", START T5 "delivery 7: success: x/\n"
	  T5 "delivery 7: success: x/\n", "2 delivery|recipient=a@example.net|"
	  "id=53\n3 delivery|recipient=|id=\n" },
	{ "qmail_send_began_anew", START
	  T2 "status: local 0/10 remote 0/20\n"
	  T2 "starting delivery 1: msg 60 to remote b@example.net\n"
	  T5 "delivery 7: success: x/\n" T5 "delivery 1: success: x/\n",
	  "4 delivery|recipient=\n5 delivery|recipient=b@example.net|id=60\n" },
	{ "deliveries_interleave", START
	  T2 "starting delivery 8: msg 54 to remote b@example.org\n"
	  T5 "delivery 8: success: 198.51.100.8_accepted_message./Remote_host"
	  "_said:_250_b/\n" T5 "delivery 7: deferral: x/\n",
	  "3 delivery|recipient=b@example.org|id=54|relay_ip=198.51.100.8\n"
	  "4 delivery|recipient=a@example.net|id=53|outcome=deferred\n" },
	{ "indimail_names_its_queue", T2 "starting delivery 7: msg 53 to "
	  "remote a@example.net queue5\n" T5 "delivery 7: success: 198.51.100."
	  "7_accepted_message./Remote_host_said:_250_ok/ queue5\n",
	  "2 delivery|recipient=a@example.net|reply=250 ok\n" },
};

#define S "Nov 20 08:00:02 mx qmail: 1795161602.000001"
#define S2 "Nov 20 08:00:02 mx2 qmail: 1795161602.000001"

static const struct log_text_case envelopes[] = {
	{ "tai64nlocal", "2026-11-20 08:00:01.500000500 new msg 53\n"
	  "2026-11-20 08:00:02.500000500 starting delivery 7: msg 53 to "
	  "remote a@example.net\n2026-11-20 08:00:05.500000500 delivery 7: "
	  "success: x/\n", "1 born|time=2026-11-20T08:00:01Z|us=500000\n"
	  "3 delivery|time=2026-11-20T08:00:05Z|delay_ms=4000\n" },
	{ "splogger", S " new msg 53\n" S " info msg 53: bytes 7 from <s@x.org>"
	  " qp 1 uid 0\n" S " starting delivery 7: msg 53 to remote a@example."
	  "net\n" S " delivery 7: success: 198.51.100.7_accepted_message./"
	  "Remote_host_said:_250_ok/\n" S " end msg 53\n",
	  "1 born|host=mx|instance=qmail|time=2026-11-20T08:00:02Z\n"
	  "2 active|sender=s@x.org\n4 delivery|host=mx|recipient=a@example."
	  "net|relay_ip=198.51.100.7\n5 removed\n" },
	{ "syslog_without_stamps", "Nov 20 08:00:02 mx qmail-send[7]: starting "
	  "delivery 7: msg 53 to remote a@example.net\nNov 20 08:00:03 mx "
	  "qmail-send[7]: delivery 7: deferral: x/\n",
	  "2 delivery|recipient=a@example.net|instance=qmail-send\n" },
	{ "hosts_are_apart", S " starting delivery 7: msg 53 to remote a@"
	  "example.net\n" S2 " delivery 7: success: x/\n"
	  S2 " starting delivery 1: msg 9 to remote b@example.net\n"
	  S " delivery 7: success: x/\n",
	  "2 delivery|host=mx2|recipient=\n"
	  "4 delivery|host=mx|recipient=a@example.net\n" },
	{ "two_mtas_in_one_file", S " starting delivery 7: msg 53 to remote a@"
	  "example.net\nNov 20 08:00:02 mx postfix/smtp[7]: 4F1A2B3C4D: "
	  "to=<b@example.net>, relay=mx.example.net[198.51.100.7]:25, delay=1,"
	  " delays=0/0/0/1, dsn=2.0.0, status=sent (250 ok)\n"
	  S " delivery 7: success: x/\n",
	  "2 delivery|mta=postfix\n3 delivery|mta=qmail\n" },
};

static const struct log_text_case broken[] = {
	{ "noise_is_nothing", T1 "status: local 0/10 remote 1/20\n"
	  T1 "bounce msg 53 qp 20357\n" T1 "triple bounce: discarding bounce/5"
	  "\n" T1 "warning: trouble opening remote/5; will try again later\n"
	  T1 "tcpserver: status: 0/40\n" T1 "number of deliveries: 5\n"
	  "2026-11-20 08:00:01.500000500 tcpserver: pid 5 from 192.0.2.1\n",
	  "" },
	{ "cut_lines_are_told", START T5 "delivery 7: succ\n"
	  T5 "delivery 8\n" T5 "info msg 53: bytes\n"
	  T5 "starting delivery 9: msg 5\n" T5 "delivery 7: success: x/\n",
	  "2 skipped|reason=cut\n3 skipped|reason=cut\n"
	  "4 skipped|reason=cut\n5 skipped|reason=cut\n"
	  "6 delivery|recipient=a@example.net\n" },
	{ "stamps_that_are_none", START "@400000006afffe0\n"
	  "@4000000000000000ffffffff delivery 7: success: x/\n"
	  "@ffffffffffffffff00000000 delivery 7: success: x/\n"
	  "@400000006afffe0f000000zz delivery 7: success: x/\n",
	  "2 skipped|reason=cut\n3 skipped|reason=bad-stamp\n"
	  "4 skipped|reason=bad-stamp\n5 skipped|reason=cut\n" },
};

static void
cuts_never_change_an_outcome(void **state)
{
	(void)state;
	log_text_expect_cuts(slice_str(SAYS("deferral: 198.51.100.7_does_not_"
	    "like_recipient./Remote_host_said:_451_delivery_7:_success:_x/")),
	    "qmail");
}

/* splogger breaks lines behind 799 bytes; the end of the second says that the
 * message is given up. */
static void
long_lines_go_on(void **state)
{
	struct strbuf log;
	size_t from;

	(void)state;
	strbuf_init(&log, 65536);
	strbuf_add_str(&log, S " starting delivery 7: msg 53 to remote "
	    "a@example.net\n" S " ");
	from = log.len;
	strbuf_add_str(&log, "delivery 7: failure: 198.51.100.7_does_not_like_"
	    "recipient./Remote_host_said:_451_");
	while (log.len < from + 799)
		strbuf_add_char(&log, 'x');
	strbuf_add_str(&log, "\n" S "+yz/Giving_up_on_198.51.100.7./I'm_not_"
	    "going_to_try_again;_this_message_has_been_in_the_queue_too_long."
	    "/\n");
	(void)log_text_expect(strbuf_slice(&log), NULL,
	    "2 delivery|outcome=expired|recipient=a@example.net|"
	    "reply_code=451|relay_ip=198.51.100.7\n");
	strbuf_release(&log);
}

/* The line that is held back is told while the next is read. */
static void
zeros_in_a_held_line_make_it_binary(void **state)
{
	struct strbuf log;
	size_t from;

	(void)state;
	strbuf_init(&log, 65536);
	strbuf_add_str(&log, S " starting delivery 7: msg 53 to remote "
	    "a@example.net\n" S " ");
	from = log.len;
	strbuf_add_str(&log, "delivery 7: failure: 198.51.100.7_does_not_like_"
	    "recipient./Remote_host_said:_451_");
	strbuf_add_char(&log, '\0');
	while (log.len < from + 799)
		strbuf_add_char(&log, 'x');
	strbuf_add_str(&log, "\n");
	(void)log_text_expect(strbuf_slice(&log), NULL,
	    "2 skipped|reason=binary\n");
	strbuf_add_str(&log, S " end msg 53\n");
	(void)log_text_expect(strbuf_slice(&log), NULL,
	    "2 skipped|reason=binary\n3 removed|id=53\n");
	strbuf_release(&log);
}

int
main(void)
{
	static struct cases cases;

	CASES_ADD_TABLE(&cases, outcomes, log_text_case);
	CASES_ADD_TABLE(&cases, numbers, log_text_case);
	CASES_ADD_TABLE(&cases, envelopes, log_text_case);
	CASES_ADD_TABLE(&cases, broken, log_text_case);
	cases_add(&cases, "cuts_never_change_an_outcome",
	    cuts_never_change_an_outcome, NULL);
	cases_add(&cases, "long_lines_go_on", long_lines_go_on, NULL);
	cases_add(&cases, "zeros_in_a_held_line_make_it_binary",
	    zeros_in_a_held_line_make_it_binary, NULL);
	return cases_run(&cases);
}
