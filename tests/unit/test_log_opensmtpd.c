/* SPDX-License-Identifier: BSD-2-Clause */
/* Lines as OpenSMTPD's mta.c and its kin write them, version by version. */
#include "tests/support/cases.h"
#include "tests/support/log_text.h"

#define S "Nov 20 08:00:01 mx smtpd[77]: "
#define SESS "e6b06f550391eba6 "
#define NONE "0000000000000000 "
#define ENV "evpid=3a0cefce8af6a188 from=<s@example.org> to=<a@example.net> "
#define VIA "rcpt=<-> source=\"192.0.2.9\" relay=\"198.51.100.7 " \
	"(mx.example.net)\" delay=1m5s "
#define LOST(domain) "rcpt=<-> source=\"-\" relay=\"" domain "\" delay=11s " \
	"result=\"TempFail\" stat=\"Network error on destination MXs\"\n"
#define FIVE "session=e6b06f550391eba6, from=<s@example.org>, " \
	"to=<a@example.net>, rcpt=<-> , "

static const struct log_text_case deliveries[] = {
	{ "a_delivery_of_7",
	  S SESS "mta delivery " ENV VIA "result=\"Ok\" stat=\"250 2.0.0 Ok: "
	  "queued as 4F\"\n",
	  "1 delivery|mta=opensmtpd|host=mx|instance=smtpd|agent=mta|"
	  "id=3a0cefce|outcome=accepted|hop=remote|sender=s@example.org|"
	  "recipient=a@example.net|orig_recipient=|domain=example.net|"
	  "relay_host=mx.example.net|relay_ip=198.51.100.7|relay_port=|"
	  "source_ip=192.0.2.9|source_ip_from=log|delay_ms=65000|"
	  "reply_code=250|dsn=2.0.0|reply=250 2.0.0 Ok: queued as 4F|"
	  "final=1\n" },
	{ "a_delivery_of_6_0",
	  S SESS "mta event=delivery " ENV VIA "result=\"PermFail\" "
	  "stat=\"550 5.1.1 no\"\n",
	  "1 delivery|outcome=bounced|reply=550 5.1.1 no|dsn=5.1.1\n" },
	{ "a_delivery_of_5",
	  S "relay: TempFail for 3a0cefce8af6a188: session=e6b06f550391eba6, "
	  "from=<s@example.org>, to=<a@example.net>, rcpt=<b@example.org>, "
	  "source=192.0.2.9, relay=198.51.100.7 (mx.example.net), "
	  "delay=1h2m3s, stat=451 4.7.1 later, please\n",
	  "1 delivery|outcome=deferred|final=|recipient=a@example.net|"
	  "orig_recipient=b@example.org|relay_host=mx.example.net|"
	  "source_ip=192.0.2.9|delay_ms=3723000|"
	  "reply=451 4.7.1 later, please|reply_code=451\n" },
	{ "both_addresses_over_ipv6",
	  S SESS "mta delivery " ENV "rcpt=<-> source=\"[2001:db8::9]\" "
	  "relay=\"[2001:db8::7] (mx.example.net)\" delay=0s result=\"Ok\" "
	  "stat=\"250 ok\"\n",
	  "1 delivery|relay_ip=2001:db8::7|source_ip=2001:db8::9\n" },
	{ "the_words_may_hold_quotes_and_fields",
	  S SESS "mta delivery " ENV VIA "result=\"PermFail\" stat=\"550 "
	  "say \"hi\" result=\"Ok\" stat=\"250 ok\"\"\n",
	  "1 delivery|outcome=bounced|"
	  "reply=550 say \"hi\" result=\"Ok\" stat=\"250 ok\"\n" },
	{ "an_address_may_hold_fields",
	  S SESS "mta delivery evpid=3a0cefce8af6a188 from=<> to=<\"x> "
	  "result=y\"@example.net> " VIA "result=\"Ok\" stat=\"250 ok\"\n",
	  "1 delivery|sender=\"\"|outcome=accepted|"
	  "recipient=\"x> result=y\"@example.net\n" },
	{ "lines_of_a_reply_run_together",
	  S SESS "mta delivery " ENV VIA "result=\"PermFail\" stat=\"550-5.7.26"
	  " Your email is unauthenticated.5.7.26 Gmail requires5.7.26 SPF\"\n"
	  S SESS "mta delivery " ENV VIA "result=\"Ok\" stat=\"250-2.0.0 "
	  "queued as X\"\n",
	  "1 delivery|reply=550 5.7.26 Your email is unauthenticated. Gmail "
	  "requires SPF|reply_code=550|dsn=5.7.26\n"
	  "2 delivery|reply=250 2.0.0 queued as X\n" },
	{ "expiry_is_no_attempt",
	  S "relay: Expire for 3a0cefce8af6a188: from=<s@example.org>, "
	  "to=<a@example.net>, rcpt=<->, delay=4d, stat=Envelope expired\n",
	  "1 delivery|outcome=expired|final=1|relay_host=|own=1|"
	  "reply=Envelope expired|id=3a0cefce|delay_ms=345600000\n" },
	{ "removal_by_hand_is_discarded",
	  S "relay: Remove for 3a0cefce8af6a188: from=<s@example.org>, "
	  "to=<a@example.net>, rcpt=<->, delay=4d, stat=Removed by "
	  "administrator\n", "1 delivery|outcome=discarded\n" },
	{ "a_mailbox_is_local",
	  S SESS "mda delivery evpid=18805d8686f9629d from=<> "
	  "to=<m@example.org> rcpt=<m@example.org> user=vmail delay=0s "
	  "result=Ok stat=Delivered\n"
	  S SESS "mda delivery evpid=18805d8686f9629d from=<> "
	  "to=<m@example.org> user=vmail delay=0s result=TempFail "
	  "stat=Error (\"x y\")\n"
	  S "delivery: Ok for 18805d8686f9629d: from=<>, to=<m@example.org>, "
	  "user=m, method=mbox, delay=0s, stat=Delivered\n",
	  "1 delivery|outcome=accepted|hop=local|agent=mda|orig_recipient=\n"
	  "2 delivery|outcome=deferred|hop=local|reply=Error (\"x y\")\n"
	  "3 delivery|outcome=accepted|hop=local|agent=mda\n" },
	{ "no_session_no_relay",
	  S NONE "mta delivery " ENV "rcpt=<-> source=\"-\" "
	  "relay=\"example.net\" delay=0s result=\"PermFail\" stat=\"Domain "
	  "does not exist\"\n",
	  "1 delivery|outcome=bounced|relay_host=|named_mx=|source_ip=|own=1|"
	  "reply=Domain does not exist\n" },
	{ "loopback_is_internal",
	  S SESS "mta delivery " ENV "rcpt=<-> source=\"127.0.0.1\" "
	  "relay=\"127.0.0.1 (localhost)\" delay=0s result=\"Ok\" stat=\"250 "
	  "ok\"\n", "1 delivery|hop=internal\n" },
	{ "control_bytes_of_rsyslog_come_back",
	  S SESS "mta delivery " ENV VIA "result=\"PermFail\" stat=\"550 "
	  "#033[31m #1\"\n", "1 delivery|reply=550 \x1b[31m #1\n" },
	{ "cut_before_its_outcome",
	  S SESS "mta delivery " ENV "rcpt=<-> source=\"192.0\n"
	  S "relay: TempFail for 3a0cefce8af6a188: session=e6b06f5503\n",
	  "1 skipped|reason=cut\n2 skipped|reason=cut\n" },
};

static const struct log_text_case events[] = {
	{ "an_arrival_of_7",
	  S SESS "smtp message msgid=3a0cefce size=340 nrcpt=2 proto=ESMTP\n"
	  S SESS "smtp envelope evpid=3a0cefce8af6a188 from=<s@example.org> "
	  "to=<a@example.net>\n",
	  "1 born|id=3a0cefce|size=340|recipients=2|sender=\n"
	  "2 active|id=3a0cefce|sender=s@example.org\n" },
	{ "an_arrival_of_6_0",
	  S SESS "smtp event=message address=203.0.113.9 host=x "
	  "msgid=3a0cefce from=<s@example.org> to=<a@example.net> size=340 "
	  "ndest=1 proto=ESMTP\n",
	  "1 born|id=3a0cefce|size=340|recipients=1|sender=s@example.org\n" },
	{ "an_arrival_of_5",
	  S "smtp-in: Accepted message 3a0cefce on session e6b06f550391eba6: "
	  "from=<s@example.org>, to=<a@example.net>, size=340, ndest=1, "
	  "proto=ESMTP\n",
	  "1 born|id=3a0cefce|size=340|recipients=1|sender=s@example.org\n" },
	{ "noise_is_nothing",
	  S "info: OpenSMTPD 7.4 starting\n"
	  S SESS "smtp connected address=127.0.0.1 host=localhost\n"
	  S SESS "smtp failed-command command=\"RCPT TO:<a@b> mta delivery\" "
	  "result=\"550 no\"\n"
	  S SESS "mta connected\n" S SESS "mta disconnected reason=quit "
	  "messages=1\n"
	  S "smtp-out: Enabling route 192.0.2.9 <-> 198.51.100.7 (x)\n", "" },
};

#define CONN(address, name) S SESS "mta connecting address=smtp://" address \
	":25 host=" name "\n"
#define BANNER S SESS "mta error reason=BANNER rejected: 554 IP=192.0.2.9 " \
	"(BL)\n"

static const struct log_text_case greetings[] = {
	{ "a_refused_greeting_explains_the_deferral",
	  CONN("198.51.100.7", "mx00.example.net") BANNER
	  S "smtp-out: Disabling route 192.0.2.9 <-> 198.51.100.7 "
	  "(mx00.example.net) for 15s\n"
	  S NONE "mta delivery " ENV LOST("example.net"),
	  "4 delivery|outcome=deferred|stage=connect|reply_code=554|own=|"
	  "reply=554 IP=192.0.2.9 (BL)|relay_host=mx00.example.net|"
	  "relay_ip=198.51.100.7|source_ip=192.0.2.9|source_ip_from=log\n" },
	{ "told_again_it_is_an_echo",
	  CONN("198.51.100.7", "mx00.example.net") BANNER
	  S NONE "mta delivery " ENV LOST("example.net")
	  S NONE "mta delivery " ENV LOST("example.net")
	  S NONE "mta delivery evpid=3a0cefce8af6a189 from=<s@example.org> "
	  "to=<b@example.net> " LOST("example.net"),
	  "3 delivery|outcome=deferred\n4 delivery|outcome=suspended|"
	  "stage=connect\n5 delivery|outcome=deferred\n" },
	{ "ehlo_has_its_stage",
	  CONN("198.51.100.7", "mx00.example.net")
	  S SESS "mta error reason=HELO rejected: 550 5.7.1 no\n"
	  S NONE "mta delivery " ENV LOST("example.net"),
	  "3 delivery|stage=ehlo|reply=550 5.7.1 no|dsn=5.7.1\n" },
	{ "an_address_that_served_the_domain_before",
	  S SESS "mta delivery " ENV VIA "result=\"Ok\" stat=\"250 ok\"\n"
	  CONN("198.51.100.7", "pool-7.provider.example") BANNER
	  CONN("198.51.100.8", "mx.other.example") BANNER
	  S NONE "mta delivery " ENV LOST("example.net"),
	  "1 delivery|outcome=accepted\n"
	  "6 delivery|outcome=deferred|relay_ip=198.51.100.7|stage=connect\n"
	},
	{ "the_only_one_that_failed_of_late",
	  CONN("198.51.100.7", "pool-7.provider.example") BANNER
	  S NONE "mta delivery " ENV LOST("example.net"),
	  "3 delivery|relay_ip=198.51.100.7|stage=connect\n" },
	{ "among_several_it_is_not_known_which",
	  CONN("198.51.100.7", "pool-7.provider.example") BANNER
	  CONN("198.51.100.8", "mx.other.example") BANNER
	  S NONE "mta delivery " ENV LOST("example.net"),
	  "5 delivery|outcome=deferred|relay_ip=|stage=|own=1|"
	  "reply=Network error on destination MXs\n" },
	{ "one_that_accepts_refuses_no_more",
	  CONN("198.51.100.7", "mx00.example.net") BANNER
	  S SESS "mta delivery " ENV VIA "result=\"Ok\" stat=\"250 ok\"\n"
	  S NONE "mta delivery " ENV LOST("example.net"),
	  "3 delivery|outcome=accepted\n"
	  "4 delivery|outcome=deferred|relay_ip=|own=1\n" },
	{ "a_refusal_of_long_ago_explains_nothing",
	  CONN("198.51.100.7", "mx00.example.net") BANNER
	  "Nov 20 08:30:01 mx smtpd[77]: " NONE "mta delivery " ENV
	  LOST("example.net"),
	  "3 delivery|outcome=deferred|relay_ip=|own=1\n" },
	{ "a_failure_without_words_explains_nothing",
	  CONN("198.51.100.7", "mx00.example.net")
	  S SESS "mta error reason=IO Error: Connection refused\n"
	  S NONE "mta delivery " ENV LOST("example.net"),
	  "3 delivery|outcome=deferred|relay_ip=|own=1\n" },
};

static void
cuts_never_change_an_outcome(void **state)
{
	static const char seven[] = S SESS "mta delivery " ENV VIA
	    "result=\"TempFail\" stat=\"451 no result=\"Ok\"\"\n";
	static const char five[] = S "relay: PermFail for 3a0cefce8af6a188: "
	    "session=e6b06f550391eba6, from=<s@example.org>, to=<\"a, b\"@exam"
	    "ple.net>, rcpt=<->, source=192.0.2.9, relay=198.51.100.7 (x), "
	    "delay=1s, stat=550 no\n";

	(void)state;
	log_text_expect_cuts(slice_of(seven, sizeof(seven) - 1),
	    "opensmtpd");
	log_text_expect_cuts(slice_of(five, sizeof(five) - 1), "opensmtpd");
}

int
main(void)
{
	static struct cases cases;

	CASES_ADD_TABLE(&cases, deliveries, log_text_case);
	CASES_ADD_TABLE(&cases, events, log_text_case);
	CASES_ADD_TABLE(&cases, greetings, log_text_case);
	cases_add(&cases, "cuts_never_change_an_outcome",
	    cuts_never_change_an_outcome, NULL);
	return cases_run(&cases);
}
