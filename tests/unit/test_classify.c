/* SPDX-License-Identifier: BSD-2-Clause */
#include "analyzer/classify.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/limits.h"
#include "tests/support/assert_slice.h"
#include "tests/support/cases.h"

static struct classifier *
shared(struct classifier *set)
{
	static struct classifier *kept;

	if (set != NULL)
		kept = set;
	return kept;
}

#define S3140 "550 5.7.1 Unfortunately, messages from [192.0.2.9] weren't " \
	"sent. Please contact your Internet service provider since part of " \
	"their network is on our block list (S3140). You can also refer " \
	"your provider to " \
	"http://mail.live.com/mail/troubleshooting.aspx#errors. " \
	"[AM7EUR03FT012.eop-EUR03.prod.protection.outlook.com]"

/* clang-format off */
static const struct reply_case {
	const char *name, *provider;
	enum stage stage;
	const char *reply;
	const char *want; /* "reason scope severity explicit|inferred" */
	const char *want_token, *want_ip; /* NULL = none */
} reply_cases[] = {
	/* the example that mxtrend exists for */
	{ "s3140", "microsoft-consumer", STAGE_MAIL, S3140,
	  "ip-block ip-range block explicit", "S3140", "192.0.2.9" },
	{ "s3140_without_provider", "", STAGE_NONE, S3140,
	  "ip-block ip-range block explicit", "S3140", "192.0.2.9" },
	{ "s3140_at_the_other_platform", "microsoft365", STAGE_NONE, S3140,
	  "ip-block ip-range block explicit", "S3140", "192.0.2.9" },
	{ "s775", "microsoft-consumer", STAGE_CONNECT,
	  "451 4.7.650 The mail server [192.0.2.9] has been temporarily rate "
	  "limited due to IP reputation. For e-mail delivery information, see "
	  "https://postmaster.live.com (S775) [BL02EPF0001A104.namprd05.prod.outlook.com]",
	  "ip-reputation ip throttle explicit", "S775", "192.0.2.9" },
	{ "banned_sending_ip", "microsoft365", STAGE_RCPT,
	  "550 5.7.606 Access denied, banned sending IP [2001:db8::25]. To "
	  "request removal from this list please visit https://sender.office.com/",
	  "ip-block ip block explicit", "5.7.606", "2001:db8::25" },

	/* own addresses, as each provider quotes them */
	{ "google_quotes_with_a_count", "gmail", STAGE_EOD,
	  "421-4.7.28 [192.0.2.9      15] Our system has detected an unusual "
	  "rate of unsolicited mail originating from your IP address.",
	  "rate-limit ip throttle explicit", "4.7.28", "192.0.2.9" },
	{ "google_quotes_ipv6", "gmail", STAGE_EOD,
	  "550-5.7.1 [2001:db8::25      19] Our system has detected that this "
	  "message is likely suspicious due to the very low reputation of the "
	  "sending IP address.",
	  "ip-reputation ip block explicit", NULL, "2001:db8::25" },
	{ "yahoo_quotes_bare", "yahoo", STAGE_CONNECT,
	  "421 4.7.0 [TSS04] Messages from 192.0.2.9 temporarily deferred due "
	  "to unexpected volume or user complaints - 4.16.55.1",
	  "ip-reputation ip throttle explicit", "TSS04", "192.0.2.9" },
	{ "gmx_quotes_in_the_link", "gmx-webde", STAGE_CONNECT,
	  "554-gmx.net (mxgmx017) Nemesis ESMTP Service not available 554-No "
	  "SMTP service 554-IP address is black listed. 554 For explanation "
	  "visit https://postmaster.gmx.net/en/case?c=r0201&i=ip&v=192.0.2.9&r=0MhkDq",
	  "ip-block ip block explicit", "r0201", "192.0.2.9" },
	{ "telekom_quotes_behind_ip", "t-online", STAGE_CONNECT,
	  "554 IP=192.0.2.9 - A problem occurred. (Ask your postmaster for help "
	  "or to contact tosa@rx.t-online.de to clarify.) (BL)",
	  "ip-block ip block explicit", "BL", "192.0.2.9" },
	{ "spamhaus_behind_postfix", "mx:example.net", STAGE_RCPT,
	  "554 5.7.1 Service unavailable; Client host [192.0.2.9] blocked using "
	  "zen.spamhaus.org; https://www.spamhaus.org/query/ip/192.0.2.9",
	  "dnsbl ip block explicit", "zen.spamhaus.org", "192.0.2.9" },
	{ "spamhaus_in_a_link_only", "mx:example.net", STAGE_RCPT,
	  "550 5.7.1 refused, see https://www.spamhaus.org/query/ip/192.0.2.9",
	  "dnsbl ip block explicit", "Spamhaus", "192.0.2.9" },
	{ "proofpoint_in_front_of_apple", "apple", STAGE_CONNECT,
	  "550 5.7.0 Blocked - see https://support.proofpoint.com/dnsbl-lookup.cgi?ip=192.0.2.9",
	  "ip-reputation ip block explicit", "PDR", "192.0.2.9" },
	{ "comcast", "comcast", STAGE_CONNECT,
	  "554 resimta-po-12v.sys.comcast.net comcast 192.0.2.9 Comcast block "
	  "for spam. Please see http://postmaster.comcast.net/smtp-error-codes.php#BL000000",
	  "ip-block ip block explicit", "BL000000", "192.0.2.9" },
	{ "the_remotes_address_is_not_ours", "mx:example.net", STAGE_RCPT,
	  "550 5.1.1 User unknown at 198.51.100.7",
	  "mailbox-unknown recipient recipient explicit", NULL, NULL },

	/* the order of evidence */
	{ "a_token_beats_the_words", "apple", STAGE_EOD,
	  "554 5.7.1 [HME1] This message was blocked for failing both SPF and "
	  "DKIM authentication checks.",
	  "auth-missing domain block explicit", "HME1", NULL },
	{ "words_beat_the_enhanced_code", "mx:example.net", STAGE_RCPT,
	  "550 5.1.1 Message rejected as spam",
	  "content-spam content content explicit", NULL, NULL },
	{ "the_enhanced_code_beats_the_code", "mx:example.net", STAGE_RCPT,
	  "550 5.2.2 xyzzy", "mailbox-full recipient recipient inferred", NULL,
	  NULL },
	{ "the_family_helps", "webde", STAGE_CONNECT,
	  "554-web.de (mxweb011) Nemesis ESMTP Service not available 554-Bad "
	  "DNS PTR resource record.", "ptr ip block explicit", NULL, NULL },
	{ "another_provider_has_no_word", "comcast", STAGE_RCPT,
	  "550 : User unknown",
	  "mailbox-unknown recipient recipient explicit", NULL, NULL },
	{ "its_own_provider_has", "kddi", STAGE_RCPT, "550 : User unknown",
	  "policy recipient recipient inferred", NULL, NULL },

	/* the stage counts */
	{ "554_at_connect_is_the_address", "mx:example.net", STAGE_CONNECT,
	  "554 xyzzy", "ip-block ip block inferred", NULL, NULL },
	{ "554_at_rcpt_is_the_recipient", "mx:example.net", STAGE_RCPT,
	  "554 xyzzy", "policy recipient recipient inferred", NULL, NULL },
	{ "550_at_rcpt_is_the_recipient", "mx:example.net", STAGE_RCPT,
	  "550 xyzzy", "mailbox-unknown recipient recipient inferred", NULL,
	  NULL },
	{ "554_after_data_is_the_content", "mx:example.net", STAGE_EOD,
	  "554 xyzzy", "policy content content inferred", NULL, NULL },
	{ "550_at_mail_is_the_sender", "mx:example.net", STAGE_MAIL,
	  "550 xyzzy", "policy sender local inferred", NULL, NULL },
	{ "554_somewhere_does_not_vote", "mx:example.net", STAGE_NONE,
	  "554 xyzzy", "policy connection block inferred", NULL, NULL },

	/* temporary and permanent */
	{ "reputation_at_421_throttles", "gmail", STAGE_EOD,
	  "421-4.7.0 likely suspicious due to the very low reputation of the "
	  "sending IP address", "ip-reputation ip throttle explicit", NULL,
	  NULL },
	{ "ptr_at_450_blocks", "mx:example.net", STAGE_RCPT,
	  "450 4.7.1 Client host rejected: cannot find your reverse hostname, "
	  "[192.0.2.9]", "ptr ip block explicit", NULL, "192.0.2.9" },
	{ "greylisting_is_about_the_connection", "mx:example.net", STAGE_RCPT,
	  "450 4.2.0 <a@example.com>: Recipient address rejected: Greylisted, "
	  "see http://postgrey.schweikert.ch/help/example.com.html",
	  "greylist connection throttle explicit", NULL, NULL },
	{ "size_is_content", "mx:example.net", STAGE_MAIL,
	  "552 5.3.4 Message size exceeds fixed limit",
	  "size content content explicit", NULL, NULL },
	{ "relaying_is_local", "mx:example.net", STAGE_RCPT,
	  "554 5.7.1 <a@example.com>: Relay access denied",
	  "relay-denied local local explicit", NULL, NULL },
	{ "unknown_recipients_are_list_quality", "mx:example.net", STAGE_RCPT,
	  "550 5.7.1 Too many invalid recipients",
	  "list-quality sender block explicit", NULL, NULL },

	/* names never match words */
	{ "a_host_called_blacklist", "mx:example.net", STAGE_RCPT,
	  "550 5.1.1 User unknown at blacklist.example",
	  "mailbox-unknown recipient recipient explicit", NULL, NULL },
	{ "a_host_called_spam", "mx:example.net", STAGE_RCPT,
	  "550 5.1.1 mx1.spam.example[198.51.100.7] xyzzy",
	  "mailbox-unknown recipient recipient inferred", NULL, NULL },
	{ "a_recipient_called_spam", "mx:example.net", STAGE_RCPT,
	  "550 5.1.1 <spam@virus.example>: User unknown",
	  "mailbox-unknown recipient recipient explicit", NULL, NULL },
	{ "a_link_called_dkim", "mx:example.net", STAGE_RCPT,
	  "550 5.1.1 User unknown, see http://example.net/dkim/spam/virus.html",
	  "mailbox-unknown recipient recipient explicit", NULL, NULL },
	{ "folding_does_not_count", "mx:example.net", STAGE_RCPT,
	  "550-5.1.1 <a@example.com>: Recipient address rejected: User 550 5.1.1 "
	  "unknown in virtual mailbox table",
	  "mailbox-unknown recipient recipient explicit", NULL, NULL },
	{ "case_does_not_count", "mx:example.net", STAGE_RCPT,
	  "550 5.1.1 USER UNKNOWN", "mailbox-unknown recipient recipient explicit",
	  NULL, NULL },
};

static const struct own_case {
	const char *name, *text, *want;
} own_cases[] = {
	{ "refused", "connect to mx.example.com[192.0.2.1]:25: Connection refused",
	  "connection-refused" },
	{ "timed_out", "connect to mx.example.com[192.0.2.1]:25: Connection timed out",
	  "timeout" },
	{ "conversation_timed_out",
	  "conversation with mx.example.com[192.0.2.1] timed out while sending RCPT TO",
	  "timeout" },
	{ "lost_at_greeting", "lost connection with mx.example.com[192.0.2.1] "
	  "while receiving the initial server greeting", "connection-refused" },
	{ "lost_later", "lost connection with mx.example.com[192.0.2.1] while "
	  "sending end of data -- message may be sent more than once", "network" },
	{ "unreachable", "connect to mx.example.com[2001:db8::1]:25: Network is unreachable",
	  "network" },
	{ "no_route", "connect to mx.example.com[192.0.2.1]:25: No route to host",
	  "network" },
	{ "host_not_found", "Host or domain name not found. Name service error "
	  "for name=nosuch.example type=A: Host not found", "domain-unknown" },
	{ "host_not_found_for_now", "Host or domain name not found. Name service "
	  "error for name=example.com type=MX: Host not found, try again", "dns" },
	{ "tls_wanted", "TLS is required, but was not offered by host mx.example.com[192.0.2.1]",
	  "tls" },
	{ "tls_failed", "Cannot start TLS: handshake failure", "tls" },
	{ "certificate", "Server certificate not trusted", "tls" },
	{ "loop", "mail for example.com loops back to myself", "loop" },
	{ "mailbox", "unknown user: \"nobody\"", "mailbox-unknown" },
	{ "quota", "mailbox is full (MTA-imposed quota exceeded while writing to "
	  "file /var/mail/user)", "mailbox-full" },
	{ "too_large", "message size 35882577 exceeds size limit 20971520 of "
	  "server mx.example.com[192.0.2.1]", "size" },
	{ "expired_in_exim", "retry timeout exceeded", "expired" },
	{ "expired_in_opensmtpd", "Envelope expired", "expired" },
	{ "expired_in_postfix", "message is administratively expired", "expired" },
	{ "local_trouble", "mail transport unavailable", "local" },
	{ "a_host_called_spam", "connect to spam.example[192.0.2.1]:25: Connection timed out",
	  "timeout" },
	{ "a_host_called_quota", "connect to mailbox-full.example[192.0.2.1]:25: "
	  "Connection refused", "connection-refused" },
	{ "nobody_knows", "xyzzy", "unclassified" },
};
/* clang-format on */

static void
describe(const struct classification *class, char *text, size_t room)
{
	(void)snprintf(text, room, "%s %s %s %s", reason_name(class->reason),
	    class->scope != SCOPE_NONE ? scope_name(class->scope) : "-",
	    class->severity != SEVERITY_NONE ?
	    severity_name(class->severity) : "-",
	    class->is_explicit ? "explicit" : "inferred");
}

static void
run_reply(void **state)
{
	const struct reply_case *c = *state;
	struct classify_query query = { .reply = slice_str(c->reply),
		.provider = slice_str(c->provider), .stage = c->stage,
		.outcome = c->reply[0] == '4' ?
		    OUTCOME_DEFERRED : OUTCOME_BOUNCED };

	/* the second answer comes out of the cache */
	for (int i = 0; i < 2; i++) {
		struct slice own_ip;
		const struct classification *class =
		    classify(shared(NULL), &query, &own_ip);
		char got[128];

		describe(class, got, sizeof(got));
		assert_string_equal(got, c->want);
		assert_slice(class->token, c->want_token);
		assert_slice(own_ip, c->want_ip);
		if (own_ip.len != 0)
			assert_true(own_ip.ptr >= c->reply &&
			    own_ip.ptr < c->reply + strlen(c->reply));
	}
}

static void
run_own(void **state)
{
	const struct own_case *c = *state;
	struct classify_query query = { .reply = slice_str(c->text),
		.outcome = OUTCOME_DEFERRED, .is_own_text = true };
	struct slice own_ip;
	const struct classification *class =
	    classify(shared(NULL), &query, &own_ip);

	assert_string_equal(reason_name(class->reason), c->want);
	assert_false(class->votes);
	assert_true(slice_is_none(own_ip));
}

/* --- single statements ---------------------------------------------------*/

static const struct classification *
ask(const char *reply, const char *provider, enum stage stage,
    struct slice *own_ip_r)
{
	struct classify_query query = { .reply = slice_str(reply),
		.provider = slice_str(provider), .stage = stage,
		.outcome = OUTCOME_BOUNCED };

	return classify(shared(NULL), &query, own_ip_r);
}

static void
names_and_values_are_one_to_one(void **state)
{
	(void)state;
	assert_null(reason_name(REASON_NONE));
	assert_null(scope_name(SCOPE_NONE));
	assert_null(severity_name(SEVERITY_NONE));
	for (int i = 1; i < REASONS; i++)
		assert_int_equal(reason_by_name(slice_str(
		    reason_name((enum reason)i))), i);
	for (int i = 1; i < SCOPES; i++)
		assert_int_equal(scope_by_name(slice_str(
		    scope_name((enum scope)i))), i);
	for (int i = 1; i < SEVERITIES; i++)
		assert_int_equal(severity_by_name(slice_str(
		    severity_name((enum severity)i))), i);
	assert_int_equal(reason_by_name(SLICE("nosuch")), REASON_NONE);
	assert_int_equal(reason_by_name(SLICE("")), REASON_NONE);
}

static void
only_blocks_of_address_or_domain_vote(void **state)
{
	struct slice own_ip;

	(void)state;
	assert_true(ask(S3140, "microsoft-consumer", STAGE_MAIL,
	    &own_ip)->votes);
	assert_true(ask("550-5.7.26 not accepted due to domain's DMARC policy",
	    "gmail", STAGE_EOD, &own_ip)->votes);
	assert_false(ask("550 5.1.1 User unknown", "gmail", STAGE_RCPT,
	    &own_ip)->votes);
	assert_false(ask("450 4.2.0 Greylisted", "", STAGE_RCPT,
	    &own_ip)->votes);
	assert_false(ask("554 5.7.1 Message rejected as spam", "", STAGE_EOD,
	    &own_ip)->votes);
	assert_false(ask("554 5.7.1 [CS01] Message rejected due to local "
	    "policy.", "apple", STAGE_EOD, &own_ip)->votes);
}

static void
all_tokens_are_kept_the_most_specific_first(void **state)
{
	struct slice own_ip;
	const struct classification *class = ask("550 5.7.1 Service "
	    "unavailable, Client host [192.0.2.9] blocked using Spamhaus. To "
	    "request removal from this list see "
	    "https://www.spamhaus.org/query/ip/192.0.2.9 (AS16012611)",
	    "microsoft365", STAGE_RCPT, &own_ip);

	(void)state;
	assert_string_equal(reason_name(class->reason), "dnsbl");
	assert_int_equal(class->token_count, 2);
	assert_slice(class->tokens[0], "Spamhaus");
	assert_slice(class->tokens[1], "AS16012611");
	assert_slice(class->token, "Spamhaus");
}

static void
the_same_words_have_one_fingerprint(void **state)
{
	struct slice own_ip;
	uint64_t first, second, other;

	(void)state;
	first = ask("550 5.1.1 <a@example.com>: User unknown id=1A2B3C4D5E6F",
	    "gmail", STAGE_RCPT, &own_ip)->fingerprint_id;
	second = ask("550 5.1.1 <b@example.net>: User unknown id=77AA3C4D5E01",
	    "gmail", STAGE_RCPT, &own_ip)->fingerprint_id;
	other = ask("550 5.1.2 <b@example.net>: User unknown id=77AA3C4D5E01",
	    "gmail", STAGE_RCPT, &own_ip)->fingerprint_id;
	assert_true(first == second);
	assert_true(first != other);
	/* FNV-1a of "550 5.1.1 <addr>: User unknown id=<id>", computed apart */
	assert_true(first == 0x88b787812969f063u);
	assert_slice(ask("550 5.1.1 <a@example.com>: User unknown "
	    "id=1A2B3C4D5E6F", "gmail", STAGE_RCPT, &own_ip)->fingerprint,
	    "550 5.1.1 <addr>: User unknown id=<id>");
}

static void
the_cache_keeps_providers_stages_and_codes_apart(void **state)
{
	struct slice own_ip;

	(void)state;
	for (int i = 0; i < 2; i++) {
		assert_int_equal(ask("550 : User unknown", "kddi", STAGE_RCPT,
		    &own_ip)->reason, REASON_POLICY);
		assert_int_equal(ask("550 : User unknown", "gmail",
		    STAGE_RCPT, &own_ip)->reason, REASON_MAILBOX_UNKNOWN);
		assert_int_equal(ask("554 xyzzy", "gmail", STAGE_CONNECT,
		    &own_ip)->reason, REASON_IP_BLOCK);
		assert_int_equal(ask("554 xyzzy", "gmail", STAGE_EOD,
		    &own_ip)->reason, REASON_POLICY);
	}
}

static void
the_logged_codes_count_where_the_text_has_none(void **state)
{
	struct classify_query query = { .reply = SLICE("xyzzy"),
		.dsn = SLICE("5.2.2"), .reply_code = 552,
		.stage = STAGE_RCPT, .outcome = OUTCOME_BOUNCED };
	struct slice own_ip;

	(void)state;
	assert_int_equal(classify(shared(NULL), &query, &own_ip)->reason,
	    REASON_MAILBOX_FULL);
	query.dsn = SLICE("4.3.0");
	query.reply_code = 451;
	assert_int_equal(classify(shared(NULL), &query, &own_ip)->reason,
	    REASON_SYSTEM_BUSY);
	/* the text's own code is nearer than what was derived */
	query.reply = SLICE("552 5.2.2 xyzzy");
	query.dsn = SLICE("5.0.0");
	assert_int_equal(classify(shared(NULL), &query, &own_ip)->reason,
	    REASON_MAILBOX_FULL);
}

static void
expiry_without_words_is_expired(void **state)
{
	struct classify_query query = { .reply = SLICE_NONE,
		.outcome = OUTCOME_EXPIRED };
	struct slice own_ip;
	const struct classification *class;

	(void)state;
	class = classify(shared(NULL), &query, &own_ip);
	assert_int_equal(class->reason, REASON_EXPIRED);
	assert_false(class->votes);
	/* a deferral without words is not */
	query.outcome = OUTCOME_DEFERRED;
	assert_int_equal(classify(shared(NULL), &query, &own_ip)->reason,
	    REASON_UNCLASSIFIED);
}

static void
an_echo_means_what_it_repeats(void **state)
{
	struct classify_query query = { .outcome = OUTCOME_SUSPENDED,
		.is_own_text = true, .provider = SLICE("t-online") };
	struct slice own_ip;
	const struct classification *class;

	(void)state;
	query.reply = SLICE("delivery temporarily suspended: host "
	    "mx00.t-online.de[198.51.100.1] refused to talk to me: 554 "
	    "IP=192.0.2.9 - A problem occurred. (Ask your postmaster for help "
	    "or to contact tosa@rx.t-online.de to clarify.) (BL)");
	class = classify(shared(NULL), &query, &own_ip);
	assert_int_equal(class->reason, REASON_IP_BLOCK);
	assert_slice(class->token, "BL");
	assert_slice(own_ip, "192.0.2.9");
	query.reply = SLICE("delivery temporarily suspended: connect to "
	    "mx.example.com[198.51.100.1]:25: Connection refused");
	assert_int_equal(classify(shared(NULL), &query, &own_ip)->reason,
	    REASON_CONNECTION_REFUSED);
}

static void
an_explanation_names_the_rule_and_the_next_one(void **state)
{
	struct classify_query query = { .reply = SLICE(S3140),
		.provider = SLICE("microsoft-consumer") };
	struct classify_explanation why;
	struct slice own_ip;
	const struct classification *class =
	    classify_explain(shared(NULL), &query, &why, &own_ip);

	(void)state;
	assert_slice(why.decided_by.rule, "ms-network-block-list");
	assert_slice(class->rule, "ms-network-block-list");
	assert_true(why.decided_by.line > 0);
	assert_non_null(strstr(why.decided_by.path, "microsoft.rules"));
	assert_slice(why.runner_up.rule, "ms-network-block-list-plain");
}

/* --- hostile replies -----------------------------------------------------*/

static void
assert_ends(const char *text, size_t len)
{
	struct classify_query query = { .reply = slice_of(text, len),
		.stage = STAGE_RCPT };
	struct slice own_ip;
	const struct classification *class =
	    classify(shared(NULL), &query, &own_ip);

	assert_true(class->reason > REASON_NONE && class->reason < REASONS);
	assert_true(class->fingerprint.len <= 4 * LIMIT_REPLY_BYTES);
}

static void
hostile_replies_end(void **state)
{
	static const char *const pieces[] = { "a", " ", "<", "(", "a ", "[",
		"550 ", "<a@b> ", "192.0.2.1 ", "http://a.example/", "\xff",
		"spam ", "block list ", "S3140 ", "not ", "SPF ", "user ",
		"reputation ", "rejected by ", "mailbox ", "1.", "-_-" };
	enum { SIZE = 64 * 1024 };
	char *text = malloc(SIZE);

	(void)state;
	assert_non_null(text);
	for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
		size_t n = strlen(pieces[i]);

		for (size_t at = 0; at < SIZE; at++)
			text[at] = pieces[i][at % n];
		assert_ends(text, SIZE);
	}
	memset(text, '\0', SIZE);
	assert_ends(text, SIZE);
	free(text);
}

static void
unknown_words_without_a_code_are_unclassified(void **state)
{
	struct slice own_ip;

	(void)state;
	assert_int_equal(ask("xyzzy", "", STAGE_NONE, &own_ip)->reason,
	    REASON_UNCLASSIFIED);
	assert_int_equal(ask("\xff\xfe\xfd", "", STAGE_NONE, &own_ip)->reason,
	    REASON_UNCLASSIFIED);
	assert_int_equal(ask("", "", STAGE_NONE, &own_ip)->reason,
	    REASON_UNCLASSIFIED);
	assert_false(ask("xyzzy", "", STAGE_NONE, &own_ip)->votes);
}

/* More distinct replies than the cache holds: it is dropped and goes on. */
static void
a_full_cache_is_dropped_and_answers_stay_right(void **state)
{
	struct slice own_ip;

	(void)state;
	for (unsigned i = 0; i < LIMIT_REPLY_CACHE + 100; i++) {
		char text[64];

		(void)snprintf(text, sizeof(text), "550 5.1.1 word%c%c%c%c no",
		    'a' + i % 26, 'a' + i / 26 % 26, 'a' + i / 676 % 26,
		    'a' + i / 17576 % 26);
		assert_int_equal(ask(text, "gmail", STAGE_RCPT,
		    &own_ip)->reason, REASON_MAILBOX_UNKNOWN);
	}
	assert_int_equal(ask(S3140, "microsoft-consumer", STAGE_MAIL,
	    &own_ip)->reason, REASON_IP_BLOCK);
	assert_slice(own_ip, "192.0.2.9");
}

static void
the_version_counts_the_rules(void **state)
{
	char want[32];

	(void)state;
	(void)snprintf(want, sizeof(want), "(%zu rules)",
	    classifier_rule_count(shared(NULL)));
	assert_non_null(strstr(classifier_version(shared(NULL)), want));
}

static void
a_directory_without_rules_is_a_configuration_fault(void **state)
{
	const char *dirs[] = { "/nonexistent/mxtrend" };
	struct classifier *classifier;
	struct mx_err err;

	(void)state;
	assert_int_equal(classifier_open(dirs, 1, &classifier, &err),
	    MX_E_CONFIG);
	assert_non_null(strstr(err.text, "/nonexistent/mxtrend"));
}

#define ADD(test) cases_add(&cases, #test, test, NULL)

int
main(void)
{
	static struct cases cases;
	const char *dirs[] = { "analyzer/rules" };
	struct classifier *classifier;
	struct mx_err err;
	int failed;

	if (classifier_open(dirs, 1, &classifier, &err) != MX_OK) {
		(void)fprintf(stderr, "%s\n", err.text);
		return 1;
	}
	(void)shared(classifier);
	CASES_ADD_TABLE(&cases, reply_cases, run_reply);
	CASES_ADD_TABLE(&cases, own_cases, run_own);
	ADD(names_and_values_are_one_to_one);
	ADD(only_blocks_of_address_or_domain_vote);
	ADD(all_tokens_are_kept_the_most_specific_first);
	ADD(the_same_words_have_one_fingerprint);
	ADD(the_cache_keeps_providers_stages_and_codes_apart);
	ADD(the_logged_codes_count_where_the_text_has_none);
	ADD(expiry_without_words_is_expired);
	ADD(an_echo_means_what_it_repeats);
	ADD(an_explanation_names_the_rule_and_the_next_one);
	ADD(hostile_replies_end);
	ADD(unknown_words_without_a_code_are_unclassified);
	ADD(a_full_cache_is_dropped_and_answers_stay_right);
	ADD(the_version_counts_the_rules);
	ADD(a_directory_without_rules_is_a_configuration_fault);
	failed = cases_run(&cases);
	classifier_close(classifier);
	return failed;
}
