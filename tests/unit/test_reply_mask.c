/* SPDX-License-Identifier: BSD-2-Clause */
#include "analyzer/reply_mask.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/say.h"
#include "tests/support/cases.h"

/* clang-format off */
static const struct mask_case {
	const char *name, *in, *want;
	const char *want_ip; /* the first address, NULL = none */
} mask_cases[] = {
	/* what differs from mail to mail goes */
	{ "ipv4_in_brackets", "550 messages from [192.0.2.9] refused",
	  "550 messages from [<ip>] refused", "192.0.2.9" },
	{ "ipv4_bare", "421 from 192.0.2.9 deferred", "421 from <ip> deferred",
	  "192.0.2.9" },
	{ "ipv4_at_a_full_stop", "554 blocked 192.0.2.9.", "554 blocked <ip>.",
	  "192.0.2.9" },
	{ "ipv4_with_port", "connect to [192.0.2.9]:25: refused",
	  "connect to [<ip>]:25: refused", "192.0.2.9" },
	{ "ipv4_with_port_bare", "x 192.0.2.9:25 y", "x <ip>:25 y",
	  "192.0.2.9" },
	{ "ipv4_network", "net 192.0.2.0/24 listed", "net <ip>/24 listed",
	  "192.0.2.0" },
	{ "ipv4_behind_an_equals", "554 IP=192.0.2.9 - no", "554 IP=<ip> - no",
	  "192.0.2.9" },
	{ "ipv4_behind_a_colon", "554 IP:192.0.2.9 no", "554 IP:<ip> no",
	  "192.0.2.9" },
	{ "ipv4_in_parentheses", "(192.0.2.9)", "(<ip>)", "192.0.2.9" },
	{ "ipv4_in_angles", "host <192.0.2.9> no", "host <ip> no", "192.0.2.9" },
	{ "no_ipv4_over_255", "x 192.0.2.300 y", "x <id> y", NULL },
	{ "ipv6_in_brackets", "550 from [2001:db8::25] no",
	  "550 from [<ip>] no", "2001:db8::25" },
	{ "ipv6_full", "from 2001:db8:0:0:0:0:0:25 no", "from <ip> no",
	  "2001:db8:0:0:0:0:0:25" },
	{ "ipv6_as_smtp_writes_it", "[IPv6:2001:db8::25] no", "[<ip>] no",
	  "2001:db8::25" },
	{ "ipv6_network", "2001:db8::/32 listed", "<ip>/32 listed",
	  "2001:db8::" },
	{ "ipv6_mapped", "from ::ffff:192.0.2.9 no", "from <ip> no",
	  "::ffff:192.0.2.9" },
	{ "an_address", "550 user@example.com unknown", "550 <addr> unknown",
	  NULL },
	{ "an_address_in_angles", "550 <user@example.com>: unknown",
	  "550 <addr>: unknown", NULL },
	{ "an_address_with_a_key", "550 to=user@example.com unknown",
	  "550 to=<addr> unknown", NULL },
	{ "an_address_with_a_tail", "(user@example.com:blocked)",
	  "(<addr>:blocked)", NULL },
	{ "a_verp_address", "550 bounce+a=b@example.com unknown",
	  "550 <addr> unknown", NULL },
	{ "an_address_before_sendmails_dots", "550 u@example.com...User unknown",
	  "550 <addr>...User unknown", NULL },
	{ "an_address_behind_dots", "550 is not allowed...u@example.com",
	  "550 is not allowed...<addr>", NULL },
	{ "a_local_part_in_angles", "550 <user> unknown", "550 <addr> unknown",
	  NULL },
	{ "the_null_sender_stays", "550 <> refused", "550 <> refused", NULL },
	{ "a_host", "554 mx1.example.net no service", "554 <host> no service",
	  NULL },
	{ "a_host_with_brackets", "lost connection with mx.spam[192.0.2.1] x",
	  "lost connection with <host>[<ip>] x", "192.0.2.1" },
	{ "a_host_of_two_labels", "domain example.com is unknown",
	  "domain <host> is unknown", NULL },
	{ "a_host_with_idn", "x xn--mller-kva.xn--p1ai y", "x <host> y", NULL },
	{ "a_host_named_like_a_block_list", "554 blacklist.example says no",
	  "554 <host> says no", NULL },
	{ "a_host_named_spam", "connect to spam.example[192.0.2.1]:25: x",
	  "connect to <host>[<ip>]:25: x", "192.0.2.1" },
	{ "a_stamp", "x 2026-01-05T11:22:33.444Z y", "x <time> y", NULL },
	{ "a_date", "x 2026-01-05 y", "x <time> y", NULL },
	{ "a_time", "back in 00:05:00 x", "back in <time> x", NULL },
	{ "a_queue_id", "queued as 4F1A2B3C4D5E", "queued as <id>", NULL },
	{ "a_session_id", "no. q7-20020a05600c1a2b00b0si123wrv.45 - gsmtp",
	  "no. <id> - gsmtp", NULL },
	{ "a_long_number", "size 35882577 no", "size <n> no", NULL },
	{ "a_very_long_number", "x 1700000000123 no", "x <id> no", NULL },
	{ "a_number_with_a_unit", "try in 300 seconds", "try in <n> seconds",
	  NULL },
	{ "a_version", "[15.20.7409.34] x", "[<id>] x", NULL },

	/* what tells causes apart stays */
	{ "microsofts_code", "on our block list (S3140).",
	  "on our block list (S3140).", NULL },
	{ "microsofts_long_code", "x (AS16012611) y", "x (AS16012611) y", NULL },
	{ "microsofts_number", "denied. AS(201806281) x",
	  "denied. AS(201806281) x", NULL },
	{ "yahoos_tag", "421 4.7.0 [TSS04] x", "421 4.7.0 [TSS04] x", NULL },
	{ "spectrums_code", "554 AUP#In-1310 x", "554 AUP#In-1310 x", NULL },
	{ "oranges_code", "x OFR006_102 [102]", "x OFR006_102 [102]", NULL },
	{ "sophos_code", "x XGEMAIL_0004", "x XGEMAIL_0004", NULL },
	{ "an_enhanced_code_inside", "x (#5.1.1) y", "x (#5.1.1) y", NULL },
	{ "a_short_number", "x 554.30 y", "x 554.30 y", NULL },
	{ "yahoos_diagnostic", "x - 4.16.55.1; y", "x - <ip>; y", "4.16.55.1" },
	{ "a_list_behind_using", "blocked using rbl.example.net; x",
	  "blocked using rbl.example.net; x", NULL },
	{ "a_known_list_anywhere", "see zen.spamhaus.org for x",
	  "see zen.spamhaus.org for x", NULL },
	{ "a_list_behind_listed_at", "is listed at bl.example.net",
	  "is listed at bl.example.net", NULL },
	{ "a_list_behind_a_label", "RBL: bl.example.net",
	  "RBL: bl.example.net", NULL },
	{ "a_list_without_a_host_name", "blocked using cm-csi-v11; x",
	  "blocked using cm-csi-v11; x", NULL },
	{ "an_id_behind_using_is_no_list", "blocked using 4f9a8b7c6d5e4f3a; x",
	  "blocked using <id>; x", NULL },
	{ "the_key_of_a_data_query_service", "blocked using "
	  "w6baxp3kfoo7qkzzd2ysdfqsle.zen.dq.spamhaus.net",
	  "blocked using <id>.zen.dq.spamhaus.net", NULL },
	{ "a_reversed_address_is_not_ours", "listed in "
	  "9.2.0.192.zen.spamhaus.org", "listed in <rip>.zen.spamhaus.org",
	  NULL },
	{ "a_bare_line_end", "bare <LF> received", "bare <LF> received", NULL },
	{ "prose_without_a_space", "not accepted.Please retry",
	  "not accepted.Please retry", NULL },
	{ "exchanges_words", "RESOLVER.ADR.RecipientNotFound; x",
	  "RESOLVER.ADR.RecipientNotFound; x", NULL },
	{ "an_rfc_number", "not RFC 5322 compliant", "not RFC 5322 compliant",
	  NULL },

	/* links keep host, path and codes */
	{ "a_link", "see https://postmaster.live.com/pm x",
	  "see https://postmaster.live.com/pm x", NULL },
	{ "a_link_with_an_address", "https://www.spamhaus.org/query/ip/192.0.2.9",
	  "https://www.spamhaus.org/query/ip/<ip>", "192.0.2.9" },
	{ "a_link_with_a_query",
	  "https://postmaster.gmx.net/en/case?c=r0201&i=ip&v=192.0.2.9&r=0MhkDq",
	  "https://postmaster.gmx.net/en/case?c=r0201&i=ip&v=<ip>&r=<id>",
	  "192.0.2.9" },
	{ "googles_key", "https://support.google.com/mail/?p=IPv6AuthError x",
	  "https://support.google.com/mail/?p=IPv6AuthError x", NULL },
	{ "a_fragment", "http://postmaster.comcast.net/x.php#BL000001",
	  "http://postmaster.comcast.net/x.php#BL000001", NULL },
	{ "a_link_with_an_id", "http://x.example.net/a/4F1A2B3C4D5E/b",
	  "http://x.example.net/a/<id>/b", NULL },
	{ "a_link_with_a_mail_address", "http://x.example.net/?a=b@example.com",
	  "http://x.example.net/?a=<addr>", NULL },
	{ "a_link_in_angles", "see <https://example.net/rbl> x",
	  "see <https://example.net/rbl> x", NULL },
	{ "a_link_without_scheme", "see example.net/rbl?ip=192.0.2.9 x",
	  "see example.net/rbl?ip=<ip> x", "192.0.2.9" },

	{ "several_spaces_are_one", "550 the mail  box   is full  of  things",
	  "550 the mail box is full of things", NULL },
	{ "several_spaces_on_either_side_of_eight_bytes",
	  "550 abcdefg  hijklmn   opqrstu v  wxyzabc",
	  "550 abcdefg hijklmn opqrstu v wxyzabc", NULL },

	/* one reply of several lines is one text */
	{ "repeated_codes_go", "550-5.7.1 a b 550-5.7.1 c 550 5.7.1 d",
	  "550 5.7.1 a b c d", NULL },
	{ "repeated_codes_without_dsn_go", "554-a b 554-c 554 d", "554 a b c d",
	  NULL },
	{ "a_code_in_prose_stays", "550 got 550 from x", "550 got 550 from x",
	  NULL },
	{ "the_dsn_in_prose_stays", "550 5.7.1 got 5.7.1 x",
	  "550 5.7.1 got 5.7.1 x", NULL },
	{ "another_code_stays", "550-5.7.1 a 421 b", "550 5.7.1 a 421 b", NULL },
	{ "only_a_code", "550", "550", NULL },
	{ "only_a_code_and_dash", "550-", "550", NULL },
	{ "runs_of_blanks_become_one", "550  a \t b\r\nc", "550 a b c", NULL },
	{ "blanks_at_the_end_go", "550 a  ", "550 a", NULL },
	{ "a_line_end_as_two_characters", "550 a\\nb\\\\nc", "550 a b c", NULL },
	{ "nothing_stays_nothing", "", "", NULL },

	/* bytes */
	{ "utf8_stays", "550 Empf\xc3\xa4nger unbekannt",
	  "550 Empf\xc3\xa4nger unbekannt", NULL },
	{ "latin1_becomes_a_question_mark", "550 Empf\xe4nger",
	  "550 Empf?nger", NULL },
	{ "c1_controls_become_a_question_mark", "550 a\xc2\x9b" "b", "550 a??b",
	  NULL },
	{ "controls_become_a_blank", "550 a\x1b[31mb", "550 a [31mb", NULL },
	{ "a_placeholder_cannot_be_forged", "550 <ip> <id> [<ip>] x",
	  "550 <addr> <addr> [<addr>] x", NULL },
	{ "half_an_angle_stays", "550 a < b", "550 a < b", NULL },
	{ "an_at_alone_stays", "550 @ x@ @y", "550 @ x@ @y", NULL },
};

/* Pairs that a careless mask would melt into one. */
static const struct pair_case {
	const char *name, *a, *b;
	bool want_same;
} pair_cases[] = {
	{ "s3140_and_s3150", "550 list (S3140).", "550 list (S3150).", false },
	{ "tss04_and_tss05", "421 [TSS04] x", "421 [TSS05] x", false },
	{ "rp_001_and_rp_002", "421 RP-001 x", "421 RP-002 x", false },
	{ "cs01_and_cs02", "554 [CS01] x", "554 [CS02] x", false },
	{ "zen_and_spamcop", "554 blocked using zen.spamhaus.org; x",
	  "554 blocked using bl.spamcop.net; x", false },
	{ "two_unknown_lists", "554 blocked using a.example.net",
	  "554 blocked using b.example.net", false },
	{ "554_30_and_554_47", "554 (554.30)", "554 (554.47)", false },
	{ "dt_spm_and_dt_rbl", "554 DT:SPM 163", "554 DT:RBL 163", false },
	{ "enhanced_codes", "421 4.7.28 x", "421 4.7.27 x", false },
	{ "bits_of_comcast", "http://a.example.net/x#BL000001",
	  "http://a.example.net/x#BL000010", false },
	{ "case_link_codes", "http://a.example.net/?c=rdns",
	  "http://a.example.net/?c=r0201", false },
	{ "two_recipients_are_one", "550 <a@example.com> unknown",
	  "550 <bb@example.org> unknown", true },
	{ "two_addresses_are_one", "554 [192.0.2.9] x", "554 [2001:db8::1] x",
	  true },
	{ "two_sessions_are_one", "550 x q7si1234567wrv.123",
	  "550 x w9-2002abc1234567si89x.4", true },
	{ "ids_of_digits_and_of_hex_are_one", "550 [MxId=9343926647] x",
	  "550 [MxId=B7D53F4764] x", true },
	{ "ids_that_look_like_codes_are_one", "550 [MxId=BC93476401] x",
	  "550 [MxId=ABCDEFABCD] x", true },
	{ "two_hosts_are_one", "554 mx1.example.net x", "554 b.example.org x",
	  true },
};

static const struct head_case {
	const char *name, *in;
	unsigned want_code, want_class, want_subject, want_detail;
} head_cases[] = {
	{ "code_and_dsn", "550 5.7.1 x", 550, 5, 7, 1 },
	{ "code_with_dash", "421-4.7.28 x", 421, 4, 7, 28 },
	{ "code_alone", "554 x", 554, 0, 0, 0 },
	{ "dsn_alone", "5.1.1 x", 0, 5, 1, 1 },
	{ "dsn_with_a_hash", "550 #5.1.0 x", 550, 5, 1, 0 },
	{ "three_digit_detail", "550 5.7.606 x", 550, 5, 7, 606 },
	{ "an_address_is_no_dsn", "550 5.7.1.9 x", 550, 0, 0, 0 },
	{ "no_code_under_200", "150 x", 0, 0, 0, 0 },
	{ "no_code_over_599", "650 x", 0, 0, 0, 0 },
	{ "four_digits_are_no_code", "5501 x", 0, 0, 0, 0 },
	{ "words_are_no_code", "User unknown", 0, 0, 0, 0 },
};
/* clang-format on */

static void
run_mask(void **state)
{
	const struct mask_case *c = *state;
	struct reply_mask mask;

	reply_mask_init(&mask);
	reply_mask(&mask, slice_str(c->in));
	mask.text[mask.len] = '\0';
	assert_string_equal(mask.text, c->want);
	if (c->want_ip == NULL) {
		assert_int_equal(mask.ip_count, 0);
	} else {
		assert_true(mask.ip_count != 0);
		assert_int_equal(mask.ips[0].len, strlen(c->want_ip));
		assert_memory_equal(mask.ips[0].ptr, c->want_ip,
		    mask.ips[0].len);
	}
	reply_mask_release(&mask);
}

static void
run_pair(void **state)
{
	const struct pair_case *c = *state;
	struct reply_mask a, b;

	reply_mask_init(&a);
	reply_mask_init(&b);
	reply_mask(&a, slice_str(c->a));
	reply_mask(&b, slice_str(c->b));
	assert_int_equal(slice_eq(slice_of(a.text, a.len),
	    slice_of(b.text, b.len)), c->want_same);
	reply_mask_release(&a);
	reply_mask_release(&b);
}

static void
run_head(void **state)
{
	const struct head_case *c = *state;
	struct reply_mask mask;

	reply_mask_init(&mask);
	reply_mask(&mask, slice_str(c->in));
	assert_int_equal(mask.code, c->want_code);
	assert_int_equal(mask.dsn_class, c->want_class);
	if (c->want_class != 0) {
		assert_int_equal(mask.dsn_subject, c->want_subject);
		assert_int_equal(mask.dsn_detail, c->want_detail);
	}
	reply_mask_release(&mask);
}

/* Whatever comes in: valid UTF-8 without control characters comes out, within
 * the buffer, and links lie inside the text. */
static void
assert_harmless(const struct reply_mask *mask)
{
	struct slice rest = slice_of(mask->text, mask->len);

	assert_true(mask->len <= mask->room);
	while (rest.len != 0) {
		uint32_t codepoint;
		size_t len = utf8_sequence(rest, &codepoint);

		assert_true(len != 0);
		assert_true(codepoint >= 0x20 && codepoint != 0x7f &&
		    !(codepoint >= 0x80 && codepoint < 0xa0));
		rest = slice_skip(rest, len);
	}
	for (unsigned i = 0; i < mask->link_count; i++) {
		assert_true(mask->links[i].begin <= mask->links[i].end);
		assert_true(mask->links[i].end <= mask->len);
	}
	assert_true(mask->ip_count <= MASK_IPS);
	assert_true(mask->link_count <= MASK_LINKS);
}

static void
hostile_bytes_leave_harmless_text(void **state)
{
	static const char pieces[][12] = { "a@b ", "@", "<a>", "::1 ", "1.2.3.4",
		"http://", "www.a?t=a&", "/@", "550 ", "550-", "<ip>", "\\n",
		"\xff", "\xc3", "=", "..", "a.b.c ", "AS(1", "%40", "1 sec",
		"[", "]", "\0\0", "\xe2\x80\xae", "using a.b" };
	enum { PIECES = sizeof(pieces) / sizeof(pieces[0]) };
	static char text[LIMIT_REPLY_BYTES + 64];
	struct reply_mask mask;
	uint32_t seed = 12345;

	(void)state;
	reply_mask_init(&mask);
	for (int round = 0; round < 3000; round++) {
		size_t len = 0;

		while (len < sizeof(text) - 16) {
			size_t pick, piece;

			seed = seed * 1664525u + 1013904223u;
			pick = round < PIECES ? (size_t)round :
			    (seed >> 8) % PIECES;
			piece = pieces[pick][0] == '\0' ? 2 :
			    strlen(pieces[pick]);
			memcpy(text + len, pieces[pick], piece);
			len += piece;
			if (round >= PIECES && (seed >> 20) % 200 == 0)
				break;
		}
		/* on the heap, so that a byte too far is seen */
		{
			char *copy = malloc(len);

			assert_non_null(copy);
			memcpy(copy, text, len);
			reply_mask(&mask, slice_of(copy, len));
			free(copy);
		}
		assert_harmless(&mask);
	}
	reply_mask_release(&mask);
}

static void
random_bytes_leave_harmless_text(void **state)
{
	struct reply_mask mask;
	uint32_t seed = 99;

	(void)state;
	reply_mask_init(&mask);
	for (int round = 0; round < 20000; round++) {
		char text[200];
		size_t len;

		seed = seed * 1664525u + 1013904223u;
		len = (seed >> 8) % sizeof(text);
		for (size_t i = 0; i < len; i++) {
			seed = seed * 1664525u + 1013904223u;
			text[i] = (char)(seed >> 16);
		}
		reply_mask(&mask, slice_of(text, len));
		assert_harmless(&mask);
	}
	reply_mask_release(&mask);
}

/* Plain stretches are passed over in steps, and the end of a text is not: a
 * byte, and two in a row, must mean the same in both. */
static void
a_byte_means_the_same_in_a_long_text(void **state)
{
	static const char rest[] = " of a text that goes on for a while";
	struct reply_mask brief, full;

	(void)state;
	reply_mask_init(&brief);
	reply_mask_init(&full);
	for (unsigned pair = 0; pair < 256 * 256; pair++) {
		char text[64] = "the words abc";
		size_t len = strlen(text);

		text[len++] = (char)(pair >> 8);
		text[len++] = (char)pair;
		text[len++] = 'd';
		reply_mask(&brief, slice_of(text, len));
		memcpy(text + len, rest, sizeof(rest) - 1);
		reply_mask(&full, slice_of(text, len + sizeof(rest) - 1));
		assert_int_equal(full.len, brief.len + sizeof(rest) - 1);
		assert_memory_equal(full.text, brief.text, brief.len);
	}
	reply_mask_release(&brief);
	reply_mask_release(&full);
}

static void
a_reply_of_64_kib_is_cut(void **state)
{
	enum { SIZE = 64 * 1024 };
	char *text = malloc(SIZE);
	struct reply_mask mask;

	(void)state;
	assert_non_null(text);
	memset(text, 'a', SIZE);
	reply_mask_init(&mask);
	reply_mask(&mask, slice_of(text, SIZE));
	assert_int_equal(mask.len, LIMIT_REPLY_BYTES);
	reply_mask_release(&mask);
	free(text);
}

int
main(void)
{
	static struct cases cases;

	CASES_ADD_TABLE(&cases, mask_cases, run_mask);
	CASES_ADD_TABLE(&cases, pair_cases, run_pair);
	CASES_ADD_TABLE(&cases, head_cases, run_head);
	cases_add(&cases, "hostile_bytes_leave_harmless_text",
	    hostile_bytes_leave_harmless_text, NULL);
	cases_add(&cases, "random_bytes_leave_harmless_text",
	    random_bytes_leave_harmless_text, NULL);
	cases_add(&cases, "a_byte_means_the_same_in_a_long_text",
	    a_byte_means_the_same_in_a_long_text, NULL);
	cases_add(&cases, "a_reply_of_64_kib_is_cut",
	    a_reply_of_64_kib_is_cut, NULL);
	return cases_run(&cases);
}
