/* SPDX-License-Identifier: BSD-2-Clause */
/* Rows as the PowerMTA User's Guide (4.5, 5.0; "The Accounting File") has
 * them. */
#include "tests/support/cases.h"
#include "tests/support/log_text.h"

#define H "type,timeLogged,timeQueued,orig,rcpt,dsnStatus,dsnDiag,dsnMta," \
	"bounceCat,dlvType,dlvSourceIp,dlvDestinationIp,dlvEsmtpAvailable," \
	"dlvSize,vmta,jobId\n"
#define T "2026-11-20 09:00:01+0100,2026-11-20 08:59:59+0100,"
#define SR "s@example.org,a@example.net,"
#define MX "mx.example.net (198.51.100.7),"
#define END "smtp,192.0.2.9,198.51.100.7,\"ENHANCEDSTATUSCODES,SIZE\",1234," \
	"vmta1,job7\n"
#define OK "d," T SR "2.0.0 (success),smtp;250 2.0.0 Ok,"

static const struct log_text_case outcomes[] = {
	{ "delivered", H OK MX "," END,
	  "2 delivery|time=2026-11-20T08:00:01Z|mta=powermta|outcome=accepted|"
	  "hop=remote|instance=powermta/vmta1|agent=smtp|sender=s@example.org|"
	  "recipient=a@example.net|domain=example.net|"
	  "relay_host=mx.example.net|relay_ip=198.51.100.7|"
	  "source_ip=192.0.2.9|source_ip_from=log|delay_ms=2000|size=1234|"
	  "dsn=2.0.0|reply_code=250|own=|final=1|reply=250 2.0.0 Ok\n"
	  "2 removed\n" },
	{ "bounced", H "b," T SR "5.1.1 (bad destination mailbox address),"
	  "smtp;550 5.1.1 <a@example.net> no such user," MX "bad-mailbox,"
	  END, "2 delivery|outcome=bounced|dsn=5.1.1|reply_code=550|own=|"
	  "reply=550 5.1.1 <a@example.net> no such user\n2 removed\n" },
	{ "transient_is_an_attempt", H "t," T SR "4.7.1 (x),smtp;451 4.7.1 "
	  "later," MX "," END,
	  "2 delivery|outcome=deferred|final=|reply_code=451\n" },
	{ "expired_by_status", H "b," T SR "4.4.7 (delivery time expired),,,"
	  "message-expired," END, "2 delivery|outcome=expired|dsn=4.4.7|"
	  "reply_code=|own=1|reply=delivery time expired\n2 removed\n" },
	{ "expired_by_category", H "b," T SR "4.4.2 (x),smtp;421 4.4.2 slow,"
	  MX "message-expired," END, "2 delivery|outcome=expired\n"
	  "2 removed\n" },
	{ "long_type_names", H "delivery," T SR "2.0.0 (success),smtp;250 ok,"
	  MX "," END "bounce," T SR "5.0.0 (x),smtp;550 no," MX "," END,
	  "2 delivery|outcome=accepted\n2 removed\n"
	  "3 delivery|outcome=bounced\n3 removed\n" },
	{ "other_records_are_none", H "r," T SR ",,,,,,,,,,\n"
	  "f," T SR ",,,,,,,,,,\nrb," T SR "5.1.1,smtp;550 no,,,,,,,,,\n"
	  "rs," T SR ",,,,,,,,,,\ntq," T ",,,smtp;451 no,,,,,,,,,\n", "" },
	{ "own_words_are_no_reply", H "b," T SR "5.4.4 (unable to route),"
	  "\"x-unix;550 no such host\",," "routing-errors," END,
	  "2 delivery|outcome=bounced|dsn=5.4.4|reply_code=|own=1\n"
	  "2 removed\n" },
	{ "a_pipe_is_local", H "d," T SR "2.0.0 (success),,,,pipe,,,,1,v,\n",
	  "2 delivery|hop=local|agent=pipe\n2 removed\n" },
	{ "a_discard_is_none", H "d," T SR "2.0.0 (success),,,,discard,,,,1,v,"
	  "\n", "2 delivery|outcome=discarded\n2 removed\n" },
	{ "a_loopback_is_internal", H "d," T SR "2.0.0 (success),smtp;250 ok,"
	  "x (127.0.0.1),,smtp,,127.0.0.1,,1,v,\n",
	  "2 delivery|hop=internal\n2 removed\n" },
	{ "the_null_sender", H "d," T ",a@example.net,2.0.0 (success),"
	  "smtp;250 ok," MX "," END, "2 delivery|sender=\"\"\n2 removed\n" },
};

static const struct log_text_case columns[] = {
	{ "any_order", "type,rcpt,dsnStatus,timeLogged,dsnDiag\n"
	  "d,a@example.net,2.0.0,2026-11-20 08:00:01+0000,smtp;250 ok\n",
	  "2 delivery|recipient=a@example.net|time=2026-11-20T08:00:01Z|id=|"
	  "delay_ms=|sender=|source_ip=|relay_host=\n" },
	{ "seconds_since_1970", "type,timeLogged,timeQueued,rcpt\n"
	  "d,1795161601,1795161541,a@example.net\n",
	  "2 delivery|time=2026-11-20T08:00:01Z|delay_ms=60000\n"
	  "2 removed\n" },
	{ "seconds_queued_say_the_delay",
	  "type,timeLogged,rcpt,totalSecondsQueued,dlvTlsProtocol\n"
	  "d,1795161601,a@example.net,75,TLSv1.3\n",
	  "2 delivery|delay_ms=75000|tls=TLSv1.3\n" },
	{ "the_original_recipient", "type,timeLogged,rcpt,orcpt\n"
	  "d,1795161601,a@example.net,rfc822;b@example.com\n"
	  "d,1795161601,a@example.net,rfc822;a@example.net\n",
	  "2 delivery|orig_recipient=b@example.com\n"
	  "3 delivery|orig_recipient=\n" },
	{ "a_second_header_counts", "type,timeLogged,rcpt\n"
	  "d,1795161601,a@example.net\ntype,rcpt,timeLogged\n"
	  "d,b@example.net,1795161602\n",
	  "2 delivery|recipient=a@example.net\n"
	  "4 delivery|recipient=b@example.net\n" },
	{ "a_mark_in_front_and_cr", "\xef\xbb\xbftype,timeLogged,rcpt\r\n"
	  "d,1795161601,a@example.net\r\n",
	  "2 delivery|recipient=a@example.net\n" },
	{ "quotes_hold_commas_quotes_and_lines",
	  "type,timeLogged,rcpt,dsnDiag,header_Subject\n"
	  "b,1795161601,\"\"\"x,y\"\"@example.net\",\"smtp;550-5.7.1 a\n"
	  "550 5.7.1 b, c\",\"d,1795161601,z@example.net,smtp;250 ok,\"\n"
	  "d,1795161602,a@example.net,smtp;250 ok,\n",
	  "3 delivery|recipient=\"x,y\"@example.net|outcome=bounced|"
	  "reply=550 5.7.1 a b, c\n4 delivery|outcome=accepted\n" },
};

static const struct log_text_case broken[] = {
	{ "a_row_without_time", H "d,,," SR "2.0.0,smtp;250 ok," MX "," END,
	  "2 skipped|reason=no-stamp\n" },
	{ "an_impossible_time", H "d,2026-13-20 09:00:01+0100,," SR "2.0.0,"
	  "smtp;250 ok," MX "," END, "2 skipped|reason=no-stamp\n" },
	{ "a_row_that_was_cut", H "d," T "s@example.org,a@exam\n"
	  OK MX "," END, "2 skipped|reason=cut\n3 delivery\n3 removed\n" },
	{ "a_type_that_is_none", H "x," T SR "2.0.0,smtp;250 ok," MX "," END,
	  "2 skipped|reason=malformed\n" },
	{ "an_empty_line_is_nothing", H "\n" OK MX "," END,
	  "3 delivery\n3 removed\n" },
	{ "a_quote_left_open_costs_its_row_only", H
	  "d," T SR "2.0.0 (success),\"smtp;250 2.0.0\n" "t," T SR "4.7.1,"
	  "smtp;451 x," MX ",smtp,,,,1,v,\n",
	  "2 skipped|reason=cut\n3 delivery|outcome=deferred\n" },
};

static void
rows_without_a_header_are_counted(void **state)
{
	(void)state;
	assert_int_equal(log_text_expect(slice_str(OK MX "," END "\n"),
	    "powermta", "1 skipped|reason=malformed\n"), 2);
}

static struct slice
id_of_line(struct slice facts, const char *line)
{
	const char *at = slice_find(facts, slice_str(line));
	struct slice rest;

	assert_non_null(at);
	rest = slice_skip(facts, (size_t)(at - facts.ptr));
	at = slice_find(rest, SLICE("\tid="));
	assert_non_null(at);
	return slice_of(at, 20);
}

/* There is no queue id; all that a message and its recipient have alike makes
 * one. */
static void
tries_of_one_message_join(void **state)
{
	struct fact_text facts;
	struct slice all;

	(void)state;
	fact_text_init(&facts);
	log_text_read(SLICE("type,timeLogged,timeQueued,orig,rcpt\n"
	    "t,1795161601,1795161541,s@example.org,a@example.net\n"
	    "d,1795161700,1795161541,s@example.org,a@example.net\n"
	    "d,1795161700,1795161541,s@example.org,b@example.net\n"
	    "d,1795161700,1795161542,s@example.org,a@example.net\n"), NULL,
	    65536, UINT64_MAX, &facts);
	all = strbuf_slice(&facts.text);
	assert_true(slice_eq(id_of_line(all, "2 delivery"),
	    id_of_line(all, "3 delivery")));
	assert_false(slice_eq(id_of_line(all, "2 delivery"),
	    id_of_line(all, "4 delivery")));
	assert_false(slice_eq(id_of_line(all, "2 delivery"),
	    id_of_line(all, "5 delivery")));
	fact_text_release(&facts);
}

static void
cuts_never_change_an_outcome(void **state)
{
	(void)state;
	log_text_expect_cuts(slice_str(H OK MX "," END "b," T SR "5.1.1 (x),"
	    "\"smtp;550-5.1.1 a\n550 5.1.1 b\"," MX "bad-mailbox," END),
	    "powermta");
}

/* After 64 lines a quote that is still open was none of RFC 4180. */
static void
an_open_quote_does_not_swallow_the_rest(void **state)
{
	static const char row[] = "d,1795161602,a@example.net,x\n";
	struct strbuf log, want;

	(void)state;
	strbuf_init(&log, 65536);
	strbuf_init(&want, 65536);
	strbuf_add_str(&log, "type,timeLogged,rcpt,dsnDiag\n"
	    "d,1795161601,a@example.net,\"smtp;25\n");
	strbuf_add_str(&want, "2 skipped|reason=cut\n");
	for (int i = 0; i < 100; i++) {
		strbuf_add_str(&log, row);
		strbuf_addf(&want, "%d delivery\n", i + 3);
	}
	assert_int_equal(log_text_expect(strbuf_slice(&log), NULL, want.ptr),
	    102);
	strbuf_release(&log);
	strbuf_release(&want);
}

static void
zeros_in_any_line_of_a_row_make_it_binary(void **state)
{
	static const char text[] = H "b," T SR "5.1.1,\"smtp;550 no\0\n"
	    "more\"," MX "," END;

	(void)state;
	(void)log_text_expect(slice_of(text, sizeof(text) - 1), NULL,
	    "3 skipped|reason=binary\n3 removed\n");
}

int
main(void)
{
	static struct cases cases;

	CASES_ADD_TABLE(&cases, outcomes, log_text_case);
	CASES_ADD_TABLE(&cases, columns, log_text_case);
	CASES_ADD_TABLE(&cases, broken, log_text_case);
	cases_add(&cases, "tries_of_one_message_join",
	    tries_of_one_message_join, NULL);
	cases_add(&cases, "rows_without_a_header_are_counted",
	    rows_without_a_header_are_counted, NULL);
	cases_add(&cases, "cuts_never_change_an_outcome",
	    cuts_never_change_an_outcome, NULL);
	cases_add(&cases, "zeros_in_any_line_of_a_row_make_it_binary",
	    zeros_in_any_line_of_a_row_make_it_binary, NULL);
	cases_add(&cases, "an_open_quote_does_not_swallow_the_rest",
	    an_open_quote_does_not_swallow_the_rest, NULL);
	return cases_run(&cases);
}
