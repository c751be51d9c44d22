/* SPDX-License-Identifier: BSD-2-Clause */
/* Lines as sendmail's deliver.c logdelivery() and its kin write them, with
 * what they mean. */
#include "tests/support/cases.h"
#include "tests/support/log_text.h"

#define S "Nov 20 08:00:01 mx sm-mta[77]: "
#define ID "6AK801or000077: " /* 2026-11-20T08:00:01Z */
#define MID ", delay=00:01:02, xdelay=00:00:01, mailer=esmtp, pri=30180, "
#define MX "relay=mx.example.net. [198.51.100.7], "
#define OK "dsn=2.0.0, stat=Sent (Ok: queued as 4F)\n"

static const struct log_text_case deliveries[] = {
	{ "a_delivery_of_8_17",
	  S ID "to=<a@example.net>, ctladdr=<s@example.org> (1000/1000)" MID MX
	  OK,
	  "1 delivery|mta=sendmail|time=2026-11-20T08:00:01Z|host=mx|"
	  "instance=sendmail|agent=esmtp|id=6AK801or000077|outcome=accepted|"
	  "hop=remote|recipient=a@example.net|domain=example.net|"
	  "relay_host=mx.example.net|relay_ip=198.51.100.7|dsn=2.0.0|"
	  "delay_ms=62000|reply=Ok: queued as 4F|reply_code=|own=|final=1|"
	  "sender=|orig_recipient=|stage=\n" },
	{ "one_line_is_many_recipients",
	  S ID "to=<a@example.net>,<b@example.com>,c@d.example" MID MX OK,
	  "1 delivery|recipient=a@example.net|domain=example.net\n"
	  "1 delivery|recipient=b@example.com|domain=example.com\n"
	  "1 delivery|recipient=c@d.example|domain=d.example\n" },
	{ "a_list_that_goes_on",
	  S ID "to=<a@example.net>,<b@example.net>, [more]" MID MX OK
	  S ID "to=<c@example.net>" MID MX OK,
	  "1 delivery|recipient=a@example.net\n"
	  "1 delivery|recipient=b@example.net\n"
	  "2 delivery|recipient=c@example.net\n" },
	{ "quoted_local_parts_hold_commas",
	  S ID "to=<\"c, d\"@example.net>,\\\"e, delay=1\\\"@example.net,"
	  "\"ok a, b\"@example.net" MID MX OK,
	  "1 delivery|recipient=\"c, d\"@example.net\n"
	  "1 delivery|recipient=\\\"e, delay=1\\\"@example.net\n"
	  "1 delivery|recipient=\"ok a, b\"@example.net\n" },
	{ "a_name_without_domain",
	  S ID "to=root, delay=00:00:00, mailer=local, pri=1, dsn=2.0.0, "
	  "stat=Sent\n",
	  "1 delivery|recipient=root|domain=|hop=local|outcome=accepted|"
	  "agent=local|relay_host=|reply=\n" },
	{ "a_program_is_local",
	  S ID "to=\"|/usr/bin/vacation a\", ctladdr=<a@example.org> (8/8), "
	  "delay=00:00:00, mailer=prog, pri=1, dsn=2.0.0, stat=Sent\n",
	  "1 delivery|hop=local|outcome=accepted|agent=prog\n" },
	{ "tls_fields_between",
	  S ID "to=<a@example.net>, delay=1+02:03:04, xdelay=00:00:01, "
	  "mailer=esmtp, tls_verify=OK, tls_version=TLSv1.3, "
	  "cipher=TLS_AES_256_GCM_SHA384, pri=30180, " MX "dsn=2.0.0, "
	  "ntries=3, stage=DATA, reply=250 2.0.0 done, stat=Sent (done)\n",
	  "1 delivery|tls=TLSv1.3|delay_ms=93784000|reply=250 2.0.0 done|"
	  "reply_code=250\n" },
	{ "an_ipv6_relay",
	  S ID "to=<a@example.net>" MID "relay=mx.example.net. "
	  "[IPv6:2001:db8:6:0:0:0:0:25], " OK,
	  "1 delivery|relay_ip=2001:db8:6::25|relay_host=mx.example.net\n" },
	{ "an_address_as_relay_is_internal",
	  S ID "to=a@example.net, ctladdr=root (0/0), delay=00:00:00, "
	  "mailer=relay, pri=1, relay=[127.0.0.1] [127.0.0.1], " OK,
	  "1 delivery|hop=internal|relay_ip=127.0.0.1\n" },
	{ "a_name_that_lost_its_middle_stays_as_it_is",
	  S ID "to=<a@example.net>" MID
	  "relay=m365-example.mail....ction.outlook.com. [198.51.100.7], " OK,
	  "1 delivery|relay_host=m365-example.mail....ction.outlook.com\n" },
	{ "a_relay_without_a_name",
	  S ID "to=<a@example.net>" MID "relay= [198.51.100.7], " OK,
	  "1 delivery|relay_host=|relay_ip=198.51.100.7\n" },
	{ "queued_is_no_attempt",
	  S ID "to=<a@example.net>, delay=00:00:00, mailer=esmtp, pri=1, "
	  "dsn=2.0.0, stat=queued\n"
	  S ID "to=<a@example.net>, delay=00:00:00, mailer=esmtp, pri=1, "
	  "quarantine=virus, stat=quarantined\n", "" },
	{ "a_sent_of_8_12_without_dsn",
	  S ID "to=<a@example.net>" MID MX "stat=Sent (ok dirdel)\n",
	  "1 delivery|outcome=accepted|dsn=|reply=ok dirdel\n" },
};

static const struct log_text_case failures[] = {
	{ "user_unknown_may_be_a_block",
	  S ID "to=<a@example.net>" MID MX "dsn=5.7.1, reply=550 5.7.1 part "
	  "of their network is on our block list (S3140), stat=User unknown\n",
	  "1 delivery|outcome=bounced|reply_code=550|dsn=5.7.1|stage=rcpt|"
	  "own=|final=1|reply=550 5.7.1 part of their network is on our block "
	  "list (S3140)\n" },
	{ "only_the_first_line_of_a_reply",
	  S ID "to=<a@example.net>" MID MX "dsn=5.1.1, reply=550-first line, "
	  "stat=User unknown\n",
	  "1 delivery|reply=550 first line|reply_code=550\n" },
	{ "a_deferral_says_its_reply_twice",
	  S ID "to=<a@example.net>" MID MX "dsn=4.7.1, reply=451 4.7.1 later, "
	  "stat=Deferred: 451 4.7.1 later\n",
	  "1 delivery|outcome=deferred|final=|reply=451 4.7.1 later|"
	  "reply_code=451\n" },
	{ "a_deferral_before_8_16",
	  S ID "to=<a@example.net>" MID MX "dsn=4.2.0, stat=Deferred: 450 "
	  "4.2.0 <a@example.net>: Greylisted, see x\n",
	  "1 delivery|outcome=deferred|reply_code=450|reply=450 4.2.0 "
	  "<a@example.net>: Greylisted, see x|own=|"
	  "relay_host=mx.example.net\n" },
	{ "a_bounce_before_8_16",
	  S ID "to=<a@example.net>" MID MX "dsn=5.1.1, stat=User unknown\n",
	  "1 delivery|outcome=bounced|reply=User unknown|own=1|stage=\n" },
	{ "a_bounce_of_8_12_without_dsn",
	  S ID "to=<a@example.net>" MID MX "stat=Service unavailable\n"
	  S ID "to=<a@example.net>" MID MX "stat=Deferred\n",
	  "1 delivery|outcome=bounced\n2 delivery|outcome=deferred\n" },
	{ "a_reply_that_pretends_to_be_an_outcome",
	  S ID "to=<a@example.net>" MID MX "dsn=5.7.1, reply=550 no, "
	  "stat=Sent (ok), stat=User unknown\n"
	  S ID "to=<a@example.net>" MID MX "dsn=4.7.1, reply=451 no, "
	  "stat=Sent (ok), stat=Deferred: 451 no, stat=Sent (ok)\n",
	  "1 delivery|outcome=bounced|reply=550 no, stat=Sent (ok)\n"
	  "2 delivery|outcome=deferred|reply=451 no, stat=Sent (ok)\n" },
	{ "a_reply_of_a_code_alone",
	  S ID "to=<a@example.net>" MID MX "dsn=5.1.1, reply=550, stat=User "
	  "unknown\n", "1 delivery|reply=550|reply_code=550\n" },
	{ "octal_comes_back",
	  S ID "to=<a@example.net>" MID MX "dsn=5.7.1, reply=550 5.7.1 "
	  "Empf\\344nger \\033x, stat=User unknown\n",
	  "1 delivery|reply=550 5.7.1 Empf\xe4nger \x1bx\n" },
	{ "nobody_answered",
	  S ID "to=<a@example.net>" MID "relay=mx.example.net., dsn=4.4.1, "
	  "stat=Deferred: Connection refused by mx.example.net.\n",
	  "1 delivery|outcome=deferred|relay_host=|named_mx=mx.example.net|"
	  "own=1|stage=connect|reply=Connection refused by mx.example.net.\n"
	},
	{ "a_host_of_old_that_refused_has_an_address",
	  S ID "to=<a@example.net>" MID MX "dsn=4.0.0, stat=Deferred: "
	  "Connection refused by mx.example.net.\n",
	  "1 delivery|relay_host=|named_mx=mx.example.net|"
	  "named_ip=198.51.100.7|stage=connect\n" },
	{ "a_connection_that_broke",
	  S ID "to=<a@example.net>" MID MX "dsn=4.4.2, reply=421 4.4.1 "
	  "Connection reset by mx.example.net., stat=Deferred: 421 4.4.1 "
	  "Connection reset by mx.example.net.\n",
	  "1 delivery|outcome=deferred|relay_host=mx.example.net|own=1|"
	  "reply_code=\n" },
	{ "a_handshake_that_failed",
	  S ID "to=<a@example.net>" MID MX "dsn=4.0.0, stat=Deferred: 454 "
	  "4.7.0 TLS handshake failed.\n",
	  "1 delivery|outcome=deferred|own=1|reply_code=\n" },
	{ "no_dns",
	  S ID "to=<a@example.net>" MID "relay=example.net., dsn=4.0.0, "
	  "stat=Deferred: Name server: example.net.: host name lookup "
	  "failure\n",
	  "1 delivery|outcome=deferred|relay_host=|named_mx=|own=1\n" },
	{ "no_such_host",
	  S ID "to=<a@example.net>" MID "relay=example.net, dsn=5.1.2, "
	  "stat=Host unknown (Name server: example.net.: host not found)\n",
	  "1 delivery|outcome=bounced|relay_host=|named_mx=|own=1\n" },
	{ "a_stage_where_it_is_logged",
	  S ID "to=<a@example.net>" MID MX "dsn=5.7.1, stage=MAIL, reply=550 "
	  "no, stat=Service unavailable\n", "1 delivery|stage=mail\n" },
	{ "cut_before_its_outcome",
	  S ID "to=<a@example.net>" MID "relay=mx.exa\n"
	  S ID "to=<a@exa\n",
	  "1 skipped|reason=cut\n2 skipped|reason=cut\n" },
};

static const struct log_text_case events[] = {
	{ "an_arrival",
	  S ID "from=<s@example.org>, size=182, class=0, nrcpts=2, "
	  "msgid=<12.real@example.org>, bodytype=8BITMIME, proto=ESMTP, "
	  "daemon=MTA, relay=localhost [127.0.0.1]\n",
	  "1 born|mta=sendmail|sender=s@example.org|size=182|recipients=2|"
	  "message_id=12.real@example.org|id=6AK801or000077\n" },
	{ "an_arrival_of_a_notification",
	  S ID "from=<>, size=182, class=0, nrcpts=1, msgid=<x@y>\n",
	  "1 born|sender=\"\"\n" },
	{ "an_arrival_on_the_command_line",
	  S ID "from=root, size=182, class=0, nrcpts=1, msgid=<x@y>, "
	  "relay=root@localhost\n", "1 born|sender=root\n" },
	{ "without_recipients_it_was_turned_away",
	  S ID "from=<s@example.net>, size=0, class=0, nrcpts=0, "
	  "proto=ESMTP\n", "" },
	{ "a_sender_may_hold_anything_in_quotes",
	  S ID "from=<\"a>, size=1, nrcpts=9\"@example.org>, size=5, "
	  "nrcpts=1\n",
	  "1 born|sender=\"a>, size=1, nrcpts=9\"@example.org|size=5|"
	  "recipients=1\n" },
	{ "expiry_ends_the_message",
	  S ID "6AK801or000078: DSN: Cannot send message for 5 days\n",
	  "1 child|child_id=6AK801or000078\n1 expired\n1 removed\n" },
	{ "expiry_of_8_12",
	  S ID "6AK801or000078: sender notify: Cannot send message for 5 "
	  "days\n", "1 child\n1 expired\n1 removed\n" },
	{ "a_warning_ends_nothing",
	  S ID "6AK801or000078: sender notify: Warning: could not send "
	  "message for past 4 hours\n", "1 child\n" },
	{ "a_bounce_is_a_notification",
	  S ID "6AK801or000078: DSN: User unknown\n", "1 child\n" },
	{ "noise_is_nothing",
	  S "STARTTLS=client, relay=mx.example.net., version=TLSv1.3, "
	  "verify=OK, cipher=X, bits=256/256\n"
	  S "starting daemon (8.17.1): SMTP+queueing@00:10:00\n"
	  S ID "timeout waiting for input from mx.example.net. during client "
	  "MAIL\n"
	  S ID "ruleset=check_rcpt, arg1=<to=a@b, stat=Sent>, relay=x "
	  "[203.0.113.9], reject=550 5.7.1 no\n"
	  S ID "Milter: to=<a@b>, reject=550\n"
	  S "to=<a@example.net>" MID MX OK, "" },
	{ "a_label_of_its_own_is_an_instance",
	  "Nov 20 08:00:01 mx out7[77]: " ID "to=<a@example.net>" MID MX OK
	  "Nov 20 08:00:01 mx out7[77]: " ID "other words\n",
	  "1 delivery|instance=out7\n" },
	{ "two_mtas_in_one_file",
	  S ID "to=<a@example.net>" MID MX OK
	  "Nov 20 08:00:02 mx postfix/smtp[7]: 4F1A2B3C4D: to=<b@example.net>"
	  ", relay=mx.example.net[198.51.100.7]:25, delay=1, delays=0/0/0/1, "
	  "dsn=2.0.0, status=sent (250 ok)\n"
	  "Nov 20 08:00:03 mx exim[8]: 1xUJXM-00039V-QX => c@example.net "
	  "R=r T=remote_smtp H=mx.example.net [198.51.100.7]\n",
	  "1 delivery|mta=sendmail\n2 delivery|mta=postfix\n"
	  "3 delivery|mta=exim\n" },
	{ "the_year_comes_from_the_id",
	  "Mar 28 15:30:06 mx sm-mta[77]: q2SFU6LT003351: from=<s@x.org>, "
	  "size=1, class=0, nrcpts=1\n", "1 born|time=2012-03-28T15:30:06Z\n" },
};

static void
cuts_never_change_an_outcome(void **state)
{
	static const char log[] = S ID "to=<a@example.net>,<\"b, c\"@example."
	    "net>" MID MX "dsn=4.7.1, reply=451 4.7.1 no, stat=Sent, "
	    "stat=Deferred: 451 4.7.1 no, stat=Sent\n";

	(void)state;
	log_text_expect_cuts(slice_of(log, sizeof(log) - 1), "sendmail");
}

int
main(void)
{
	static struct cases cases;

	CASES_ADD_TABLE(&cases, deliveries, log_text_case);
	CASES_ADD_TABLE(&cases, failures, log_text_case);
	CASES_ADD_TABLE(&cases, events, log_text_case);
	cases_add(&cases, "cuts_never_change_an_outcome",
	    cuts_never_change_an_outcome, NULL);
	return cases_run(&cases);
}
