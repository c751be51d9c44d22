/* SPDX-License-Identifier: BSD-2-Clause */
/* Rows as Microsoft's "Protocol logging in Exchange Server" has them. */
#include "tests/support/cases.h"
#include "tests/support/log_text.h"

#define TYPE(kind) "#Software: Microsoft Exchange Server\r\n" \
	"#Version: 15.0.0.0\r\n#Log-type: SMTP " kind " Protocol Log\r\n" \
	"#Date: 2026-11-20T08:00:00.000Z\r\n"
#define FIELDS "#Fields: date-time,connector-id,session-id,sequence-number," \
	"local-endpoint,remote-endpoint,event,data,context\r\n"
#define H TYPE("Send") FIELDS
#define ROW(session, event, data, context) "2026-11-20T08:00:02.500Z,Out," \
	session ",0,192.0.2.9:4711,198.51.100.7:25," event "," data "," \
	context "\r\n"
#define R(event, data) ROW("S1", event, data, "")
#define NOTE(text) ROW("S1", "*", "", text)
#define OPEN R("+", "") R("<", "220 mx.example.net ESMTP") \
	R(">", "EHLO mail.example.org") R("<", "250-mx.example.net") \
	R("<", "250-SIZE 1000") R("<", "250 PIPELINING")
#define RECORD NOTE("\"sending message with RecordId 77 and " \
	"InternetMessageId <m@example.org>\"")
#define MAIL R(">", "MAIL FROM:<s@example.org> SIZE=2048")
#define RCPT(address) R(">", "RCPT TO:<" address ">")
/* 5 comments; a row a line */
#define FRONT H OPEN RECORD MAIL RCPT("a@example.net") RCPT("b@example.net") \
	R("<", "250 2.1.0 sender ok")
#define BOTH FRONT R("<", "250 2.1.5 a ok") R("<", "250 2.1.5 b ok")

static const struct log_text_case outcomes[] = {
	{ "both_accepted", BOTH R(">", "DATA") R("<", "354 go")
	  R("<", "250 2.0.0 Ok: queued as 4F") R(">", "QUIT")
	  R("<", "221 bye") ROW("S1", "-", "", "Local"),
	  "21 delivery|time=2026-11-20T08:00:02Z|us=500000|mta=exchange|"
	  "outcome=accepted|hop=remote|instance=exchange|agent=Out|id=77|"
	  "sender=s@example.org|recipient=a@example.net|domain=example.net|"
	  "relay_host=|relay_ip=198.51.100.7|relay_port=25|"
	  "source_ip=192.0.2.9|source_ip_from=log|size=2048|dsn=2.0.0|stage=|"
	  "reply_code=250|own=|final=1|reply=250 2.0.0 Ok: queued as 4F\n"
	  "21 delivery|recipient=b@example.net\n" },
	{ "one_refused_at_rcpt", FRONT R("<", "550 5.1.1 no such user")
	  R("<", "250 2.1.5 b ok") R(">", "DATA") R("<", "354 go")
	  R("<", "250 2.0.0 Ok"),
	  "17 delivery|recipient=a@example.net|outcome=bounced|stage=rcpt|"
	  "reply=550 5.1.1 no such user\n"
	  "21 delivery|recipient=b@example.net|outcome=accepted\n" },
	{ "refused_after_data", BOTH R(">", "DATA") R("<", "354 go")
	  R("<", "554-5.7.1 spam") R("<", "554 5.7.1 really"),
	  "22 delivery|recipient=a@example.net|outcome=bounced|stage=eod|"
	  "reply=554 5.7.1 spam really\n22 delivery\n" },
	{ "refused_at_data", BOTH R(">", "DATA") R("<", "451 4.3.0 full"),
	  "20 delivery|outcome=deferred|stage=data|final=\n20 delivery\n" },
	{ "in_chunks", BOTH R(">", "BDAT 100") R("<", "250 ok")
	  R(">", "BDAT 2000 LAST") R("<", "250 2.6.0 queued"),
	  "22 delivery|outcome=accepted|reply=250 2.6.0 queued\n"
	  "22 delivery\n" },
	{ "a_refused_sender_hits_all", H OPEN MAIL RCPT("a@example.net")
	  RCPT("b@example.net") R("<", "550 5.7.1 block list (S3140)")
	  R("<", "503 5.5.1 no sender") R("<", "503 5.5.1 no sender"),
	  "16 delivery|recipient=a@example.net|outcome=bounced|stage=mail|"
	  "reply=550 5.7.1 block list (S3140)\n"
	  "17 delivery|recipient=b@example.net|stage=mail\n" },
	{ "a_refused_sender_alone", H OPEN MAIL R("<", "550 5.7.1 no"),
	  "13 delivery|recipient=|sender=s@example.org|outcome=deferred|"
	  "stage=mail|reply=550 5.7.1 no\n" },
	{ "a_refused_greeting", H R("+", "") R("<", "554 IP=192.0.2.9 (BL)")
	  R(">", "QUIT") R("<", "221 bye") ROW("S1", "-", "", "Local"),
	  "7 delivery|recipient=|id=|sender=|outcome=deferred|stage=connect|"
	  "relay_ip=198.51.100.7|source_ip=192.0.2.9|reply=554 IP=192.0.2.9 "
	  "(BL)\n" },
	{ "the_line_went_dead", BOTH R(">", "DATA") R("<", "354 go")
	  ROW("S1", "-", "", "Remote(SocketError)"),
	  "21 delivery|recipient=a@example.net|outcome=deferred|own=1|"
	  "reply=disconnected: Remote(SocketError)\n21 delivery\n" },
	{ "a_session_may_hold_more", BOTH R(">", "DATA") R("<", "354 go")
	  R("<", "250 ok") NOTE("sending message with RecordId 78 and x")
	  R(">", "MAIL FROM:<>") R("<", "250 ok") RCPT("c@example.org")
	  R("<", "250 ok") R(">", "DATA") R("<", "354 go") R("<", "250 ok"),
	  "21 delivery|id=77\n21 delivery\n"
	  "29 delivery|id=78|sender=\"\"|recipient=c@example.org|size=\n" },
	{ "without_a_record_the_session_is_the_id", H OPEN MAIL
	  R("<", "250 ok") RCPT("a@example.net") R("<", "450 later"),
	  "15 delivery|id=S1.1|outcome=deferred|stage=rcpt\n" },
	{ "tls_as_logged", H OPEN NOTE("\"TLS protocol SP_PROT_TLS1_2_CLIENT "
	  "negotiation succeeded using bulk encryption algorithm\"") MAIL
	  R("<", "250 ok") RCPT("a@example.net") R("<", "450 later"),
	  "16 delivery|tls=SP_PROT_TLS1_2_CLIENT\n" },
	{ "to_a_server_of_ours", TYPE("Send") FIELDS "2026-11-20T08:00:02Z,"
	  "Intra-Organization SMTP Send Connector,S1,0,192.0.2.9:1,192.0.2.8:"
	  "25,+,,\r\n2026-11-20T08:00:02Z,Intra-Organization SMTP Send "
	  "Connector,S1,0,192.0.2.9:1,192.0.2.8:25,<,554 no,\r\n",
	  "7 delivery|hop=internal\n" },
	{ "ipv6", H "2026-11-20T08:00:02Z,Out,S1,0,[2001:db8::9]:4711,"
	  "[2001:db8::7]:25,+,,\r\n2026-11-20T08:00:02Z,Out,S1,1,"
	  "[2001:db8::9]:4711,[2001:db8::7]:25,<,554 no,\r\n",
	  "7 delivery|relay_ip=2001:db8::7|relay_port=25|"
	  "source_ip=2001:db8::9\n" },
};

static const struct log_text_case traps[] = {
	{ "sessions_interleave", H R("+", "") ROW("S2", "+", "", "")
	  R("<", "220 x") ROW("S2", "<", "220 y", "") MAIL
	  ROW("S2", ">", "MAIL FROM:<t@example.org>", "") R("<", "250 ok")
	  ROW("S2", "<", "250 ok", "") RCPT("a@example.net")
	  ROW("S2", ">", "RCPT TO:<b@example.net>", "")
	  ROW("S2", "<", "550 5.1.1 b", "") R("<", "450 4.1.1 a"),
	  "16 delivery|sender=t@example.org|recipient=b@example.net|"
	  "outcome=bounced\n17 delivery|sender=s@example.org|"
	  "recipient=a@example.net|outcome=deferred\n" },
	{ "receiving_is_no_delivery", TYPE("Receive") FIELDS OPEN MAIL
	  RCPT("a@example.net") R("<", "250 ok") R("<", "550 no"), "" },
	{ "a_session_from_before", H R("<", "250 ok") R("<", "550 no")
	  R(">", "RCPT TO:<a@b>") R("-", ""), "" },
	{ "quoted_addresses", H OPEN MAIL R("<", "250 ok")
	  R(">", "\"RCPT TO:<\"\"a> b\"\"@example.net> NOTIFY=NEVER\"")
	  R("<", "550 no"), "15 delivery|recipient=\"a> b\"@example.net\n" },
	{ "starttls_and_auth_are_passed_over", H OPEN R(">", "STARTTLS")
	  R("<", "454 4.7.0 not now") R(">", "AUTH LOGIN")
	  R("<", "334 <authentication response>") R(">", "<Binary Data>")
	  R("<", "535 5.7.8 no"), "" },
	{ "cut_rows_are_told", H OPEN "2026-11-20T08:00:02.500Z,Out,S1,0,192."
	  "0.2.9:4711\r\n" R("<", "250 x"), "12 skipped|reason=cut\n" },
};

static void
cuts_never_change_an_outcome(void **state)
{
	(void)state;
	log_text_expect_cuts(slice_str(H R("+", "") R("<", "220 x") MAIL
	    RCPT("a@example.net") R("<", "250 ok") R("<", "550 5.1.1 no")),
	    "exchange-send");
}

/* More sessions, recipients and commands than are kept. */
static void
limits_hold(void **state)
{
	struct fact_text facts;
	struct strbuf log;

	(void)state;
	strbuf_init(&log, 64 * 1024 * 1024);
	strbuf_add_str(&log, H);
	for (int i = 0; i < 2000; i++)
		strbuf_addf(&log, "2026-11-20T08:00:02Z,Out,X%d,0,192.0.2.9:1,"
		    "198.51.100.7:25,+,,\r\n", i);
	strbuf_add_str(&log, R("+", "") R("<", "220 x") MAIL);
	for (int i = 0; i < 1000; i++)
		strbuf_addf(&log, "2026-11-20T08:00:02Z,Out,S1,0,192.0.2.9:1,"
		    "198.51.100.7:25,>,RCPT TO:<r%d@example.net>,\r\n", i);
	strbuf_add_str(&log, R("<", "250 ok"));
	for (int i = 0; i < 1000; i++)
		strbuf_add_str(&log, R("<", "550 no"));
	fact_text_init(&facts);
	log_text_read(strbuf_slice(&log), NULL, 65536, UINT64_MAX, &facts);
	assert_int_equal(facts.deliveries, 200);
	fact_text_release(&facts);
	strbuf_release(&log);
}

int
main(void)
{
	static struct cases cases;

	CASES_ADD_TABLE(&cases, outcomes, log_text_case);
	CASES_ADD_TABLE(&cases, traps, log_text_case);
	cases_add(&cases, "cuts_never_change_an_outcome",
	    cuts_never_change_an_outcome, NULL);
	cases_add(&cases, "limits_hold", limits_hold, NULL);
	return cases_run(&cases);
}
