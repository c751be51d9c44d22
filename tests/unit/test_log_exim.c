/* SPDX-License-Identifier: BSD-2-Clause */
/* Lines as Exim's src/deliver.c writes them, version by version, with what
 * its documentation says they mean. */
#include "tests/support/cases.h"
#include "tests/support/log_text.h"

#define T "2026-11-20 08:00:00 "
#define ID "1xUJXM-000000001bo-D342 " /* 2026-11-20T08:00:00Z */
#define OLD "1xUJXM-00039V-QX "
#define RT " R=dnslookup T=remote_smtp"
#define H " H=mx.example.net [198.51.100.7]"
#define SMTP "SMTP error from remote mail server after "

static const struct log_text_case deliveries[] = {
	{ "a_delivery_with_the_default_fields",
	  T OLD "=> a@example.net" RT H " X=TLS1.3:TLS_AES_256_GCM_SHA384:256"
	  " CV=yes C=\"250 2.0.0 Ok: queued as 4F\"\n",
	  "1 delivery|mta=exim|time=2026-11-20T08:00:00Z|outcome=accepted|"
	  "hop=remote|instance=exim|agent=remote_smtp|id=1xUJXM-00039V-QX|"
	  "recipient=a@example.net|domain=example.net|"
	  "relay_host=mx.example.net|relay_ip=198.51.100.7|relay_port=|"
	  "source_ip=|tls=TLS1.3:TLS_AES_256_GCM_SHA384:256|reply_code=250|"
	  "dsn=2.0.0|reply=250 2.0.0 Ok: queued as 4F|final=1|sender=|stage="
	  "|orig_recipient=|host=\n" },
	{ "a_delivery_with_every_field",
	  "2026-11-20 09:00:00.123 +0100 [4711] " ID "=> b@example.net "
	  "(c@example.org, d@example.org) <e@example.org> F=<s@example.org> "
	  "Q=slow P=<p@example.org>" RT " S=1860 H=mx.example.net DS "
	  "[2001:db8:0:0::7]:25* PRX=[192.0.2.80]:1080 I=[2001:db8::9]:40112 "
	  "TFO* X=TLS1.2:ECDHE-RSA-AES256-GCM-SHA384:256* CV=dane "
	  "DN=\"CN=mx R=x,O=\\\"a T=b\\\"\" A=plain:me L* PRDR K "
	  "DKIM=example.org C=\"250 ok => x R=y\" QT=1d2h3m4.500s DT=3s\n",
	  "1 delivery|time=2026-11-20T08:00:00Z|us=123000|outcome=accepted|"
	  "recipient=b@example.net|orig_recipient=e@example.org|"
	  "sender=p@example.org|size=1860|relay_host=mx.example.net|"
	  "relay_ip=2001:db8::7|relay_port=25|source_ip=2001:db8::9|"
	  "source_ip_from=log|tls=TLS1.2:ECDHE-RSA-AES256-GCM-SHA384:256*|"
	  "reply=250 ok => x R=y|reply_code=250|dsn=|delay_ms=93784500\n" },
	{ "further_recipients_of_a_transaction",
	  T OLD "-> a@example.net" RT H " C=\"250 ok\"\n",
	  "1 delivery|outcome=accepted|relay_host=mx.example.net\n" },
	{ "cutthrough_comes_before_its_arrival",
	  T ID ">> a@example.net" RT H " C=\"250 ok\"\n"
	  T ID "<= s@example.org H=x [203.0.113.9] P=esmtp S=9 id=i@x\n",
	  "1 delivery|outcome=accepted|relay_host=mx.example.net\n"
	  "2 born|sender=s@example.org|size=9|message_id=i@x\n" },
	{ "what_was_suppressed_is_discarded",
	  T ID "*> a@example.net" RT H "\n",
	  "1 delivery|outcome=discarded|hop=remote\n" },
	{ "a_mailbox_is_local_and_known_by_its_address",
	  T ID "=> kim <kim@example.org> R=local_user T=local_delivery\n",
	  "1 delivery|outcome=accepted|hop=local|recipient=kim@example.org|"
	  "orig_recipient=|domain=example.org|relay_host=\n" },
	{ "an_alias_of_a_mailbox_keeps_both",
	  T ID "=> kim <info@example.org> R=local_user T=local_delivery\n",
	  "1 delivery|hop=local|recipient=kim|orig_recipient=info@example.org"
	  "|domain=example.org\n" },
	{ "a_pipe_is_local",
	  T ID "=> |/usr/bin/procmail -f R=x (kim2@example.org) "
	  "<kim@example.org> R=procmail T=address_pipe\n",
	  "1 delivery|outcome=accepted|hop=local|agent=address_pipe|"
	  "orig_recipient=kim@example.org|domain=example.org\n" },
	{ "a_file_is_local",
	  T ID "=> /var/mail/a b (kim@example.org) <info@example.org> "
	  "R=userforward T=address_file\n",
	  "1 delivery|outcome=accepted|hop=local|recipient=/var/mail/a b|"
	  "orig_recipient=info@example.org\n" },
	{ "an_autoreply_is_local",
	  T ID "=> >x@example.net <kim@example.org> R=vacation "
	  "T=address_reply\n",
	  "1 delivery|outcome=accepted|hop=local\n" },
	{ "lmtp_over_tcp_is_local",
	  T ID "=> kim@example.org R=dovecot T=dovecot_lmtp H=localhost "
	  "[127.0.0.1] C=\"250 2.0.0 <kim@example.org> Saved\"\n",
	  "1 delivery|outcome=accepted|hop=local\n" },
	{ "smtp_to_loopback_is_internal",
	  T ID "=> a@example.net R=amavis T=amavis H=127.0.0.1 [127.0.0.1] "
	  "C=\"250 ok\"\n",
	  "1 delivery|outcome=accepted|hop=internal\n" },
	{ "the_black_hole_is_discarded",
	  T ID "=> :blackhole: <a@example.org> R=bin\n",
	  "1 delivery|outcome=discarded|hop=local\n" },
	{ "discarded_is_discarded",
	  T ID "=> discarded <a@example.org> R=bin\n",
	  "1 delivery|outcome=discarded|hop=local\n" },
	{ "dev_null_is_discarded",
	  T ID "=> /dev/null <a@example.org> R=bin T=**bypassed**\n",
	  "1 delivery|outcome=discarded|hop=local\n" },
	{ "a_dequoted_local_part_gives_way_to_the_quoted_one",
	  T ID "=> ok a, b.63@plain.example <\"ok a, b.63\"@plain.example>" RT
	  H " C=\"250 ok\"\n",
	  "1 delivery|recipient=\"ok a, b.63\"@plain.example|orig_recipient="
	  "|domain=plain.example|relay_host=mx.example.net\n" },
	{ "a_dequoted_local_part_may_look_like_fields",
	  T ID "== x R=r T=t defer (-44): y@evil.example "
	  "<\"x R=r T=t defer (-44): y\"@evil.example>" RT " defer (-45)" H
	  ": " SMTP "MAIL FROM:<s@example.org>: 421 later\n",
	  "1 delivery|outcome=deferred|stage=mail|reply=421 later|"
	  "recipient=\"x R=r T=t defer (-44): y\"@evil.example\n" },
	{ "a_quoted_address_that_was_never_split",
	  T ID "** \":fail: no\"@example.net: Unrouteable address\n",
	  "1 delivery|outcome=bounced|recipient=\":fail: no\"@example.net|"
	  "reply=Unrouteable address|own=1\n" },
	{ "a_confirmation_has_two_layers_of_escapes",
	  T ID "=> a@example.net" RT H " C=\"250-2.0.0 say \\\"hi\\\"\\\\n"
	  "250 2.0.0 b\\\\303\\\\251\"\n",
	  "1 delivery|reply=250 2.0.0 say \"hi\" b\xc3\xa9|reply_code=250|"
	  "dsn=2.0.0\n" },
	{ "the_domain_is_lower_case_and_the_relay_too",
	  T ID "=> A@Example.NET" RT " H=MX.Example.NET [198.51.100.7]\n",
	  "1 delivery|recipient=A@Example.NET|domain=example.net|"
	  "relay_host=mx.example.net\n" },
	{ "the_time_in_the_id_is_the_arrival",
	  "2026-11-20 08:01:30 " ID "=> a@example.net" RT H "\n",
	  "1 delivery|delay_ms=90000\n" },
};

static const struct log_text_case failures[] = {
	{ "a_refusal_after_rcpt",
	  T ID "** a@example.net F=<s@example.org>" RT H " I=[192.0.2.9] "
	  "X=TLS1.3:X:256 CV=no: " SMTP "RCPT TO:<a@example.net>: 550 5.1.1 "
	  "no such user DT=0.512s\n",
	  "1 delivery|outcome=bounced|final=1|stage=rcpt|reply_code=550|"
	  "dsn=5.1.1|reply=550 5.1.1 no such user|own=|sender=s@example.org|"
	  "relay_host=mx.example.net|relay_ip=198.51.100.7|"
	  "source_ip=192.0.2.9|tls=TLS1.3:X:256\n" },
	{ "a_refusal_after_a_distinguished_name",
	  T ID "** a@example.net" RT H " X=TLS1.3:X:256 CV=no DN=\"CN=a: b\""
	  ": " SMTP "end of data: 554 5.7.1 spam\n",
	  "1 delivery|outcome=bounced|stage=eod|reply=554 5.7.1 spam\n" },
	{ "a_separator_with_a_space",
	  T ID "** a@example.net" RT H " : " SMTP "DATA: 503 what?\n",
	  "1 delivery|outcome=bounced|stage=data|reply=503 what?\n" },
	{ "a_refusal_over_ipv6_with_a_port",
	  T ID "** a@example.net" RT " H=mx.example.net [2001:db8::7]:25: "
	  SMTP "pipelined MAIL FROM:<s@example.org> SIZE=1420: 550 5.7.1 no\n",
	  "1 delivery|outcome=bounced|stage=mail|relay_ip=2001:db8::7|"
	  "relay_port=25|reply=550 5.7.1 no\n" },
	{ "a_reply_of_several_lines",
	  T ID "** a@example.net" RT H ": " SMTP "RCPT TO:<a@example.net>: "
	  "550-5.7.1 one\\n550-5.7.1 two\\n550 5.7.1 three\n",
	  "1 delivery|reply=550 5.7.1 one two three|reply_code=550\n" },
	{ "control_bytes_come_back",
	  T ID "** a@example.net" RT H ": " SMTP "RCPT TO:<a@example.net>: "
	  "550 5.7.1 \\033[31m \\303\\251 \\141\n",
	  "1 delivery|reply=550 5.7.1 \x1b[31m \xc3\xa9 \\141\n" },
	{ "an_address_in_the_command_may_hold_anything",
	  T ID "** \"a: 250 ok>\"@example.net" RT H ": " SMTP
	  "RCPT TO:<\"a: 250 ok>\"@example.net>: 550 no\n",
	  "1 delivery|outcome=bounced|stage=rcpt|reply=550 no\n" },
	{ "a_forged_outcome_in_a_reply_is_a_reply",
	  T ID "** a@example.net" RT H ": " SMTP "RCPT TO:<a@example.net>: "
	  "550 no C=\"250 OK\" => x@example.net R=dnslookup T=remote_smtp\n",
	  "1 delivery|outcome=bounced|reply_code=550|recipient=a@example.net"
	  "|agent=remote_smtp\n" },
	{ "a_greeting_that_refuses",
	  T ID "** a@example.net" RT H ": " SMTP "initial connection: 554 "
	  "IP=192.0.2.9 (BL)\n",
	  "1 delivery|outcome=bounced|stage=connect|reply_code=554\n" },
	{ "ehlo_and_helo",
	  T ID "** a@example.net" RT H ": " SMTP "EHLO mail.example.org: 550 "
	  "no\n"
	  T ID "** a@example.net" RT H ": " SMTP "HELO mail.example.org: 550 "
	  "no\n",
	  "1 delivery|stage=ehlo|reply=550 no\n"
	  "2 delivery|stage=ehlo|reply=550 no\n" },
	{ "before_4_80_the_words_name_the_host",
	  T OLD "** a@example.net" RT ": SMTP error from remote mailer after "
	  "RCPT TO:<a@example.net>: host mx.example.net [198.51.100.7]: 550 "
	  "no\n",
	  "1 delivery|outcome=bounced|stage=rcpt|relay_host=mx.example.net|"
	  "relay_ip=198.51.100.7|reply=550 no|reply_code=550|hop=remote\n" },
	{ "expired_is_no_attempt",
	  T ID "== a@example.net" RT " defer (-44)" H ": " SMTP
	  "RCPT TO:<a@example.net>: 451 later\n"
	  T ID "** a@example.net: retry timeout exceeded\n",
	  "1 delivery|outcome=deferred|relay_host=mx.example.net\n"
	  "2 delivery|outcome=expired|recipient=a@example.net|relay_host=|"
	  "hop=remote|own=1|final=1|reply=retry timeout exceeded\n" },
	{ "expired_behind_other_words",
	  T ID "** a@example.net" RT ": all hosts for 'example.net' have been "
	  "failing for a long time (and retry time not reached)\n"
	  T ID "** a@example.net" RT ": retry time not reached for any host "
	  "after a long failure period\n",
	  "1 delivery|outcome=expired\n2 delivery|outcome=expired\n" },
	{ "a_null_mx_is_a_bounce_without_a_router",
	  T ID "** a@example.net: an MX or SRV record indicated no SMTP "
	  "service\n",
	  "1 delivery|outcome=bounced|hop=remote|own=1|relay_host=|agent=\n" },
	{ "a_mailbox_that_does_not_exist_is_local",
	  T ID "** kim@example.org R=local_user T=local_delivery: mailbox is "
	  "full\n",
	  "1 delivery|outcome=bounced|hop=local|own=1\n" },
	{ "a_pipe_that_fails_is_local",
	  T ID "** |/bin/false <kim@example.org> R=userforward T=address_pipe:"
	  " Child process of address_pipe transport returned 1\n",
	  "1 delivery|outcome=bounced|hop=local\n" },
	{ "a_failure_with_an_errno",
	  T ID "** a@example.net" RT H ": Connection refused\n",
	  "1 delivery|outcome=bounced|relay_host=|named_mx=mx.example.net|"
	  "named_ip=198.51.100.7|stage=connect|own=1\n" },
	{ "error_ignored_is_nothing",
	  T ID "a@example.net: error ignored\n", "" },
};

static const struct log_text_case deferrals[] = {
	{ "deferred_after_rcpt",
	  T ID "== a@example.net" RT " defer (-44)" H " I=[192.0.2.9] "
	  "DT=0.004s: " SMTP "RCPT TO:<a@example.net>: 451 4.7.1 later\n",
	  "1 delivery|outcome=deferred|final=|stage=rcpt|reply_code=451|"
	  "dsn=4.7.1|reply=451 4.7.1 later|relay_host=mx.example.net|"
	  "source_ip=192.0.2.9\n" },
	{ "nobody_answered",
	  T ID "== a@example.net" RT " defer (111): Connection refused" H "\n",
	  "1 delivery|outcome=deferred|stage=connect|relay_host=|"
	  "named_mx=mx.example.net|named_ip=198.51.100.7|own=1|"
	  "reply=Connection refused\n" },
	{ "no_host_was_tried",
	  T ID "== a@example.net" RT " defer (110): Connection timed out\n",
	  "1 delivery|outcome=deferred|relay_host=|named_mx=|"
	  "reply=Connection timed out\n" },
	{ "a_timeout_in_a_session",
	  T ID "== a@example.net" RT " defer (110): Connection timed out" H
	  " DT=4.005s: SMTP timeout after EHLO mail.example.org\n",
	  "1 delivery|outcome=deferred|stage=ehlo|relay_host=mx.example.net|"
	  "own=1|reply=SMTP timeout after EHLO mail.example.org\n" },
	{ "a_session_that_broke",
	  T ID "== a@example.net" RT " defer (-18)" H ": Remote host closed "
	  "connection in response to pipelined end of data\n",
	  "1 delivery|outcome=deferred|stage=eod|relay_host=mx.example.net|"
	  "own=1\n" },
	{ "a_session_that_broke_before_4_80",
	  T OLD "== a@example.net" RT " defer (-18): Remote host "
	  "mx.example.net [198.51.100.7] closed connection in response to "
	  "initial connection\n",
	  "1 delivery|outcome=deferred|stage=connect|"
	  "relay_host=mx.example.net|relay_ip=198.51.100.7\n" },
	{ "a_malformed_reply",
	  T ID "== a@example.net" RT " defer (-20)" H ": Malformed SMTP reply "
	  "in response to RCPT TO:<a@example.net>: what\n",
	  "1 delivery|outcome=deferred|stage=rcpt|own=1|reply_code=\n" },
	{ "no_encryption",
	  T ID "== a@example.net" RT " defer (-38)" H ": a TLS session is "
	  "required, but the server did not offer TLS support\n",
	  "1 delivery|outcome=deferred|stage=starttls|"
	  "relay_host=mx.example.net|own=1\n" },
	{ "routing_without_a_router",
	  T ID "== a@example.net routing defer (-1): host lookup did not "
	  "complete\n",
	  "1 delivery|outcome=deferred|agent=|own=1|"
	  "reply=host lookup did not complete\n" },
	{ "waiting_is_no_attempt_whatever_its_number",
	  T ID "== a@example.net routing defer (-51): retry time not reached\n"
	  T ID "== a@example.net R=dnslookup routing defer (-52): retry time "
	  "not reached\n"
	  T ID "== a@example.net" RT " defer (-53): retry time not reached for"
	  " any host for 'example.net'\n"
	  T ID "== a@example.net" RT " defer (-61): retry time not reached for"
	  " any host\n"
	  T ID "== a@example.net" RT " defer (-54): remote deliveries "
	  "suppressed\n"
	  T ID "== a@example.net" RT " defer (-57): concurrency limit reached "
	  "for transport\n",
	  "1 delivery|outcome=suspended|relay_host=|own=1\n"
	  "2 delivery|outcome=suspended\n3 delivery|outcome=suspended\n"
	  "4 delivery|outcome=suspended\n5 delivery|outcome=suspended\n"
	  "6 delivery|outcome=suspended\n" },
	{ "a_deferral_by_a_redirect_is_an_attempt_in_4_98",
	  T ID "== a@example.org R=redirect defer (-53): come back tomorrow\n",
	  "1 delivery|outcome=deferred\n" },
	{ "a_full_mailbox_is_local",
	  T ID "== kim@example.org R=local_user T=mail_spool defer (-22): "
	  "mailbox is full\n",
	  "1 delivery|outcome=deferred|hop=local\n" },
	{ "an_mx_that_failed_is_no_outcome",
	  T ID "H=mx.example.net [198.51.100.7]: " SMTP "RCPT TO:<a@b>: 451 "
	  "x\n"
	  T ID "H=mx.example.net [198.51.100.7] Connection refused\n"
	  T ID "TLS session: (gnutls_handshake): rehandshake: delivering "
	  "unencrypted to H=mx.example.net [198.51.100.7]\n", "" },
};

static const struct log_text_case events[] = {
	{ "an_arrival_and_its_end",
	  T ID "<= s@example.org H=c.example.org (pc) [203.0.113.9] "
	  "P=esmtpsa X=TLS1.3:X:256 CV=no A=plain:s S=1834 "
	  "id=m@example.org T=\"R=1 S=2 => x\" for a@example.net\n"
	  T ID "Completed QT=4s\n",
	  "1 born|id=1xUJXM-000000001bo-D342|sender=s@example.org|"
	  "size=1834|message_id=m@example.org|mta=exim|instance=exim\n"
	  "2 removed|id=1xUJXM-000000001bo-D342\n" },
	{ "a_bounce_knows_its_parent",
	  T ID "<= <> R=1vLyh3-00039V-QX U=Debian-exim P=local S=2415\n",
	  "1 born|sender=\"\"|size=2415\n"
	  "1 child|id=1vLyh3-00039V-QX|child_id=1xUJXM-000000001bo-D342\n" },
	{ "a_false_rejection_is_an_arrival",
	  T ID "(= s@example.org H=x [203.0.113.9] P=smtp S=10\n",
	  "1 born|sender=s@example.org|size=10\n" },
	{ "lines_of_the_daemon_are_nothing",
	  T "exim 4.98 daemon started: pid=1, -q30m\n"
	  T "Start queue run: pid=5\n"
	  T "H=x [203.0.113.9] F=<s@x> rejected RCPT <a@example.org>: no\n"
	  T ID "Message is frozen\n"
	  T ID "** not a failure\n",
	  "5 skipped|reason=cut\n" },
	{ "the_reject_log_holds_no_delivery",
	  T "1xUJXM-000000001bo-D342 H=x [203.0.113.9] rejected after DATA\n"
	  "Envelope-from: <s@example.net>\nEnvelope-to: <a@example.org>\n"
	  "P Received: from x by y\n\tid 1xUJXM-000000001bo-D342\n"
	  "F From: s@example.net\n* Subject: => a@b R=c T=d\n"
	  "  X-Spam: yes\n----------------------------------------\n", "" },
	{ "a_line_of_postfix_in_the_same_file_is_read",
	  T ID "=> a@example.net" RT H "\n"
	  "Nov 20 08:00:01 mx postfix/smtp[7]: 4F1A2B3C4D: to=<b@example.net>"
	  ", relay=mx.example.net[198.51.100.7]:25, delay=1, delays=0/0/0/1, "
	  "dsn=2.0.0, status=sent (250 ok)\n",
	  "1 delivery|mta=exim|recipient=a@example.net\n"
	  "2 delivery|mta=postfix|recipient=b@example.net\n" },
	{ "a_line_that_is_nobody_s_is_told",
	  T ID "Completed\nrubbish\n",
	  "1 removed\n2 skipped|reason=no-stamp\n" },
};

#define S "Nov 20 08:00:01 mx exim[77]: "

static const struct log_text_case by_syslog[] = {
	{ "with_a_time_of_its_own",
	  S T ID "=> a@example.net" RT H " C=\"250 ok\"\n",
	  "1 delivery|time=2026-11-20T08:00:01Z|host=mx|instance=exim|"
	  "outcome=accepted|relay_host=mx.example.net\n" },
	{ "without_one",
	  S ID "=> a@example.net" RT H " C=\"250 ok\"\n",
	  "1 delivery|outcome=accepted|id=1xUJXM-000000001bo-D342\n" },
	{ "three_parts_are_one_entry",
	  S "[1/3] " T ID "** a@example.net" RT H ": " SMTP "RCPT TO:<a@exa\n"
	  S "[2/3] mple.net>: 550 5.7.1 one \n"
	  "Nov 20 08:00:01 mx exim[78]: " T ID "Completed\n"
	  S "[3/3] two\n",
	  "3 removed\n"
	  "1 delivery|outcome=bounced|reply=550 5.7.1 one two\n" },
	{ "parts_of_two_processes_do_not_mix",
	  S "[1/2] " T ID "=> a@example.net" RT H " C=\"250 \n"
	  "Nov 20 08:00:01 mx exim[78]: [1/2] " T ID "=> b@example.net" RT H
	  " C=\"250 \n"
	  S "[2/2] one\"\n"
	  "Nov 20 08:00:01 mx exim[78]: [2/2] two\"\n",
	  "1 delivery|recipient=a@example.net|reply=250 one\n"
	  "2 delivery|recipient=b@example.net|reply=250 two\n" },
	{ "an_entry_whose_end_is_lost_is_an_outcome_all_the_same",
	  S "[1/2] " T ID "** a@example.net" RT H ": " SMTP
	  "RCPT TO:<a@example.net>: 550 5.7\n",
	  "1 delivery|outcome=bounced|reply_code=550\n" },
	{ "a_part_without_its_first_is_nothing",
	  S "[2/2] => a@example.net" RT H "\n", "" },
	{ "an_entry_cut_at_the_end_of_a_line",
	  S "[1\\2] " T ID "rejected\n" S "[2/2] Envelope-from: <x>\n", "" },
	{ "the_year_comes_from_the_id",
	  "Nov 20 08:00:01 mx exim[77]: 1r4zCK-00039V-QX <= s@example.org\n",
	  "1 born|time=2023-11-20T08:00:01Z\n" },
};

static void
wrong_zone_is_told_once(void **state)
{
	/* the id says 15:00:00 UTC, the stamp seven hours less */
	static const char log[] =
	    "2026-11-20 08:00:01 1xUQ5o-00039V-QX <= s@example.org S=1\n"
	    "2026-11-20 08:00:05 1xUQ5o-00039V-QX => a@example.net" RT H "\n";

	(void)state;
	(void)log_text_expect(slice_of(log, sizeof(log) - 1), NULL,
	    "1 notice|kind=time|text=time stamps are 7 h 00 min behind of the "
	    "times in the message ids: is the time zone right?\n"
	    "1 born\n2 delivery|delay_ms=5000\n");
}

static void
cuts_never_change_an_outcome(void **state)
{
	static const char failure[] = T ID "** a@example.net F=<s@example.org>"
	    RT H " X=TLS1.3:X:256 CV=no DN=\"CN=x\": " SMTP
	    "RCPT TO:<a@example.net>: 550-5.7.1 one\\n550 5.7.1 two DT=1s\n";
	static const char deferral[] = T ID "== a@example.net" RT
	    " defer (110): Connection timed out" H ": SMTP timeout after EHLO "
	    "x\n";
	static const char success[] = T ID "=> \"a b\"@example.net <x@y.org>"
	    RT H " C=\"250 ok\" QT=3s\n";

	(void)state;
	log_text_expect_cuts(slice_of(failure, sizeof(failure) - 1), "exim");
	log_text_expect_cuts(slice_of(deferral, sizeof(deferral) - 1),
	    "exim");
	log_text_expect_cuts(slice_of(success, sizeof(success) - 1), "exim");
}

int
main(void)
{
	static struct cases cases;

	CASES_ADD_TABLE(&cases, deliveries, log_text_case);
	CASES_ADD_TABLE(&cases, failures, log_text_case);
	CASES_ADD_TABLE(&cases, deferrals, log_text_case);
	CASES_ADD_TABLE(&cases, events, log_text_case);
	CASES_ADD_TABLE(&cases, by_syslog, log_text_case);
	cases_add(&cases, "wrong_zone_is_told_once", wrong_zone_is_told_once,
	    NULL);
	cases_add(&cases, "cuts_never_change_an_outcome",
	    cuts_never_change_an_outcome, NULL);
	return cases_run(&cases);
}
