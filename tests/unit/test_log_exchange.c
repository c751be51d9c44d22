/* SPDX-License-Identifier: BSD-2-Clause */
/* Rows as Microsoft's "Message tracking" (Exchange Server 2016, 2019) has
 * them. */
#include "tests/support/cases.h"
#include "tests/support/log_text.h"

#define H "#Software: Microsoft Exchange Server\r\n#Version: 15.01\r\n" \
	"#Log-type: Message Tracking Log\r\n" \
	"#Date: 2026-11-20T08:00:00.000Z\r\n" \
	"#Fields: date-time,client-ip,client-hostname,server-ip," \
	"server-hostname,source-context,connector-id,source,event-id," \
	"internal-message-id,message-id,network-message-id," \
	"recipient-address,recipient-status,total-bytes,recipient-count," \
	"sender-address,return-path,message-info\r\n"
#define T "2026-11-20T08:00:02.500Z,"
#define VIA "192.0.2.9,EX1,198.51.100.7,mx.example.net,"
#define CTX "08DD;250 2.6.0 <m@example.org> [InternalId=1] Queued;" \
	"ClientSubmitTime:2026-11-20T08:00:00.000Z,"
#define NONE ",,,EX1,,"
#define ID "77,<m@example.org>,aa-11,"
#define TAIL ",2048,1,s@example.org,s@example.org," \
	"2026-11-20T07:59:58.000Z;SRV=EX1:TOTAL=1\r\n"
#define SEND T VIA CTX "Out,SMTP,SENDEXTERNAL," ID
#define ERR(words, host, ip) "[{LRT=11/20/2026 8:00:02 AM};{LED=" words \
	"};{FQDN=" host "};{IP=" ip "}]"

static const struct log_text_case outcomes[] = {
	{ "sent_outside", H SEND "a@example.net,250 2.1.5 Recipient OK" TAIL,
	  "6 delivery|time=2026-11-20T08:00:02Z|us=500000|mta=exchange|"
	  "outcome=accepted|hop=remote|host=|instance=exchange|agent=Out|"
	  "id=aa-11|sender=s@example.org|recipient=a@example.net|"
	  "domain=example.net|relay_host=mx.example.net|"
	  "relay_ip=198.51.100.7|source_ip=192.0.2.9|source_ip_from=log|"
	  "delay_ms=4000|size=2048|dsn=2.6.0|reply_code=250|own=|final=1|"
	  "reply=250 2.6.0 <m@example.org> [InternalId=1] Queued\n" },
	{ "sent_by_2010_knows_the_reply_to_rcpt", H T VIA "08DD,Out,SMTP,SEND,"
	  ID "a@example.net,250 2.1.5 ok" TAIL,
	  "6 delivery|outcome=accepted|reply=250 2.1.5 ok|dsn=2.1.5\n" },
	{ "recipients_of_one_row", H SEND "a@example.net;b@example.org,"
	  "250 2.1.5 ok;250 2.1.5 ok" TAIL,
	  "6 delivery|recipient=a@example.net\n"
	  "6 delivery|recipient=b@example.org|domain=example.org\n" },
	{ "to_a_server_of_ours_is_internal", H T VIA CTX
	  "Intra-Organization SMTP Send Connector,SMTP,SEND," ID
	  "a@example.org,250 ok" TAIL
	  T "10.0.0.1,EX1,10.0.0.2,EX2," CTX "x,SMTP,SEND," ID
	  "a@example.org,250 ok" TAIL,
	  "6 delivery|hop=internal\n7 delivery|hop=internal\n" },
	{ "deferred", H T NONE "Out,SMTP,DEFER," ID
	  "a@example.net,\"" ERR("421 4.7.0 Too many, later",
	  "mx.example.net", "198.51.100.7") "\"" TAIL,
	  "6 delivery|outcome=deferred|relay_host=mx.example.net|"
	  "relay_ip=198.51.100.7|reply_code=421|dsn=4.7.0|own=|final=|"
	  "reply=421 4.7.0 Too many, later|source_ip=\n" },
	{ "failed", H T NONE "Out,SMTP,FAIL," ID "a@example.net,"
	  ERR("550 5.7.1 no (S3140)", "mx.example.net", "198.51.100.7") TAIL,
	  "6 delivery|outcome=bounced|reply=550 5.7.1 no (S3140)|"
	  "reply_code=550|own=\n" },
	{ "failed_by_itself", H T NONE ",ROUTING,FAIL," ID "a@example.net,"
	  ERR("550 5.1.1 RESOLVER.ADR.RecipNotFound; not found", "", "") TAIL,
	  "6 delivery|outcome=bounced|own=1|reply_code=|dsn=5.1.1|"
	  "relay_host=|reply=550 5.1.1 RESOLVER.ADR.RecipNotFound; not "
	  "found\n" },
	{ "expired", H T NONE ",QUEUE,FAIL," ID "a@example.net,"
	  ERR("550 4.4.7 QUEUE.Expired; message expired", "", "") TAIL,
	  "6 delivery|outcome=expired\n" },
	{ "each_has_its_own_status", H T NONE ",SMTP,FAIL," ID
	  "a@example.net;b@example.net," ERR("550 5.1.1 one; two",
	  "mx.example.net", "") ";" ERR("550 5.2.2 three", "mx.example.net",
	  "") TAIL, "6 delivery|reply=550 5.1.1 one; two\n"
	  "6 delivery|reply=550 5.2.2 three\n" },
	{ "a_status_of_old_times_is_words", H T NONE ",ROUTING,FAIL," ID
	  "a@example.net,550 5.1.1 RESOLVER.ADR.RecipNotFound; not found"
	  TAIL, "6 delivery|reply=550 5.1.1 RESOLVER.ADR.RecipNotFound; not "
	  "found|dsn=5.1.1\n" },
	{ "the_remote_cannot_name_its_host", H T NONE "Out,SMTP,FAIL," ID
	  "a@example.net," ERR("550 x};{FQDN=evil.example};{IP=203.0.113.66",
	  "mx.example.net", "198.51.100.7") TAIL,
	  "6 delivery|relay_host=mx.example.net|relay_ip=198.51.100.7\n" },
	{ "a_mailbox_is_local", H T VIA ",,STOREDRIVER,DELIVER," ID
	  "a@example.org," TAIL T NONE ",STOREDRIVER,DEFER," ID
	  "a@example.org," TAIL, "6 delivery|hop=local|outcome=accepted|"
	  "source_ip=\n7 delivery|hop=local|outcome=deferred\n" },
	{ "an_arrival_is_a_birth", H T VIA ",,SMTP,RECEIVE," ID
	  "a@example.net;b@example.net,,4096,2,s@example.org,<>,\r\n",
	  "6 born|id=aa-11|message_id=m@example.org|size=4096|recipients=2|"
	  "sender=\"\"\n" },
	{ "other_events_are_none", H
	  T VIA CTX "x,SMTP,HASEND," ID "a@example.net," TAIL
	  T VIA CTX "x,SMTP,HAREDIRECT," ID "a@example.net," TAIL
	  T NONE ",ROUTING,TRANSFER," ID "a@example.net," TAIL
	  T NONE ",ROUTING,RESOLVE," ID "a@example.net," TAIL
	  T NONE ",ROUTING,EXPAND," ID "a@example.net," TAIL
	  T NONE ",DSN,DSN," ID "a@example.net," TAIL
	  T NONE ",STOREDRIVER,SUBMIT," ID "a@example.net," TAIL
	  T NONE ",STOREDRIVER,NOTIFYMAPI,,,,,," TAIL
	  T NONE ",AGENT,AGENTINFO," ID "a@example.net," TAIL, "" },
};

static const struct log_text_case columns[] = {
	{ "columns_go_by_name", "\xef\xbb\xbf#Fields: event-id,source,"
	  "recipient-address,date-time,internal-message-id\n"
	  "SEND,SMTP,a@example.net,2026-11-20T08:00:02.5Z,77\n",
	  "2 delivery|recipient=a@example.net|id=77|source_ip=|delay_ms=|"
	  "size=\n" },
	{ "a_later_header_counts", H SEND "a@example.net,250 ok" TAIL
	  "#Fields: event-id,source,recipient-address,date-time,x\n"
	  "SEND,SMTP,b@example.net,2026-11-20T08:00:02.5Z,77\n",
	  "6 delivery|recipient=a@example.net\n"
	  "8 delivery|recipient=b@example.net|id=\n" },
	{ "a_subject_may_hold_anything",
	  "#Fields: date-time,message-subject,source,event-id,"
	  "recipient-address\n2026-11-20T08:00:02Z,\"a, \"\"b\"\"\n#c\","
	  "SMTP,SEND,a@example.net\n", "3 delivery\n" },
};

static const struct log_text_case broken[] = {
	{ "cut", H T VIA CTX "Out,SMTP,SEND," ID "a@exam\r\n" SEND
	  "a@example.net,250 ok" TAIL, "6 skipped|reason=cut\n7 delivery\n" },
	{ "no_date", H "x," VIA CTX "Out,SMTP,SEND," ID "a@example.net,250"
	  TAIL, "6 skipped|reason=no-stamp\n" },
	{ "an_impossible_date", H "2026-13-20T08:00:02.500Z," VIA CTX
	  "Out,SMTP,SEND," ID "a@example.net,250" TAIL,
	  "6 skipped|reason=bad-stamp\n" },
};

static void
rows_without_a_header_are_counted(void **state)
{
	(void)state;
	(void)log_text_expect(slice_str(SEND "a@example.net,250 ok" TAIL),
	    "exchange", "1 skipped|reason=malformed\n");
}

static void
cuts_never_change_an_outcome(void **state)
{
	(void)state;
	log_text_expect_cuts(slice_str("#Fields: date-time,event-id,source,"
	    "recipient-address,recipient-status\n"
	    "2026-11-20T08:00:02.5Z,FAIL,SMTP,a@b;c@d,\"550 5.7.1, no\"\n"),
	    "exchange");
}

int
main(void)
{
	static struct cases cases;

	CASES_ADD_TABLE(&cases, outcomes, log_text_case);
	CASES_ADD_TABLE(&cases, columns, log_text_case);
	CASES_ADD_TABLE(&cases, broken, log_text_case);
	cases_add(&cases, "rows_without_a_header_are_counted",
	    rows_without_a_header_are_counted, NULL);
	cases_add(&cases, "cuts_never_change_an_outcome",
	    cuts_never_change_an_outcome, NULL);
	return cases_run(&cases);
}
