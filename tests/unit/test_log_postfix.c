/* SPDX-License-Identifier: BSD-2-Clause */
/* Lines as Postfix writes them (log_adhoc.c and the programs' own), with what
 * the grammar says they mean. */
#include "parsers/ingest_formats.h"

#include "tests/support/cases.h"
#include "tests/support/log_text.h"

/* Lines are of 20 November, in UTC. */
#define QID "4F1A2B3C4D: "
/* What stands between the recipient and REASON, for rows about the latter. */
#define MX ", relay=mx.example.net[198.51.100.7]:25, delay=1.5, " \
	"delays=0.1/0/0.9/0.5, "
#define NONE ", relay=none, delay=30, delays=0.1/0/30/0, "

static const struct postfix_case {
	const char *name, *tag, *body;
	const char *want; /* NULL: nothing at all; "skipped ...": the reason */
} cases_of_frame[] = {
	{ "the_agent_stands_behind_the_last_slash", "postfix/smtp",
	  QID "to=<a@example.net>" MX "dsn=2.0.0, status=sent (250 ok)",
	  "mta=postfix|instance=postfix|agent=smtp|id=4F1A2B3C4D|host=mx" },
	{ "an_instance_has_its_own_name", "postfix-out1/smtp",
	  QID "to=<a@example.net>" MX "dsn=2.0.0, status=sent (250 ok)",
	  "instance=postfix-out1|agent=smtp" },
	{ "a_transport_adds_a_slash", "postfix/out2/smtp",
	  QID "to=<a@example.net>" MX "dsn=2.0.0, status=sent (250 ok)",
	  "instance=postfix/out2|agent=smtp" },
	{ "an_instance_may_be_an_address", "postfix-192.0.2.7/smtp",
	  QID "to=<a@example.net>" MX "dsn=2.0.0, status=sent (250 ok)",
	  "instance=postfix-192.0.2.7|agent=smtp" },
	{ "a_name_need_not_be_postfix", "mta7/smtp",
	  QID "to=<a@example.net>" MX "dsn=2.0.0, status=sent (250 ok)",
	  "instance=mta7|agent=smtp" },
	{ "a_unit_names_no_agent", "postfix@-.service",
	  QID "to=<a@example.net>" MX "dsn=2.0.0, status=sent (250 ok)",
	  "instance=postfix|agent=|hop=remote|outcome=accepted" },
	{ "a_unit_may_name_an_instance", "postfix@postfix-out1.service",
	  QID "to=<a@example.net>" MX "dsn=2.0.0, status=sent (250 ok)",
	  "instance=postfix-out1|agent=" },
	{ "a_unit_may_have_no_instance", "postfix.service",
	  QID "to=<a@example.net>, relay=local, delay=1, dsn=2.0.0, "
	  "status=sent (delivered to mailbox)",
	  "instance=postfix|agent=|hop=local|outcome=accepted" },
	{ "a_unit_that_throws_away", "postfix.service",
	  QID "to=<a@example.net>, relay=none, delay=1, dsn=2.0.0, "
	  "status=sent (gone)", "hop=remote|outcome=discarded" },
	{ "a_unit_of_another_name", "postfixadmin.service",
	  QID "to=<a@example.net>" MX "dsn=2.0.0, status=sent (250 ok)",
	  NULL },
	{ "a_long_id_is_an_id", "postfix/smtp",
	  "4jY9Zr5RclzC2nj: to=<a@example.net>" MX
	  "dsn=2.0.0, status=sent (250 ok)", "id=4jY9Zr5RclzC2nj" },
	{ "without_an_instance_it_is_not_postfix", "smtp",
	  QID "to=<a@example.net>" MX "dsn=2.0.0, status=sent (250 ok)",
	  NULL },
	{ "another_program_s_words_are_no_delivery", "opendkim/smtp-x",
	  QID "to=<a@example.net>" MX "dsn=2.0.0, status=sent (250 ok)",
	  NULL },
	{ "a_warning_is_no_delivery", "postfix/smtp",
	  "warning: to=<a@example.net>" MX "dsn=2.0.0, status=sent (250 ok)",
	  NULL },
	{ "noqueue_is_no_delivery", "postfix/smtpd",
	  "NOQUEUE: to=<a@example.net>, status=sent (250 ok)", NULL },
	{ "an_inbound_refusal_is_no_delivery", "postfix/smtpd",
	  "NOQUEUE: reject: RCPT from x.example[203.0.113.9]: 554 5.7.1 no; "
	  "from=<a@x.example> to=<b@example.org> proto=ESMTP helo=<x>",
	  NULL },
	{ "a_header_in_a_warning_is_no_delivery", "postfix/cleanup",
	  QID "warning: header Subject: to=<a@b>, status=bounced (x) from "
	  "local; from=<s@example.org> to=<t@example.net>", NULL },
	{ "an_mx_that_refused_is_no_delivery_yet", "postfix/smtp",
	  QID "host mx.example.net[198.51.100.7] said: 450 4.7.1 later (in "
	  "reply to RCPT TO command)", NULL },
	{ "an_mx_that_was_lost_is_no_delivery_yet", "postfix/smtp",
	  QID "lost connection with mx.example.net[198.51.100.7] while "
	  "sending MAIL FROM", NULL },
	{ "a_connection_has_no_id", "postfix/smtp",
	  "connect to mx.example.net[198.51.100.7]:25: Connection refused",
	  NULL },
	{ "tls_lines_have_no_id", "postfix/smtp",
	  "Trusted TLS connection established to mx.example.net"
	  "[198.51.100.7]:25: TLSv1.3 with cipher X (256/256 bits)", NULL },
	{ "a_failed_bounce_is_no_delivery", "postfix/qmgr",
	  QID "status=deferred (bounce failed)", NULL },
}, cases_of_fields[] = {
	{ "all_fields_of_3_11", "postfix/smtp",
	  QID "to=<a@example.net>, orig_to=<b@example.net>, "
	  "relay=mx.example.net[198.51.100.7]:25, conn_use=3, delay=0.04, "
	  "delays=0.01/0/0.02/0.01, tls=dane:halfdane/requiretls, dsn=2.0.0, "
	  "status=sent (250 2.0.0 Ok: queued as 4F00AA11)",
	  "outcome=accepted|hop=remote|recipient=a@example.net|"
	  "orig_recipient=b@example.net|domain=example.net|"
	  "relay_host=mx.example.net|relay_ip=198.51.100.7|relay_port=25|"
	  "delay_ms=40|tls=dane:halfdane/requiretls|dsn=2.0.0|"
	  "reply_code=250|reply=250 2.0.0 Ok: queued as 4F00AA11|own=|"
	  "final=1|stage=|size=" },
	{ "fields_of_2_2", "postfix/smtp",
	  QID "to=<a@example.net>, relay=mx.example.net[198.51.100.7], "
	  "delay=5, status=sent (250 Ok)",
	  "outcome=accepted|relay_ip=198.51.100.7|relay_port=|dsn=|"
	  "delay_ms=5000" },
	{ "twelve_digits_of_seconds_are_a_delay", "postfix/smtp",
	  QID "to=<a@example.net>, relay=none, delay=999999999999, "
	  "dsn=2.0.0, status=sent (250 ok)", "delay_ms=999999999999000" },
	{ "more_digits_are_no_delay", "postfix/pipe",
	  QID "to=<a@example.net>, relay=mailman, "
	  "delay=88888888888888888888888888888882.5, dsn=2.0.0, "
	  "status=sent (delivered via mailman service)",
	  "outcome=accepted|delay_ms=" },
	{ "a_field_yet_unknown_is_passed", "postfix/smtp",
	  QID "to=<a@example.net>, relay=mx.example.net[198.51.100.7]:25, "
	  "delay=5, delays=1/2/1/1, new_thing=a,b, dsn=2.0.0, status=sent "
	  "(250 Ok)", "outcome=accepted|dsn=2.0.0|delay_ms=5000" },
	{ "a_delay_of_days", "postfix/smtp",
	  QID "to=<a@example.net>, relay=none, delay=89758, "
	  "delays=89700/28/30/0, dsn=4.4.1, status=deferred (x)",
	  "delay_ms=89758000" },
	{ "a_delay_of_zero", "postfix/smtp",
	  QID "to=<a@example.net>, relay=none, delay=0, delays=0/0/0/0, "
	  "dsn=4.4.1, status=deferred (x)", "delay_ms=0" },
	{ "a_delay_of_six_decimals", "postfix/smtp",
	  QID "to=<a@example.net>, relay=none, delay=1.234567, "
	  "delays=0/0/0/0, dsn=4.4.1, status=deferred (x)",
	  "delay_ms=1234" },
	{ "an_mx_over_ipv6", "postfix/smtp",
	  QID "to=<a@example.net>, relay=MX.Example.NET[2001:db8::7]:25, "
	  "delay=1, delays=0/0/0/1, dsn=2.0.0, status=sent (250 ok)",
	  "relay_host=mx.example.net|relay_ip=2001:db8::7|relay_port=25" },
	{ "an_address_as_next_hop", "postfix/smtp",
	  QID "to=<a@example.net>, relay=2001:db8::7[2001:db8::7]:2526, "
	  "delay=1, delays=0/0/0/1, dsn=2.0.0, status=sent (250 ok)",
	  "relay_host=2001:db8::7|relay_ip=2001:db8::7|relay_port=2526" },
	{ "a_socket_is_local_by_lmtp", "postfix/lmtp",
	  QID "to=<a@example.org>, relay=mx1.example.com"
	  "[private/dovecot-lmtp], delay=1, delays=0/0/0/1, dsn=2.0.0, "
	  "status=sent (250 2.0.0 <a@example.org> zYx Saved)",
	  "hop=local|relay_host=mx1.example.com|relay_ip=|relay_port=|"
	  "reply_code=250" },
	{ "lmtp_over_tcp_is_local", "postfix/lmtp",
	  QID "to=<a@example.org>, relay=10.0.0.9[10.0.0.9]:24, delay=1, "
	  "delays=0/0/0/1, dsn=2.0.0, status=sent (250 2.0.0 Saved)",
	  "hop=local|relay_ip=10.0.0.9|relay_port=24" },
	{ "a_content_filter_is_internal", "postfix/smtp",
	  QID "to=<a@example.net>, relay=127.0.0.1[127.0.0.1]:10024, delay=1,"
	  " delays=0/0/0/1, dsn=2.0.0, status=sent (250 2.0.0 from "
	  "MTA(smtp:[127.0.0.1]:10025): 250 2.0.0 Ok: queued as 5F1A2B3C4D)",
	  "hop=internal|reply=250 2.0.0 from MTA(smtp:[127.0.0.1]:10025): "
	  "250 2.0.0 Ok: queued as 5F1A2B3C4D" },
	{ "a_filter_that_is_down_is_internal_too", "postfix/smtp",
	  QID "to=<a@example.net>" NONE "dsn=4.4.1, status=deferred (connect "
	  "to 127.0.0.1[127.0.0.1]:10024: Connection refused)",
	  "hop=internal|named_ip=127.0.0.1" },
	{ "a_mailbox_is_local", "postfix/local",
	  QID "to=<a@example.org>, relay=local, delay=1, delays=0/0/0/1, "
	  "dsn=2.0.0, status=sent (delivered to mailbox)",
	  "outcome=accepted|hop=local|relay_host=|own=1|reply_code=|"
	  "reply=delivered to mailbox" },
	{ "forwarding_is_local", "postfix/local",
	  QID "to=<a@example.org>, relay=local, delay=1, delays=0/0/0/1, "
	  "dsn=2.0.0, status=sent (forwarded as 5F1A2B3C4D)",
	  "outcome=accepted|hop=local" },
	{ "an_unknown_user_is_a_local_bounce", "postfix/local",
	  QID "to=<x@example.org>, relay=local, delay=1, delays=0/0/0/1, "
	  "dsn=5.1.1, status=bounced (unknown user: \"x\")",
	  "outcome=bounced|hop=local|own=1|reply=unknown user: \"x\"" },
	{ "virtual_is_local", "postfix/virtual",
	  QID "to=<a@example.org>, relay=virtual, delay=1, delays=0/0/0/1, "
	  "dsn=2.0.0, status=sent (delivered to maildir)",
	  "hop=local|relay_host=" },
	{ "a_service_name_is_no_host", "postfix/pipe",
	  QID "to=<a@example.org>, relay=dovecot, delay=1, delays=0/0/0/1, "
	  "dsn=2.0.0, status=sent (delivered via dovecot service)",
	  "hop=local|agent=pipe|relay_host=" },
	{ "discarded_by_the_agent", "postfix/discard",
	  QID "to=<a@example.net>, relay=none, delay=1, delays=0/0/0/1, "
	  "dsn=2.0.0, status=sent (by policy)",
	  "outcome=discarded|hop=remote|final=|relay_host=" },
	{ "discarded_by_an_alias", "postfix/local",
	  QID "to=<a@example.org>, relay=local, delay=1, delays=0/0/0/1, "
	  "dsn=2.0.0, status=sent (discarded)", "outcome=discarded|hop=local" },
	{ "bounced_by_cleanup", "postfix/cleanup",
	  QID "to=<a@example.org>, orig_to=<list>, relay=none, delay=0.1, "
	  "delays=0.1/0/0/0, dsn=5.4.6, status=bounced (alias loop)",
	  "outcome=bounced|agent=cleanup|orig_recipient=list" },
}, cases_of_addresses[] = {
	{ "a_quoted_local_part_holds_anything", "postfix/smtp",
	  QID "to=<\"a b, c>, relay=evil[192.0.2.66]:25, dsn=2.0.0, "
	  "status=sent (250\"@example.net>" MX
	  "dsn=5.1.1, status=bounced (host mx.example.net[198.51.100.7] said: "
	  "550 5.1.1 no (in reply to RCPT TO command))",
	  "outcome=bounced|relay_host=mx.example.net|domain=example.net|"
	  "recipient=\"a b, c>, relay=evil[192.0.2.66]:25, dsn=2.0.0, "
	  "status=sent (250\"@example.net" },
	{ "quotes_may_be_escaped", "postfix/smtp",
	  QID "to=<\"a\\\">, relay=x\"@example.net>" MX
	  "dsn=2.0.0, status=sent (250 ok)",
	  "recipient=\"a\\\">, relay=x\"@example.net|domain=example.net" },
	{ "before_3_5_quotes_were_absent", "postfix/smtp",
	  QID "to=<a b, c@example.net>" MX "dsn=2.0.0, status=sent (250 ok)",
	  "recipient=a b, c@example.net|domain=example.net" },
	{ "before_3_5_a_quote_could_stand_alone", "postfix/smtp",
	  QID "to=<\"a@example.net>" MX "dsn=2.0.0, status=sent (250 ok)",
	  "recipient=\"a@example.net|domain=example.net" },
	{ "before_3_5_a_bracket_could_stand_inside", "postfix/smtp",
	  QID "to=<a>b@example.net>" MX "dsn=2.0.0, status=sent (250 ok)",
	  "recipient=a>b@example.net|domain=example.net" },
	{ "brackets_may_be_stripped", "postfix/smtp",
	  QID "to=a@example.net, orig_to=b@example.net" MX
	  "dsn=2.0.0, status=sent (250 ok)",
	  "recipient=a@example.net|orig_recipient=b@example.net" },
	{ "special_characters_are_usual", "postfix/smtp",
	  QID "to=<a+b=c%d!e/f'g@example.net>" MX
	  "dsn=2.0.0, status=sent (250 ok)",
	  "recipient=a+b=c%d!e/f'g@example.net" },
	{ "a_literal_is_a_domain", "postfix/smtp",
	  QID "to=<u@[IPv6:2001:db8::1]>" MX "dsn=2.0.0, status=sent (250 ok)",
	  "recipient=u@[IPv6:2001:db8::1]|domain=[ipv6:2001:db8::1]" },
	{ "no_domain_at_all", "postfix/local",
	  QID "to=<root>, relay=local, delay=1, delays=0/0/0/1, dsn=2.0.0, "
	  "status=sent (delivered to mailbox)", "recipient=root|domain=" },
	{ "domains_are_lowered_recipients_not", "postfix/smtp",
	  QID "to=<Anna@EXAMPLE.Net>" MX "dsn=2.0.0, status=sent (250 ok)",
	  "recipient=Anna@EXAMPLE.Net|domain=example.net" },
	{ "smtputf8_is_kept", "postfix/smtp",
	  QID "to=<j\xc3\xb6rg@example.net>" MX
	  "dsn=2.0.0, status=sent (250 ok)",
	  "recipient=j\xc3\xb6rg@example.net" },
}, cases_of_status[] = {
	{ "soft_bounce_is_a_deferral", "postfix/smtp",
	  QID "to=<a@example.net>" MX "dsn=4.1.1, status=SOFTBOUNCE (host "
	  "mx.example.net[198.51.100.7] said: 550 5.1.1 no (in reply to RCPT "
	  "TO command))", "outcome=deferred|dsn=4.1.1|reply_code=550|final=" },
	{ "a_deliverable_probe_is_no_mail", "postfix/smtp",
	  QID "to=<a@example.net>" MX "dsn=2.1.5, status=deliverable (250 "
	  "2.1.5 Ok)", "outcome=probe|final=" },
	{ "an_undeliverable_probe_is_no_mail", "postfix/smtp",
	  QID "to=<a@example.net>" MX "dsn=5.1.1, status=undeliverable (host "
	  "mx.example.net[198.51.100.7] said: 550 no (in reply to RCPT TO "
	  "command))", "outcome=probe|reply_code=550|stage=rcpt" },
	{ "a_probe_that_is_not_cached", "postfix/smtp",
	  QID "to=<a@example.net>" NONE
	  "dsn=4.4.1, status=undeliverable-but-not-cached (x)",
	  "outcome=probe" },
	{ "suspended_is_an_echo", "postfix/error",
	  QID "to=<a@example.net>" NONE "dsn=4.7.0, status=deferred (delivery "
	  "temporarily suspended: host mx.example.net[198.51.100.7] refused "
	  "to talk to me: 421 4.7.0 busy)",
	  "outcome=suspended|relay_host=|relay_ip=|named_mx=mx.example.net|"
	  "named_ip=198.51.100.7|reply_code=421|stage=connect|"
	  "reply=421 4.7.0 busy|final=|hop=remote" },
	{ "suspended_by_the_queue_manager", "postfix/qmgr",
	  QID "to=<a@example.net>" NONE "dsn=4.4.1, status=deferred (delivery "
	  "temporarily suspended: connect to mx.example.net[198.51.100.7]:25: "
	  "Connection timed out)",
	  "outcome=suspended|agent=qmgr|named_mx=mx.example.net|own=1|"
	  "reply=connect to mx.example.net[198.51.100.7]:25: Connection timed "
	  "out" },
	{ "administrative_expiry_is_a_deferral", "postfix/error",
	  QID "to=<a@example.net>" NONE
	  "dsn=4.7.0, status=deferred (message is administratively expired)",
	  "outcome=deferred|own=1" },
	{ "a_status_of_tomorrow_is_malformed", "postfix/smtp",
	  QID "to=<a@example.net>" MX "dsn=2.0.0, status=teleported (250 ok)",
	  "skipped malformed" },
	{ "fields_without_order_are_malformed", "postfix/smtp",
	  QID "to=<a@example.net> relay=none status=sent (250 ok)",
	  "skipped malformed" },
	{ "cut_behind_the_status", "postfix/smtp",
	  QID "to=<a@example.net>" MX "dsn=5.1.1, status=bounced",
	  "outcome=bounced|reply=|relay_host=mx.example.net" },
	{ "cut_inside_the_status", "postfix/smtp",
	  QID "to=<a@example.net>" MX "dsn=5.1.1, status=boun",
	  "skipped cut" },
	{ "cut_before_the_status", "postfix/smtp",
	  QID "to=<a@example.net>, relay=mx.example.net[198.5",
	  "skipped cut" },
	{ "cut_inside_the_recipient", "postfix/smtp", QID "to=<a@exam",
	  "skipped cut" },
	{ "cut_inside_the_reason", "postfix/smtp",
	  QID "to=<a@example.net>" MX "dsn=5.7.1, status=bounced (host "
	  "mx.example.net[198.51.100.7] said: 550 5.7.1 part of their (S31",
	  "outcome=bounced|reply=550 5.7.1 part of their (S31|"
	  "reply_code=550|stage=" },
	{ "cut_inside_the_framing", "postfix/smtp",
	  QID "to=<a@example.net>" MX "dsn=5.7.1, status=bounced (host "
	  "mx.example.net[198.51.100.7] said: 550 5.7.1 no (in reply to RCPT",
	  "outcome=bounced|reply=550 5.7.1 no|stage=rcpt" },
	{ "cut_early_in_the_framing", "postfix/smtp",
	  QID "to=<a@example.net>" MX "dsn=5.7.1, status=bounced (host "
	  "mx.example.net[198.51.100.7] said: 550 5.7.1 no (in re",
	  "outcome=bounced|reply=550 5.7.1 no|stage=" },
	{ "cut_of_the_last_parenthesis", "postfix/smtp",
	  QID "to=<a@example.net>" MX "dsn=5.7.1, status=bounced (host "
	  "mx.example.net[198.51.100.7] said: 550 5.7.1 no (in reply to RCPT "
	  "TO command)", "outcome=bounced|reply=550 5.7.1 no|stage=rcpt" },
}, cases_of_reason[] = {
	{ "said_in_reply_to_mail", "postfix/smtp",
	  QID "to=<a@outlook.com>, relay=outlook-com.olc.protection.outlook."
	  "com[52.101.68.1]:25, delay=1.2, delays=0.1/0/0.2/0.9, dsn=5.7.1, "
	  "status=bounced (host outlook-com.olc.protection.outlook.com"
	  "[52.101.68.1] said: 550 5.7.1 Unfortunately, messages from "
	  "[192.0.2.9] weren't sent. Please contact your Internet service "
	  "provider since part of their network is on our block list (S3140)."
	  " (in reply to MAIL FROM command))",
	  "outcome=bounced|stage=mail|reply_code=550|own=|"
	  "reply=550 5.7.1 Unfortunately, messages from [192.0.2.9] weren't "
	  "sent. Please contact your Internet service provider since part of "
	  "their network is on our block list (S3140).|"
	  "relay_host=outlook-com.olc.protection.outlook.com" },
	{ "said_in_reply_to_data", "postfix/smtp",
	  QID "to=<a@example.net>" MX "dsn=4.7.1, status=deferred (host "
	  "mx.example.net[198.51.100.7] said: 451 4.7.1 no (in reply to DATA "
	  "command))", "stage=data|reply=451 4.7.1 no" },
	{ "said_in_reply_to_end_of_data", "postfix/smtp",
	  QID "to=<a@example.net>" MX "dsn=5.7.1, status=bounced (host "
	  "mx.example.net[198.51.100.7] said: 550-5.7.1 first 550-5.7.1 "
	  "second 550 5.7.1 last (in reply to end of DATA command))",
	  "stage=eod|reply=550 5.7.1 first second last" },
	{ "said_in_reply_to_something_else", "postfix/smtp",
	  QID "to=<a@example.net>" MX "dsn=5.7.1, status=bounced (host "
	  "mx.example.net[198.51.100.7] said: 550 no (in reply to XFORWARD "
	  "name/address command))", "stage=|reply=550 no" },
	{ "a_remote_may_write_our_words", "postfix/smtp",
	  QID "to=<a@example.net>" MX "dsn=5.7.1, status=bounced (host "
	  "mx.example.net[198.51.100.7] said: 550 x), status=sent (250 (in "
	  "reply to DATA command) relay=none (in reply to RCPT TO command))",
	  "outcome=bounced|stage=rcpt|reply=550 x), status=sent (250 (in "
	  "reply to DATA command) relay=none" },
	{ "a_remote_may_name_another_host", "postfix/smtp",
	  QID "to=<a@example.net>" MX "dsn=5.7.1, status=bounced (host "
	  "mx.example.net[198.51.100.7] said: 550 host evil.example"
	  "[192.0.2.66] said: 250 ok (in reply to RCPT TO command))",
	  "relay_host=mx.example.net|reply=550 host evil.example[192.0.2.66] "
	  "said: 250 ok" },
	{ "the_reason_knows_who_spoke", "postfix/smtp",
	  QID "to=<a@example.net>" MX "dsn=5.7.1, status=bounced (host "
	  "mx2.example.net[2001:db8::8] said: 550 no (in reply to RCPT TO "
	  "command))",
	  "relay_host=mx2.example.net|relay_ip=2001:db8::8|relay_port=" },
	{ "a_name_in_capitals_is_the_same_host", "postfix/smtp",
	  QID "to=<a@example.net>" MX "dsn=5.7.1, status=bounced (host "
	  "MX.example.net[198.51.100.7] said: 550 no (in reply to RCPT TO "
	  "command))", "relay_host=mx.example.net|relay_port=25" },
	{ "refused_to_talk", "postfix/smtp",
	  QID "to=<a@example.net>" MX "dsn=4.0.0, status=deferred (host "
	  "mx.example.net[198.51.100.7] refused to talk to me: 554-gmx.net "
	  "554-No SMTP service 554 IP is block listed)",
	  "outcome=deferred|stage=connect|reply_code=554|"
	  "reply=554 gmx.net No SMTP service IP is block listed" },
	{ "refused_for_good_is_about_ehlo", "postfix/smtp",
	  QID "to=<a@example.net>" MX "dsn=5.7.1, status=bounced (host "
	  "mx.example.net[198.51.100.7] refused to talk to me: 550 5.7.1 bad "
	  "HELO)", "outcome=bounced|stage=ehlo|reply=550 5.7.1 bad HELO" },
	{ "a_soft_bounce_would_have_been_for_good", "postfix/smtp",
	  QID "to=<a@example.net>" MX "dsn=4.7.1, status=SOFTBOUNCE (host "
	  "mx.example.net[198.51.100.7] refused to talk to me: 550 5.7.1 bad "
	  "HELO)", "outcome=deferred|stage=ehlo" },
	{ "a_busy_host_is_met_at_the_greeting", "postfix/smtp",
	  QID "to=<a@example.net>" MX "dsn=4.3.2, status=deferred (host "
	  "mx.example.net[198.51.100.7] refused to talk to me: 421 4.3.2 "
	  "busy)", "outcome=deferred|stage=connect|reply_code=421" },
	{ "lost_in_the_greeting", "postfix/smtp",
	  QID "to=<a@example.net>" MX "dsn=4.4.2, status=deferred (lost "
	  "connection with mx.example.net[198.51.100.7] while receiving the "
	  "initial server greeting)",
	  "stage=connect|own=1|reply_code=|reply=lost connection with "
	  "mx.example.net[198.51.100.7] while receiving the initial server "
	  "greeting|relay_host=mx.example.net|relay_port=25" },
	{ "lost_in_ehlo", "postfix/smtp",
	  QID "to=<a@example.net>" MX "dsn=4.4.2, status=deferred (lost "
	  "connection with mx.example.net[198.51.100.7] while performing the "
	  "EHLO handshake)", "stage=ehlo|own=1" },
	{ "timed_out_at_the_end", "postfix/smtp",
	  QID "to=<a@example.net>" MX "dsn=4.4.2, status=deferred "
	  "(conversation with mx.example.net[198.51.100.7] timed out while "
	  "sending end of data -- message may be sent more than once)",
	  "stage=eod|own=1|relay_ip=198.51.100.7" },
	{ "timed_out_at_rcpt", "postfix/smtp",
	  QID "to=<a@example.net>" MX "dsn=4.4.2, status=deferred "
	  "(conversation with mx.example.net[198.51.100.7] timed out while "
	  "sending RCPT TO)", "stage=rcpt|own=1" },
	{ "lost_in_starttls", "postfix/smtp",
	  QID "to=<a@example.net>" MX "dsn=4.4.2, status=deferred (lost "
	  "connection with mx.example.net[198.51.100.7] while receiving the "
	  "STARTTLS response)", "stage=starttls|own=1" },
	{ "connect_names_the_mx", "postfix/smtp",
	  QID "to=<a@example.net>" NONE "dsn=4.4.1, status=deferred (connect "
	  "to Mx00.Example.net[2001:db8::9]:25: No route to host)",
	  "outcome=deferred|relay_host=|relay_ip=|named_mx=mx00.example.net|"
	  "named_ip=2001:db8::9|stage=connect|own=1|hop=remote|"
	  "reply=connect to Mx00.Example.net[2001:db8::9]:25: No route to "
	  "host" },
	{ "dns_for_an_mx_names_it", "postfix/smtp",
	  QID "to=<a@example.net>" NONE "dsn=4.4.3, status=deferred (Host or "
	  "domain name not found. Name service error for name=mx9.example.org "
	  "type=AAAA: Host not found, try again)",
	  "named_mx=mx9.example.org|named_ip=|stage=|own=1" },
	{ "dns_for_the_domain_names_no_mx", "postfix/smtp",
	  QID "to=<a@example.net>" NONE "dsn=5.4.4, status=bounced (Host or "
	  "domain name not found. Name service error for name=example.net "
	  "type=A: Host not found)", "outcome=bounced|named_mx=|own=1" },
	{ "dns_for_mx_records_names_no_mx", "postfix/smtp",
	  QID "to=<a@example.net>" NONE "dsn=4.4.3, status=deferred (Host or "
	  "domain name not found. Name service error for name=example.net "
	  "type=MX: Host not found, try again)", "named_mx=|own=1" },
	{ "a_loop_is_our_own_word", "postfix/smtp",
	  QID "to=<a@example.net>" NONE "dsn=5.4.6, status=bounced (mail for "
	  "example.net loops back to myself)", "own=1|named_mx=|stage=" },
	{ "tls_that_was_not_offered", "postfix/smtp",
	  QID "to=<a@example.net>" MX "dsn=4.7.4, status=deferred (TLS is "
	  "required, but was not offered by host mx.example.net"
	  "[198.51.100.7])", "stage=starttls|own=1|relay_host=mx.example.net" },
	{ "tls_that_was_refused", "postfix/smtp",
	  QID "to=<a@example.net>" MX "dsn=4.7.4, status=deferred (TLS is "
	  "required, but host mx.example.net[198.51.100.7] refused to start "
	  "TLS: 454 4.7.0 TLS not available)",
	  "stage=starttls|own=|reply_code=454|"
	  "reply=454 4.7.0 TLS not available" },
	{ "tls_that_failed", "postfix/smtp",
	  QID "to=<a@example.net>" MX "dsn=4.7.5, status=deferred (Cannot "
	  "start TLS: handshake failure)", "stage=starttls|own=1" },
	{ "a_certificate_that_does_not_fit", "postfix/smtp",
	  QID "to=<a@example.net>" MX "dsn=4.7.5, status=deferred (Server "
	  "certificate not verified)", "stage=starttls|own=1" },
	{ "a_login_that_was_refused", "postfix/smtp",
	  QID "to=<a@example.net>" MX "dsn=4.7.8, status=deferred (SASL "
	  "authentication failed; server mx.example.net[198.51.100.7] said: "
	  "535 5.7.8 Error: authentication failed)",
	  "stage=auth|own=|reply_code=535|"
	  "reply=535 5.7.8 Error: authentication failed" },
	{ "a_success_of_two_lines", "postfix/smtp",
	  QID "to=<a@example.net>" MX "dsn=2.0.0, status=sent (250-2.0.0 "
	  "queued 250 2.0.0 as X)", "reply=250 2.0.0 queued as X" },
	{ "parentheses_in_a_success", "postfix/smtp",
	  QID "to=<a@example.net>" MX "dsn=2.0.0, status=sent (250 2.0.0 Ok "
	  "(queued) as (X))", "reply=250 2.0.0 Ok (queued) as (X)" },
	{ "status_in_a_success", "postfix/smtp",
	  QID "to=<a@example.net>" MX "dsn=2.0.0, status=sent (250 2.0.0, "
	  "status=bounced (no))",
	  "outcome=accepted|reply=250 2.0.0, status=bounced (no)" },
	{ "an_empty_reason", "postfix/smtp",
	  QID "to=<a@example.net>" MX "dsn=4.0.0, status=deferred ()",
	  "outcome=deferred|reply=" },
	{ "a_space_at_the_end_goes", "postfix/smtp",
	  QID "to=<a@example.net>" MX "dsn=5.7.1, status=bounced (host "
	  "mx.example.net[198.51.100.7] said: 550  (in reply to RCPT TO "
	  "command))", "reply=550" },
}, cases_of_events[] = {
	{ "a_client_brings_a_message", "postfix/smtpd",
	  QID "client=app.example.org[192.0.2.50], sasl_method=PLAIN",
	  "id=4F1A2B3C4D|instance=postfix|agent=smtpd|sender=" },
	{ "a_user_brings_a_message", "postfix/pickup",
	  QID "uid=1000 from=<anna>", "sender=anna|agent=pickup" },
	{ "a_message_id_is_told", "postfix/cleanup",
	  QID "message-id=<a.b@example.org>", "message_id=a.b@example.org" },
	{ "a_message_id_may_lack_brackets", "postfix/cleanup",
	  QID "message-id=a.b", "message_id=a.b" },
	{ "a_message_is_active", "postfix/qmgr",
	  QID "from=<s@example.org>, size=4711, nrcpt=3 (queue active)",
	  "sender=s@example.org|size=4711|recipients=3" },
	{ "a_null_sender_is_a_sender", "postfix/qmgr",
	  QID "from=<>, size=4711, nrcpt=1 (queue active)",
	  "sender=\"\"|size=4711|recipients=1" },
	{ "a_sender_may_forge_fields", "postfix/qmgr",
	  QID "from=<\"x>, status=expired, \"@example.org>, size=1, nrcpt=2 "
	  "(queue active)",
	  "sender=\"x>, status=expired, \"@example.org|size=1|recipients=2" },
	{ "the_old_new_queue_manager", "postfix/nqmgr",
	  QID "from=<s@example.org>, size=1, nrcpt=1 (queue active)",
	  "instance=postfix|agent=nqmgr|size=1" },
	{ "a_message_expires", "postfix/qmgr",
	  QID "from=<s@example.org>, status=expired, returned to sender",
	  "sender=s@example.org|size=" },
	{ "a_message_is_made_to_expire", "postfix/qmgr",
	  QID "from=<s@example.org>, status=force-expired, returned to sender",
	  "sender=s@example.org" },
	{ "a_bounce_is_a_child", "postfix/bounce",
	  QID "sender non-delivery notification: 5F1A2B3C4D",
	  "child_id=5F1A2B3C4D" },
	{ "a_delay_notice_is_a_child", "postfix/bounce",
	  QID "sender delay notification: 4jY9Zr5RclzC2nj",
	  "child_id=4jY9Zr5RclzC2nj" },
	{ "a_postmaster_notice_is_a_child", "postfix/bounce",
	  QID "postmaster non-delivery notification: 5F1A2B3C4D",
	  "child_id=5F1A2B3C4D" },
	{ "a_success_notice_is_a_child", "postfix/bounce",
	  QID "sender delivery status notification: 5F1A2B3C4D",
	  "child_id=5F1A2B3C4D" },
	{ "a_notice_that_failed_is_no_child", "postfix/bounce",
	  QID "sender notification failed to <s@example.org>: x", NULL },
	{ "a_message_is_removed", "postfix/qmgr", QID "removed",
	  "agent=qmgr" },
	{ "a_message_is_removed_by_hand", "postfix/postsuper",
	  QID "removed", "agent=postsuper" },
	{ "a_message_on_hold_is_not_removed", "postfix/postsuper",
	  QID "placed on hold", NULL },
	{ "a_cut_sender_is_cut", "postfix/qmgr", QID "from=<s@exa",
	  "skipped cut" },
	{ "a_mailer_removes_nothing", "postfix/smtp", QID "removed", NULL },
	{ "a_cleanup_brings_no_client", "postfix/cleanup",
	  QID "client=app.example.org[192.0.2.50]", NULL },
};

static void
postfix_case(void **state)
{
	const struct postfix_case *row = *state;
	char line[4096], want[64];
	struct fact_text facts;
	struct slice got;

	fact_text_init(&facts);
	(void)snprintf(line, sizeof(line), "Nov 20 08:00:01 mx %s[77]: %s\n",
	    row->tag, row->body);
	log_text_read(slice_str(line), NULL, 4096, UINT64_MAX, &facts);
	got = slice_trim(strbuf_slice(&facts.text));
	assert_int_equal(facts.lines_seen, 1);
	if (row->want == NULL) {
		assert_string_equal(facts.text.ptr, "");
	} else if (strncmp(row->want, "skipped ", 8) == 0) {
		(void)snprintf(want, sizeof(want), "1 skipped\treason=%s\n",
		    row->want + 8);
		assert_string_equal(facts.text.ptr, want);
	} else {
		assert_int_equal(facts.deliveries + facts.events, 1);
		fact_text_expect(got, "time=2026-11-20T08:00:01Z");
		fact_text_expect(got, row->want);
	}
	fact_text_release(&facts);
}

/* Which event it is: the first word of what is recorded. */
static void
events_have_their_kinds(void **state)
{
	static const struct { const char *tag, *body, *want; } rows[] = {
		{ "postfix/smtpd", "client=x[192.0.2.1]", "1 born" },
		{ "postfix/pickup", "uid=0 from=<root>", "1 born" },
		{ "postfix/cleanup", "message-id=<x@y>", "1 born" },
		{ "postfix/qmgr", "from=<a@b>, size=1, nrcpt=1 (queue active)",
		  "1 active" },
		{ "postfix/qmgr", "from=<a@b>, status=expired, returned",
		  "1 expired" },
		{ "postfix/qmgr", "from=<>, status=force-expired, returned",
		  "1 expired" },
		{ "postfix/bounce", "sender delay notification: 5F1A2B3C4D",
		  "1 child" },
		{ "postfix/qmgr", "removed", "1 removed" },
		{ "postfix/postsuper", "removed", "1 removed" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct fact_text facts;
		char line[300];

		fact_text_init(&facts);
		(void)snprintf(line, sizeof(line),
		    "Nov 20 08:00:01 mx %s[77]: " QID "%s\n", rows[i].tag,
		    rows[i].body);
		log_text_read(slice_str(line), NULL, 4096, UINT64_MAX, &facts);
		assert_int_equal(facts.events, 1);
		assert_memory_equal(facts.text.ptr, rows[i].want,
		    strlen(rows[i].want));
		assert_int_equal(facts.text.ptr[strlen(rows[i].want)], '\t');
		fact_text_release(&facts);
	}
}

int
main(void)
{
	static struct cases cases;

	CASES_ADD_TABLE(&cases, cases_of_frame, postfix_case);
	CASES_ADD_TABLE(&cases, cases_of_fields, postfix_case);
	CASES_ADD_TABLE(&cases, cases_of_addresses, postfix_case);
	CASES_ADD_TABLE(&cases, cases_of_status, postfix_case);
	CASES_ADD_TABLE(&cases, cases_of_reason, postfix_case);
	CASES_ADD_TABLE(&cases, cases_of_events, postfix_case);
	cases_add(&cases, "events_have_their_kinds", events_have_their_kinds,
	    NULL);
	return cases_run(&cases);
}
